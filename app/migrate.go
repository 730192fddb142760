package app

import (
	"context"
	"fmt"

	"jira-cli/domain/fault"
	"jira-cli/domain/migrate"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// MigrateInput is what the command line says about a migration.
type MigrateInput struct {
	Session
	Backend            profile.Backend
	OnePasswordAccount Optional
	Vault              Optional
	Item               Optional
	DryRun             bool
	All                bool
	Force              bool
}

// Check refuses flags that belong to another backend, and what is wrong in them
// whatever the config says.
func (in MigrateInput) Check() error {
	if err := onlyFor(in.Backend, in.OnePasswordAccount, in.Vault, in.Item); err != nil {
		return err
	}
	return checkEach([]checked{{"onepassword-account", in.OnePasswordAccount, checkTitle},
		{"vault", in.Vault, checkFilled("the vault")}, {"item", in.Item, checkFilled("the item")}})
}

// MigrateOutput is the report. It counts with an error only where All was
// asked for.
type MigrateOutput struct {
	DryRun   bool
	Target   profile.Backend
	Profiles []Migration
	Notes    []string
	Warnings []Warning
}

// Migration is what became of one profile. Reason is set on a no-op, Err on a
// failure.
type Migration struct {
	Profile  profile.Name
	Source   profile.Backend
	Migrated bool
	Reason   string
	Err      *fault.Fault
}

// Migrate moves credentials between backends.
type Migrate struct {
	config   ports.Config
	slots    slots
	defaults Defaults
}

// NewMigrate returns the use case.
func NewMigrate(config ports.Config, stores ports.Stores, defaults Defaults) *Migrate {
	return &Migrate{config, slots{stores}, defaults}
}

// AlreadyThere is the reason of a migration that had nothing to do.
const AlreadyThere = "already using target backend"

// Run migrates the selected profile, or all: each in a transaction of its own.
// With several failures the error is the one with the highest exit status.
func (m *Migrate) Run(ctx context.Context, in MigrateInput) (MigrateOutput, error) {
	out := MigrateOutput{DryRun: in.DryRun, Target: in.Backend}
	if err := in.Check(); err != nil {
		return out, err
	}
	names, err := in.targets()
	if err != nil {
		return out, err
	}
	store, err := m.slots.stores.Store(in.Backend)
	if err != nil {
		return out, err
	}
	if store.Traits().ReadOnly {
		return out, fault.New(fault.BackendReadOnly, "nothing can be migrated to %s: it only reads, and the credential would be lost", in.Backend)
	}
	var worst *fault.Fault
	for _, name := range names {
		if ctx.Err() != nil {
			return out, context.Cause(ctx)
		}
		one := m.one(ctx, in, name, &out)
		out.Profiles = append(out.Profiles, one)
		if one.Err != nil && (worst == nil || one.Err.Entry().Exit() > worst.Entry().Exit()) {
			worst = one.Err
		}
	}
	if worst != nil {
		return out, worst
	}
	return out, nil
}

func (in MigrateInput) targets() ([]profile.Name, error) {
	if !in.All {
		if name, err := in.Selected(); err == nil && name == profile.Ambient {
			return nil, notAmbient("a migration")
		}
		p, err := in.Current()
		return []profile.Name{p.Name}, err
	}
	if in.Item.Set {
		return nil, fault.New(fault.FlagConflict, "--item names one item and --all moves several credentials").WithFlag("item")
	}
	if len(in.Config.Profiles) == 0 {
		_, err := in.Config.Get(profile.DefaultName)
		return nil, err
	}
	var names []profile.Name
	for _, p := range in.Config.Profiles {
		names = append(names, p.Name)
	}
	return names, nil
}

// one is the transaction of one profile.
func (m *Migrate) one(ctx context.Context, in MigrateInput, name profile.Name, out *MigrateOutput) Migration {
	result := Migration{Profile: name}
	err := func() error {
		tx, err := m.config.Lock(ctx)
		if err != nil {
			return err
		}
		defer tx.Unlock()
		now, err := tx.Load(ctx)
		if err != nil {
			return err
		}
		if !in.DryRun {
			var warnings []Warning
			now, warnings, err = m.slots.clearLeftovers(ctx, tx, now, name)
			out.Warnings = append(out.Warnings, warnings...)
			if err != nil {
				return err
			}
		}
		return m.move(ctx, in, tx, now, &result, out)
	}()
	if err != nil {
		result.Err = fault.From(err)
	}
	return result
}

func (m *Migrate) move(ctx context.Context, in MigrateInput, tx ports.ConfigTx, now profile.Config, result *Migration, out *MigrateOutput) error {
	p, err := now.Get(result.Profile)
	if err != nil {
		return err
	}
	if p.Credential == nil {
		return m.authFailed("read source credential for profile %q: %v", p.Name, ports.ErrNotFound)
	}
	result.Source = p.Credential.Backend
	if f := refusal(p); f != nil {
		return f
	}
	moved, dest, err := m.destination(in, p)
	if err != nil {
		return err
	}
	same, err := m.slots.same(ctx, *p.Credential, dest)
	if err != nil {
		return err
	}
	if same {
		result.Reason = AlreadyThere
		return nil
	}
	after, err := now.With(moved)
	if err != nil {
		return err
	}
	source := *p.Credential
	c := &change{slots: m.slots, tx: tx, name: p.Name, before: now, after: after, source: &source, dest: dest,
		plan: migrate.Plan{DryRun: in.DryRun, Replace: in.Force, Obsolete: m.slots.writable(source.Backend)}}
	state := c.run(ctx)
	if state.Step == migrate.Failed {
		return m.failed(c, state)
	}
	result.Migrated = !in.DryRun
	if result.Migrated {
		m.remark(c, state, out)
	}
	return nil
}

// destination returns the profile as it will be recorded, and the reference in
// it.
func (m *Migrate) destination(in MigrateInput, p profile.Profile) (profile.Profile, profile.Reference, error) {
	if in.Backend == profile.OnePassword {
		place := &p.OnePassword
		for _, f := range []struct {
			from Optional
			to   *string
		}{{in.OnePasswordAccount, &place.Account}, {in.Vault, &place.Vault}, {in.Item, &place.Item}} {
			if f.from.Set {
				*f.to = f.from.Value
			}
		}
		if place.Vault == "" {
			return p, profile.Reference{}, fault.From(inputRequired([]fault.Missing{{Field: "vault", Flag: "--vault"}})).
				WithHint("name the 1Password vault with --vault")
		}
	}
	dest := m.defaults.Reference(in.Backend, p)
	if in.Backend == profile.OnePassword {
		p.OnePassword = profile.OnePasswordPlace{Account: dest.Account, Vault: dest.Vault, Item: dest.Item, Field: dest.Field}
	}
	p.Credential = &dest
	return p, dest, nil
}

// authFailed is the documented record: its message names the command, and it
// has no hint.
func (m *Migrate) authFailed(format string, args ...any) error {
	return fault.New(fault.AuthFailed, "auth migrate: %s", fmt.Sprintf(format, args...))
}

func (m *Migrate) failed(c *change, state migrate.State) error {
	name := c.name
	var err error
	switch state.Reason {
	case migrate.SourceUnresolved:
		err = m.authFailed("read source credential for profile %q: %v", name, c.err)
	case migrate.FieldAbsent:
		err = m.authFailed("read destination credential for profile %q: %v", name, c.err)
	case migrate.DestinationTaken:
		err = m.authFailed("the destination of profile %q in %s holds a different secret; it was left untouched, pass --force to replace it", name, c.dest.Backend)
	case migrate.ReadBackMissing:
		err = m.authFailed("read destination credential for profile %q: %v", name, c.err)
	case migrate.ReadBackDifferent:
		err = m.authFailed("read destination credential for profile %q: a different secret came back than was written", name)
	case migrate.Defect:
		err = fault.New(fault.InternalError, "internal error: the migration reached an unexpected state")
	default:
		err = fault.From(c.err).WithProfile(string(name))
	}
	c.err = err
	return c.failure(state)
}

// remark says what a migration that worked leaves behind.
func (m *Migrate) remark(c *change, state migrate.State, out *MigrateOutput) {
	out.Warnings = append(out.Warnings, c.warnings(state)...)
	source := *c.source
	store, err := m.slots.stores.Store(source.Backend)
	switch {
	case err != nil || state.Kept || state.Leftover:
	case store.Traits().KeepsItem:
		out.Notes = append(out.Notes, itemKept(source))
		out.Warnings = append(out.Warnings, Warning{CredentialNotice, itemKept(source), string(c.name)})
	case store.Traits().ReadOnly:
		out.Warnings = append(out.Warnings, Warning{CredentialNotice, "the " + string(source.Backend) +
			" backend only reads; the credential that it reads stays where it is", string(c.name)})
	}
}
