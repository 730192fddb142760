package app

import (
	"context"
	"errors"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/migrate"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// Optional is a value that may have been given; a given one may be empty.
type Optional struct {
	Value string
	Set   bool
}

// LoginInput is what the command line says about a login.
type LoginInput struct {
	Session
	ProfileName        Optional
	BaseURL            Optional
	Email              Optional
	Backend            Optional
	CredentialEnv      Optional
	OnePasswordAccount Optional
	Vault              Optional
	Item               Optional
	Command            []string // the program that prints the token, for the command backend
	SecretStdin        bool
	SkipVerify         bool
	Force              bool
}

// LoginOutput is what became of it. Identity is set where Verified is.
type LoginOutput struct {
	Profile            profile.Name
	AuthType           string
	Backend            profile.Backend
	OnePasswordAccount string
	Identity           access.Identity
	SkipVerify         bool
	Stored             bool
	Verified           bool
	Warnings           []Warning
}

// Login creates a profile and stores its credential, or replaces it.
type Login struct {
	config   ports.Config
	slots    slots
	jira     ports.Jira
	env      ports.Environment
	asker    Asker
	stdin    ports.SecretInput
	defaults Defaults
}

// NewLogin returns the use case.
func NewLogin(config ports.Config, stores ports.Stores, jira ports.Jira, env ports.Environment,
	asker Asker, stdin ports.SecretInput, defaults Defaults) *Login {
	return &Login{config, slots{stores}, jira, env, asker, stdin, defaults}
}

// Run checks everything, reads the secret, proves it and stores it, in this
// order. Whatever fails, backend and config are as they were.
func (l *Login) Run(ctx context.Context, in LoginInput) (LoginOutput, error) {
	req, err := l.request(ctx, in)
	if err != nil {
		return LoginOutput{}, err
	}
	if err := l.mayReplace(ctx, in, req); err != nil {
		return LoginOutput{}, err
	}
	value, err := l.secret(ctx, in, req)
	if err != nil {
		return LoginOutput{}, err
	}
	out := LoginOutput{
		Profile: req.profile.Name, AuthType: req.profile.AuthType, Backend: req.ref.Backend,
		SkipVerify: in.SkipVerify, Stored: !l.readOnly(req),
	}
	if req.ref.Backend == profile.OnePassword {
		out.OnePasswordAccount = req.ref.Account
	}
	if !in.SkipVerify {
		if out.Identity, err = l.verify(ctx, req, value); err != nil {
			return LoginOutput{}, err
		}
		out.Verified = true
	}
	out.Warnings, err = l.store(ctx, in, req, value, out.Identity)
	return out, err
}

func (l *Login) readOnly(req loginRequest) bool { return !l.slots.writable(req.ref.Backend) }

// mayReplace asks the store before anybody types a secret: one that does not
// work is reported now, and one that holds a secret wants a yes.
func (l *Login) mayReplace(ctx context.Context, in LoginInput, req loginRequest) error {
	if _, err := l.slots.get(ctx, req.ref); err != nil && !errors.Is(err, ports.ErrNotFound) {
		return err
	}
	if in.Force || !l.holds(ctx, req.recorded) {
		return nil
	}
	if !req.mayAsk {
		return alreadyAuthenticated(req.profile.Name)
	}
	yes, err := l.asker.Confirm(ctx, ports.Question{
		Label: "Profile " + string(req.profile.Name) + " already has a stored credential. Replace it?"})
	if err == nil && !yes {
		err = fault.New(fault.Canceled, "the stored credential was left as it is")
	}
	return err
}

// holds reports whether there is a secret at a recorded reference. A store that
// cannot answer counts as yes: overwriting needs a decision.
func (l *Login) holds(ctx context.Context, recorded *profile.Reference) bool {
	if recorded == nil || !l.slots.writable(recorded.Backend) {
		return false
	}
	_, err := l.slots.get(ctx, *recorded)
	return !errors.Is(err, ports.ErrNotFound)
}

func alreadyAuthenticated(name profile.Name) error {
	return fault.New(fault.AlreadyAuthenticated, "profile %s is already authenticated; pass --force", name).
		WithProfile(string(name)).WithHint("pass --force to overwrite it, or run `jira auth logout %s` first", name)
}

func (l *Login) secret(ctx context.Context, in LoginInput, req loginRequest) (secret.Secret, error) {
	switch {
	case l.readOnly(req):
		s, err := l.slots.get(ctx, req.ref)
		if errors.Is(err, ports.ErrNotFound) {
			err = notFound(profile.Profile{Name: req.profile.Name, Credential: &req.ref})
		}
		return s, err
	case in.CredentialEnv.Set:
		text, _ := l.env.Lookup(in.CredentialEnv.Value)
		return parseSecret(text, "the variable "+in.CredentialEnv.Value)
	case in.SecretStdin:
		text, err := l.stdin.Read(ctx)
		if err != nil {
			return secret.Secret{}, err
		}
		return parseSecret(text, "stdin")
	}
	return l.asker.Secret(ctx, tokenQuestion)
}

func parseSecret(text, origin string) (secret.Secret, error) {
	s, err := secret.Parse(text)
	if err != nil {
		return s, fault.Wrap(err, fault.SecretInvalid, "%s does not hold a token: %v", origin, err)
	}
	return s, nil
}

// verify asks Jira who the credential belongs to. A refusal is the documented
// auth_failed; everything else keeps its own code.
func (l *Login) verify(ctx context.Context, req loginRequest, value secret.Secret) (access.Identity, error) {
	session := l.jira.Open(ports.Account{Site: req.profile.Site, Email: req.profile.Email, Secret: value})
	defer session.Close()
	id, err := session.Myself(ctx)
	if err == nil {
		return id, nil
	}
	f := fault.From(err)
	switch f.Code {
	case fault.JiraUnauthorized, fault.JiraForbidden:
		return id, refusedLogin(f)
	}
	return id, err
}

// refusedLogin is the documented record of a 401. A 403 and a CAPTCHA are of
// the same family and say what is different about them.
func refusedLogin(f *fault.Fault) *fault.Fault {
	const orSkip = ", or pass --skip-verify to store it without checking"
	switch {
	case errors.Is(f, ports.ErrCaptcha):
		return fault.Wrap(f, fault.AuthFailed, "%s", f.Message).WithHint("%s", f.Hint)
	case f.Code == fault.JiraForbidden:
		return fault.Wrap(f, fault.AuthFailed, "Jira knows the account and does not let it in (HTTP 403); check that it may use Jira on this site"+orSkip)
	}
	return fault.Wrap(f, fault.AuthFailed, "invalid Atlassian account email or API token, Jira rejected the credential (HTTP 401)"+
		"; check the email and that the API token is current at id.atlassian.com"+orSkip)
}

// store is the transaction. What the login relied on is checked again under the
// lock: another process may have been faster.
func (l *Login) store(ctx context.Context, in LoginInput, req loginRequest, value secret.Secret, id access.Identity) ([]Warning, error) {
	tx, err := l.config.Lock(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Unlock()
	now, err := tx.Load(ctx)
	if err != nil {
		return nil, err
	}
	if err := l.recheck(ctx, in, req, now); err != nil {
		return nil, err
	}
	now, warnings, err := l.slots.clearLeftovers(ctx, tx, now, req.profile.Name)
	if err != nil {
		return nil, err
	}
	old, _ := now.Find(req.profile.Name)
	after, err := now.With(req.record(old, id))
	if err != nil {
		return nil, err
	}
	c := &change{slots: l.slots, tx: tx, name: req.profile.Name, before: now, after: after, source: old.Credential, dest: req.ref, secret: value}
	c.plan = migrate.Plan{Given: true, Replace: true, ReadOnly: l.readOnly(req), Obsolete: l.obsolete(ctx, old.Credential, req.ref)}
	state := c.run(ctx)
	if state.Step == migrate.Failed {
		return nil, l.failed(c, state)
	}
	return append(append(warnings, c.warnings(state)...), l.shadow(req)...), nil
}

func (l *Login) obsolete(ctx context.Context, old *profile.Reference, dest profile.Reference) bool {
	return old != nil && l.slots.writable(old.Backend) && !l.slots.same(ctx, *old, dest)
}

// recheck looks once more at what the answers of the person and of Jira were
// based on.
func (l *Login) recheck(ctx context.Context, in LoginInput, req loginRequest, now profile.Config) error {
	p, found := now.Find(req.profile.Name)
	switch {
	case req.fromDisk && (!found || p.Site != req.profile.Site && !in.BaseURL.Set || p.Email != req.profile.Email && !in.Email.Set):
		return fault.New(fault.ConfigChanged, "profile %q was changed while the command was running", req.profile.Name).
			WithProfile(string(req.profile.Name))
	case !found || p.Credential == nil || in.Force:
		return nil
	case req.recorded != nil && req.recorded.Equal(*p.Credential):
		return nil // it was asked about already
	case l.holds(ctx, p.Credential):
		return alreadyAuthenticated(req.profile.Name)
	}
	return nil
}

func (l *Login) failed(c *change, state migrate.State) error {
	switch state.Reason {
	case migrate.ReadBackMissing, migrate.ReadBackDifferent:
		c.err = fault.New(storeFailed(c.dest.Backend), "%s did not return the token that was stored in it", c.dest.Backend)
	case migrate.Defect:
		c.err = fault.New(fault.InternalError, "internal error: the login took an impossible turn")
	}
	return c.failure(state)
}

// storeFailed is the general code of a backend that did not do its work.
func storeFailed(b profile.Backend) fault.Code {
	switch b {
	case profile.OnePassword:
		return fault.OnePasswordUnavailable
	case profile.File:
		return fault.FileStoreFailed
	}
	return fault.KeyringFailed
}

// shadow warns that what was stored will not be used while the variable is set.
func (l *Login) shadow(req loginRequest) []Warning {
	variable := req.profile.Name.TokenVariable()
	if text, _ := l.env.Lookup(variable); text == "" || req.ref.Backend == profile.Env && req.ref.Variable == variable {
		return nil
	}
	return []Warning{{CredentialShadowed, variable + " is set and hides the credential that was stored in " +
		string(req.ref.Backend), string(req.profile.Name)}}
}
