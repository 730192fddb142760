package memory_test

import (
	"errors"
	"fmt"
	"testing"

	"jira-cli/adapters/memory"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
	"jira-cli/ports/portstest"
)

// reference makes the i-th reference of a backend.
func reference(b profile.Backend, i int) profile.Reference {
	ref := profile.Reference{Backend: b, Site: "https://example.atlassian.net"}
	account := fmt.Sprintf("example.atlassian.net/p%d", i)
	switch b {
	case profile.Keyring:
		ref.Service, ref.Account = profile.DefaultService, account
	case profile.File:
		ref.Path, ref.Account = "/data/jira-cli/secrets.age", account
	case profile.OnePassword:
		ref.Account, ref.Vault, ref.Item, ref.Field = "my-account", "Work", "jira-cli "+account, "credential"
	case profile.Env:
		ref.Variable = fmt.Sprintf("JIRA_TOKEN_P%d", i)
	case profile.Command:
		ref.Argv = []string{"pass", "show", account}
	}
	return ref
}

func TestSecretStoreConforms(t *testing.T) {
	kinds := map[string]memory.SecretStoreOptions{
		"keyring":         {},
		"keyring windows": {MaxBytes: 2560},
		"keyring service": {Service: "elsewhere"},
		"file":            {Backend: profile.File},
		"1password":       {Backend: profile.OnePassword, Accounts: []string{"my-account"}, Vaults: []string{"Private", "Work"}},
		"env":             {Backend: profile.Env},
		"command":         {Backend: profile.Command},
		"keyring frozen":  {ReadOnly: true},
	}
	for name, opts := range kinds {
		t.Run(name, func(t *testing.T) {
			portstest.TestSecretStore(t, func(*testing.T) portstest.SecretStoreHarness { return harness(opts) })
		})
	}
}

func harness(opts memory.SecretStoreOptions) portstest.SecretStoreHarness {
	backend := opts.Backend
	if backend == "" {
		backend = profile.Keyring
	}
	store := memory.NewSecretStore(opts)
	h := portstest.SecretStoreHarness{
		Store:     store,
		Other:     store,
		Reference: func(i int) profile.Reference { return reference(backend, i) },
		Plant: func(t *testing.T, ref profile.Reference, s secret.Secret) {
			if err := store.Plant(ref, s); err != nil {
				t.Fatal(err)
			}
		},
	}
	switch {
	case opts.Service != "":
		h.Alias = func(_ *testing.T, i int) profile.Reference {
			ref := reference(backend, i)
			ref.Service = "recorded before the override"
			return ref
		}
	case backend == profile.File:
		h.Alias = func(_ *testing.T, i int) profile.Reference {
			ref := reference(backend, i)
			ref.Path = "/data/./jira-cli/x/../secrets.age"
			return ref
		}
	}
	return h
}

func TestOnePasswordNames(t *testing.T) {
	store := memory.NewSecretStore(memory.SecretStoreOptions{Backend: profile.OnePassword, Accounts: []string{"my-account"}, Vaults: []string{"Work"}})
	id := store.AddItem("my-account", "Work", "Jira API token", map[string]secret.Secret{"notes": secret.New("the user's own")})
	ref := profile.Reference{Account: "my-account", Vault: "Work", Item: "Jira API token", Field: "credential"}
	get := func(ref profile.Reference) error { _, err := store.Get(t.Context(), ref); return err }
	change := func(change func(*profile.Reference)) profile.Reference { r := ref; change(&r); return r }

	if err := get(ref); !errors.Is(err, ports.ErrFieldMissing) {
		t.Errorf("an item without the field: %v, want ErrFieldMissing", err)
	}
	if err := store.Put(t.Context(), ref, secret.New("token")); err != nil {
		t.Fatal(err)
	}
	byID := change(func(r *profile.Reference) { r.Item = id })
	if err := get(byID); err != nil {
		t.Errorf("by id: %v", err)
	}
	byTitle, _ := store.Locate(t.Context(), ref)
	if slot, err := store.Locate(t.Context(), byID); err != nil || slot != byTitle {
		t.Errorf("title and id are located apart: %v", err)
	}
	if store.Items() != 1 {
		t.Errorf("there are %d items, want the one that was there", store.Items())
	}
	if n := len(store.Dump()); n != 2 {
		t.Errorf("the dump has %d secrets, want the token and the user's own field", n)
	}
	if err := get(change(func(r *profile.Reference) { r.Vault = "Wrok" })); fault.CodeOf(err) != fault.OnePasswordVaultNotFound {
		t.Errorf("an unknown vault: %v", err)
	}
	if err := get(change(func(r *profile.Reference) { r.Account = "other" })); fault.CodeOf(err) != fault.OnePasswordAccountUnknown {
		t.Errorf("an unknown account: %v", err)
	}
	store.AddItem("my-account", "Work", "Jira API token", nil)
	for name, err := range map[string]error{
		"Get": get(ref), "Put": store.Put(t.Context(), ref, secret.New("x")), "Delete": store.Delete(t.Context(), ref),
	} {
		if fault.CodeOf(err) != fault.OnePasswordItemAmbiguous {
			t.Errorf("%s with two items of one title: %v", name, err)
		}
	}
	if err := get(byID); err != nil {
		t.Errorf("by id, beside another of its title: %v", err)
	}
}

func TestBreak(t *testing.T) {
	store := memory.NewSecretStore(memory.SecretStoreOptions{})
	ref := reference(profile.Keyring, 0)
	down := fault.New(fault.KeyringLocked, "the keyring is locked")
	store.Break(down)
	_, err := store.Get(t.Context(), ref)
	for _, err := range []error{err, store.Put(t.Context(), ref, secret.New("x")), store.Delete(t.Context(), ref), store.Probe(t.Context())} {
		if !errors.Is(err, down) {
			t.Errorf("a broken store says %v", err)
		}
	}
	store.Break(nil)
	if _, err := store.Get(t.Context(), ref); !errors.Is(err, ports.ErrNotFound) {
		t.Errorf("the mended store says %v", err)
	}
}

func TestStores(t *testing.T) {
	keyring := memory.NewSecretStore(memory.SecretStoreOptions{})
	stores := memory.NewStores(map[profile.Backend]ports.SecretStore{profile.Keyring: keyring})
	if got, err := stores.Store(profile.Keyring); err != nil || got != keyring {
		t.Errorf("Store(keyring) = %v, %v", got, err)
	}
	_, err := stores.Store(profile.OnePassword)
	if fault.CodeOf(err) != fault.BackendUnsupported || err.Error() != "1password backend requires CGO" {
		t.Errorf("Store(1password): %v", err)
	}
	if _, err := stores.Store(profile.File); fault.CodeOf(err) != fault.BackendUnsupported {
		t.Errorf("Store(file): %v", err)
	}
}

func TestEnvironment(t *testing.T) {
	env := memory.Environment{"EMPTY": ""}
	if v, ok := env.Lookup("EMPTY"); v != "" || !ok {
		t.Errorf("Lookup of an empty variable = %q, %v", v, ok)
	}
	if _, ok := env.Lookup("ABSENT"); ok {
		t.Error("an absent variable is set")
	}
}
