//go:build linux

package keychain_test

import (
	"errors"
	"testing"

	"jira-cli/adapters/keychain"
	"jira-cli/adapters/keychain/keyringtest"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// foreign are items that a search by the slot's attributes finds, and that
// nothing proves to be this program's.
var foreign = map[string][]string{
	"an attribute more":       {"service", "jira-cli", "account", account, "application", "another"},
	"an attribute more, name": {"service", "jira-cli", "username", account, "realm", "another"},
	"another user name":       {"service", "jira-cli", "account", account, "username", "john.doe"},
	"another account":         {"service", "jira-cli", "username", account, "account", "john.doe"},
	"a schema of its own":     {"service", "jira-cli", "username", account, "account", account, "xdg:schema", "org.example.Another"},
}

// Another application's item is never read, overwritten or deleted.
func TestItemsOfOtherApplications(t *testing.T) {
	for name, attributes := range foreign {
		t.Run(name, func(t *testing.T) {
			k := keyringtest.Start(t)
			k.Plant(t, "theirs", attributes...)
			theirs := map[string]string{}
			for i := 0; i < len(attributes); i += 2 {
				theirs[attributes[i]] = attributes[i+1]
			}
			store := open(t, keychain.Options{BusAddress: k.Address, MachineBound: hour})
			leavesAlone(t, store)
			if got := k.Lookup(t, attributes...); got != "theirs" || k.Items(t, theirs) != 1 {
				t.Errorf("the item of another application holds %q", got)
			}
			if n := k.Items(t, map[string]string{}); n != 1 {
				t.Errorf("there are %d items, want the one", n)
			}
		})
		t.Run(name+", fake", func(t *testing.T) {
			bus := keyringtest.StartBus(t)
			fake := keyringtest.StartFake(t, bus, keyringtest.FakeOptions{})
			theirs := map[string]string{}
			for i := 0; i < len(attributes); i += 2 {
				theirs[attributes[i]] = attributes[i+1]
			}
			fake.Plant("theirs", theirs)
			leavesAlone(t, open(t, keychain.Options{BusAddress: bus.Address, MachineBound: hour}))
			if got := fake.Texts(theirs); len(got) != 1 || got[0] != "theirs" {
				t.Errorf("the item of another application holds %q", got)
			}
		})
	}
}

// leavesAlone goes through the life of a secret in a slot that only another
// application's item matches.
func leavesAlone(t *testing.T, store *keychain.Store) {
	t.Helper()
	absent := func() {
		t.Helper()
		if _, err := store.Get(t.Context(), ref); !errors.Is(err, ports.ErrNotFound) {
			t.Errorf("Get: %v, want ErrNotFound", err)
		}
		if found := store.GetAll(t.Context(), []profile.Reference{ref}); !errors.Is(found[0].Err, ports.ErrNotFound) {
			t.Errorf("GetAll: %v, want ErrNotFound", found[0].Err)
		}
		if err := store.Delete(t.Context(), ref); !errors.Is(err, ports.ErrNotFound) {
			t.Errorf("Delete: %v, want ErrNotFound", err)
		}
	}
	absent()
	mustPut(t, store, ref, "older")
	mustPut(t, store, ref, theToken)
	mustGet(t, store, ref, theToken)
	if found := store.GetAll(t.Context(), []profile.Reference{ref}); found[0].Secret.Reveal() != theToken {
		t.Errorf("GetAll: %v", found[0])
	}
	if err := store.Delete(t.Context(), ref); err != nil {
		t.Errorf("Delete: %v", err)
	}
	absent()
}
