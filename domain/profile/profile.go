// Package profile owns what the config file records: names, sites, profiles,
// the references to their credentials, and the set of them with its rules. It
// holds no secret and does no I/O.
package profile

import (
	"slices"
	"sort"
	"time"

	"jira-cli/domain/fault"
)

// Profile is one named account on one site. Credential is nil where none is
// stored. Leftovers name secrets that an interrupted change left behind.
type Profile struct {
	Name        Name
	Site        Site
	Email       string // of the Atlassian account; on Cloud the user name of requests
	Username    string // on Server and Data Center, with AuthBasic and AuthSession
	AuthType    string
	AccountID   string     // on Server and Data Center the user's name
	Deployment  Deployment // "" where it was not found out
	CloudID     string     // of a scoped token's site: requests go through the gateway
	TokenKind   string     // "" where it was not found out
	TokenExpiry time.Time  // of the stored credential, UTC; zero where it is not known
	Network     Network
	Credential  *Reference
	OnePassword OnePasswordPlace
	Leftovers   []Reference
}

// User is the name under which requests are made: the email, or on Server and
// Data Center the user name.
func (p Profile) User() string {
	if p.Username != "" {
		return p.Username
	}
	return p.Email
}

// Moved returns the profile as it reads at a site with an account: what was
// found out about another site or another account is forgotten.
func (p Profile) Moved(site Site, email, username string) Profile {
	if p.Site != site {
		p.Deployment, p.CloudID, p.TokenKind = "", "", ""
	}
	if p.Site != site || p.Email != email || p.Username != username {
		p.AccountID, p.TokenExpiry = "", time.Time{}
	}
	p.Site, p.Email, p.Username = site, email, username
	return p
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
		p.Username == o.Username && p.AccountID == o.AccountID && p.Deployment == o.Deployment &&
		p.CloudID == o.CloudID && p.TokenKind == o.TokenKind && p.TokenExpiry.Equal(o.TokenExpiry) && p.Network.Equal(o.Network) && p.OnePassword == o.OnePassword &&
		slices.EqualFunc(p.Leftovers, o.Leftovers, Reference.Equal)
}

// Complete returns a copy that shares nothing with p and spells out what may be
// left out: the auth_type, and what Reference.Complete knows. A time has the
// precision at which it is kept.
func (p Profile) Complete() Profile {
	p.TokenExpiry = p.TokenExpiry.UTC().Truncate(time.Second)
	if p.AuthType == "" {
		p.AuthType = AuthToken
	}
	if p.Credential != nil {
		ref := p.Credential.Complete(p.Site, p.Name)
		p.Credential = &ref
	}
	p.Network = p.Network.clone()
	leftovers := p.Leftovers
	p.Leftovers = nil
	for _, ref := range leftovers {
		p.Leftovers = append(p.Leftovers, ref.Complete(p.Site, p.Name))
	}
	return p
}

// Config is the whole of what the config file says to this program. Profiles
// are sorted by name.
type Config struct {
	Default string // default_profile as written, "" where absent
	// DefaultAt is where default_profile stands, in words; it is no part of what
	// a config says.
	DefaultAt string
	Settings  Settings
	Profiles  []Profile
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
			WithHint("create one with `jira auth login`, or `jira config init` without a credential")
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
	out.sort()
	return out, nil
}

func (c Config) sort() {
	sort.Slice(c.Profiles, func(i, j int) bool { return c.Profiles[i].Name < c.Profiles[j].Name })
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

// Renamed returns a copy in which the profile called from is called to, and
// stays the default if it was. Its credential's reference is left as it is.
// Codes: ProfileNotFound, ProfileExists, ProfileNameConflict.
func (c Config) Renamed(from, to Name) (Config, error) {
	p, err := c.Get(from)
	if err != nil || from == to {
		return c, err
	}
	if _, taken := c.Find(to); taken {
		return c, fault.New(fault.ProfileExists, "there is a profile %q already", to).WithProfile(string(to)).
			WithHint("choose another name, or delete that profile first")
	}
	p.Name = to
	out, err := c.Without(from).With(p)
	if err != nil {
		return c, err
	}
	out.Default = c.Default
	if c.Default == string(from) {
		out.Default = string(to)
	}
	return out, nil
}

// Complete returns a copy that shares nothing with c, with its settings in
// their one spelling and its profiles sorted and complete: what is read after c
// was saved.
func (c Config) Complete() Config {
	out := c
	out.Settings = c.Settings.complete()
	out.Profiles = nil
	for _, p := range c.Profiles {
		out.Profiles = append(out.Profiles, p.Complete())
	}
	out.sort()
	return out
}

// Equal reports whether both configs say the same.
func (c Config) Equal(o Config) bool {
	return c.Default == o.Default && c.Settings == o.Settings && slices.EqualFunc(c.Profiles, o.Profiles, Profile.Equal)
}
