package app

import (
	"context"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// clearLeftovers removes the secrets that interrupted changes of a profile left
// behind, and then their entries. A secret that some reference names by now is
// kept and only its entry goes. What cannot be removed stays recorded and is a
// warning: it must not stand in the way of the command.
func (s slots) clearLeftovers(ctx context.Context, tx ports.ConfigTx, cfg profile.Config, name profile.Name) (profile.Config, []Warning, error) {
	p, found := cfg.Find(name)
	if !found || len(p.Leftovers) == 0 {
		return cfg, nil, nil
	}
	var kept []profile.Reference
	var warnings []Warning
	for _, left := range p.Leftovers {
		if s.named(ctx, cfg, left, "") {
			continue
		}
		if err := s.remove(ctx, left); err != nil {
			if ctx.Err() != nil {
				return cfg, warnings, context.Cause(ctx)
			}
			kept = append(kept, left)
			warnings = append(warnings, Warning{LeftoverKept, "an old credential in " + string(left.Backend) +
				" could not be removed: " + fault.From(err).Message, string(name)})
		}
	}
	if len(kept) == len(p.Leftovers) {
		return cfg, warnings, nil
	}
	p.Leftovers = kept
	next, err := cfg.With(p)
	if err == nil {
		err = tx.Save(ctx, next)
	}
	return next, warnings, err
}
