package tomlconfig

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
)

// authOnePassword is an older spelling of auth_type: token, kept in 1Password.
// It is read and never written.
const authOnePassword = "1password"

// config turns the decoded file into the domain's terms and checks the values.
func (l fileLayer) config(found *problems) profile.Config {
	c := profile.Config{Default: l.Default}
	if l.Default != "" {
		if _, err := profile.ParseName(l.Default); err != nil {
			found.addError([]string{"default_profile"}, err)
			if names := slices.Sorted(maps.Keys(l.Profiles)); len(names) > 0 {
				last := &(*found)[len(*found)-1]
				last.fault = last.fault.WithHint("run `jira config set default_profile %s`; the profiles are %s", names[0], strings.Join(names, ", "))
			}
		}
	}
	for _, key := range profile.SettingKeys() {
		value, _ := l.Settings.Get(key)
		settings, err := c.Settings.With(key, value)
		if err != nil {
			found.addError([]string{key}, err)
		}
		c.Settings = settings
	}
	for _, name := range slices.Sorted(maps.Keys(l.Profiles)) {
		c.Profiles = append(c.Profiles, l.Profiles[name].profile(name, found))
	}
	return c
}

func (f fileProfile) profile(name string, found *problems) profile.Profile {
	path := []string{"profiles", name}
	p := profile.Profile{Name: profile.Name(name), Email: f.Email, Username: f.Username, AuthType: profile.AuthToken, AccountID: f.AccountID}
	p.OnePassword = profile.OnePasswordPlace(f.OnePassword)
	if f.BaseURL != "" {
		site, err := profile.ParseSite(f.BaseURL)
		if err != nil {
			found.addError(join(path, "base_url"), err)
		}
		p.Site = site
	}
	if f.AuthType != "" && f.AuthType != authOnePassword {
		authType, err := profile.ParseAuthType(f.AuthType)
		if err != nil {
			found.addError(join(path, "auth_type"), err)
		}
		p.AuthType = authType
	}
	f.route(&p, path, found)
	if f.Network != nil {
		p.Network = f.Network.network(join(path, "network"), found)
	}
	p.Credential = f.credential(path, found)
	for i, leftover := range f.Leftovers {
		p.Leftovers = append(p.Leftovers, leftover.leftover(p, join(join(path, "leftover"), strconv.Itoa(i)), found))
	}
	return p.Complete()
}

// route fills in where requests go and what the credential is.
func (f fileProfile) route(p *profile.Profile, path []string, found *problems) {
	var err error
	if p.Deployment, err = profile.ParseDeployment(f.Deployment); err != nil {
		found.addError(join(path, "deployment"), err)
	}
	if p.CloudID = f.CloudID; f.CloudID != "" && !profile.IsCloudID(f.CloudID) {
		found.add(join(path, "cloud_id"), fault.New(fault.ConfigInvalid, "%s.cloud_id is not a cloud id", strings.Join(path, ".")).
			WithHint("remove it and log in again: the id is found out then"))
	}
	if p.TokenKind, err = profile.ParseTokenKind(f.TokenKind); err != nil {
		found.addError(join(path, "token_kind"), err)
	}
	if f.TokenExpiry == "" {
		return
	}
	if p.TokenExpiry, err = time.Parse(time.RFC3339, f.TokenExpiry); err != nil {
		found.add(join(path, "token_expiry"), fault.New(fault.ConfigInvalid, "%s.token_expiry must be a time such as 2026-12-31T23:59:59Z", strings.Join(path, ".")).
			WithHint("correct it, or remove it"))
	}
	p.TokenExpiry = p.TokenExpiry.UTC()
}

// credential returns the profile's reference, nil for none. The older spelling
// means 1Password where nothing else is said, and then the place is the one
// that the profile remembers.
func (f fileProfile) credential(path []string, found *problems) *profile.Reference {
	older := f.AuthType == authOnePassword
	if f.Credential == nil {
		if !older {
			return nil
		}
		o := f.OnePassword
		return &profile.Reference{Backend: profile.OnePassword, Account: o.Account, Vault: o.Vault, Item: o.Item, Field: o.Field}
	}
	c := *f.Credential
	if c.Backend == "" && older {
		c.Backend = string(profile.OnePassword)
	}
	ref := c.reference(join(path, "credential"), found)
	return &ref
}

func (f fileReference) reference(path []string, found *problems) profile.Reference {
	backend, err := profile.ParseBackend(f.Backend)
	switch {
	case f.Backend == "":
		found.addError(path, fault.New(fault.ConfigInvalid, "the table has no backend").
			WithHint("add backend = \"keyring\", or remove the table and log in again"))
	case err != nil:
		found.addError(join(path, "backend"), err)
	}
	ref := profile.Reference{
		Backend: backend, Site: f.Site, Service: f.Service, Account: f.Account,
		Vault: f.Vault, Item: f.Item, Field: f.Field,
		Path: f.Path, Variable: f.Variable, Argv: f.Argv,
	}
	if err := ref.CheckForm(); err != nil {
		found.addError(join(path, "account"), err)
	}
	return ref
}

// leftover is reference for a secret that is going to be removed: it must say
// for which site it was stored, and be one of that site.
func (f fileReference) leftover(p profile.Profile, path []string, found *problems) profile.Reference {
	before := len(*found)
	ref := f.reference(path, found)
	if len(*found) > before {
		return ref
	}
	if err := ref.Complete(p.Site, p.Name).CheckOwn(); err != nil {
		found.addError(path, fault.New(fault.ConfigInvalid, "%s, so it is not removed", fault.From(err).Message).
			WithHint("remove the table; the credential that it names is left alone"))
	}
	return ref
}
