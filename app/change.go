package app

import (
	"context"
	"errors"

	"jira-cli/domain/fault"
	"jira-cli/domain/migrate"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// change carries out one run of the machine of package migrate: it brings a
// secret to a destination, makes the config name it, and removes the secret
// that the config named before. It runs under the config's lock.
type change struct {
	slots slots
	tx    ports.ConfigTx

	plan    migrate.Plan
	name    profile.Name       // in the new config
	before  profile.Config     // what the file says
	after   profile.Config     // what it is to say, without the leftover
	source  *profile.Reference // what the config named before, nil for nothing
	dest    profile.Reference  // what it is to name
	secret  secret.Secret      // given, or read from the source
	wanted  profile.Config     // after with the leftover: what is saved
	prior   ports.Found        // what the destination held
	err     error              // of the first failure
	undoErr error              // of the roll-back
	removed bool               // the source is gone, or another profile's
	cleanUp error              // of the removal of the source, or of its entry
}

// run drives the machine to its end and returns its last state.
func (c *change) run(ctx context.Context) migrate.State {
	state, effects := migrate.Next(migrate.New(c.plan), migrate.Begin)
	for len(effects) > 0 {
		state, effects = migrate.Next(state, c.carryOut(ctx, effects[0]))
	}
	return state
}

func (c *change) carryOut(ctx context.Context, e migrate.Effect) migrate.Event {
	switch e {
	case migrate.ReadSource:
		return c.readSource(ctx)
	case migrate.CheckDestination:
		return c.checkDestination(ctx)
	case migrate.WriteDestination:
		return c.report(c.slots.put(ctx, c.dest, c.secret), migrate.Written)
	case migrate.ReadBack:
		return c.readBack(ctx)
	case migrate.SaveConfig:
		return c.save(ctx)
	}
	// From here on nothing may cut the work short.
	ctx, cancel := cleanup(ctx)
	defer cancel()
	switch e {
	case migrate.CheckConfig:
		return c.checkConfig(ctx)
	case migrate.RemoveSource:
		return c.removeSource(ctx)
	case migrate.ClearLeftover:
		return c.clearLeftover(ctx)
	}
	c.undoErr = c.undo(ctx)
	if c.undoErr != nil {
		return migrate.Failure
	}
	return migrate.RolledBack
}

// report keeps the first failure and returns the event for it, or done.
func (c *change) report(err error, done migrate.Event) migrate.Event {
	if err == nil {
		return done
	}
	if c.err == nil {
		c.err = err
	}
	return migrate.Failure
}

func (c *change) readSource(ctx context.Context) migrate.Event {
	s, err := c.slots.get(ctx, *c.source)
	if errors.Is(err, ports.ErrNotFound) {
		c.err = err
		return migrate.SourceAbsent
	}
	if err == nil {
		if _, invalid := s.Intake(); invalid != nil {
			err = fault.Wrap(invalid, fault.SecretInvalid, "what %s holds for profile %q is no credential: %v", c.source.Backend, c.name, invalid)
		}
	}
	c.secret = s
	return c.report(err, migrate.SourceRead)
}

func (c *change) checkDestination(ctx context.Context) migrate.Event {
	s, err := c.slots.get(ctx, c.dest)
	c.prior = ports.Found{Secret: s, Err: err}
	switch {
	case errors.Is(err, ports.ErrFieldMissing):
		if !c.plan.Replace {
			c.err = err
		}
		return migrate.DestinationFieldAbsent
	case errors.Is(err, ports.ErrNotFound):
		return migrate.DestinationAbsent
	case err != nil:
		return c.report(err, migrate.Failure)
	case s.Equal(c.secret):
		return migrate.DestinationEqual
	}
	return migrate.DestinationDifferent
}

func (c *change) readBack(ctx context.Context) migrate.Event {
	s, err := c.slots.get(ctx, c.dest)
	switch {
	case errors.Is(err, ports.ErrNotFound):
		c.err = err
		return migrate.NothingBack
	case err == nil && !s.Equal(c.secret):
		return migrate.OtherBack
	}
	return c.report(err, migrate.SameBack)
}

func (c *change) save(ctx context.Context) migrate.Event {
	intended, err := c.intended(ctx)
	if err == nil {
		c.wanted = intended.Complete()
		err = c.tx.Save(ctx, intended)
	}
	return c.report(err, migrate.Saved)
}

// intended is the config to save: the new reference and, in the same write, the
// old one as a leftover, so that a crash right after it loses track of nothing.
// A leftover that names the destination is dropped: it is no leftover any more.
// Where a store cannot say, it stays; clearing it looks again.
func (c *change) intended(ctx context.Context) (profile.Config, error) {
	p, err := c.after.Get(c.name)
	if err != nil {
		return profile.Config{}, err
	}
	var kept []profile.Reference
	for _, left := range p.Leftovers {
		if same, _ := c.slots.same(ctx, left, c.dest); !same {
			kept = append(kept, left)
		}
	}
	if c.plan.Obsolete {
		kept = append(kept, *c.source)
	}
	p.Leftovers = kept
	return c.after.With(p)
}

// checkConfig settles what a failed save left open.
func (c *change) checkConfig(ctx context.Context) migrate.Event {
	now, err := c.tx.Load(ctx)
	switch {
	case err != nil:
		return migrate.ConfigUnreadable
	case now.Equal(c.wanted):
		c.err = nil
		return migrate.ConfigIsNew
	case now.Equal(c.before):
		return migrate.ConfigIsOld
	}
	return migrate.ConfigUnreadable
}

func (c *change) removeSource(ctx context.Context) migrate.Event {
	shared, err := c.slots.named(ctx, c.after, *c.source, "")
	if shared {
		c.removed = true
		return migrate.SharedKept
	}
	if err == nil {
		err = c.slots.remove(ctx, *c.source)
	}
	if c.cleanUp = err; err != nil {
		return migrate.Failure
	}
	c.removed = true
	return migrate.Removed
}

func (c *change) clearLeftover(ctx context.Context) migrate.Event {
	now, err := c.tx.Load(ctx)
	if err == nil {
		now, err = withoutLeftover(now, c.name, *c.source)
	}
	if err == nil {
		err = commit(ctx, c.tx, now)
	}
	if err != nil {
		c.cleanUp = err
		return migrate.Failure
	}
	return migrate.Cleared
}

func withoutLeftover(cfg profile.Config, name profile.Name, ref profile.Reference) (profile.Config, error) {
	p, err := cfg.Get(name)
	if err != nil {
		return cfg, err
	}
	var kept []profile.Reference
	for _, left := range p.Leftovers {
		if !left.Equal(ref) {
			kept = append(kept, left)
		}
	}
	p.Leftovers = kept
	return cfg.With(p)
}

// undo makes the destination hold what it held before.
func (c *change) undo(ctx context.Context) error {
	if c.prior.Err == nil {
		return c.slots.restore(ctx, c.dest, c.prior.Secret)
	}
	if !errors.Is(c.prior.Err, ports.ErrFieldMissing) {
		return c.slots.takeBack(ctx, c.dest)
	}
	return c.slots.remove(ctx, c.dest)
}

// failure returns the fault of a change that failed by an error of a store or
// of the config, and says so where the earlier state could not be restored.
func (c *change) failure(state migrate.State) *fault.Fault {
	f := *fault.From(c.err)
	switch {
	case state.NotUndid:
		f.Message += "; and the earlier state of " + string(c.dest.Backend) + " could not be restored: " + c.undoErr.Error()
	case state.Reason == migrate.ConfigUnknown:
		f.Message += "; whether the config was saved is unknown, so nothing was undone"
	}
	return &f
}

// warnings returns what a change that worked leaves to be said.
func (c *change) warnings(state migrate.State) []Warning {
	var list []Warning
	if state.Kept {
		list = append(list, Warning{CredentialKept, "the old credential in " + string(c.source.Backend) +
			" stays: another profile uses it too", string(c.name)})
	}
	if state.Leftover {
		what := "the old credential in " + string(c.source.Backend) + " could not be removed: "
		if c.removed {
			what = "the entry of the old credential in " + string(c.source.Backend) + " could not be removed: "
		}
		list = append(list, Warning{LeftoverKept, what + c.cleanUp.Error() + "; the next change of the profile tries again", string(c.name)})
	}
	return list
}
