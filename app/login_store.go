package app

import (
	"context"

	"jira-cli/domain/fault"
	"jira-cli/domain/migrate"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// store is the transaction. What the login relied on is checked again under the
// lock: another process may have been faster.
func (l *Login) store(ctx context.Context, in LoginInput, req loginRequest, value secret.Secret, found proof) ([]Warning, error) {
	tx, err := l.config.Lock(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Unlock()
	now, err := tx.Load(ctx)
	if err != nil {
		return nil, err
	}
	if err := l.recheck(ctx, in, req, now); err != nil {
		return nil, err
	}
	now, warnings, err := l.slots.clearLeftovers(ctx, tx, now, req.profile.Name)
	if err != nil {
		return nil, err
	}
	old, _ := now.Find(req.profile.Name)
	after, err := now.With(req.record(old, found))
	if err != nil {
		return nil, err
	}
	if in.Default {
		after.Default = string(req.profile.Name)
	}
	if err := l.spare(ctx, in, req, now, value); err != nil {
		return nil, err
	}
	obsolete, err := l.obsolete(ctx, old.Credential, req.ref)
	if err != nil {
		return nil, err
	}
	c := &change{slots: l.slots, tx: tx, name: req.profile.Name, before: now, after: after, source: old.Credential, dest: req.ref, secret: value}
	c.plan = migrate.Plan{Given: true, Replace: true, ReadOnly: l.readOnly(req), Obsolete: obsolete}
	// Into a recorded place that was found empty: see unsaved.
	refill := old.Credential != nil && l.slots.writable(old.Credential.Backend) && !obsolete && !in.Force && !req.agreed
	if refill {
		if err := commit(ctx, tx, after); err != nil {
			return nil, err
		}
		c.before = after.Complete()
	}
	state := c.run(ctx)
	if state.Step == migrate.Failed {
		err := l.failed(c, state)
		if refill && !state.Dirty { // else the secret is there, and the config that goes with it stays
			err = unsaved(ctx, tx, now, err)
		}
		return nil, err
	}
	warnings = append(append(warnings, c.warnings(state)...), l.leftAlone(ctx, req, old.Credential)...)
	return append(warnings, l.shadow(req)...), nil
}

// unsaved restores the config after a login into a recorded place that was
// empty. There the config is saved first: the reference names nothing either
// way, and a crash with the secret in place and the old config would make the
// repetition see somebody who is authenticated already.
func unsaved(ctx context.Context, tx ports.ConfigTx, before profile.Config, failed *fault.Fault) *fault.Fault {
	if err := finish(ctx, tx, before); err != nil {
		failed.Message += "; and the earlier config could not be restored: " + err.Error()
	}
	return failed
}

// obsolete reports whether the recorded secret is to be removed in the end.
func (l *Login) obsolete(ctx context.Context, old *profile.Reference, dest profile.Reference) (bool, error) {
	if old == nil || !l.slots.writable(old.Backend) || l.defaults.own(*old) != nil {
		return false, nil
	}
	same, err := l.slots.same(ctx, *old, dest)
	return !same, err
}

// leftAlone says that what the profile named before was neither read nor
// removed, for the reference did not say that it is this program's.
func (l *Login) leftAlone(ctx context.Context, req loginRequest, old *profile.Reference) []Warning {
	if old == nil || !l.slots.writable(old.Backend) {
		return nil
	}
	err := l.defaults.own(*old)
	if err == nil {
		return nil
	}
	if same, unknown := l.slots.same(ctx, *old, req.ref); same || unknown != nil || samePlace(*old, req.ref) {
		return nil
	}
	return []Warning{notOwn(*old, req.profile.Name, err)}
}

// recheck looks once more at what the answers of the person and of Jira were
// based on, now that nobody can change it: a credential that was not there, or
// is not the one that the person gave up, is another process's; and a request
// that would be a different one today must not run.
func (l *Login) recheck(ctx context.Context, in LoginInput, req loginRequest, now profile.Config) error {
	changed := fault.New(fault.ConfigChanged, "profile %q was changed while the command was running", req.profile.Name).
		WithProfile(string(req.profile.Name))
	p, _ := now.Find(req.profile.Name)
	if agreed := in.Force || req.agreed && p.Credential != nil && req.recorded.Equal(*p.Credential); !agreed {
		held, err := l.holds(ctx, p.Credential)
		switch {
		case err != nil:
			return err
		case held && req.agreed:
			return changed
		case held:
			return alreadyAuthenticated(req.profile.Name)
		}
	}
	in.Config = now
	d := req.draft
	if !req.mayAsk {
		d = fill(in, d.name)
	}
	again, err := l.build(in, d, req.mayAsk)
	if fault.CodeOf(err) == fault.ProfileNameConflict {
		return err
	}
	if err != nil || again.profile.Site != req.profile.Site || again.profile.User() != req.profile.User() ||
		again.profile.AuthType != req.profile.AuthType || !again.profile.Network.Equal(req.profile.Network) || !again.ref.Equal(req.ref) {
		return changed
	}
	return nil
}
