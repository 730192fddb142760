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
	accounts *Accounts
}

// NewProbe returns the use case.
func NewProbe(resolver *Resolver, jira ports.Jira, accounts *Accounts) *Probe {
	return &Probe{resolver, jira, accounts}
}

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
	out.Warnings = append(out.Warnings, p.accounts.warnings(chosen)...)
	account, err := p.accounts.Of(ctx, chosen, res.Secret)
	if err != nil {
		return out, err
	}
	_, err = identify(ctx, p.jira, chosen.Name, account)
	if err != nil {
		if ctx.Err() != nil {
			return out, err
		}
		return out, about(fault.From(err), chosen.Name)
	}
	return out, nil
}

func (in ProbeInput) chosen() (profile.Profile, error) {
	if !in.Name.Set {
		return in.Current()
	}
	name, err := profile.ParseName(in.Name.Value)
	if err != nil {
		return profile.Profile{}, err
	}
	return in.Config.Get(name)
}
