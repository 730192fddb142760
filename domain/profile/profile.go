// Package profile owns what the config file records: names, sites, profiles,
// the references to their credentials, and the set of them with its rules. It
// holds no secret and does no I/O.
package profile

import (
	"slices"
	"sort"

	"jira-cli/domain/fault"
)

// AuthToken is the auth_type of a classic Atlassian API token.
const AuthToken = "token"

// Profile is one named account on one site. Credential is nil where none is
// stored. Leftovers name secrets that an interrupted change left behind.
type Profile struct {
	Name        Name
	Site        Site
	Email       string
	AuthType    string
	AccountID   string
	Credential  *Reference
	OnePassword OnePasswordPlace
	Leftovers   []Reference
}

// OnePasswordPlace remembers where in 1Password a profile's item is; it
// survives migration and logout.
type OnePasswordPlace struct {
	Account, Vault, Item, Field string
}

// Equal reports whether both profiles record the same.
func (p Profile) Equal(o Profile) bool {
	same := (p.Credential == nil) == (o.Credential == nil) &&
		(p.Credential == nil || p.Credential.Equal(*o.Credential))
	return same && p.Name == o.Name && p.Site == o.Site && p.Email == o.Email && p.AuthType == o.AuthType &&
		p.AccountID == o.AccountID && p.OnePassword == o.OnePassword &&
		slices.EqualFunc(p.Leftovers, o.Leftovers, Reference.Equal)
}

// Settings are the global settings of the config file, as text; "" is unset.
type Settings struct {
	Output, Timeout, NoInput, NoColor string
}

// Config is the whole of what the config file says to this program. Profiles
// are sorted by name.
type Config struct {
	Default  string // default_profile as written, "" where absent
	Settings Settings
	Profiles []Profile
}

// Find returns the profile called name.
func (c Config) Find(name Name) (Profile, bool) {
	i := slices.IndexFunc(c.Profiles, func(p Profile) bool { return p.Name == name })
	if i < 0 {
		return Profile{}, false
	}
	return c.Profiles[i], true
}

// Get is Find with ProfileNotFound for an error, naming look-alikes.
func (c Config) Get(name Name) (Profile, error) {
	p, ok := c.Find(name)
	if ok {
		return p, nil
	}
	f := fault.New(fault.ProfileNotFound, "there is no profile %q", name).WithProfile(string(name))
	if len(c.Profiles) == 0 {
		f = fault.New(fault.ProfileNotFound, "no profiles are configured").
			WithHint("create one with `jira config init --base-url URL --email ADDRESS`")
	}
	return Profile{}, f.WithSuggestions(fault.Suggest(string(name), c.Names()))
}

// Names returns the profiles' names, sorted.
func (c Config) Names() []string {
	names := make([]string, 0, len(c.Profiles))
	for _, p := range c.Profiles {
		names = append(names, string(p.Name))
	}
	return names
}

// With returns a copy in which p replaces the profile of its name, or is added.
// The first profile of a config becomes the default. Adding a name whose token
// variable another profile has is ProfileNameConflict.
func (c Config) With(p Profile) (Config, error) {
	out := c
	out.Profiles = slices.DeleteFunc(slices.Clone(c.Profiles), func(q Profile) bool { return q.Name == p.Name })
	for _, q := range out.Profiles {
		if q.Name.TokenVariable() == p.Name.TokenVariable() {
			return c, fault.New(fault.ProfileNameConflict, "profiles %q and %q would share the variable %s",
				p.Name, q.Name, p.Name.TokenVariable()).WithProfile(string(p.Name))
		}
	}
	if len(c.Profiles) == 0 && c.Default == "" {
		out.Default = string(p.Name)
	}
	out.Profiles = append(out.Profiles, p)
	sort.Slice(out.Profiles, func(i, j int) bool { return out.Profiles[i].Name < out.Profiles[j].Name })
	return out, nil
}

// Without returns a copy that lacks the profile called name, and has no
// default where that was it.
func (c Config) Without(name Name) Config {
	out := c
	out.Profiles = slices.DeleteFunc(slices.Clone(c.Profiles), func(q Profile) bool { return q.Name == name })
	if c.Default == string(name) {
		out.Default = ""
	}
	return out
}

// Equal reports whether both configs say the same.
func (c Config) Equal(o Config) bool {
	return c.Default == o.Default && c.Settings == o.Settings && slices.EqualFunc(c.Profiles, o.Profiles, Profile.Equal)
}
