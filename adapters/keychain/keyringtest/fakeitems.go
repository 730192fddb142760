package keyringtest

import (
	"maps"
	"strings"

	"github.com/godbus/dbus/v5"
)

type fakeCollection struct{ f *Fake }

// SearchItems searches the collection, and unlocks nothing for it.
func (c *fakeCollection) SearchItems(attributes map[string]string) ([]dbus.ObjectPath, *dbus.Error) {
	if err := c.f.enter(); err != nil {
		return nil, err
	}
	defer c.f.mu.Unlock()
	return c.f.matching(attributes), nil
}

// matching returns the items with the attributes; a locked collection may hide
// them.
func (f *Fake) matching(attributes map[string]string) []dbus.ObjectPath {
	found := []dbus.ObjectPath{}
	if f.opts.Locked && (f.opts.Hidden || f.opts.KeePassXC) {
		return found
	}
	for path, item := range f.items {
		matches := true
		for name, value := range attributes {
			matches = matches && item.attributes[name] == value
		}
		if matches {
			found = append(found, path)
		}
	}
	return found
}

// CreateItem makes an item, or replaces the one of the same attributes;
// KeePassXC leaves that to a prompt.
func (c *fakeCollection) CreateItem(props map[string]dbus.Variant, s wireSecret, replace bool) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	if err := c.f.enter(); err != nil {
		return "/", "/", err
	}
	defer c.f.mu.Unlock()
	if c.f.locked() {
		return "/", "/", dbus.NewError("org.freedesktop.Secret.Error.IsLocked", []any{"locked"})
	}
	create := func() dbus.ObjectPath {
		attributes, _ := props[itemAPI+".Attributes"].Value().(map[string]string)
		for path, item := range c.f.items {
			if replace && maps.Equal(item.attributes, attributes) {
				item.value = s.Value
				return path
			}
		}
		c.f.next++
		path := collection + dbus.ObjectPath("/"+strings.Repeat("i", c.f.next))
		c.f.items[path] = &fakeItem{attributes: attributes, value: s.Value, modified: uint64(c.f.next)}
		return path
	}
	if c.f.opts.KeePassXC {
		return "/", c.f.promise(false, func() dbus.Variant { return dbus.MakeVariant(create()) }), nil
	}
	return create(), "/", nil
}

type fakeItems struct{ f *Fake }

func (i *fakeItems) GetSecret(msg dbus.Message, _ dbus.ObjectPath) (wireSecret, *dbus.Error) {
	if err := i.f.enter(); err != nil {
		return wireSecret{}, err
	}
	defer i.f.mu.Unlock()
	item := i.f.items[pathOf(msg)]
	if item == nil {
		return wireSecret{}, noSuchObject()
	}
	if i.f.opts.NoSession {
		return wireSecret{}, noSession()
	}
	return wireSecret{sessionPath, []byte{}, item.value, "text/plain"}, nil
}

func (i *fakeItems) SetSecret(msg dbus.Message, s wireSecret) *dbus.Error {
	if err := i.f.enter(); err != nil {
		return err
	}
	defer i.f.mu.Unlock()
	item := i.f.items[pathOf(msg)]
	if item == nil {
		return noSuchObject()
	}
	if i.f.opts.NoSession {
		return noSession()
	}
	i.f.next++
	item.value, item.modified = s.Value, uint64(i.f.next)
	return nil
}

// Delete removes an item; KeePassXC leaves that to a prompt.
func (i *fakeItems) Delete(msg dbus.Message) (dbus.ObjectPath, *dbus.Error) {
	if err := i.f.enter(); err != nil {
		return "/", err
	}
	defer i.f.mu.Unlock()
	path := pathOf(msg)
	if i.f.items[path] == nil {
		return "/", noSuchObject()
	}
	remove := func() dbus.Variant { delete(i.f.items, path); return dbus.MakeVariant("") }
	if i.f.opts.KeePassXC {
		return i.f.promise(i.f.opts.Confirm, remove), nil
	}
	remove()
	return "/", nil
}

func pathOf(msg dbus.Message) dbus.ObjectPath {
	path, _ := msg.Headers[dbus.FieldPath].Value().(dbus.ObjectPath)
	return path
}
