package app

import (
	"context"
	"errors"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
	"jira-cli/ports/task"
)

// SourceEnv is the source of a credential that an environment variable gave.
const SourceEnv = "env"

// Resolver finds the credential of a profile: the variable
// JIRA_TOKEN_<PROFILE>, else the backend that the profile records.
type Resolver struct {
	env    ports.Environment
	stores ports.Stores
}

// NewResolver returns a Resolver.
func NewResolver(env ports.Environment, stores ports.Stores) *Resolver {
	return &Resolver{env: env, stores: stores}
}

// Resolution is a profile's credential, where it came from, and what it hid.
// Source is "env" or a backend; empty where nothing resolved.
type Resolution struct {
	Secret   secret.Secret
	Source   string
	Warnings []Warning
	Err      *fault.Fault // why there is no Secret
}

// Resolve finds the credential of one profile.
func (r *Resolver) Resolve(ctx context.Context, p profile.Profile) Resolution {
	return r.ResolveAll(ctx, []profile.Profile{p})[0]
}

// ResolveAll finds the credentials of many profiles, in their order. What one
// store can read in bulk is read in bulk; the stores are asked at once.
func (r *Resolver) ResolveAll(ctx context.Context, profiles []profile.Profile) []Resolution {
	out := make([]Resolution, len(profiles))
	pending := map[profile.Backend][]int{}
	for i, p := range profiles {
		if res, decided := r.override(p); decided {
			out[i] = res
			continue
		}
		if f := refusal(p); f != nil {
			// What the build lacks is the first thing to know: no login mends it.
			if c := p.Credential; c != nil {
				if _, err := r.stores.Store(c.Backend); fault.CodeOf(err) == fault.BackendUnsupported {
					f = fault.From(err).WithProfile(string(p.Name))
				}
			}
			out[i] = Resolution{Err: f}
			continue
		}
		pending[p.Credential.Backend] = append(pending[p.Credential.Backend], i)
	}
	var all task.Group
	for backend, indices := range pending {
		all.Go(func() { r.fromStore(ctx, backend, profiles, indices, out) },
			func(f *fault.Fault) { failAll(out, indices, f) })
	}
	all.Wait()
	for i, p := range profiles {
		if p.AuthType == profile.AuthBasic || p.AuthType == profile.AuthSession {
			out[i].Secret = out[i].Secret.Mute()
		}
	}
	return out
}

func failAll(out []Resolution, indices []int, f *fault.Fault) {
	for _, i := range indices {
		out[i] = Resolution{Err: f}
	}
}

// override looks at the profile's own variable.
func (r *Resolver) override(p profile.Profile) (Resolution, bool) {
	text, _ := r.env.Lookup(p.Name.TokenVariable())
	if text == "" {
		return Resolution{}, false
	}
	s, err := secret.Parse(text)
	if err != nil {
		return Resolution{Err: fault.Wrap(err, fault.SecretInvalid, "the variable %s does not hold a token: %v",
			p.Name.TokenVariable(), err).WithProfile(string(p.Name))}, true
	}
	res := Resolution{Secret: s, Source: SourceEnv}
	if c := p.Credential; c != nil && (c.Backend != profile.Env || c.Variable != p.Name.TokenVariable()) {
		res.Warnings = append(res.Warnings, Warning{
			Type:    CredentialShadowed,
			Message: p.Name.TokenVariable() + " is set and hides the credential stored in " + string(c.Backend),
			Profile: string(p.Name),
		})
	}
	return res, true
}

// about says in a fault which profile it is about, and how to mend that one.
func about(f *fault.Fault, name profile.Name) *fault.Fault {
	return mending(f, name).WithProfile(string(name))
}

// mending says in a fault, where there is one, how to mend the environment's
// profile, which no login replaces. Other profiles' hints have blanks for it.
func mending(f *fault.Fault, name profile.Name) *fault.Fault {
	if f == nil || name != profile.Ambient || f.Code != fault.JiraUnauthorized || errors.Is(f, ports.ErrCaptcha) {
		return f
	}
	if errors.Is(f, ports.ErrForeignChallenge) {
		return f.WithHint("run `jira auth explain` to see what in front of Jira requires a login")
	}
	return f.WithHint("the token is revoked, expired, mistyped or of another site; set %s, or %s on Data Center, to a fresh one", APITokenVariable, PATVariable)
}

