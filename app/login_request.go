package app

import (
	"context"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
)

// Defaults are what the system contributes to new references.
type Defaults struct {
	KeyringService string // the service under which keyring items are stored
	FilePath       string // the encrypted file
}

// Reference returns where a backend keeps the credential of a profile. The
// members that a flag can name are left empty for the caller.
func (d Defaults) Reference(b profile.Backend, p profile.Profile) profile.Reference {
	ref := profile.Reference{Backend: b, Site: p.Site.Origin()}
	switch b {
	case profile.Keyring:
		ref.Service, ref.Account = d.KeyringService, profile.Account(p.Site, p.Name)
	case profile.File:
		ref.Path, ref.Account = d.FilePath, profile.Account(p.Site, p.Name)
	case profile.Env:
		ref.Variable = p.Name.TokenVariable()
	case profile.OnePassword:
		ref.Account, ref.Vault, ref.Item, ref.Field = p.OnePassword.Account, p.OnePassword.Vault, p.OnePassword.Item, p.OnePassword.Field
		if ref.Item == "" {
			ref.Item = profile.OnePasswordItem(p.Site, p.Name)
		}
		if ref.Field == "" {
			ref.Field = profile.DefaultField
		}
	}
	return ref
}

// own refuses a reference that is not known to name one of this program's own
// credentials.
func (d Defaults) own(ref profile.Reference) error {
	override := d.KeyringService
	if override == profile.DefaultService {
		override = ""
	}
	if ref.Backend == profile.Keyring {
		if _, err := ref.KeyringService(override); err != nil {
			return err
		}
	}
	return ref.CheckOwn()
}

// loginRequest is a checked login: what will be recorded, and where the secret
// goes. draft is what it was built from, recorded the reference that the
// profile had then, and agreed says that a person gave that one up.
type loginRequest struct {
	draft    draft
	profile  profile.Profile
	ref      profile.Reference
	recorded *profile.Reference
	mayAsk   bool
	agreed   bool
	notices  []Warning // about the input; a refusal shows none
}

// record returns the profile to save, given what the config says of it now. A
// changed site, email or account drops what was found out of the old one.
func (r loginRequest) record(old profile.Profile, found proof) profile.Profile {
	p := old.Moved(r.profile.Site, r.profile.Email, r.profile.Username)
	p.Name, p.AuthType, p.Network, p.TokenExpiry = r.profile.Name, r.profile.AuthType, r.profile.Network, found.expiry
	if p.AuthType != old.AuthType {
		p.CloudID, p.TokenKind = "", ""
	}
	if found.identity.AccountID != "" && found.identity.AccountID != old.AccountID {
		p.AccountID = ""
	}
	if found.verified {
		p.Deployment, p.CloudID, p.TokenKind = found.deployment, found.cloudID, ""
		if found.cloudID != "" {
			p.TokenKind = profile.TokenScoped
		}
	}
	if r.ref.Backend == profile.OnePassword {
		p.OnePassword = profile.OnePasswordPlace{Account: r.ref.Account, Vault: r.ref.Vault, Item: r.ref.Item, Field: r.ref.Field}
	}
	ref := r.ref
	p.Credential = &ref
	return p
}

// request gathers what the flags, the config and the person say, and checks it.
func (l *Login) request(ctx context.Context, in LoginInput) (loginRequest, error) {
	if err := in.Check(); err != nil {
		return loginRequest{}, err
	}
	mayAsk := l.asker.MayAsk(in.Session, in.SecretStdin)
	d, err := l.start(in)
	if err != nil {
		return loginRequest{}, err
	}
	// What a person is about to be asked for cannot be in conflict yet.
	if !mayAsk || !in.bare() && (in.AuthType.Set || !in.Username.Set) {
		if err := d.fits(in); err != nil {
			return loginRequest{}, err
		}
	}
	if mayAsk {
		d, err = l.ask(ctx, in, d)
	} else {
		err = l.missing(in, d)
	}
	if err != nil {
		return loginRequest{}, err
	}
	return l.build(in, d, mayAsk)
}

// build turns a complete draft into a request.
func (l *Login) build(in LoginInput, d draft, mayAsk bool) (loginRequest, error) {
	name, err := profile.ParseName(d.name)
	if err != nil {
		return loginRequest{}, err
	}
	site, page, err := profile.ParseAddress(d.site)
	if err != nil {
		return loginRequest{}, err
	}
	backend, err := profile.ParseBackend(d.backend)
	if err != nil {
		return loginRequest{}, err
	}
	if err := d.fits(in); err != nil {
		return loginRequest{}, err
	}
	old, _ := in.Config.Find(name)
	p, err := d.profile(in, old)
	if err != nil {
		return loginRequest{}, err
	}
	p.Name, p.Site = name, site
	if err := profile.CheckMethod(site, p.Deployment, "", p.AuthType); err != nil {
		return loginRequest{}, fault.From(err).WithFlag("auth-type")
	}
	if _, err := in.Config.With(p); err != nil {
		return loginRequest{}, err
	}
	req := loginRequest{draft: d, profile: p, recorded: old.Credential, mayAsk: mayAsk, notices: shortened(site, page, name)}
	req.ref, err = l.reference(in, backend, p, old)
	return req, err
}

// reference decides where the secret goes: the recorded place where backend and
// site stay the same and no flag says otherwise, else the default one.
func (l *Login) reference(in LoginInput, backend profile.Backend, p, old profile.Profile) (profile.Reference, error) {
	ref := l.defaults.Reference(backend, p)
	switch c := old.Credential; {
	case backend == profile.Env && in.CredentialEnv.Set:
		ref.Variable = in.CredentialEnv.Value
	case backend == profile.Command && len(in.Command) > 0:
		ref.Argv = in.Command
	case c != nil && c.Backend == backend && backend != profile.OnePassword:
		if c.Site == ref.Site && l.defaults.own(*c) == nil || backend == profile.Env || backend == profile.Command {
			site := ref.Site
			ref = *c
			ref.Site = site
		}
	}
	if backend == profile.Command && len(ref.Argv) == 0 {
		return ref, fault.From(inputRequired([]fault.Missing{{Field: "command", Flag: "-- PROGRAM ARGUMENTS"}})).
			WithHint("give the program that prints the token behind --, such as: -- op read op://Work/Jira/token")
	}
	return ref, nil
}

// foreignSource refuses a secret from elsewhere for a backend that only reads:
// it would be proven and then not used.
func foreignSource(in LoginInput, backend profile.Backend) error {
	if len(in.Command) > 0 && backend != profile.Command {
		return fault.New(fault.FlagConflict, "a command belongs to --backend command, not %s", backend).WithFlag("backend")
	}
	switch {
	case backend == profile.Env && in.SecretStdin:
		return fault.New(fault.FlagConflict, "the env backend reads its variable; a token from stdin would be stored nowhere").
			WithFlag("secret-stdin").WithHint("name the variable with --credential-env, or choose another --backend")
	case backend == profile.Command && (in.SecretStdin || in.CredentialEnv.Set):
		return fault.New(fault.FlagConflict, "the command backend reads the token from its program; one from elsewhere would be stored nowhere").
			WithHint("leave --secret-stdin and --credential-env out, or choose another --backend")
	}
	return nil
}
