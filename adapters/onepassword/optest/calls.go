package optest

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// call carries out one method of the SDK's API. It is called under a.mu.
func (a *App) call(account, method string, parameters json.RawMessage, state State) (any, error) {
	var p struct {
		VaultID string          `json:"vault_id"`
		ItemID  string          `json:"item_id"`
		Params  json.RawMessage `json:"params"`
		Item    json.RawMessage `json:"item"`
	}
	if err := json.Unmarshal(parameters, &p); err != nil {
		return nil, err
	}
	writes := method == "ItemsCreate" || method == "ItemsPut" || method == "ItemsArchive"
	if writes && state == ReadOnly {
		return nil, &protocolError{"Item", "you don't have the right permissions to execute this request"}
	}
	switch method {
	case "VaultsList":
		return a.listVaults(account), nil
	case "ItemsList":
		return a.listItems(account, p.VaultID)
	case "ItemsGet":
		if it := a.world.item(p.VaultID, p.ItemID); it != nil && a.sees(account, p.VaultID) {
			return it.complete(), nil
		}
		return nil, &protocolError{"Item", "resource not found"}
	case "ItemsCreate":
		return a.createItem(account, p.Params, state)
	case "ItemsPut":
		return a.putItem(account, p.Item, state)
	case "ItemsArchive":
		it := a.world.item(p.VaultID, p.ItemID)
		if it == nil || !a.sees(account, p.VaultID) {
			return nil, &protocolError{"Item", "resource not found"}
		}
		it.archived = true
		it.Version++
		return nil, nil
	}
	return nil, fmt.Errorf("method %q is not imitated", method)
}

func (a *App) sees(account, vaultID string) bool {
	for _, v := range a.world.vaults {
		if v.ID == vaultID {
			return v.account == account
		}
	}
	return false
}

func (a *App) listVaults(account string) []Vault {
	out := []Vault{}
	for _, v := range a.world.vaults {
		if v.account == account {
			out = append(out, *v)
		}
	}
	return out
}

func (a *App) listItems(account, vaultID string) (any, error) {
	if !a.sees(account, vaultID) {
		return nil, &protocolError{"Item", "resource not found"}
	}
	v, err := a.world.vault(vaultID)
	if err != nil {
		return nil, err
	}
	out := []map[string]any{}
	for _, it := range v.items {
		state := "active"
		if it.archived {
			state = "archived"
		}
		out = append(out, map[string]any{
			"id": it.ID, "title": it.Title, "category": it.Category, "vaultId": it.VaultID, "websites": []any{},
			"tags": it.complete().Tags, "createdAt": it.CreatedAt, "updatedAt": it.UpdatedAt, "state": state,
		})
	}
	return out, nil
}

func (a *App) createItem(account string, params json.RawMessage, state State) (any, error) {
	var it Item
	if err := json.Unmarshal(params, &it); err != nil {
		return nil, err
	}
	if !a.sees(account, it.VaultID) {
		return nil, &protocolError{"Item", "resource not found"}
	}
	if err := it.check(state); err != nil {
		return nil, err
	}
	it.ID, it.Version, it.CreatedAt, it.UpdatedAt = a.world.id("item"), 1, created, created
	v, err := a.world.vault(it.VaultID)
	if err != nil {
		return nil, err
	}
	copied := it.complete()
	v.items = append(v.items, &copied)
	return copied, nil
}

func (a *App) putItem(account string, raw json.RawMessage, state State) (any, error) {
	var it Item
	if err := json.Unmarshal(raw, &it); err != nil {
		return nil, err
	}
	for _, list := range []string{"fields", "sections", "tags", "websites", "files"} {
		var members map[string]json.RawMessage
		if err := json.Unmarshal(raw, &members); err != nil || bytes.Equal(members[list], []byte("null")) || members[list] == nil {
			return nil, &protocolError{"Internal", "invalid type: null, expected a sequence: " + list}
		}
	}
	current := a.world.item(it.VaultID, it.ID)
	if current == nil || !a.sees(account, it.VaultID) {
		return nil, &protocolError{"Item", "resource not found"}
	}
	if it.Version != current.Version {
		return nil, &protocolError{"Item", "incorrect item version"}
	}
	if err := it.check(state); err != nil {
		return nil, err
	}
	it.Version++
	it.CreatedAt = current.CreatedAt
	*current = it.complete()
	return current.complete(), nil
}

// builtIn are the fields that need no section, by category.
var builtIn = map[string][]string{
	"Password":       {"password"},
	"Login":          {"username", "password"},
	"ApiCredentials": {"username", "credential", "type", "filename", "hostname"},
}

// check refuses what 1Password's core would.
func (it Item) check(state State) error {
	sections := map[string]bool{}
	for _, s := range it.Sections {
		sections[s.ID] = true
	}
	seen := map[string]bool{}
	for _, f := range it.Fields {
		own := false
		for _, id := range builtIn[it.Category] {
			own = own || id == f.ID
		}
		switch {
		case f.ID == "" || seen[f.ID]:
			return &protocolError{"Item", "validation error: field ids must be unique and not empty"}
		case f.SectionID == nil && !own:
			return &protocolError{"Item", "validation error: field " + f.ID + " needs a section"}
		case f.SectionID != nil && !sections[*f.SectionID]:
			return &protocolError{"Item", "validation error: there is no section " + *f.SectionID}
		case state == Strict && it.Category == "Password" && f.ID == "password" && f.Value == "":
			return &protocolError{"Item", "validation error: a password item needs a password"}
		}
		seen[f.ID] = true
	}
	return nil
}
