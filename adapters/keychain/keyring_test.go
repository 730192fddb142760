//go:build linux

package keychain_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"jira-cli/adapters/keychain"
	"jira-cli/adapters/keychain/keyringtest"
	"jira-cli/domain/profile"
	"jira-cli/ports/portstest"
)

func open(t testing.TB, opts keychain.Options) *keychain.Store {
	store := keychain.New(opts)
	t.Cleanup(store.Close)
	return store
}

// harnesses makes harnesses on one keyring, each with slots of its own.
func harnesses(opts keychain.Options) func(*testing.T) portstest.SecretStoreHarness {
	var cases atomic.Int64
	return func(t *testing.T) portstest.SecretStoreHarness {
		n := cases.Add(1)
		return portstest.SecretStoreHarness{
			Store: open(t, opts),
			Other: open(t, opts),
			Reference: func(i int) profile.Reference {
				return profile.Reference{
					Backend: profile.Keyring, Service: profile.DefaultService,
					Account: fmt.Sprintf("example.atlassian.net/case%d-p%d", n, i),
				}
			},
		}
	}
}

func TestConformsOnGnomeKeyring(t *testing.T) {
	k := keyringtest.Start(t)
	portstest.TestSecretStore(t, harnesses(keychain.Options{BusAddress: k.Address, MachineBound: hour}))
}
