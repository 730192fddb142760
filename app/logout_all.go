package app

import (
	"context"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
)

// LogoutAllOutput is the report of a logout of every profile; it counts also
// beside an error.
type LogoutAllOutput struct {
	Profiles []LoggedOut
	Warnings []Warning
}

// LoggedOut is what became of one profile.
type LoggedOut struct {
	Profile profile.Name
	Removed bool
	Err     *fault.Fault
}

// All logs every profile out, each in a transaction of its own, so that one
// store that fails keeps no other credential alive. With several failures the
// error is the one with the highest exit status.
func (l *Logout) All(ctx context.Context, in Session) (LogoutAllOutput, error) {
	var out LogoutAllOutput
	if len(in.Config.Profiles) == 0 {
		_, err := in.Config.Get(profile.DefaultName)
		return out, err
	}
	var worst *fault.Fault
	for _, p := range in.Config.Profiles {
		if ctx.Err() != nil {
			return out, context.Cause(ctx)
		}
		one, err := l.Run(ctx, LogoutInput{Session: in, Name: p.Name})
		f := fault.From(err)
		out.Profiles = append(out.Profiles, LoggedOut{Profile: p.Name, Removed: one.Removed && f == nil, Err: f})
		out.Warnings = append(out.Warnings, one.Warnings...)
		if f != nil && (worst == nil || f.Entry().Exit() > worst.Entry().Exit()) {
			worst = f
		}
	}
	if worst != nil {
		return out, worst
	}
	return out, nil
}
