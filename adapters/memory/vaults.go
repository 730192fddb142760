package memory

import (
	"fmt"
	"slices"
	"strings"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// vault and item are what 1Password has between an account and a field. Ids are
// unique and titles need not be.
type vault struct {
	id, title string
	items     []*item
}

type item struct {
	account, id, title string
	fields             map[string]secret.Secret
	ours               bool // a Put made it
}

// newID returns an id of the shape that 1Password's have: 26 lower-case
// letters and digits.
func (s *SecretStore) newID(kind string) string {
	s.next++
	return fmt.Sprintf("%s%0*d", kind, 26-len(kind), s.next)
}

// find resolves vault and item, each by id or by title. The item is nil where
// there is none of this name.
func (s *SecretStore) find(ref profile.Reference) (*vault, *item, error) {
	if len(s.opts.Accounts) > 0 && !slices.Contains(s.opts.Accounts, ref.Account) {
		return nil, nil, fault.New(fault.OnePasswordAccountUnknown, "the 1Password app does not have the account %q", ref.Account)
	}
	v := slices.IndexFunc(s.vaults, func(v *vault) bool { return v.id == ref.Vault || v.title == ref.Vault })
	if v < 0 {
		return nil, nil, fault.New(fault.OnePasswordVaultNotFound, "there is no 1Password vault %q", ref.Vault)
	}
	var named []*item
	for _, it := range s.vaults[v].items {
		if it.account == ref.Account && it.id == ref.Item {
			return s.vaults[v], it, nil
		}
		if it.account == ref.Account && it.title == ref.Item {
			named = append(named, it)
		}
	}
	switch len(named) {
	case 0:
		return s.vaults[v], nil, nil
	case 1:
		return s.vaults[v], named[0], nil
	}
	ids := make([]string, len(named))
	for i, it := range named {
		ids[i] = it.id
	}
	return nil, nil, fault.New(fault.OnePasswordItemAmbiguous, "%d items in the vault %q are called %q: %s",
		len(named), ref.Vault, ref.Item, strings.Join(ids, ", "))
}

func (s *SecretStore) getField(ref profile.Reference) (secret.Secret, error) {
	_, it, err := s.find(ref)
	switch {
	case err != nil:
		return secret.Secret{}, err
	case it == nil:
		return secret.Secret{}, ports.ErrNotFound
	}
	found, ok := it.fields[ref.Field]
	if !ok {
		return secret.Secret{}, ports.ErrFieldMissing
	}
	return found, nil
}

func (s *SecretStore) putField(ref profile.Reference, sec secret.Secret) error {
	v, it, err := s.find(ref)
	if err != nil {
		return err
	}
	if it == nil {
		it = &item{account: ref.Account, id: s.newID("item"), title: ref.Item, fields: map[string]secret.Secret{}, ours: true}
		v.items = append(v.items, it)
	}
	it.fields[ref.Field] = sec
	return nil
}

func (s *SecretStore) clearField(ref profile.Reference) error {
	_, it, err := s.find(ref)
	if err == nil && it != nil {
		delete(it.fields, ref.Field)
	}
	return err
}

// undoField clears the field, and takes away the item where a Put made it and
// nothing else is in it.
func (s *SecretStore) undoField(ref profile.Reference) error {
	v, it, err := s.find(ref)
	if err != nil || it == nil {
		return err
	}
	delete(it.fields, ref.Field)
	if it.ours && len(it.fields) == 0 {
		v.items = slices.DeleteFunc(v.items, func(other *item) bool { return other == it })
	}
	return nil
}

func (s *SecretStore) locateField(ref profile.Reference) (ports.Slot, error) {
	v, it, err := s.find(ref)
	switch {
	case err != nil:
		return "", err
	case it == nil: // the item has no id yet, and its title tells it apart
		return join(ref.Account, v.id, "title "+ref.Item, ref.Field), nil
	}
	return join(ref.Account, v.id, it.id, ref.Field), nil
}

func (s *SecretStore) dumpFields(all map[ports.Slot]secret.Secret) {
	for _, v := range s.vaults {
		for _, it := range v.items {
			for name, sec := range it.fields {
				all[join(it.account, v.id, it.id, name)] = sec
			}
		}
	}
}

// AddItem makes an item of a title in a vault, by hand as a person would: with
// these fields, beside any of the same title. It returns the item's id, "" where
// there is no such vault.
func (s *SecretStore) AddItem(account, vaultTitle, title string, fields map[string]secret.Secret) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, v := range s.vaults {
		if v.title != vaultTitle {
			continue
		}
		it := &item{account: account, id: s.newID("item"), title: title, fields: map[string]secret.Secret{}}
		for name, sec := range fields {
			it.fields[name] = sec
		}
		v.items = append(v.items, it)
		return it.id
	}
	return ""
}

// Items returns how many items a OnePassword store has; they outlive their
// fields.
func (s *SecretStore) Items() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, v := range s.vaults {
		n += len(v.items)
	}
	return n
}
