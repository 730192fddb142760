package app

import (
	"context"
	"strings"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// SwitchInput names the profile to make the default. Without a name the other
// one of two is meant, and among more a person is asked.
type SwitchInput struct {
	Session
	Name Optional
}

// SwitchOutput says what the default is and was.
type SwitchOutput struct {
	Active   string
	Previous string
	Warnings []Warning
}

// Switch changes the default profile.
type Switch struct {
	config ports.Config
	asker  Asker
}

// NewSwitch returns the use case.
func NewSwitch(config ports.Config, asker Asker) *Switch { return &Switch{config, asker} }

// Run makes the named or chosen profile the default.
func (s *Switch) Run(ctx context.Context, in SwitchInput) (SwitchOutput, error) {
	name, err := s.name(ctx, in)
	if err != nil {
		return SwitchOutput{}, err
	}
	out := SwitchOutput{Active: string(name)}
	err = edit(ctx, s.config, func(now profile.Config) (profile.Config, error) {
		if _, err := now.Get(name); err != nil {
			return now, err
		}
		out.Previous = effectiveDefault(now)
		now.Default = string(name)
		return now, nil
	})
	out.Warnings = in.shadowing(name)
	return out, err
}

// effectiveDefault is the profile that a config selects by itself, "" for none.
func effectiveDefault(c profile.Config) string {
	if c.Default != "" {
		return c.Default
	}
	if _, found := c.Find(profile.DefaultName); found {
		return string(profile.DefaultName)
	}
	return ""
}

func (s *Switch) name(ctx context.Context, in SwitchInput) (profile.Name, error) {
	if in.Name.Set {
		name, err := profile.ParseName(in.Name.Value)
		if err == nil {
			_, err = in.Config.Get(name)
		}
		return name, err
	}
	if len(in.Config.Profiles) == 0 {
		_, err := in.Config.Get(profile.DefaultName)
		return "", err
	}
	if len(in.Config.Profiles) < 2 || !s.asker.MayAsk(in.Session, false) {
		missing := fault.From(inputRequired([]fault.Missing{{Field: "profile", Flag: "NAME"}}))
		return "", missing.WithHint("name one, such as `jira auth switch %s`; the profiles are %s", in.Config.Names()[0], strings.Join(in.Config.Names(), ", "))
	}
	if name, found := other(in.Config); found {
		return name, nil
	}
	chosen, err := s.asker.Choose(ctx, ports.Question{Label: "Profile", Default: effectiveDefault(in.Config)}, in.Config.Names())
	return profile.Name(chosen), err
}

// other is the profile that is not the default, where there are exactly two and
// one of them is.
func other(c profile.Config) (profile.Name, bool) {
	if len(c.Profiles) != 2 {
		return "", false
	}
	for i, p := range c.Profiles {
		if string(p.Name) == effectiveDefault(c) {
			return c.Profiles[1-i].Name, true
		}
	}
	return "", false
}
