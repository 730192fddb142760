package app

import (
	"context"

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
	AuthType           Optional
	Username           Optional
	Network            NetworkInput
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
	accounts *Accounts
}

// NewLogin returns the use case.
func NewLogin(config ports.Config, stores ports.Stores, jira ports.Jira, env ports.Environment,
	asker Asker, stdin ports.SecretInput, defaults Defaults, accounts *Accounts) *Login {
	return &Login{config, slots{stores}, jira, env, asker, stdin, defaults, accounts}
}

// Run checks everything, reads the secret, proves it and stores it, in this
// order. Whatever fails, backend and config are as they were. The error names
// the profile as soon as that is known.
func (l *Login) Run(ctx context.Context, in LoginInput) (LoginOutput, error) {
	req, err := l.request(ctx, in)
	if err != nil {
		return LoginOutput{}, err
	}
	out, err := l.run(ctx, in, req)
	if f := fault.From(err); f != nil && f.Details.Profile == "" && ctx.Err() == nil {
		err = f.WithProfile(string(req.profile.Name))
	}
	return out, err
}

func (l *Login) run(ctx context.Context, in LoginInput, req loginRequest) (out LoginOutput, err error) {
	if err := l.variableSet(in, req); err != nil {
		return out, err
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
	out = LoginOutput{
		Profile: req.profile.Name, AuthType: req.profile.AuthType, Backend: req.ref.Backend,
		SkipVerify: in.SkipVerify, Stored: !l.readOnly(req),
	}
	if req.ref.Backend == profile.OnePassword {
		out.OnePasswordAccount = req.ref.Account
	}
	out.Warnings = l.accounts.warnings(req.profile)
	var found proof
	if !in.SkipVerify {
		var warnings []Warning
		found, warnings, err = l.verify(ctx, req, value)
		out.Warnings = append(out.Warnings, warnings...)
		if err != nil {
			return LoginOutput{Warnings: out.Warnings}, err
		}
		out.Identity, out.Verified = found.identity, true
	}
	warnings, err := l.store(ctx, in, req, value, found)
	out.Warnings = append(out.Warnings, warnings...)
	if err == nil {
		out.Warnings = append(out.Warnings, req.notices...)
	}
	if in.Default {
		out.Warnings = append(out.Warnings, in.shadowing(req.profile.Name)...)
	} else {
		out.Warnings = append(out.Warnings, in.ambientWins(req.profile.Name)...)
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
	if l.defaults.own(*recorded) != nil {
		return true, nil // whose it is is not known, so it is not read
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
		if err != nil {
			return s, err
		}
		if s, err = s.Intake(); err != nil {
			err = noCredential(err, req.ref.Backend, req.profile.Name)
		}
		return s, err
	case in.CredentialEnv.Set:
		text, _ := l.env.Lookup(in.CredentialEnv.Value)
		return parseSecret(text, "the variable "+in.CredentialEnv.Value, req.profile.AuthType)
	case in.SecretStdin:
		text, err := l.stdin.Read(ctx)
		if err != nil {
			return secret.Secret{}, err
		}
		return parseSecret(text, "stdin", req.profile.AuthType)
	}
	return l.asker.Secret(ctx, secretQuestion(req.profile))
}

// variableSet refuses a variable that is not set, before a store is asked.
func (l *Login) variableSet(in LoginInput, req loginRequest) error {
	if !in.CredentialEnv.Set || l.readOnly(req) {
		return nil
	}
	name := in.CredentialEnv.Value
	if _, isSet := l.env.Lookup(name); isSet {
		return nil
	}
	return fault.New(fault.SecretInvalid, "the variable %s is not set", name).WithFlag("credential-env").
		WithHint("export %s with the %s in it, or name another variable with --credential-env", name, credentialNoun(req.profile.AuthType))
}

func parseSecret(text, origin, authType string) (secret.Secret, error) {
	s, err := secret.Parse(text)
	if err != nil {
		return s, fault.Wrap(err, fault.SecretInvalid, "%s does not hold a %s: %v", origin, credentialNoun(authType), err)
	}
	return s, nil
}

func (l *Login) failed(c *change, state migrate.State) *fault.Fault {
	switch state.Reason {
	case migrate.ReadBackMissing, migrate.ReadBackDifferent:
		c.err = fault.New(storeFailed(c.dest.Backend), "%s did not return the token that was stored in it", c.dest.Backend)
	case migrate.Defect:
		c.err = fault.New(fault.InternalError, "internal error: the login reached an unexpected state")
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
