package app

import (
	"context"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// DeleteInput names the profile to delete.
type DeleteInput struct {
	Session
	Name  profile.Name
	Force bool
}

// The fates of a deleted profile's secret.
const (
	SecretRemoved = "removed"
	SecretKept    = "kept"
	SecretNone    = "none"
)

// DeleteOutput says what was deleted and what became of the secret. Default is
// the profile that is the default now, "" for none.
type DeleteOutput struct {
	Profile  profile.Name
	Secret   string
	Default  string
	Warnings []Warning
}

// Delete removes a profile and its credential.
type Delete struct {
	config ports.Config
	slots  slots
	asker  Asker
}

// NewDelete returns the use case.
func NewDelete(config ports.Config, stores ports.Stores, asker Asker) *Delete {
	return &Delete{config, slots{stores}, asker}
}

// Run asks unless Force, removes the secret and then the profile.
func (d *Delete) Run(ctx context.Context, in DeleteInput) (DeleteOutput, error) {
	out := DeleteOutput{Profile: in.Name, Secret: SecretNone}
	if _, err := in.Config.Get(in.Name); err != nil {
		return out, err
	}
	if err := d.agree(ctx, in); err != nil {
		return out, err
	}
	tx, err := d.config.Lock(ctx)
	if err != nil {
		return out, err
	}
	defer tx.Unlock()
	now, err := tx.Load(ctx)
	if err != nil {
		return out, err
	}
	if now, out.Warnings, err = d.slots.clearLeftovers(ctx, tx, now, in.Name); err != nil {
		return out, err
	}
	p, err := now.Get(in.Name)
	if err != nil {
		return out, err
	}
	if len(p.Leftovers) > 0 {
		return out, fault.New(storeFailed(p.Leftovers[0].Backend), "profile %q still has an old secret in %s that cannot be removed", in.Name, p.Leftovers[0].Backend).
			WithProfile(string(in.Name)).WithHint("make that store available and run the command again")
	}
	if p.Credential != nil {
		removed, warnings, err := d.slots.erase(ctx, now, p)
		if err != nil {
			return out, err
		}
		out.Warnings = append(out.Warnings, warnings...)
		switch {
		case removed:
			out.Secret = SecretRemoved
		case len(warnings) > 0:
			out.Secret = SecretKept
		}
	}
	after := now.Without(in.Name)
	out.Default = effectiveDefault(after)
	if out.Default == "" && len(after.Profiles) > 0 {
		out.Warnings = append(out.Warnings, Warning{"no_default_profile",
			"no profile is the default now; choose one with `jira auth switch NAME`", string(in.Name)})
	}
	return out, finish(ctx, tx, after)
}

func (d *Delete) agree(ctx context.Context, in DeleteInput) error {
	if in.Force {
		return nil
	}
	if !d.asker.MayAsk(in.Session, false) {
		return fault.From(inputRequired([]fault.Missing{{Field: "confirmation", Flag: "--force"}})).
			WithHint("pass --force to delete without being asked")
	}
	yes, err := d.asker.Confirm(ctx, ports.Question{Label: "Delete profile " + string(in.Name) + " and its stored credential?"})
	if err == nil && !yes {
		err = fault.New(fault.Canceled, "the profile was left as it is")
	}
	return err
}
