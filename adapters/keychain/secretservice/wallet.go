package secretservice

import (
	"errors"
	"strings"

	"github.com/godbus/dbus/v5"

	"jira-cli/adapters/keychain/patience"
)

// KWallet's own interface, under the name of its version.
const walletInterface = "org.kde.KWallet"

var walletNames = []string{"org.kde.kwalletd6", "org.kde.kwalletd5"}

// onlyClaims reports whether nobody need be asked to unlock the objects, for all
// that they say of themselves: KWallet calls a wallet locked that is open, until
// a client has unlocked it. What it says under its own name is true.
func (l *link) onlyClaims(op *patience.Op, objects []dbus.ObjectPath) (bool, error) {
	wallet, err := l.wallet(op)
	if err != nil || wallet == nil {
		return false, err
	}
	asked := map[dbus.ObjectPath]bool{}
	for _, object := range objects {
		collection := collectionOf(object)
		if asked[collection] {
			continue
		}
		asked[collection] = true
		var label string
		if err := l.property(op, collection, collectionInterface, "Label", &label); err != nil {
			return false, err
		}
		var open bool
		done := l.sendTo(op, wallet, walletInterface+".isOpen", dbus.FlagNoAutoStart, label)
		if err := receive(op, done, &open); err != nil || !open {
			return false, err
		}
	}
	return true, nil
}

// wallet returns KWallet's own object where the provider is KWallet, else nil.
func (l *link) wallet(op *patience.Op) (dbus.BusObject, error) {
	provider, err := l.owner(op, busName)
	if err != nil || provider == "" {
		return nil, err
	}
	for _, name := range walletNames {
		owner, err := l.owner(op, name)
		if err != nil {
			return nil, err
		}
		if owner == provider {
			path := "/modules/" + strings.TrimPrefix(name, "org.kde.")
			return l.conn.Object(owner, dbus.ObjectPath(path)), nil
		}
	}
	return nil, nil
}

// owner returns who has a name on the bus, "" where nobody has.
func (l *link) owner(op *patience.Op, name string) (string, error) {
	var owner string
	err := receive(op, l.sendTo(op, l.conn.BusObject(), "org.freedesktop.DBus.GetNameOwner", 0, name), &owner)
	var answer dbus.Error
	if errors.As(err, &answer) && answer.Name == "org.freedesktop.DBus.Error.NameHasNoOwner" {
		return "", nil
	}
	return owner, err
}

// collectionOf returns the collection of an item; a collection is its own.
func collectionOf(object dbus.ObjectPath) dbus.ObjectPath {
	const under = string(root) + "/collection/"
	name, ok := strings.CutPrefix(string(object), under)
	if !ok {
		return object
	}
	name, _, _ = strings.Cut(name, "/")
	return dbus.ObjectPath(under + name)
}
