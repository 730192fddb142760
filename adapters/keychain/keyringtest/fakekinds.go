package keyringtest

import (
	"maps"
	"strconv"
	"testing"

	"github.com/godbus/dbus/v5"
)

// KeePassXC (2.7) answers the creation and the deletion of an item with a prompt
// that ends by itself once it is called, its database being open. While that is
// locked it shows no items, and a search of the whole service pops up its
// dialogue and is answered when that is. KWallet (5.103) says of an open wallet
// that it is locked until a client has unlocked it, by a prompt that ends by
// itself; whether the wallet is open it says under a name of its own.

const (
	walletBus  = "org.kde.kwalletd5"
	walletAPI  = "org.kde.KWallet"
	walletPath = dbus.ObjectPath("/modules/kwalletd5")
	walletName = "kdewallet"
)

// locked is what the collection says of itself.
func (f *Fake) locked() bool { return f.opts.Locked || f.claims }

type fakeWallet struct{ f *Fake }

// IsOpen is isOpen of KWallet.
func (w *fakeWallet) IsOpen(wallet string) (bool, *dbus.Error) {
	if err := w.f.enter(); err != nil {
		return false, err
	}
	defer w.f.mu.Unlock()
	return wallet == walletName && !w.f.opts.Locked, nil
}

func (f *Fake) ownWallet(t testing.TB) {
	t.Helper()
	names := map[string]string{"IsOpen": "isOpen"}
	if err := f.conn.ExportWithMap(&fakeWallet{f}, names, walletPath, walletAPI); err != nil {
		t.Fatal(err)
	}
	if reply, err := f.conn.RequestName(walletBus, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("the fake cannot own %s: %v, %v", walletBus, reply, err)
	}
}

// Plant puts an item into the collection, as another application would.
func (f *Fake) Plant(text string, attributes map[string]string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next++
	path := collection + dbus.ObjectPath("/planted"+strconv.Itoa(f.next))
	f.items[path] = &fakeItem{attributes: attributes, value: []byte(text), modified: uint64(f.next)}
}

// Texts returns the secrets of the items that have exactly the attributes.
func (f *Fake) Texts(attributes map[string]string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var texts []string
	for _, item := range f.items {
		if maps.Equal(item.attributes, attributes) {
			texts = append(texts, string(item.value))
		}
	}
	return texts
}
