package faulty_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"jira-cli/adapters/faulty"
	"jira-cli/adapters/memory"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

var (
	ref   = profile.Reference{Backend: profile.Keyring, Service: "jira-cli", Account: "example.atlassian.net/default"}
	old   = secret.New("old")
	fresh = secret.New("new")
)

var errInterrupted = errors.New("interrupted")

// world is a keyring that holds the old secret, behind a plan whose hangs end
// the context.
type world struct {
	real  *memory.SecretStore
	store ports.SecretStore
	ctx   context.Context
}

func build(t *testing.T, plan *faulty.Plan) world {
	t.Helper()
	real := memory.NewSecretStore(memory.SecretStoreOptions{})
	if err := real.Plant(ref, old); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	plan.OnHang = func() { cancel(errInterrupted) }
	return world{real, faulty.NewSecretStore(plan, profile.Keyring, real), ctx}
}

func (w world) now(t *testing.T) string {
	t.Helper()
	s, err := w.real.Get(t.Context(), ref)
	if err != nil {
		return err.Error()
	}
	return s.Reveal()
}

func TestModes(t *testing.T) {
	for _, c := range []struct {
		mode  faulty.Mode
		cause error
		left  string
		dead  bool
	}{
		{faulty.FailBefore, faulty.ErrInjected, "old", false},
		{faulty.FailAfter, faulty.ErrInjected, "new", false},
		{faulty.Hang, errInterrupted, "old", false},
		{faulty.HangAfter, errInterrupted, "new", false},
		{faulty.CrashBefore, faulty.ErrCrashed, "old", true},
		{faulty.CrashAfter, faulty.ErrCrashed, "new", true},
	} {
		t.Run(c.mode.String(), func(t *testing.T) {
			plan := faulty.NewPlan(faulty.Fault{At: 1, Mode: c.mode})
			w := build(t, plan)
			if _, err := w.store.Get(w.ctx, ref); err != nil {
				t.Fatalf("the call before the fault: %v", err)
			}
			err := w.store.Put(w.ctx, ref, fresh)
			if !errors.Is(err, c.cause) {
				t.Errorf("Put: %v, want %v", err, c.cause)
			}
			if !errors.Is(c.cause, errInterrupted) && fault.CodeOf(err) != fault.KeyringFailed {
				t.Errorf("the code is %s", fault.CodeOf(err))
			}
			if got := w.now(t); got != c.left {
				t.Errorf("left behind: %q, want %q", got, c.left)
			}
			if plan.Crashed() != c.dead || plan.Struck() != 1 {
				t.Errorf("crashed: %v, struck %d times", plan.Crashed(), plan.Struck())
			}
			err = w.store.Delete(t.Context(), ref)
			if got := w.now(t); c.dead && (!errors.Is(err, faulty.ErrCrashed) || got != c.left) {
				t.Errorf("the dead process deleted: %v, left %q", err, got)
			}
			if !c.dead && err != nil {
				t.Errorf("the call after the fault: %v", err)
			}
			want := []faulty.Call{{Name: "keyring.Get"}, {Name: "keyring.Put", Mode: c.mode}}
			if !c.dead {
				want = append(want, faulty.Call{Name: "keyring.Delete"})
			}
			if !slices.Equal(plan.Calls(), want) {
				t.Errorf("the plan saw %v, want %v", plan.Calls(), want)
			}
		})
	}
}

func TestChosenCodeAndText(t *testing.T) {
	w := build(t, faulty.NewPlan(faulty.Fault{Mode: faulty.FailBefore, Code: fault.KeyringLocked}))
	err := w.store.Put(w.ctx, ref, fresh)
	if fault.CodeOf(err) != fault.KeyringLocked || err.Error() != "injected fault at keyring.Put" {
		t.Errorf("Put: %v (%s)", err, fault.CodeOf(err))
	}
	if got := (faulty.Call{Name: "keyring.Put", Mode: faulty.HangAfter}).String(); got != "keyring.Put [hang after]" {
		t.Errorf("the call reads %q", got)
	}
}

// A hang under a context that has ended ends at once, with no effect.
func TestEndedContextIsNoPlaceForAFault(t *testing.T) {
	for _, mode := range []faulty.Mode{faulty.FailBefore, faulty.FailAfter, faulty.Hang, faulty.HangAfter} {
		w := build(t, faulty.NewPlan(faulty.Fault{Mode: mode}))
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errInterrupted)
		if err := w.store.Put(ctx, ref, fresh); !errors.Is(err, errInterrupted) || w.now(t) != "old" {
			t.Errorf("%s: %v, left %q", mode, err, w.now(t))
		}
	}
}

// plain is a store that reads one by one and takes nothing back.
type plain struct{ ports.SecretStore }

// bulk is one that reads many.
type bulk struct {
	ports.SecretStore
	ports.BulkReader
}

// undoes is one that takes back.
type undoes struct {
	ports.SecretStore
	ports.Undoer
}

