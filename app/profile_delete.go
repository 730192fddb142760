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
	Keep  bool // the stored credential stays where it is
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
	switch {
	case p.Credential == nil:
	case in.Keep:
		out.Secret = SecretKept
		out.Warnings = append(out.Warnings, kept(p, "no profile names it any more"))
	default:
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
	out.Warnings = append(out.Warnings, noDefault(now, after, in.Name)...)
	if err := finish(ctx, tx, after); err != nil {
		return out, afterErasing(err, out.Secret == SecretRemoved)
	}
	return out, nil
}

func (d *Delete) agree(ctx context.Context, in DeleteInput) error {
	if in.Force {
		return nil
	}
	if !d.asker.MayAsk(in.Session, false) {
		return fault.From(inputRequired([]fault.Missing{{Field: "confirmation", Flag: "--force"}})).
			WithHint("pass --force to delete without being asked")
	}
	question := "Delete profile " + string(in.Name) + " and its stored credential?"
	if in.Keep {
		question = "Delete profile " + string(in.Name) + " and keep its stored credential?"
	}
	yes, err := d.asker.Confirm(ctx, ports.Question{Label: question})
	if err == nil && !yes {
		err = fault.New(fault.Canceled, "the profile was left as it is")
	}
	return err
}

// noDefault says that nothing is the default now, or that the profile called
// default is by its name: no other profile is promoted silently.
func noDefault(before, after profile.Config, deleted profile.Name) []Warning {
	switch now := effectiveDefault(after); {
	case len(after.Profiles) == 0:
		return nil
	case now == "":
		return []Warning{{NoDefaultProfile, "no profile is the default now; choose one, such as with `jira auth switch " + after.Names()[0] + "`", string(deleted)}}
	case effectiveDefault(before) == string(deleted):
		return []Warning{{DefaultChanged, "the default profile was deleted; the default is " + now + " now", string(deleted)}}
	}
	return nil
}

// kept says where a credential stays.
func kept(p profile.Profile, why string) Warning {
	ref := *p.Credential
	place := string(ref.Backend)
	switch {
	case ref.Item != "":
		place += ", item \"" + ref.Item + "\""
	case ref.Account != "":
		place += ", account " + ref.Account
	case ref.Variable != "":
		place += ", variable " + ref.Variable
	}
	return Warning{CredentialKept, "the credential stays in " + place + "; " + why, string(p.Name)}
}
