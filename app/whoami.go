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
}

// NewWhoami returns the use case.
func NewWhoami(config ports.Config, resolver *Resolver, jira ports.Jira) *Whoami {
	return &Whoami{config, resolver, jira}
}

// Run asks first and takes the config's lock only to save.
func (w *Whoami) Run(ctx context.Context, in WhoamiInput) (WhoamiOutput, error) {
	p, err := in.Current()
	if err != nil {
		return WhoamiOutput{}, err
	}
	res := w.resolver.Resolve(ctx, p)
	if res.Err != nil {
		return WhoamiOutput{}, res.Err
	}
	session := w.jira.Open(ports.Account{Site: p.Site, Email: p.Email, Secret: res.Secret})
	defer session.Close()
	id, err := session.Myself(ctx)
	if err != nil {
		return WhoamiOutput{}, about(fault.From(err), p.Name)
	}
	out := WhoamiOutput{Profile: p.Name, Identity: id, Saved: in.Save, Warnings: res.Warnings}
	if in.Save {
		err = w.save(ctx, p, id)
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
		if p.Site != asked.Site || p.Email != asked.Email {
			return now, fault.New(fault.ConfigChanged, "profile %q was changed while the command was running", p.Name).WithProfile(string(p.Name))
		}
		p.AccountID = id.AccountID
		return now.With(p)
	})
}

// edit is a change of the config alone, under its lock.
func edit(ctx context.Context, config ports.Config, change func(profile.Config) (profile.Config, error)) error {
	tx, err := config.Lock(ctx)
	if err != nil {
		return err
	}
	defer tx.Unlock()
	now, err := tx.Load(ctx)
	if err != nil {
		return err
	}
	next, err := change(now)
	if err != nil {
		return err
	}
	return tx.Save(ctx, next)
}
