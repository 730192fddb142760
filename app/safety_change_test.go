package app_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"jira-cli/adapters/memory"
	"jira-cli/app"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
)

type command = func(context.Context, *process) ([]app.Warning, error)

// itemOf is the item's id in a slot of the 1Password double.
func itemOf(slot string) string { return strings.Split(slot, "\x1f")[2] }

func migrateTo(b profile.Backend, adjust func(*app.MigrateInput)) command {
	return func(ctx context.Context, p *process) ([]app.Warning, error) {
		session, err := p.load(ctx)
		if err != nil {
			return nil, err
		}
		in := app.MigrateInput{Session: session, Backend: b}
		if adjust != nil {
			adjust(&in)
		}
		out, err := app.NewMigrate(p.config, p.stores, defaults).Run(ctx, in)
		return out.Warnings, err
	}
}

func replacing(in *app.MigrateInput) { in.Force = true }

// sharedBy is another profile with the same reference.
func sharedBy(w *world) {
	p, _ := w.said.Find("work")
	p.Name = "twin"
	w.write(p)
}

func TestNoFaultOfMigrateLosesASecret(t *testing.T) {
	var all []scenario
	add := func(build func(*world), c command, format string, args ...any) *scenario {
		all = append(all, scenario{name: fmt.Sprintf(format, args...), build: build, command: c})
		return &all[len(all)-1]
	}
	refused := func(build func(*world), c command, code fault.Code, format string, args ...any) {
		s := add(build, c, format, args...)
		s.kind, s.code = refuses, code
	}
	for _, from := range backends {
		for _, to := range backends {
			switch {
			case from == to:
			case to == profile.Env || to == profile.Command:
				refused(onRecord(from, oldToken), migrateTo(to, nil), fault.BackendReadOnly, "from %s to %s", from, to)
			default:
				add(onRecord(from, oldToken), migrateTo(to, nil), "from %s to %s", from, to)
				add(onRecord(from, oldToken, stray(to, oldToken)), migrateTo(to, nil), "from %s to an equal in %s", from, to)
				add(onRecord(from, oldToken, stray(to, strayToken)), migrateTo(to, replacing), "from %s over a stray in %s", from, to)
				s := add(onRecord(from, oldToken, leftAt(to)), migrateTo(to, nil), "from %s into a leftover in %s", from, to)
				if to == profile.OnePassword { // clearing it leaves the item without the field
					s.kind, s.code = refuses, fault.AuthFailed
				}
				refused(onRecord(from, oldToken, stray(to, strayToken)), migrateTo(to, nil), fault.AuthFailed, "from %s against a stray in %s", from, to)
				refused(onRecord(from, ""), migrateTo(to, nil), fault.AuthFailed, "from an empty %s to %s", from, to)
			}
		}
	}
	for i, b := range writers {
		other := writers[(i+1)%len(writers)]
		add(onRecord(b, oldToken, sharedBy), migrateTo(other, nil), "from a shared %s", b)
		add(onRecord(b, oldToken, leftIn(b), leftIn(other)), migrateTo(other, nil), "from %s with leftovers", b)
		add(onRecord(b, oldToken, leftIn(other)), migrateTo(b, nil), "already in %s with a leftover", b)
		refused(onRecord(b, oldToken), migrateTo(other, func(in *app.MigrateInput) { in.DryRun = true }), "", "from %s, a dry run", b)
	}
	for _, b := range []profile.Backend{profile.File, profile.OnePassword} {
		add(onRecord(b, oldToken, aliased(b)), migrateTo(profile.Keyring, nil), "from %s with an alias", b)
	}
	add(func(w *world) {
		overridden(w)
		p := newProfile("work")
		ref := place(profile.Keyring, p)
		ref.Service = "another-service"
		p.Credential = &ref
		w.write(p)
		w.plant(ref, oldToken)
	}, migrateTo(profile.Keyring, nil), "already in the keyring under another name")
	refused(onRecord(profile.Keyring, oldToken, withoutField), migrateTo(profile.OnePassword, nil), fault.AuthFailed, "to an item without the field")
	add(onRecord(profile.Keyring, oldToken, withoutField), migrateTo(profile.OnePassword, replacing), "to an item without the field, forced")
	all = append(all, scenario{name: "all to the file", many: true, build: onRecord(profile.Keyring, oldToken),
		command: migrateTo(profile.File, func(in *app.MigrateInput) { in.All = true })})
	run(t, all)
}

