package app

import (
	"context"
	"strings"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// InitInput is what the command line says about a new profile.
type InitInput struct {
	Session
	BaseURL Optional
	Email   Optional
	Force   bool
}

// InitOutput is the profile as recorded. Created is false where it existed.
type InitOutput struct {
	Profile   profile.Profile
	Created   bool
	IsDefault bool
	Path      string
	Warnings  []Warning
}

// Init creates a profile without a credential.
type Init struct {
	config ports.Config
	asker  Asker
}

// NewInit returns the use case.
func NewInit(config ports.Config, asker Asker) *Init { return &Init{config, asker} }

// Run records the site and the email of the selected profile. What the profile
// already says is no error; another site or email needs Force and drops the
// cached account id.
func (u *Init) Run(ctx context.Context, in InitInput) (InitOutput, error) {
	name, err := in.Recorded()
	if err != nil {
		return InitOutput{}, err
	}
	p, page, err := u.gather(ctx, in, name)
	if err != nil {
		return InitOutput{}, err
	}
	out := InitOutput{Path: u.config.Path()}
	err = edit(ctx, u.config, func(now profile.Config) (profile.Config, error) {
		old, found := now.Find(name)
		out.Created = !found
		next, err := now.With(merged(old, p, found))
		out.Profile, _ = next.Find(name)
		out.IsDefault = effectiveDefault(next) == string(name)
		if found && !in.Force && (old.Site != p.Site || old.Email != p.Email) {
			return now, fault.New(fault.ProfileExists, "profile %q exists with other values (%s, %s)", name, old.Site, old.Email).
				WithProfile(string(name))
		}
		return next, err
	})
	if c := out.Profile.Credential; err == nil && c != nil && c.Site != "" && c.Site != out.Profile.Site.Origin() {
		out.Warnings = append(out.Warnings, siteMoved(out.Profile))
	}
	if err == nil {
		out.Warnings = append(out.Warnings, shortened(p.Site, page, name)...)
	}
	return out, err
}

// siteMoved warns that a stored credential stays bound to the site that it was
// stored for.
func siteMoved(p profile.Profile) Warning {
	return Warning{CredentialNotice, "the stored credential belongs to " + p.Credential.Site +
		" and is not sent to the new site; run `jira auth login --profile-name " +
		string(p.Name) + " --force` to store one for it", string(p.Name)}
}

func merged(old, p profile.Profile, found bool) profile.Profile {
	if !found {
		return p
	}
	return old.Moved(p.Site, p.Email, old.Username)
}

// gather takes the site and the email from the flags or from the person; page says
// that the site was given as the address of a page.
func (u *Init) gather(ctx context.Context, in InitInput, name profile.Name) (p profile.Profile, page bool, err error) {
	site, email := in.BaseURL.Value, in.Email.Value
	if u.asker.MayAsk(in.Session, false) {
		old, _ := in.Config.Find(name)
		if err := u.ask(ctx, &site, in.BaseURL, "Jira site", old.Site.String(), checkSite); err != nil {
			return p, false, err
		}
		if err := u.ask(ctx, &email, in.Email, "Atlassian account email", old.Email, checkEmail); err != nil {
			return p, false, err
		}
	}
	var missing []fault.Missing
	if site == "" {
		missing = append(missing, fault.Missing{Field: "base_url", Flag: "--base-url"})
	}
	if email == "" {
		missing = append(missing, fault.Missing{Field: "email", Flag: "--email"})
	}
	if err := inputRequired(missing); err != nil {
		return p, false, err
	}
	p = profile.Profile{Name: name, Email: strings.TrimSpace(email), AuthType: profile.AuthToken}
	p.Site, page, err = profile.ParseAddress(site)
	return p, page, err
}

func (u *Init) ask(ctx context.Context, value *string, given Optional, label, recorded string, check func(string) error) error {
	if given.Set {
		return nil
	}
	answer, err := u.asker.Line(ctx, ports.Question{Label: label, Default: recorded, Check: check})
	*value = answer
	return err
}

// Check refuses flags that are wrong whatever the config says.
func (in InitInput) Check() error {
	return checkEach([]checked{{"base-url", in.BaseURL, checkSite}, {"email", in.Email, checkEmail}})
}
