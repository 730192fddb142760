package secretservice

import (
	"errors"
	"slices"

	"github.com/godbus/dbus/v5"

	"jira-cli/adapters/keychain/patience"
	"jira-cli/domain/fault"
)

// searchKey returns the items of a key that are this program's, whichever way
// they name the account.
func (l *link) searchKey(op *patience.Op, k Key) (open, shut []dbus.ObjectPath, err error) {
	open, shut, err = l.search(op,
		map[string]string{attrService: k.Service, attrUsername: k.Account},
		map[string]string{attrService: k.Service, attrAccount: k.Account})
	if err == nil {
		open, err = l.owned(op, open, k)
	}
	if err == nil {
		shut, err = l.owned(op, shut, k)
	}
	return open, shut, err
}

// owned keeps the items that their attributes prove to be this program's. One
// that is locked and does not show its attributes stays: it may be.
func (l *link) owned(op *patience.Op, items []dbus.ObjectPath, k Key) ([]dbus.ObjectPath, error) {
	pending := make([]<-chan *dbus.Call, len(items))
	for i, path := range items {
		pending[i] = l.send(op, path, properties+".Get", itemInterface, "Attributes")
	}
	var kept []dbus.ObjectPath
	for i, path := range items {
		attributes, err := attributesOf(op, pending[i])
		if fault.CodeOf(err) == fault.KeyringLocked || err == nil && owns(attributes, k) {
			kept = append(kept, path)
		} else if err != nil && !errors.Is(err, errVanished) {
			return nil, err
		}
	}
	return kept, nil
}

func attributesOf(op *patience.Op, pending <-chan *dbus.Call) (map[string]string, error) {
	var v dbus.Variant
	if err := receive(op, pending, &v); err != nil {
		return nil, err
	}
	attributes, ok := v.Value().(map[string]string)
	if !ok {
		return nil, garbled(errors.New("an item's attributes are of another type"))
	}
	return attributes, nil
}

// search returns the items that one of the queries finds. The service as a whole
// is searched only where nothing is locked: KeePassXC pops up its dialogue for
// such a search, and answers when somebody has unlocked it. A collection that is
// searched by itself shows what it shows, and asks nobody.
func (l *link) search(op *patience.Op, queries ...map[string]string) (open, shut []dbus.ObjectPath, err error) {
	collections, locked, err := l.collections(op)
	if err != nil {
		return nil, nil, err
	}
	if !slices.Contains(locked, true) {
		collections = nil
	}
	var whole, one []<-chan *dbus.Call
	for _, query := range queries {
		if collections == nil {
			whole = append(whole, l.send(op, root, serviceInterface+".SearchItems", query))
		}
		for _, path := range collections {
			one = append(one, l.send(op, path, collectionInterface+".SearchItems", query))
		}
	}
	for _, pending := range whole {
		var o, s []dbus.ObjectPath
		if err := receive(op, pending, &o, &s); err != nil {
			return nil, nil, err
		}
		open, shut = append(open, o...), append(shut, s...)
	}
	for i, pending := range one {
		var found []dbus.ObjectPath
		if err := receive(op, pending, &found); err != nil {
			return nil, nil, err
		}
		if locked[i%len(collections)] {
			shut = append(shut, found...)
		} else {
			open = append(open, found...)
		}
	}
	if open = distinct(open); collections == nil {
		return open, distinct(shut), nil
	}
	// Where it confirms what is read, KeePassXC locks items of an open collection.
	states, err := l.locks(op, open, itemInterface)
	var free []dbus.ObjectPath
	for i, closed := range states {
		if closed {
			shut = append(shut, open[i])
		} else {
			free = append(free, open[i])
		}
	}
	return free, distinct(shut), err
}

// collections returns all collections, and which are locked.
func (l *link) collections(op *patience.Op) (all []dbus.ObjectPath, locked []bool, err error) {
	if err := l.property(op, root, serviceInterface, "Collections", &all); err != nil {
		return nil, nil, err
	}
	locked, err = l.locks(op, all, collectionInterface)
	return all, locked, err
}

// locks asks each object whether it is locked.
func (l *link) locks(op *patience.Op, objects []dbus.ObjectPath, iface string) ([]bool, error) {
	pending := make([]<-chan *dbus.Call, len(objects))
	for i, path := range objects {
		pending[i] = l.send(op, path, properties+".Get", iface, "Locked")
	}
	locked := make([]bool, len(objects))
	for i := range objects {
		var v dbus.Variant
		if err := receive(op, pending[i], &v); err != nil {
			return nil, err
		}
		locked[i], _ = v.Value().(bool)
	}
	return locked, nil
}

func distinct(paths []dbus.ObjectPath) []dbus.ObjectPath {
	slices.Sort(paths)
	return slices.Compact(paths)
}
