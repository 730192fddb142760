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
	Default            bool // the profile becomes the default one
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
	if err := l.tidy(ctx, in, req); err != nil {
		return LoginOutput{}, err
	}
	if req.agreed, err = l.mayReplace(ctx, in, req); err != nil {
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
	if in.Default {
		out.Warnings = append(out.Warnings, in.shadowing(req.profile.Name)...)
	}
	return out, err
}

func (l *Login) readOnly(req loginRequest) bool { return !l.slots.writable(req.ref.Backend) }

// tidy clears what earlier changes of the profile left behind, so that it goes
// also where the login itself is refused. The transaction looks again.
func (l *Login) tidy(ctx context.Context, in LoginInput, req loginRequest) error {
	if p, _ := in.Config.Find(req.profile.Name); len(p.Leftovers) == 0 {
		return nil
	}
	tx, err := l.config.Lock(ctx)
	if err != nil {
		return err
	}
	defer tx.Unlock()
	now, err := tx.Load(ctx)
	if err == nil {
		_, _, err = l.slots.clearLeftovers(ctx, tx, now, req.profile.Name)
	}
	return err
}

// mayReplace asks the store before anybody types a secret: one that does not
// work is reported now, and one that holds a secret wants a yes. It reports
// whether a person gave it.
func (l *Login) mayReplace(ctx context.Context, in LoginInput, req loginRequest) (agreed bool, err error) {
	if _, err := l.slots.get(ctx, req.ref); err != nil && !isAbsent(err) {
		return false, err
	}
	if in.Force {
		return false, nil
	}
	if held, err := l.holds(ctx, req.recorded); err != nil || !held {
		return false, err
	}
	if !req.mayAsk {
		return false, alreadyAuthenticated(req.profile.Name)
	}
	yes, err := l.asker.Confirm(ctx, ports.Question{
		Label: "Profile " + string(req.profile.Name) + " already has a stored credential. Replace it?"})
	if err == nil && !yes {
		err = fault.New(fault.Canceled, "the stored credential was left as it is")
	}
	return yes, err
}

// holds reports whether there is a secret at a recorded reference. A store that
// cannot answer counts as yes: overwriting needs a decision. The error is that
// the run was ended.
func (l *Login) holds(ctx context.Context, recorded *profile.Reference) (bool, error) {
	if recorded == nil || !l.slots.writable(recorded.Backend) {
		return false, nil
	}
	_, err := l.slots.get(ctx, *recorded)
	if err != nil && ctx.Err() != nil {
		return false, context.Cause(ctx)
	}
	return !isAbsent(err), nil
}

func alreadyAuthenticated(name profile.Name) error {
	return fault.New(fault.AlreadyAuthenticated, "profile %s is already authenticated; pass --force", name).
		WithProfile(string(name)).WithHint("pass --force to overwrite it, or run `jira auth logout %s` first", name)
}

func (l *Login) secret(ctx context.Context, in LoginInput, req loginRequest) (secret.Secret, error) {
	switch {
	case l.readOnly(req):
		s, err := l.slots.get(ctx, req.ref)
		if isAbsent(err) {
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

func (l *Login) failed(c *change, state migrate.State) *fault.Fault {
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
