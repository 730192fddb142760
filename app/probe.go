package app

import (
	"context"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// ProbeInput names the profile to probe; unset is the selected one.
type ProbeInput struct {
	Session
	Name Optional
}

// ProbeOutput says which profile was probed; it stands beside an error.
type ProbeOutput struct {
	Profile  profile.Name
	Warnings []Warning
}

// Probe asks Jira once whether a profile's credential works.
type Probe struct {
	resolver *Resolver
	jira     ports.Jira
}

// NewProbe returns the use case.
func NewProbe(resolver *Resolver, jira ports.Jira) *Probe { return &Probe{resolver, jira} }

// Run sends one request. Its error is the verdict.
func (p *Probe) Run(ctx context.Context, in ProbeInput) (ProbeOutput, error) {
	chosen, err := in.chosen()
	if err != nil {
		return ProbeOutput{}, err
	}
	out := ProbeOutput{Profile: chosen.Name}
	res := p.resolver.Resolve(ctx, chosen)
	out.Warnings = res.Warnings
	if res.Err != nil {
		return out, res.Err
	}
	session := p.jira.Open(ports.Account{Site: chosen.Site, Email: chosen.Email, Secret: res.Secret})
	defer session.Close()
	if _, err := session.Myself(ctx); err != nil {
		if ctx.Err() != nil {
			return out, err
		}
		return out, fault.From(err).WithProfile(string(chosen.Name))
	}
	return out, nil
}

func (in ProbeInput) chosen() (profile.Profile, error) {
	if !in.Name.Set {
		return in.Current()
	}
	if in.Flag.Set && in.Flag.Value != in.Name.Value {
		return profile.Profile{}, fault.New(fault.FlagConflict, "--profile %q and the argument %q name different profiles", in.Flag.Value, in.Name.Value).
			WithFlag("profile")
	}
	name, err := profile.ParseName(in.Name.Value)
	if err != nil {
		return profile.Profile{}, err
	}
	return in.Config.Get(name)
}
