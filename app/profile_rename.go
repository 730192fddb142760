package app

import (
	"context"
	"slices"

	"jira-cli/domain/fault"
	"jira-cli/domain/migrate"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// RenameInput names a profile and what it is to be called.
type RenameInput struct {
	Session
	Old, New profile.Name
	Keep     bool // the stored credential stays where it is
}

// RenameOutput says what was renamed, and whether its credential moved.
type RenameOutput struct {
	Old, New  profile.Name
	Moved     bool
	IsDefault bool
	Warnings  []Warning
}

// Rename gives a profile another name.
type Rename struct {
	config   ports.Config
	slots    slots
	env      ports.Environment
	defaults Defaults
}

// NewRename returns the use case.
func NewRename(config ports.Config, stores ports.Stores, env ports.Environment, defaults Defaults) *Rename {
	return &Rename{config, slots{stores}, env, defaults}
}

// Run renames the profile. A credential whose place carries the profile's name
// moves with it, in the same order as a migration.
func (r *Rename) Run(ctx context.Context, in RenameInput) (RenameOutput, error) {
	out := RenameOutput{Old: in.Old, New: in.New}
	tx, err := r.config.Lock(ctx)
	if err != nil {
		return out, err
	}
	defer tx.Unlock()
	now, err := tx.Load(ctx)
	if err != nil {
		return out, err
	}
	now, done, err := r.resume(ctx, tx, now, in, &out)
	if err != nil || done {
		return out, err
	}
	return out, r.rename(ctx, tx, now, in, &out)
}

// resume finishes what an interrupted rename left: the old name is gone, and
// the profile of the new one has a leftover in a place that carries the old. It
// clears the leftovers in any case, and reports whether that was all.
func (r *Rename) resume(ctx context.Context, tx ports.ConfigTx, now profile.Config, in RenameInput, out *RenameOutput) (profile.Config, bool, error) {
	name, done := in.Old, false
	if _, found := now.Find(in.Old); !found {
		p, _ := now.Find(in.New)
		name, done = in.New, slices.ContainsFunc(p.Leftovers, in.carriesOld)
	}
	now, warnings, err := r.slots.clearLeftovers(ctx, tx, now, name)
	out.Warnings = append(out.Warnings, warnings...)
	out.Moved, out.IsDefault = done, effectiveDefault(now) == string(in.New)
	return now, done, err
}

func (in RenameInput) carriesOld(ref profile.Reference) bool { return carries(ref, in.Old) }

func (r *Rename) rename(ctx context.Context, tx ports.ConfigTx, now profile.Config, in RenameInput, out *RenameOutput) error {
	p, err := now.Get(in.Old)
	if err != nil {
		return err
	}
	if in.Old == in.New {
		return nil
	}
	if _, taken := now.Find(in.New); taken {
		return fault.New(fault.ProfileExists, "profile %q exists already", in.New).WithProfile(string(in.New)).
			WithHint("choose another name, or delete that profile first")
	}
	renamed := p
	renamed.Name = in.New
	source, dest := r.places(p, renamed)
	if in.Keep && source != nil {
		source, dest = nil, p.Credential
		out.Warnings = append(out.Warnings, kept(renamed, "profile "+string(in.New)+" goes on using it there"))
	}
	renamed.Credential = dest
	after := now.Without(in.Old)
	if now.Default == string(in.Old) || now.Default == "" && in.Old == profile.DefaultName {
		after.Default = string(in.New)
	}
	if after, err = after.With(renamed); err != nil {
		return err
	}
	out.IsDefault = effectiveDefault(after) == string(in.New)
	out.Warnings = append(out.Warnings, r.variable(in)...)
	if source == nil {
		return commit(ctx, tx, after)
	}
	if _, err := r.slots.get(ctx, *source); isAbsent(err) {
		return commit(ctx, tx, after) // nothing to move; the reference goes along
	}
	c := &change{slots: r.slots, tx: tx, name: in.New, before: now, after: after, source: source, dest: *dest,
		plan: migrate.Plan{Obsolete: true}}
	state := c.run(ctx)
	if state.Step == migrate.Failed {
		return r.failed(c, state)
	}
	out.Moved = true
	out.Warnings = append(out.Warnings, c.warnings(state)...)
	return nil
}

// places returns from where to where the credential moves; source is nil where
// its place does not carry the profile's name and stays.
func (r *Rename) places(p, renamed profile.Profile) (source, dest *profile.Reference) {
	if p.Credential == nil {
		return nil, nil
	}
	old := *p.Credential
	if carries(old, p.Name) {
		moved := old
		moved.Account = accountFor(old, renamed.Name)
		return &old, &moved
	}
	return nil, &old
}

// carries reports whether a place is called after a profile of that name.
func carries(ref profile.Reference, name profile.Name) bool {
	return ref.Account == accountFor(ref, name) && (ref.Backend == profile.Keyring || ref.Backend == profile.File)
}

// accountFor is the item's name under another profile name, for the site that
// the credential was stored for.
func accountFor(ref profile.Reference, name profile.Name) string {
	site, err := profile.ParseOrigin(ref.Site)
	if err != nil {
		return ""
	}
	return profile.Account(site, name)
}

func (r *Rename) variable(in RenameInput) []Warning {
	if text, _ := r.env.Lookup(in.Old.TokenVariable()); text == "" || in.Old.TokenVariable() == in.New.TokenVariable() {
		return nil
	}
	return []Warning{{CredentialNotice, in.Old.TokenVariable() + " is set and no longer used; the variable of the new name is " +
		in.New.TokenVariable(), string(in.New)}}
}

func (r *Rename) failed(c *change, state migrate.State) error {
	switch state.Reason {
	case migrate.DestinationTaken, migrate.FieldAbsent:
		c.err = fault.New(fault.ProfileExists, "%s already holds a different secret for the name %q", c.dest.Backend, c.name).
			WithProfile(string(c.name)).WithHint("choose another name, or remove that secret first")
	case migrate.ReadBackMissing, migrate.ReadBackDifferent:
		c.err = fault.New(storeFailed(c.dest.Backend), "%s did not return the secret that was stored in it", c.dest.Backend)
	case migrate.SourceUnresolved, migrate.Defect:
		c.err = fault.New(fault.InternalError, "internal error: the rename reached an unexpected state")
	}
	return c.failure(state)
}
