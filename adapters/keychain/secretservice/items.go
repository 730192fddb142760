package secretservice

import (
	"cmp"
	"errors"
	"slices"

	"github.com/godbus/dbus/v5"

	"jira-cli/adapters/keychain/patience"
	"jira-cli/ports"
)

const (
	attrService  = "service"
	attrUsername = "username"
	attrAccount  = "account"
	attrSchema   = "xdg:schema"
	schema       = "org.freedesktop.Secret.Generic"
)

// find returns the items of a key that can be read, unlocking what may hide
// one. None means that there is none: a locked keyring is an error.
func (l *link) find(op *patience.Op, k Key) ([]dbus.ObjectPath, error) {
	open, shut, err := l.searchKey(op, k)
	if err != nil || len(open) > 0 {
		return open, err
	}
	changed, err := l.openUp(op, shut)
	if err != nil || !changed {
		return nil, err
	}
	open, shut, err = l.searchKey(op, k)
	if err == nil && len(open) == 0 {
		err = l.checkUnlocked(op, shut)
	}
	return open, err
}

// newest puts the item that was written last in front. More than one item per
// key is what other programs leave.
func (l *link) newest(op *patience.Op, items []dbus.ObjectPath) error {
	if len(items) < 2 {
		return nil
	}
	written := make(map[dbus.ObjectPath]uint64, len(items))
	for _, path := range items {
		var at uint64
		if err := l.property(op, path, itemInterface, "Modified", &at); err != nil {
			return err
		}
		written[path] = at
	}
	slices.SortStableFunc(items, func(a, b dbus.ObjectPath) int { return cmp.Compare(written[b], written[a]) })
	return nil
}

func (l *link) get(op *patience.Op, k Key) (string, error) {
	items, err := l.find(op, k)
	if err == nil && len(items) == 0 {
		err = ports.ErrNotFound
	}
	if err == nil {
		err = l.newest(op, items)
	}
	if err != nil {
		return "", err
	}
	var s wireSecret
	if err := l.call(op, items[0], itemInterface+".GetSecret", []any{&s}, l.session); err != nil {
		return "", err
	}
	return l.open(s)
}

// put writes in place where an item of ours is, so that it keeps its identity and
// its other attributes, and creates one where none is. Two processes that create at
// once make one item, because the attributes are the same.
func (l *link) put(op *patience.Op, k Key, text string) error {
	items, err := l.find(op, k)
	if err == nil {
		err = l.newest(op, items)
	}
	if err != nil {
		return err
	}
	sealed, err := l.seal(text)
	if err != nil {
		return garbled(err)
	}
	if len(items) == 0 {
		return withoutText(l.create(op, k, sealed))
	}
	if err := l.call(op, items[0], itemInterface+".SetSecret", nil, sealed); err != nil {
		return withoutText(err)
	}
	if err := l.complete(op, items[0], k); err != nil {
		return err
	}
	_, err = l.remove(op, items[1:]) // older secrets of this key must not outlive it
	return err
}

func (l *link) create(op *patience.Op, k Key, sealed wireSecret) error {
	collection, err := l.ensureCollection(op)
	if err != nil {
		return err
	}
	props := map[string]dbus.Variant{
		itemInterface + ".Label": dbus.MakeVariant(k.Service + " " + k.Account),
		itemInterface + ".Attributes": dbus.MakeVariant(map[string]string{
			attrService: k.Service, attrUsername: k.Account, attrAccount: k.Account, attrSchema: schema,
		}),
	}
	var item, prompt dbus.ObjectPath
	if err := l.call(op, collection, collectionInterface+".CreateItem", []any{&item, &prompt}, props, sealed, true); err != nil {
		return err
	}
	return l.confirm(op, prompt)
}

// complete gives an item of another program's the attribute that it lacks.
func (l *link) complete(op *patience.Op, item dbus.ObjectPath, k Key) error {
	attributes := map[string]string{}
	if err := l.property(op, item, itemInterface, "Attributes", &attributes); err != nil {
		return err
	}
	if attributes[attrUsername] == k.Account && attributes[attrAccount] == k.Account {
		return nil
	}
	attributes[attrUsername], attributes[attrAccount] = k.Account, k.Account
	return l.call(op, item, properties+".Set", nil, itemInterface, "Attributes", dbus.MakeVariant(attributes))
}

// remove deletes items; those that are gone already do not count.
func (l *link) remove(op *patience.Op, items []dbus.ObjectPath) (removed int, err error) {
	for _, item := range items {
		var prompt dbus.ObjectPath
		err := l.call(op, item, itemInterface+".Delete", []any{&prompt})
		if errors.Is(err, errVanished) {
			continue
		}
		if err == nil {
			err = l.confirm(op, prompt)
		}
		if err != nil {
			return removed, err
		}
		removed++
	}
	return removed, nil
}

func (l *link) delete(op *patience.Op, k Key) error {
	items, err := l.find(op, k)
	if err != nil {
		return err
	}
	_, shut, err := l.searchKey(op, k)
	if err == nil && len(shut) > 0 { // copies in a collection that is still locked
		if err = l.unlock(op, shut); err == nil {
			items, _, err = l.searchKey(op, k)
		}
	}
	if err != nil {
		return err
	}
	removed, err := l.remove(op, items)
	if err == nil && removed == 0 {
		err = ports.ErrNotFound
	}
	return err
}