func TestCapabilitiesAreThoseOfTheStore(t *testing.T) {
	real := memory.NewSecretStore(memory.SecretStoreOptions{})
	for _, c := range []struct {
		store      ports.SecretStore
		bulk, undo bool
	}{{plain{real}, false, false}, {bulk{real, real}, true, false}, {undoes{real, real}, false, true}, {real, true, true}} {
		d := faulty.NewSecretStore(faulty.NewPlan(), profile.Keyring, c.store)
		_, isBulk := d.(ports.BulkReader)
		_, isUndo := d.(ports.Undoer)
		if isBulk != c.bulk || isUndo != c.undo {
			t.Errorf("%T: bulk %v, undo %v", c.store, isBulk, isUndo)
		}
	}
	plan := faulty.NewPlan(faulty.Fault{At: 0, Mode: faulty.FailAfter}, faulty.Fault{At: 1, Mode: faulty.FailBefore})
	w := build(t, plan)
	for _, f := range w.store.(ports.BulkReader).GetAll(w.ctx, []profile.Reference{ref, ref}) {
		if !errors.Is(f.Err, faulty.ErrInjected) || !f.Secret.IsZero() {
			t.Errorf("GetAll: %v", f)
		}
	}
	if err := w.store.(ports.Undoer).Undo(w.ctx, ref); !errors.Is(err, faulty.ErrInjected) || w.now(t) != "old" {
		t.Errorf("Undo: %v, left %q", err, w.now(t))
	}
	if _, err := w.store.Locate(w.ctx, ref); err != nil {
		t.Errorf("Locate: %v", err)
	}
	if err := w.store.Probe(w.ctx); err != nil {
		t.Errorf("Probe: %v", err)
	}
	names := []string{}
	for _, call := range plan.Calls() {
		names = append(names, call.Name)
	}
	if want := []string{"keyring.GetAll", "keyring.Undo", "keyring.Locate", "keyring.Probe"}; !slices.Equal(names, want) {
		t.Errorf("the plan saw %q", names)
	}
}

// lockable is a config whose lock can be counted.
type lockable struct {
	ports.Config
	held  int
	saved profile.Config
}

func (c *lockable) Lock(context.Context) (ports.ConfigTx, error) {
	c.held++
	return &lockableTx{c}, nil
}

func (c *lockable) Load(context.Context) (profile.Config, error) { return c.saved, nil }

type lockableTx struct{ c *lockable }

func (t *lockableTx) Load(context.Context) (profile.Config, error) { return t.c.saved, nil }
func (t *lockableTx) Save(_ context.Context, c profile.Config) error {
	t.c.saved = c
	return nil
}
func (t *lockableTx) Unlock() { t.c.held-- }

func TestNobodyKeepsALockThatFailed(t *testing.T) {
	for _, mode := range faulty.Modes() {
		plan := faulty.NewPlan(faulty.Fault{Mode: mode})
		ctx, cancel := context.WithCancelCause(t.Context())
		plan.OnHang = func() { cancel(errInterrupted) }
		real := &lockable{}
		if tx, err := faulty.NewConfig(plan, real).Lock(ctx); err == nil || tx != nil || real.held != 0 {
			t.Errorf("%s: Lock = %v, %v, and %d locks are held", mode, tx, err, real.held)
		}
	}
}

func TestADeadProcessReleasesItsLock(t *testing.T) {
	plan := faulty.NewPlan(faulty.Fault{At: 2, Mode: faulty.CrashAfter})
	real := &lockable{}
	config := faulty.NewConfig(plan, real)
	tx, err := config.Lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := tx.Save(t.Context(), profile.Config{Default: "saved"}); !errors.Is(err, faulty.ErrCrashed) || fault.CodeOf(err) != fault.ConfigWriteFailed {
		t.Errorf("Save: %v", err)
	}
	_ = tx.Save(t.Context(), profile.Config{Default: "by the dead"})
	if _, err := config.Load(t.Context()); !errors.Is(err, faulty.ErrCrashed) {
		t.Errorf("Load: %v", err)
	}
	tx.Unlock()
	if real.saved.Default != "saved" || real.held != 0 {
		t.Errorf("left behind: %q, and %d locks are held", real.saved.Default, real.held)
	}
}

// change is a use case: it replaces the secret and puts it back on failure.
func change(ctx context.Context, s ports.SecretStore) error {
	before, err := s.Get(ctx, ref)
	if err != nil {
		return err
	}
	if err := s.Put(ctx, ref, fresh); err != nil {
		clean := context.WithoutCancel(ctx)
		return errors.Join(err, s.Put(clean, ref, before))
	}
	return nil
}

func TestEnumerate(t *testing.T) {
	for _, c := range []struct{ depth, want int }{
		{0, 0},
		// Two calls in six modes.
		{1, 12},
		// Four modes of the Put are survived, with one call more in six modes. A
		// Get that fails ends it all.
		{2, 12 + 4*6},
	} {
		seen := map[string]bool{}
		runs := faulty.Enumerate(c.depth, faulty.Modes(), func(plan *faulty.Plan) {
			real := memory.NewSecretStore(memory.SecretStoreOptions{})
			_ = real.Plant(ref, old)
			ctx, cancel := context.WithCancelCause(t.Context())
			hung := 0
			plan.OnHang = func() { hung++; cancel(errInterrupted) }
			if hangsInCleanup(plan) {
				seen[fmt.Sprint(plan.Faults())] = true
				return // its context has no end in this use case
			}
			_ = change(ctx, faulty.NewSecretStore(plan, profile.Keyring, real))
			if got, err := real.Get(t.Context(), ref); err != nil || !got.Equal(old) && !got.Equal(fresh) {
				t.Errorf("%v: the secret is lost: %v", plan.Calls(), err)
			}
			seen[fmt.Sprint(plan.Faults())] = true
		})
		if runs != c.want || len(seen) != c.want+1 {
			t.Errorf("depth %d: %d runs, %d different ones, want %d", c.depth, runs, len(seen), c.want)
		}
	}
}

func hangsInCleanup(p *faulty.Plan) bool {
	for _, f := range p.Faults() {
		if f.At == 2 && (f.Mode == faulty.Hang || f.Mode == faulty.HangAfter) {
			return true
		}
	}
	return false
}

func BenchmarkSequence(b *testing.B) {
	for b.Loop() {
		plan := faulty.NewPlan(faulty.Fault{At: 1, Mode: faulty.FailAfter})
		_ = change(b.Context(), faulty.NewSecretStore(plan, profile.Keyring, memory.NewSecretStore(memory.SecretStoreOptions{})))
	}
}
