package app

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// Accounts is the one place where a profile and its secret become what it takes
// to speak to the profile's site. The values of headers are looked up here, each
// program once in a run.
type Accounts struct {
	env    ports.Environment
	stores ports.Stores
	clock  ports.Clock

	mu      sync.Mutex
	printed map[string]func() (secret.Secret, error) // by program
}

// NewAccounts returns the service.
func NewAccounts(env ports.Environment, stores ports.Stores, clock ports.Clock) *Accounts {
	return &Accounts{env: env, stores: stores, clock: clock, printed: map[string]func() (secret.Secret, error){}}
}

// Of returns the account of a profile; the secret may be empty for what needs
// none. A header without a value is InputRequired and names its variable; a
// program that fails has the command backend's codes.
func (a *Accounts) Of(ctx context.Context, p profile.Profile, s secret.Secret) (ports.Account, error) {
	account := ports.Account{Site: p.Site, Secret: s, AuthType: p.AuthType, Deployment: p.Deployment, CloudID: p.CloudID, Network: p.Network}
	switch p.AuthType {
	case profile.AuthPAT:
	case profile.AuthBasic, profile.AuthSession:
		account.Email = p.User()
	default:
		account.Email = p.Email
	}
	for _, name := range slices.Sorted(maps.Keys(p.Network.Headers)) {
		value, err := a.header(ctx, name, p.Network.Headers[name])
		if err != nil {
			return account, fault.From(err).WithProfile(string(p.Name))
		}
		if account.Headers == nil {
			account.Headers = map[string]secret.Secret{}
		}
		account.Headers[name] = value
	}
	return account, nil
}

func (a *Accounts) header(ctx context.Context, name string, from profile.HeaderSource) (secret.Secret, error) {
	if from.Variable == "" {
		return a.output(ctx, from.Argv)
	}
	text, _ := a.env.Lookup(from.Variable)
	if text == "" {
		f := fault.New(fault.InputRequired, "the variable %s, which holds the header %s, is not set", from.Variable, name).
			WithHint("set %s to the header's value", from.Variable)
		f.Details.Missing = []fault.Missing{{Field: name, Flag: from.Variable}}
		return secret.Secret{}, f
	}
	value, err := secret.ParseHeader(text)
	if err != nil {
		return value, fault.Wrap(err, fault.SecretInvalid, "the variable %s does not hold the value of a header: %v", from.Variable, err).
			WithHint("set %s to the header's value, without quotes, blanks or line breaks around it", from.Variable)
	}
	return value.Mute(), nil
}

// output runs a program once, however many profiles name it.
func (a *Accounts) output(ctx context.Context, argv []string) (secret.Secret, error) {
	store, err := a.stores.Store(profile.Command)
	if err != nil {
		return secret.Secret{}, err
	}
	key := strings.Join(argv, "\x00")
	a.mu.Lock()
	run, known := a.printed[key]
	if !known {
		run = sync.OnceValues(func() (secret.Secret, error) {
			s, err := store.Get(ctx, profile.Reference{Backend: profile.Command, Argv: argv})
			if errors.Is(err, ports.ErrNotFound) {
				err = fault.New(fault.CommandFailed, "the command of a header printed nothing")
			}
			return s.Mute(), err
		})
		a.printed[key] = run
	}
	a.mu.Unlock()
	return run()
}

// warnings are what every run that speaks to the profile's site has to say of
// how it does.
func (a *Accounts) warnings(p profile.Profile) []Warning {
	if !p.Network.Insecure {
		return nil
	}
	return []Warning{{NetworkInsecure, "insecure_skip_verify is on: the certificate of " + p.Site.Host() +
		" is not checked, and whoever answers in its place can read the credential", string(p.Name)}}
}

// expiringWithin is how long before its end a credential is warned about.
const expiringWithin = 14 * 24 * time.Hour

// expiring warns of a credential that ends soon, or has ended.
func (a *Accounts) expiring(p profile.Profile, end time.Time) []Warning {
	left := end.Sub(a.clock.Now())
	if end.IsZero() || left > expiringWithin {
		return nil
	}
	what := "expires on "
	if left <= 0 {
		what = "expired on "
	}
	return []Warning{{CredentialExpiring, "the " + credentialNoun(p.AuthType) + " " + what + end.UTC().Format(time.DateOnly) +
		"; make a new one and run `jira auth login --profile-name " + string(p.Name) + " --force`", string(p.Name)}}
}

// credentialNoun is what people call a credential of an auth type.
func credentialNoun(authType string) string {
	switch authType {
	case profile.AuthPAT:
		return "personal access token"
	case profile.AuthBasic, profile.AuthSession:
		return "password"
	}
	return "token"
}
