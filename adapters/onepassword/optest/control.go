package optest

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Usage lists the verbs of Control.
const Usage = `state ok|locked|declined|off|dropped|expired|rate-limited|offline|read-only|strict|stalled
raw TEXT                              answer every message with TEXT
code N                                return N for every message
fail METHOD NAME MESSAGE              a method fails; an empty message mends it
expire | restart                      end the clients' authorization, or forget them
vault ACCOUNT TITLE                   add a vault, and the account
item VAULT TITLE [FIELD=VALUE]...     add a Password item, also a second one of the title
set VAULT ITEM FIELD VALUE            change a field as a person would
archive VAULT ITEM
show VAULT [ITEM]                     list items, or an item's fields, to the output
archived VAULT                        list the archived items to the output`

// Control carries out one verb of a script and returns what it prints.
func (a *App) Control(args []string) (string, error) {
	if len(args) == 0 {
		return "", errors.New("no verb; the verbs are\n" + Usage)
	}
	verb, rest := args[0], args[1:]
	for _, v := range a.verbs() {
		if v.name == verb && len(rest) >= v.min && (v.max < 0 || len(rest) <= v.max) {
			return v.run(rest)
		}
	}
	return "", fmt.Errorf("%q does not fit; the verbs are\n%s", args, Usage)
}

type verb struct {
	name     string
	min, max int
	run      func(args []string) (string, error)
}

func (a *App) verbs() []verb {
	return []verb{
		{"state", 1, 1, func(s []string) (string, error) {
			if err := State(s[0]).known(); err != nil {
				return "", err
			}
			a.SetState(State(s[0]))
			return "", nil
		}},
		{"raw", 1, 1, func(s []string) (string, error) { a.SetRaw([]byte(s[0])); return "", nil }},
		{"code", 1, 1, func(s []string) (string, error) {
			n, err := strconv.ParseInt(s[0], 10, 32)
			if err == nil {
				a.SetCode(int32(n))
			}
			return "", err
		}},
		{"fail", 3, 3, func(s []string) (string, error) { a.Fail(s[0], s[1], s[2]); return "", nil }},
		{"expire", 0, 0, func([]string) (string, error) { a.Expire(); return "", nil }},
		{"restart", 0, 0, func([]string) (string, error) { a.Restart(); return "", nil }},
		{"vault", 2, 2, func(s []string) (string, error) { return a.AddVault(s[0], s[1]) + "\n", nil }},
		{"item", 2, -1, a.controlItem},
		{"set", 4, 4, func(s []string) (string, error) {
			return "", a.Edit(s[0], s[1], func(it *Item) { it.set(s[2], s[3]) })
		}},
		{"archive", 2, 2, func(s []string) (string, error) { return "", a.Archive(s[0], s[1]) }},
		{"show", 1, 2, a.controlShow},
		{"archived", 1, 1, func(s []string) (string, error) {
			items, err := a.Archived(s[0])
			return list(items), err
		}},
	}
}

func (a *App) controlItem(args []string) (string, error) {
	it := Item{Title: args[1]}
	for _, pair := range args[2:] {
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return "", fmt.Errorf("%q is not FIELD=VALUE", pair)
		}
		it.set(name, value)
	}
	id, err := a.AddItem(args[0], it)
	return id + "\n", err
}

// set gives the field of that id or title the value, or adds it, in a section
// where it needs one.
func (it *Item) set(name, value string) {
	for i, f := range it.Fields {
		if f.ID == name || f.Title == name {
			it.Fields = append([]Field{}, it.Fields...)
			it.Fields[i].Value = value
			return
		}
	}
	f := Field{ID: name, Title: name, FieldType: "Concealed", Value: value}
	if name != "password" {
		section := "more"
		f.SectionID = &section
		it.Sections = append(it.Sections, Section{ID: section})
	}
	it.Fields = append(it.Fields, f)
}

func (a *App) controlShow(args []string) (string, error) {
	if len(args) == 1 {
		items, err := a.Items(args[0])
		return list(items), err
	}
	var out strings.Builder
	it, err := a.Item(args[0], args[1])
	for _, f := range it.Fields {
		fmt.Fprintf(&out, "%s %s %s=%q\n", f.ID, f.FieldType, f.Title, f.Value)
	}
	return out.String(), err
}

func list(items []Item) string {
	var out strings.Builder
	for _, it := range items {
		fmt.Fprintf(&out, "%s %s %q version=%d\n", it.ID, it.Category, it.Title, it.Version)
	}
	return out.String()
}
