package profile

import (
	"slices"

	"jira-cli/domain/fault"
)

// Backend names a place where a credential is kept.
type Backend string

// The backends. Env stores nothing and Command only reads.
const (
	Keyring     Backend = "keyring"
	OnePassword Backend = "1password"
	File        Backend = "file"
	Env         Backend = "env"
	Command     Backend = "command"
)

// Backends lists the backends in the order in which they are shown.
func Backends() []Backend { return []Backend{Keyring, OnePassword, File, Env, Command} }

// Stores reports whether secrets can be stored in the backend at all; Env and
// Command only read.
func (b Backend) Stores() bool { return b != Env && b != Command }

// NotBuilt is what a build says that lacks a backend. The words are documented.
func NotBuilt(b Backend) *fault.Fault {
	return fault.New(fault.BackendUnsupported, "%s backend requires CGO", b)
}

// ParseBackend checks a backend's name; the error is BackendUnsupported, with
// suggestions.
func ParseBackend(text string) (Backend, error) {
	names := make([]string, 0, len(Backends()))
	for _, b := range Backends() {
		if text == string(b) {
			return b, nil
		}
		names = append(names, string(b))
	}
	return "", fault.New(fault.BackendUnsupported, "there is no backend %s", fault.Shown(text)).
		WithSuggestions(fault.Suggest(text, names)).
		WithHint("the backends are keyring, 1password, file, env and command")
}

// DefaultService is the keyring service under which items are stored.
const DefaultService = "jira-cli"

// DefaultField is the field of a 1Password item that holds the token: the one of
// an item of category Password, as whose secret the user sees it.
const DefaultField = "password"

// Reference says where a credential is, never what it is. Which members mean
// something depends on Backend: Service and Account for Keyring; Account,
// Vault, Item and Field for OnePassword; Path and Account for File; Variable
// for Env; Argv for Command. Site is the origin that the credential was stored
// for.
type Reference struct {
	Backend  Backend
	Site     string
	Service  string
	Account  string
	Vault    string
	Item     string
	Field    string
	Path     string
	Variable string
	Argv     []string
}

// Equal reports whether both references say the same, letter by letter. Two
// that differ can still mean one slot: ask the store's Locate.
func (r Reference) Equal(o Reference) bool {
	type flat struct {
		b                                     Backend
		site, service, account                string
		vault, item, field, path, environment string
	}
	a := flat{r.Backend, r.Site, r.Service, r.Account, r.Vault, r.Item, r.Field, r.Path, r.Variable}
	b := flat{o.Backend, o.Site, o.Service, o.Account, o.Vault, o.Item, o.Field, o.Path, o.Variable}
	return a == b && slices.Equal(r.Argv, o.Argv)
}

// Complete returns a copy that shares nothing with r and spells out the members
// that its backend has a default for: Service and Account for Keyring, Account
// for File, Item for OnePassword, Variable for Env. Those that come from the
// site stay empty without one.
func (r Reference) Complete(site Site, name Name) Reference {
	r.Argv = slices.Clone(r.Argv)
	fill := func(member *string, value string) {
		if *member == "" {
			*member = value
		}
	}
	switch r.Backend {
	case Keyring:
		fill(&r.Service, DefaultService)
	case Env:
		fill(&r.Variable, name.TokenVariable())
	}
	if site.IsZero() {
		return r
	}
	switch r.Backend {
	case Keyring, File:
		fill(&r.Account, Account(site, name))
	case OnePassword:
		fill(&r.Item, OnePasswordItem(site, name))
	}
	return r
}

// Account is the name of a profile's item in a keyring and in the encrypted
// file: <host>/<profile>, the host with its port where one is given.
func Account(site Site, name Name) string { return site.Host() + "/" + string(name) }

// OnePasswordItem is the default title of a profile's 1Password item.
func OnePasswordItem(site Site, name Name) string {
	return DefaultService + " " + Account(site, name)
}
