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
		shared, err := s.named(ctx, cfg, left, "")
		if shared {
			continue
		}
		if err == nil {
			err = left.CheckOwn()
		}
		if err == nil {
			err = s.remove(ctx, left)
		}
		if err == nil {
			continue
		}
		if ctx.Err() != nil {
			return cfg, warnings, context.Cause(ctx)
		}
		kept = append(kept, left)
		warnings = append(warnings, Warning{LeftoverKept, "an old credential in " + string(left.Backend) +
			" could not be removed: " + fault.From(err).Message, string(name)})
	}
	if len(kept) == len(p.Leftovers) {
		return cfg, warnings, nil
	}
	p.Leftovers = kept
	next, err := cfg.With(p)
	if err == nil {
		err = commit(ctx, tx, next)
	}
	return next, warnings, err
}

// commit saves a config. A save that reports an error may have happened all the
// same, so the file is read to learn.
func commit(ctx context.Context, tx ports.ConfigTx, next profile.Config) error {
	err := tx.Save(ctx, next)
	if err == nil {
		return nil
	}
	clean, cancel := cleanup(ctx)
	defer cancel()
	now, unreadable := tx.Load(clean)
	switch {
	case unreadable != nil:
		f := *fault.From(err)
		f.Message += "; whether the config was saved is unknown"
		return &f
	case now.Equal(next.Complete()):
		return nil
	}
	return err
}

// finish is commit for the last step of a command whose other effects are
// there already: the end of ctx does not stop it.
func finish(ctx context.Context, tx ports.ConfigTx, next profile.Config) error {
	clean, cancel := cleanup(ctx)
	defer cancel()
	return commit(clean, tx, next)
}
