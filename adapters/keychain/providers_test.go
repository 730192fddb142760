//go:build linux

package keychain_test

import (
	"errors"
	"testing"

	"jira-cli/adapters/keychain"
	"jira-cli/adapters/keychain/keyringtest"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

var kinds = map[string]keyringtest.FakeOptions{
	"KeePassXC": {KeePassXC: true},
	"KWallet":   {KWallet: true},
}

// A prompt that ends by itself needs nobody, and nobody is told of it.
func TestPromptsThatEndByThemselves(t *testing.T) {
	other := profile.Reference{Service: "jira-cli", Account: "example.atlassian.net/other"}
	for name, kind := range kinds {
		for _, interactive := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				bus := keyringtest.StartBus(t)
				fake := keyringtest.StartFake(t, bus, kind)
				told := &notices{}
				opts := keychain.Options{BusAddress: bus.Address, MachineBound: hour, Interactive: interactive, Notifier: told}
				ctx := ports.WithBudget(t.Context(), told)
				if err := open(t, opts).Probe(ctx); err != nil {
					t.Errorf("Probe: %v", err)
				}
				store := open(t, opts)
				if _, err := store.Get(ctx, ref); !errors.Is(err, ports.ErrNotFound) {
					t.Errorf("Get of nothing: %v", err)
				}
				for _, text := range []string{"older", theToken} {
					if err := store.Put(ctx, ref, secret.New(text)); err != nil {
						t.Fatalf("Put: %v", err)
					}
				}
				mustGet(t, store, ref, theToken)
				found := store.GetAll(ctx, []profile.Reference{ref, other})
				if found[0].Secret.Reveal() != theToken || !errors.Is(found[1].Err, ports.ErrNotFound) {
					t.Errorf("GetAll: %v", found)
				}
				if err := store.Delete(ctx, ref); err != nil {
					t.Errorf("Delete: %v", err)
				}
				if _, err := store.Get(ctx, ref); !errors.Is(err, ports.ErrNotFound) {
					t.Errorf("Get of what was deleted: %v", err)
				}
				told.check(t)
				if fake.Prompts() != 0 {
					t.Errorf("a person was asked %d times", fake.Prompts())
				}
			})
		}
	}
}

// What is really locked is said to be, and no dialogue comes up where nobody may
// be asked: not even that of KeePassXC's search.
func TestLockedProvidersWithoutAPerson(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			bus := keyringtest.StartBus(t)
			fake := keyringtest.StartFake(t, bus, kind)
			opts := keychain.Options{BusAddress: bus.Address, MachineBound: hour}
			mustPut(t, open(t, opts), ref, theToken)
			fake.Lock()
			wantCode(t, calls(t, opts), fault.KeyringLocked)
			if fake.Prompts() != 0 {
				t.Errorf("a dialogue came up %d times", fake.Prompts())
			}
		})
	}
}

// With a person each is unlocked by one prompt, which is announced.
func TestLockedProvidersWithAPerson(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			store, fake, told, ctx := prompting(t, kind, hour)
			mustPut(t, store, ref, theToken)
			fake.Lock()
			got, err := store.Get(ctx, ref)
			if err != nil || got.Reveal() != theToken {
				t.Fatalf("Get: %v, %v", got, err)
			}
			told.check(t, unlocking)
			if fake.Prompts() != 1 {
				t.Errorf("%d prompts were shown, want one", fake.Prompts())
			}
		})
	}
}

// KeePassXC can be set to ask before it deletes. Nobody to confirm is an error
// within the machine's time; somebody is told, and may take longer.
func TestConfirmedDeletion(t *testing.T) {
	unconfirmed := keyringtest.FakeOptions{KeePassXC: true, Confirm: true, Prompt: keyringtest.Ignore}
	bus := keyringtest.StartBus(t)
	fake := keyringtest.StartFake(t, bus, unconfirmed)
	mustPut(t, open(t, keychain.Options{BusAddress: bus.Address, MachineBound: hour}), ref, theToken)
	alone := open(t, keychain.Options{BusAddress: bus.Address, MachineBound: brief})
	wantCode(t, map[string]error{"Delete": alone.Delete(t.Context(), ref)}, fault.KeyringTimeout)
	<-fake.Dismissed()

	for answer, want := range map[keyringtest.Answer]fault.Code{keyringtest.Accept: "", keyringtest.Dismiss: fault.KeyringDismissed} {
		store, _, _, ctx := prompting(t, keyringtest.FakeOptions{KeePassXC: true, Confirm: true, Prompt: answer}, hour)
		mustPut(t, store, ref, theToken)
		if err := store.Delete(ctx, ref); fault.CodeOf(err) != want {
			t.Errorf("Delete: %v (%s), want %q", err, fault.CodeOf(err), want)
		}
	}
}
