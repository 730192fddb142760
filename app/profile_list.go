package app

import (
	"jira-cli/domain/profile"
)

// ListOutput is every profile, and which of them a command without --profile
// uses.
type ListOutput struct {
	Active   profile.Name
	Profiles []profile.Profile
}

// List shows the profiles as recorded.
type List struct{}

// NewList returns the use case.
func NewList() *List { return &List{} }

// Run returns the profiles, sorted by name. None is not an error.
func (*List) Run(in Session) (ListOutput, error) {
	active, err := in.Selected()
	return ListOutput{Active: active, Profiles: in.Config.Profiles}, err
}

// ShowOutput is one profile as recorded.
type ShowOutput struct {
	Profile profile.Profile
	Active  bool
}

// Show returns the named profile, or the selected one.
func (*List) Show(in Session, name Optional) (ShowOutput, error) {
	active, err := in.Selected()
	if err != nil {
		return ShowOutput{}, err
	}
	wanted := active
	if name.Set {
		if wanted, err = profile.ParseName(name.Value); err != nil {
			return ShowOutput{}, err
		}
	}
	if wanted == profile.Ambient {
		p, err := in.Current()
		return ShowOutput{Profile: p, Active: true}, err
	}
	p, err := in.Config.Get(wanted)
	return ShowOutput{Profile: p, Active: wanted == active}, err
}