func renameTo(to profile.Name) command {
	return func(ctx context.Context, p *process) ([]app.Warning, error) {
		session, err := p.load(ctx)
		if err != nil {
			return nil, err
		}
		out, err := app.NewRename(p.config, p.stores, p.env, defaults).Run(ctx, app.RenameInput{Session: session, Old: "work", New: to})
		return out.Warnings, err
	}
}

func TestNoFaultOfRenameLosesASecret(t *testing.T) {
	var all []scenario
	add := func(build func(*world), format string, args ...any) *scenario {
		all = append(all, scenario{name: fmt.Sprintf(format, args...), build: build, command: renameTo("job"),
			renamed: [2]profile.Name{"work", "job"}, done: []fault.Code{fault.ProfileNotFound}})
		return &all[len(all)-1]
	}
	atNew := func(b profile.Backend, text string) func(*world) {
		return func(w *world) { w.plant(place(b, newProfile("job")), text) }
	}
	for _, b := range backends {
		add(onRecord(b, oldToken), "in %s", b)
		add(onRecord(b, ""), "in an empty %s", b)
	}
	for i, b := range writers {
		other := writers[(i+1)%len(writers)]
		add(onRecord(b, oldToken, leftIn(b), leftIn(other)), "in %s with leftovers", b)
		add(onRecord(b, oldToken, sharedBy), "in a shared %s", b)
		add(func(w *world) {
			if b == profile.Keyring {
				overridden(w) // without it the other service is another application's
			}
			onRecord(b, oldToken, aliased(b))(w)
		}, "in %s with an alias", b)
	}
	for _, b := range []profile.Backend{profile.Keyring, profile.File} {
		add(onRecord(b, oldToken, atNew(b, oldToken)), "in %s to an equal one", b)
		s := add(onRecord(b, oldToken, atNew(b, strayToken)), "in %s against a stray", b)
		s.kind, s.code, s.renamed = refuses, fault.ProfileExists, [2]profile.Name{}
	}
	add(func(w *world) {
		onRecord(profile.Keyring, oldToken)(w)
		w.said.Default = "work"
	}, "of the default")
	s := add(func(w *world) {
		p := newProfile("job")
		w.record(p, profile.Keyring, oldToken)
		w.leave("job", place(profile.File, newProfile("old")), leftToken)
	}, "of none, to one with a leftover of its own")
	s.kind, s.code, s.renamed = refuses, fault.ProfileNotFound, [2]profile.Name{}
	run(t, all)
}

func logout(ctx context.Context, p *process) ([]app.Warning, error) {
	session, err := p.load(ctx)
	if err != nil {
		return nil, err
	}
	out, err := app.NewLogout(p.config, p.stores, p.env).Run(ctx, app.LogoutInput{Session: session, Name: "work"})
	return out.Warnings, err
}

func deleteWith(person ...memory.Step) command {
	return func(ctx context.Context, p *process) ([]app.Warning, error) {
		session, err := p.load(ctx)
		if err != nil {
			return nil, err
		}
		session.NoInput = len(person) == 0
		in := app.DeleteInput{Session: session, Name: "work", Force: len(person) == 0}
		out, err := app.NewDelete(p.config, p.stores, p.asker(person...)).Run(ctx, in)
		return out.Warnings, err
	}
}

// removals are the situations that logout and delete share.
func removals(c command, done ...fault.Code) []scenario {
	var all []scenario
	add := func(build func(*world), format string, args ...any) {
		all = append(all, scenario{name: fmt.Sprintf(format, args...), kind: removes, build: build, command: c, done: done})
	}
	for i, b := range backends {
		other := writers[(i+1)%len(writers)]
		add(onRecord(b, oldToken), "in %s", b)
		add(onRecord(b, ""), "in an empty %s", b)
		add(onRecord(b, oldToken, leftIn(other)), "in %s with a leftover", b)
		add(onRecord(b, oldToken, sharedBy), "in a shared %s", b)
	}
	for _, b := range []profile.Backend{profile.File, profile.OnePassword} {
		add(onRecord(b, oldToken, aliased(b)), "in %s with an alias", b)
	}
	add(func(w *world) { w.write(newProfile("work")); leftIn(profile.Keyring)(w) }, "of nothing but a leftover")
	return all
}

func TestNoFaultOfLogoutLosesTrack(t *testing.T) { run(t, removals(logout)) }

func TestNoFaultOfDeleteLosesTrack(t *testing.T) {
	run(t, removals(deleteWith(), fault.ProfileNotFound))
	run(t, []scenario{{name: "by a person", kind: removes, done: []fault.Code{fault.ProfileNotFound},
		build:   onRecord(profile.Keyring, oldToken),
		command: deleteWith(memory.Answer("Delete profile work and its stored credential?", "y"))}})
}
