package app

import (
	"context"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// WhoamiInput is what the command line says.
type WhoamiInput struct {
	Session
	Save bool
}

// WhoamiOutput is who Jira says the credential belongs to.
type WhoamiOutput struct {
	Profile  profile.Name
	Identity access.Identity
	Saved    bool
	Warnings []Warning
}

// Whoami asks Jira for the identity and can record its account id.
type Whoami struct {
	config   ports.Config
	resolver *Resolver
	jira     ports.Jira
	accounts *Accounts
}

// NewWhoami returns the use case.
func NewWhoami(config ports.Config, resolver *Resolver, jira ports.Jira, accounts *Accounts) *Whoami {
	return &Whoami{config, resolver, jira, accounts}
}

// Run asks first and takes the config's lock only to save.
func (w *Whoami) Run(ctx context.Context, in WhoamiInput) (WhoamiOutput, error) {
	p, err := in.Current()
	if err != nil {
		return WhoamiOutput{}, err
	}
	if in.Save && p.Name == profile.Ambient {
		return WhoamiOutput{}, fault.From(notAmbient("--save")).WithFlag("save")
	}
	res := w.resolver.Resolve(ctx, p)
	if res.Err != nil {
		return WhoamiOutput{}, res.Err
	}
	out := WhoamiOutput{Profile: p.Name, Saved: in.Save, Warnings: append(res.Warnings, w.accounts.warnings(p)...)}
	account, err := w.accounts.Of(ctx, p, res.Secret)
	if err != nil {
		return out, err
	}
	id, err := identify(ctx, w.jira, p.Name, account)
	out.Identity = id
	if err != nil {
		return out, about(fault.From(err), p.Name)
	}
	if in.Save {
		err = w.save(ctx, p, out.Identity)
	}
	return out, err
}

// save records the account id unless the profile became another account's in
// the meantime.
func (w *Whoami) save(ctx context.Context, asked profile.Profile, id access.Identity) error {
	return edit(ctx, w.config, func(now profile.Config) (profile.Config, error) {
		p, err := now.Get(asked.Name)
		if err != nil {
			return now, err
		}
		if p.Site != asked.Site || p.Email != asked.Email || p.Username != asked.Username {
			return now, fault.New(fault.ConfigChanged, "profile %q was changed while the command was running", p.Name).WithProfile(string(p.Name))
		}
		p.AccountID = id.AccountID
		return now.With(p)
	})
}

// edit is a change of the config alone, under its lock.
func edit(ctx context.Context, config ports.Config, change func(profile.Config) (profile.Config, error)) error {
	return editOr(ctx, config, func(_ ports.ConfigTx, broken error) error { return broken }, change)
}

// editOr is edit with something else to do where the config is invalid.
func editOr(ctx context.Context, config ports.Config, repair func(ports.ConfigTx, error) error, change func(profile.Config) (profile.Config, error)) error {
	tx, err := config.Lock(ctx)
	if err != nil {
		return err
	}
	defer tx.Unlock()
	now, err := tx.Load(ctx)
	if fault.CodeOf(err) == fault.ConfigInvalid {
		return repair(tx, err)
	}
	if err != nil {
		return err
	}
	next, err := change(now)
	if err != nil {
		return err
	}
	return tx.Save(ctx, next)
}
