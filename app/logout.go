package app

import (
	"context"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// LogoutInput names the profile whose credential goes.
type LogoutInput struct {
	Session
	Name profile.Name
}

// LogoutOutput says whether a secret was removed.
type LogoutOutput struct {
	Profile  profile.Name
	Removed  bool
	Warnings []Warning
}

// Logout removes a profile's credential and then its reference.
type Logout struct {
	config ports.Config
	slots  slots
	env    ports.Environment
}

// NewLogout returns the use case.
func NewLogout(config ports.Config, stores ports.Stores, env ports.Environment) *Logout {
	return &Logout{config, slots{stores}, env}
}

// Run removes the secret first: a crash between the two reads as "credential
// not found", and repeating the command finishes it.
func (l *Logout) Run(ctx context.Context, in LogoutInput) (LogoutOutput, error) {
	out := LogoutOutput{Profile: in.Name}
	tx, err := l.config.Lock(ctx)
	if err != nil {
		return out, err
	}
	defer tx.Unlock()
	now, err := tx.Load(ctx)
	if err != nil {
		return out, err
	}
	if _, err := now.Get(in.Name); err != nil {
		return out, err
	}
	now, out.Warnings, err = l.slots.clearLeftovers(ctx, tx, now, in.Name)
	if err != nil {
		return out, err
	}
	p, err := now.Get(in.Name)
	if err != nil || p.Credential == nil {
		return out, err
	}
	removed, warnings, err := l.slots.erase(ctx, now, p)
	if err != nil {
		return out, err
	}
	out.Removed, out.Warnings = removed, append(out.Warnings, warnings...)
	p.Credential = nil
	next, err := now.With(p)
	if err != nil {
		return out, err
	}
	out.Warnings = append(out.Warnings, l.stillSet(p.Name)...)
	if err := finish(ctx, tx, next); err != nil {
		return out, afterErasing(err, removed)
	}
	return out, nil
}

// afterErasing says in the failure of a save that the secret is gone already.
func afterErasing(err error, removed bool) error {
	if !removed {
		return err
	}
	f := *fault.From(err)
	f.Message += "; the secret itself was removed"
	return &f
}

// stillSet warns that the profile's variable goes on being used.
func (l *Logout) stillSet(name profile.Name) []Warning {
	if text, _ := l.env.Lookup(name.TokenVariable()); text == "" {
		return nil
	}
	return []Warning{{CredentialNotice, name.TokenVariable() + " is still set and goes on being used", string(name)}}
}

// erase removes the secret that a profile names, and says whether there was
// one. What another profile uses too, or what only reads, is kept with a
// warning.
func (s slots) erase(ctx context.Context, cfg profile.Config, p profile.Profile) (bool, []Warning, error) {
	ref := *p.Credential
	store, err := s.stores.Store(ref.Backend)
	if err != nil {
		return false, nil, err
	}
	if store.Traits().ReadOnly {
		return false, []Warning{{CredentialNotice, "the " + string(ref.Backend) + " backend stores nothing; only the reference was removed", string(p.Name)}}, nil
	}
	if err := ref.CheckOwn(); err != nil {
		return false, []Warning{notOwn(ref, p.Name, err)}, nil
	}
	shared, err := s.named(ctx, cfg, ref, p.Name)
	if err != nil {
		return false, nil, fault.From(err).WithProfile(string(p.Name))
	}
	if shared {
		return false, []Warning{{CredentialKept, "the credential in " + string(ref.Backend) + " stays: another profile uses it too", string(p.Name)}}, nil
	}
	_, err = store.Get(ctx, ref)
	if isAbsent(err) {
		return false, nil, nil
	}
	if err != nil && ctx.Err() != nil {
		return false, nil, err
	}
	if err := settle(ctx, store, ref, store.Delete, isAbsent); err != nil {
		return false, nil, fault.From(err).WithProfile(string(p.Name))
	}
	if store.Traits().KeepsItem {
		return true, []Warning{{CredentialNotice, itemKept(ref), string(p.Name)}}, nil
	}
	return true, nil, nil
}

// notOwn says that what a reference names was left alone.
func notOwn(ref profile.Reference, name profile.Name, err error) Warning {
	return Warning{CredentialKept, "what the reference names in " + string(ref.Backend) + " was left alone: " + fault.From(err).Message, string(name)}
}

// itemKept is the notice that 1Password's item stays.
func itemKept(ref profile.Reference) string {
	return "the credential field was removed from the 1Password item \"" + ref.Item + "\" in vault \"" + ref.Vault +
		"\"; the item itself was kept"
}
