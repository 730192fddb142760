//go:build linux

package keychain_test

import (
	"testing"

	"jira-cli/adapters/keychain"
	"jira-cli/adapters/keychain/keyringtest"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
)

// A provider that never knows a session has not said that there is no secret:
// taken for that, a logout would drop the reference and orphan the secret.
func TestSessionsAreNeverKnown(t *testing.T) {
	bus := keyringtest.StartBus(t)
	fake := keyringtest.StartFake(t, bus, keyringtest.FakeOptions{})
	opts := keychain.Options{BusAddress: bus.Address, MachineBound: hour}
	mustPut(t, open(t, opts), ref, theToken)
	fake.ForgetSessions()
	_, err := open(t, opts).Get(t.Context(), ref)
	wantCode(t, map[string]error{
		"Get":    err,
		"Put":    open(t, opts).Put(t.Context(), ref, secret.New(theToken)),
		"GetAll": open(t, opts).GetAll(t.Context(), []profile.Reference{ref})[0].Err,
	}, fault.KeyringFailed)
}

// The same holds for one that claims to have unlocked and has not.
func TestUnlockingChangesNothing(t *testing.T) {
	for name, hidden := range map[string]bool{"items shown": false, "items hidden": true} {
		t.Run(name, func(t *testing.T) {
			bus := keyringtest.StartBus(t)
			fake := keyringtest.StartFake(t, bus, keyringtest.FakeOptions{FalseUnlock: true, Hidden: hidden})
			opts := keychain.Options{BusAddress: bus.Address, MachineBound: hour}
			mustPut(t, open(t, opts), ref, theToken)
			fake.Lock()
			_, err := open(t, opts).Get(t.Context(), ref)
			wantCode(t, map[string]error{
				"Get": err, "Delete": open(t, opts).Delete(t.Context(), ref),
				"GetAll": open(t, opts).GetAll(t.Context(), []profile.Reference{ref})[0].Err,
			}, fault.KeyringFailed)
		})
	}
}