// refusal says why a profile's stored credential may not be looked up, nil
// where it may.
func refusal(p profile.Profile) *fault.Fault {
	if p.Credential == nil {
		return notFound(p)
	}
	err := p.Credential.CheckOwn()
	if err == nil && p.Credential.Site == p.Site.Origin() {
		return nil
	}
	f := fault.New(fault.CredentialSiteMismatch,
		"the credential of profile %q was stored for %s, and base_url is %s now; nothing was sent",
		p.Name, p.Credential.Site, p.Site)
	hint := "run `jira auth login --profile-name %s --force` to store a credential for this site, or put base_url back"
	if err != nil {
		f = fault.New(fault.CredentialSiteMismatch, "the credential of profile %q is not used: %s; nothing was sent", p.Name, fault.From(err).Message)
		hint = "run `jira auth login --profile-name %s --force` to store a credential for this site"
	}
	return f.WithProfile(string(p.Name)).WithHint(hint, p.Name)
}

func notFound(p profile.Profile) *fault.Fault {
	if c := p.Credential; c != nil && c.Backend == profile.Env {
		return fault.New(fault.CredentialNotFound, "no credential found for profile %q: the variable %s is not set", p.Name, c.Variable).
			WithProfile(string(p.Name)).WithHint("set the variable to the token, or store one with `jira auth login --profile-name %s --backend keyring`", p.Name)
	}
	if c := p.Credential; c != nil && c.Backend == profile.File && c.Path != "" {
		return fault.New(fault.CredentialNotFound, "no credential found for profile %q in %s", p.Name, c.Path).WithProfile(string(p.Name)).
			WithHint("log in again; where that file is another home's, run `jira auth logout %s` first, and the login uses this home's file", p.Name)
	}
	f := fault.New(fault.CredentialNotFound, "no credential found for profile %q", p.Name).WithProfile(string(p.Name))
	return f.WithHint("run `jira auth login --profile-name %s`, or set %s", p.Name, p.Name.TokenVariable())
}

func (r *Resolver) fromStore(ctx context.Context, b profile.Backend, profiles []profile.Profile, indices []int, out []Resolution) {
	store, err := r.stores.Store(b)
	if err != nil {
		for _, i := range indices {
			out[i] = Resolution{Err: fault.From(err).WithProfile(string(profiles[i].Name))}
		}
		return
	}
	for n, found := range getAll(ctx, store, profiles, indices) {
		i := indices[n]
		switch {
		case found.Err == nil:
			out[i] = stored(found.Secret, profiles[i], b)
		case errors.Is(found.Err, ports.ErrNotFound):
			out[i] = Resolution{Err: notFound(profiles[i])}
		default:
			out[i] = Resolution{Err: fault.From(found.Err).WithProfile(string(profiles[i].Name))}
		}
	}
}

// stored checks what a store holds as if it were taken in now: an editor, another
// program or a person may have put it there.
func stored(held secret.Secret, p profile.Profile, b profile.Backend) Resolution {
	value, err := held.Intake()
	if err != nil {
		return Resolution{Err: noCredential(err, b, p.Name)}
	}
	return Resolution{Secret: value, Source: string(b)}
}

// noCredential is the fault of a store that holds something else.
func noCredential(err error, b profile.Backend, name profile.Name) *fault.Fault {
	if b == profile.Command {
		return fault.Wrap(err, fault.SecretInvalid, "what the credential command of profile %q printed: %v", name, err).
			WithProfile(string(name)).WithHint("the command must print the token alone, on one line, without the name of a header or a scheme")
	}
	return fault.Wrap(err, fault.SecretInvalid, "what %s holds for profile %q is no credential: %v", b, name, err).
		WithProfile(string(name)).WithHint("store it again with `jira auth login --profile-name %s --force`", name)
}

func getAll(ctx context.Context, store ports.SecretStore, profiles []profile.Profile, indices []int) []ports.Found {
	refs := make([]profile.Reference, len(indices))
	for n, i := range indices {
		refs[n] = *profiles[i].Credential
	}
	if bulk, ok := store.(ports.BulkReader); ok && len(refs) > 1 {
		return bulk.GetAll(ctx, refs)
	}
	found := make([]ports.Found, len(refs))
	for n, ref := range refs {
		found[n].Secret, found[n].Err = store.Get(ctx, ref)
	}
	return found
}
