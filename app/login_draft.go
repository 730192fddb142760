package app

import (
	"strings"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
)

// draft is a login while its fields are being gathered, as text.
type draft struct {
	name, site, email, backend string
	account, vault, item       string
	authType, username         string // authType "" where nobody said
	// server is what the site at serverSite said of itself, nil where it was not
	// asked.
	server     *access.Server
	serverSite profile.Site
}

// start fills a draft from the flags and, for what they leave open, from what
// the profile already records.
func (l *Login) start(in LoginInput) (draft, error) {
	name, err := in.Recorded()
	if in.ProfileName.Set {
		name, err = profile.ParseName(in.ProfileName.Value)
	}
	if err != nil {
		return draft{}, err
	}
	return fill(in, string(name)), nil
}

func fill(in LoginInput, name string) draft {
	p, _ := in.Config.Find(profile.Name(name))
	d := draft{name: name, site: p.Site.String(), email: p.Email,
		username: p.Username, account: p.OnePassword.Account, vault: p.OnePassword.Vault, item: p.OnePassword.Item}
	if p.Credential != nil {
		d.backend = string(p.Credential.Backend)
	}
	if p.Credential != nil || p.AuthType != profile.AuthToken {
		d.authType = p.AuthType
	}
	if site, err := profile.ParseSite(in.BaseURL.Value); err == nil && in.BaseURL.Set && site != p.Site {
		d.authType = "" // another site may run something else
	}
	for _, f := range []struct {
		from Optional
		to   *string
	}{{in.BaseURL, &d.site}, {in.Email, &d.email}, {in.Backend, &d.backend}, {in.AuthType, &d.authType}, {in.Username, &d.username},
		{in.OnePasswordAccount, &d.account}, {in.Vault, &d.vault}, {in.Item, &d.item}} {
		if f.from.Set {
			*f.to = f.from.Value
		}
	}
	if d.backend == "" {
		d.backend = string(profile.Keyring)
	}
	return d
}

// missing is the one error that names everything that nobody can be asked for.
func (l *Login) missing(in LoginInput, d draft) error {
	var m []fault.Missing
	need := func(absent bool, field, flag string) {
		if absent {
			m = append(m, fault.Missing{Field: field, Flag: flag})
		}
	}
	need(d.site == "", "base_url", "--base-url")
	need(d.email == "" && d.method() == profile.AuthToken, "email", "--email")
	need(d.username == "" && d.password(), "username", "--username")
	need(d.backend == string(profile.OnePassword) && d.vault == "", "vault", "--vault")
	stores := profile.Backend(d.backend).Stores()
	need(stores && !in.SecretStdin && !in.CredentialEnv.Set, "token", "--secret-stdin")
	err := inputRequired(m)
	if site, bad := profile.ParseSite(d.site); err != nil && bad == nil && !site.IsAtlassian() && d.authType == "" {
		return fault.From(err).WithHint("pass the missing flags; on Server and Data Center a personal access token needs no email: --auth-type pat")
	}
	return err
}

// method is the auth type of a draft.
func (d draft) method() string {
	if d.authType == "" {
		return profile.AuthToken
	}
	return d.authType
}

// fits refuses flags that belong to another backend or auth type than the
// draft's. Conflicts are said before what is missing.
func (d draft) fits(in LoginInput) error {
	backend, err := profile.ParseBackend(d.backend)
	if err != nil {
		return err
	}
	if in.Username.Set && !d.password() {
		return fault.New(fault.FlagConflict, "--username belongs to --auth-type basic or session, not %s", d.method()).WithFlag("username")
	}
	return in.fits(backend)
}

// password reports whether the credential is a user's password.
func (d draft) password() bool {
	return d.authType == profile.AuthBasic || d.authType == profile.AuthSession
}

func inputRequired(missing []fault.Missing) error {
	if len(missing) == 0 {
		return nil
	}
	parts := make([]string, len(missing))
	for i, m := range missing {
		parts[i] = m.Field + " (" + m.Flag + ")"
	}
	f := fault.New(fault.InputRequired, "missing: %s", strings.Join(parts, ", "))
	f.Details.Missing = missing
	for _, m := range missing {
		if m.Field == "token" {
			return f.WithHint("pass the missing flags; the token comes from --secret-stdin or --credential-env, or is asked for in a terminal")
		}
	}
	return f
}

// profile returns what a draft says of the account and the way to it.
func (d draft) profile(in LoginInput, old profile.Profile) (profile.Profile, error) {
	site, err := profile.ParseSite(d.site)
	if err != nil {
		return profile.Profile{}, err
	}
	p := profile.Profile{Name: profile.Name(d.name), Site: site, Email: strings.TrimSpace(d.email), AuthType: d.method(),
		OnePassword: profile.OnePasswordPlace{Account: d.account, Vault: d.vault, Item: d.item, Field: old.OnePassword.Field}}
	if d.password() {
		p.Username = d.username
	}
	if old.Site == site {
		p.Deployment = old.Deployment
	}
	if p.Network, err = in.Network.apply(old.Network); err != nil {
		return p, err
	}
	if p.Network.Insecure && site.IsUnderAtlassian() {
		return p, fault.New(fault.ArgumentInvalid, "certificates of sites under %s are always verified", profile.CloudSuffix).WithFlag("insecure-skip-verify").
			WithHint("if a proxy of your company intercepts TLS, name its authority with --ca-file")
	}
	return p, p.Network.CheckPair()
}
