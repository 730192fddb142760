package optest

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
)

// created is when everything was made: the fake has no clock.
const created = "2026-01-01T00:00:00Z"

// Vault, Item, Field and Section are 1Password's, in the SDK's JSON.
type (
	// Vault is a vault.
	Vault struct {
		ID               string `json:"id"`
		Title            string `json:"title"`
		Description      string `json:"description"`
		VaultType        string `json:"vaultType"`
		ActiveItemCount  int    `json:"activeItemCount"`
		ContentVersion   int    `json:"contentVersion"`
		AttributeVersion int    `json:"attributeVersion"`
		CreatedAt        string `json:"createdAt"`
		UpdatedAt        string `json:"updatedAt"`

		account string
		items   []*Item
	}

	// Item is an item.
	Item struct {
		ID        string           `json:"id"`
		Title     string           `json:"title"`
		Category  string           `json:"category"`
		VaultID   string           `json:"vaultId"`
		Fields    []Field          `json:"fields"`
		Sections  []Section        `json:"sections"`
		Notes     string           `json:"notes"`
		Tags      []string         `json:"tags"`
		Websites  []map[string]any `json:"websites"`
		Version   uint32           `json:"version"`
		Files     []map[string]any `json:"files"`
		CreatedAt string           `json:"createdAt"`
		UpdatedAt string           `json:"updatedAt"`

		archived bool
	}

	// Field is a field of an item.
	Field struct {
		ID        string         `json:"id"`
		Title     string         `json:"title"`
		SectionID *string        `json:"sectionId,omitempty"`
		FieldType string         `json:"fieldType"`
		Value     string         `json:"value"`
		Details   map[string]any `json:"details,omitempty"`
	}

	// Section is a section of an item.
	Section struct {
		ID    string `json:"id"`
		Title string `json:"title"`
	}
)

// world is everything in every account.
type world struct {
	vaults []*Vault
	serial int
}

func newWorld() world { return world{} }

// id returns a new identifier of 1Password's form: 26 letters and digits.
func (w *world) id(kind string) string {
	w.serial++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", kind, w.serial))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:26]
}

// AddVault creates a vault, and the account where it is new; titles need not be
// unique. It returns the vault's id.
func (a *App) AddVault(account, title string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	v := &Vault{
		ID: a.world.id("vault"), Title: title, VaultType: "userCreated", ContentVersion: 1, AttributeVersion: 1,
		CreatedAt: created, UpdatedAt: created, account: account,
	}
	a.world.vaults = append(a.world.vaults, v)
	return v.ID
}

// RemoveVault deletes the vault of that id or title.
func (a *App) RemoveVault(vault string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	v, err := a.world.vault(vault)
	if err != nil {
		return err
	}
	kept := a.world.vaults[:0]
	for _, other := range a.world.vaults {
		if other != v {
			kept = append(kept, other)
		}
	}
	a.world.vaults = kept
	return nil
}

// AddItem puts an item into the vault of that id or title, whether or not one
// of its title is there, and returns its id. Missing lists are made empty.
func (a *App) AddItem(vault string, it Item) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	v, err := a.world.vault(vault)
	if err != nil {
		return "", err
	}
	it.ID, it.VaultID, it.Version = a.world.id("item"), v.ID, 1
	it.CreatedAt, it.UpdatedAt = created, created
	if it.Category == "" {
		it.Category = "Password"
	}
	copied := it.complete()
	v.items = append(v.items, &copied)
	return it.ID, nil
}

// Items returns copies of all items of the vault of that id or title, archived
// ones left out.
func (a *App) Items(vault string) ([]Item, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	v, err := a.world.vault(vault)
	if err != nil {
		return nil, err
	}
	var out []Item
	for _, it := range v.active() {
		out = append(out, it.complete())
	}
	return out, nil
}

// Archived returns copies of the archived items of the vault of that id or
// title.
func (a *App) Archived(vault string) ([]Item, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	v, err := a.world.vault(vault)
	if err != nil {
		return nil, err
	}
	var out []Item
	for _, it := range v.items {
		if it.archived {
			out = append(out, it.complete())
		}
	}
	return out, nil
}

// Item returns a copy of the one item of that id or title.
func (a *App) Item(vault, item string) (Item, error) {
	items, err := a.Items(vault)
	if err != nil {
		return Item{}, err
	}
	var found []Item
	for _, it := range items {
		if it.ID == item || it.Title == item {
			found = append(found, it)
		}
	}
	if len(found) != 1 {
		return Item{}, fmt.Errorf("vault %q has %d items %q", vault, len(found), item)
	}
	return found[0], nil
}

// Edit changes the one item of that id or title as a person would in the app:
// its version goes up.
func (a *App) Edit(vault, item string, change func(*Item)) error {
	current, err := a.Item(vault, item)
	if err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	it := a.world.item(current.VaultID, current.ID)
	if it == nil {
		return fmt.Errorf("item %q is gone", item)
	}
	change(it)
	it.Version++
	return nil
}

// Archive moves the one item of that id or title to the archive.
func (a *App) Archive(vault, item string) error {
	return a.Edit(vault, item, func(it *Item) { it.archived = true })
}

// Field returns the field of that id or title, and whether there is one.
func (it Item) Field(name string) (Field, bool) {
	for _, f := range it.Fields {
		if f.ID == name || f.Title == name {
			return f, true
		}
	}
	return Field{}, false
}

// complete returns a copy that shares no list and has none that is null.
func (it Item) complete() Item {
	it.Fields = append([]Field{}, it.Fields...)
	it.Sections = append([]Section{}, it.Sections...)
	it.Tags = append([]string{}, it.Tags...)
	it.Websites = append([]map[string]any{}, it.Websites...)
	it.Files = append([]map[string]any{}, it.Files...)
	return it
}

func (w *world) vault(name string) (*Vault, error) {
	for _, v := range w.vaults {
		if v.ID == name || v.Title == name {
			return v, nil
		}
	}
	return nil, fmt.Errorf("there is no vault %q", name)
}

func (w *world) item(vaultID, itemID string) *Item {
	for _, v := range w.vaults {
		for _, it := range v.active() {
			if v.ID == vaultID && it.ID == itemID {
				return it
			}
		}
	}
	return nil
}

func (w *world) knows(account string) bool {
	for _, v := range w.vaults {
		if v.account == account {
			return true
		}
	}
	return false
}

func (v *Vault) active() []*Item {
	var out []*Item
	for _, it := range v.items {
		if !it.archived {
			out = append(out, it)
		}
	}
	return out
}
