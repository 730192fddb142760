package onepassword

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// place is what a reference means right now. item is nil where the vault has
// none of that name, field is -1 where the item has none.
type place struct {
	vault vault
	title string // of an item to be created
	item  *item
	field int
	name  string // of the field, after the default
}

// resolve looks a reference up by listing and reading, never by a secret
// reference (op://…): those refuse ":", "@", "%" and letters beyond ASCII.
func resolve(ctx context.Context, c client, ref profile.Reference) (place, error) {
	if ref.Item == "" {
		return place{}, fault.New(fault.ArgumentInvalid, "the profile names no 1password item").
			WithHint("name the item with --item")
	}
	v, err := findVault(ctx, c, ref)
	if err != nil {
		return place{}, err
	}
	p := place{vault: v, title: ref.Item, field: -1, name: ref.Field}
	found, ok, err := findItem(ctx, c, v, ref.Item)
	if err != nil {
		return place{}, err
	}
	if ok {
		it, err := c.item(ctx, v.id, found.id)
		switch {
		case errors.Is(err, errGone): // between the two calls
		case err != nil:
			return place{}, err
		default:
			p.item = &it
		}
	}
	if p.name == "" {
		p.name = defaultField(p.item)
	}
	if p.item == nil {
		return p, nil
	}
	p.field, err = findField(*p.item, p.name)
	return p, err
}

// defaultField is the field of an item where the reference names none.
func defaultField(it *item) string {
	if it != nil && it.category == categoryAPI {
		return "credential"
	}
	return "password"
}

func findVault(ctx context.Context, c client, ref profile.Reference) (vault, error) {
	if ref.Vault == "" {
		return vault{}, fault.New(fault.OnePasswordVaultNotFound, "the profile names no 1password vault").
			WithHint("name the vault with --vault")
	}
	all, err := c.vaults(ctx)
	if err != nil {
		return vault{}, err
	}
	found := pick(all, ref.Vault, func(v vault) (string, string) { return v.id, v.title })
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		titles := make([]string, len(all))
		for i, v := range all {
			titles[i] = v.title
		}
		return vault{}, fault.New(fault.OnePasswordVaultNotFound, "%s has no vault %q", whose(ref.Account), ref.Vault).
			WithSuggestions(fault.Suggest(ref.Vault, titles))
	}
	return vault{}, ambiguous("vaults are called", ref.Vault, ids(found, func(v vault) string { return v.id }), "--vault")
}

func whose(account string) string {
	if account == "" {
		return "the 1password service account"
	}
	return fmt.Sprintf("1password account %q", account)
}

func findItem(ctx context.Context, c client, v vault, name string) (overview, bool, error) {
	all, err := c.items(ctx, v.id)
	if err != nil {
		return overview{}, false, err
	}
	found := pick(all, name, func(o overview) (string, string) { return o.id, o.title })
	switch len(found) {
	case 0:
		return overview{}, false, nil
	case 1:
		return found[0], true, nil
	}
	list := ids(found, func(o overview) string { return o.id })
	return overview{}, false, ambiguous(fmt.Sprintf("items of vault %q are called", v.title), name, list, "--item")
}

func findField(it item, name string) (int, error) {
	indexes := make([]int, len(it.fields))
	for i := range indexes {
		indexes[i] = i
	}
	found := pick(indexes, name, func(i int) (string, string) { return it.fields[i].id, it.fields[i].title })
	switch len(found) {
	case 0:
		return -1, nil
	case 1:
		return found[0], nil
	}
	list := ids(found, func(i int) string { return it.fields[i].id })
	f := ambiguous(fmt.Sprintf("fields of item %q are called", it.title), name, list, "")
	return -1, f.WithHint("set field to one of the ids in the profile's onepassword table of the config file")
}

// pick returns the elements that name means: the one of that id, else those of
// exactly that title, else those of that title in any case, as 1Password
// matches names.
func pick[T any](all []T, name string, of func(T) (id, title string)) []T {
	var exact, folded []T
	for _, e := range all {
		id, title := of(e)
		switch {
		case id == name:
			return []T{e}
		case title == name:
			exact = append(exact, e)
		case strings.EqualFold(title, name):
			folded = append(folded, e)
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return folded
}

func ids[T any](all []T, id func(T) string) []string {
	out := make([]string, len(all))
	for i, e := range all {
		out[i] = id(e)
	}
	return out
}

func ambiguous(what, name string, list []string, flag string) *fault.Fault {
	return fault.New(fault.OnePasswordItemAmbiguous, "%d %s %q: %s", len(list), what, name, strings.Join(list, ", ")).
		WithHint("name it by one of these ids with %s", flag)
}

// slot is the identity of the place. 1Password's ids are unique across
// accounts, so the account, of which there are several spellings, is not part
// of it. What does not exist yet is identified by its name.
func (p place) slot() ports.Slot {
	it, f := "title="+strings.ToLower(p.title), "name="+strings.ToLower(p.name)
	if p.item != nil {
		it = p.item.id
	}
	if p.field >= 0 {
		f = p.item.fields[p.field].id
	}
	return ports.Slot(strings.Join([]string{p.vault.id, it, f}, "\x00"))
}

// managedSection holds fields of ours that are not an item's built-in ones:
// 1Password wants those in a section.
const managedSection = "jira-cli"

var plainID = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`) })

// newField returns the concealed field of that name and the section that it
// needs, "" for none.
func newField(category, name, value string) field {
	f := field{id: name, title: name, kind: kindConcealed, value: value, section: managedSection}
	builtIn := category == categoryAPI && name == "credential" ||
		(category == categoryPassword || category == categoryLogin) && name == "password"
	if builtIn {
		f.section = ""
	}
	if !plainID().MatchString(name) {
		sum := sha256.Sum256([]byte(name))
		f.id = managedSection + "-" + hex.EncodeToString(sum[:8])
	}
	return f
}

// add puts a field into the item, with its section.
func (it *item) add(f field) {
	it.fields = append(it.fields, f)
	for _, s := range it.sections {
		if s.id == f.section {
			return
		}
	}
	if f.section != "" {
		it.sections = append(it.sections, section{id: f.section, title: f.section})
	}
}

// newItem is the item that is created for a reference. A Password item must
// have its password, so one with another field only is an API Credential.
func newItem(p place, value string) item {
	it := item{title: p.title, vaultID: p.vault.id, category: categoryPassword}
	if p.name != "password" {
		it.category = categoryAPI
	}
	it.add(newField(it.category, p.name, value))
	return it
}
