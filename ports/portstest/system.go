package portstest

import (
	"context"
	"errors"
	"regexp"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/ports"
)

// TestClock demands of a clock what ports.Clock promises. It runs on fake time.
func TestClock(t *testing.T, newClock func() ports.Clock) {
	t.Helper()
	end := errors.New("the end that the test chose")
	t.Run("sleeps pass", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			clock := newClock()
			for _, d := range []time.Duration{time.Hour, 1, 0, -time.Hour} {
				before := clock.Now()
				if err := clock.Sleep(t.Context(), d); err != nil {
					t.Errorf("sleeping %s: %v", d, err)
				}
				if passed := clock.Now().Sub(before); passed < max(d, 0) {
					t.Errorf("after %s only %s passed", d, passed)
				}
			}
		})
	})
	t.Run("ended context", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			cancel(end)
			for _, d := range []time.Duration{time.Hour, 0} {
				if err := newClock().Sleep(ctx, d); !errors.Is(err, end) {
					t.Errorf("sleeping %s: got %v, want the cause of the context", d, err)
				}
			}
		})
	})
}

// TestIDs demands of identifiers what ports.IDs promises.
func TestIDs(t *testing.T, ids ports.IDs) {
	t.Helper()
	shape := regexp.MustCompile(`^[0-9A-Za-z-]{16,}$`)
	var mu sync.Mutex
	seen := map[string]bool{}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 256 {
				id := ids.RequestID()
				mu.Lock()
				if !shape.MatchString(id) {
					t.Errorf("%q is not an identifier", id)
				}
				if seen[id] {
					t.Errorf("%q came twice", id)
				}
				seen[id] = true
				mu.Unlock()
			}
		})
	}
	all.Wait()
}

// EnvironmentHarness is an environment with a hand on its variables.
type EnvironmentHarness struct {
	Environment ports.Environment
	Set         func(name, value string)
}

// TestEnvironment demands of an environment what ports.Environment promises.
func TestEnvironment(t *testing.T, h EnvironmentHarness) {
	t.Helper()
	h.Set("JIRA_PORTSTEST_FULL", "a value = with\nodd characters é ")
	h.Set("JIRA_PORTSTEST_EMPTY", "")
	for _, c := range []struct {
		name, value string
		set         bool
	}{
		{"JIRA_PORTSTEST_FULL", "a value = with\nodd characters é ", true},
		{"JIRA_PORTSTEST_EMPTY", "", true},
		{"JIRA_PORTSTEST_ABSENT", "", false},
		{"", "", false},
	} {
		if value, set := h.Environment.Lookup(c.name); value != c.value || set != c.set {
			t.Errorf("%q is %q, %v, want %q, %v", c.name, value, set, c.value, c.set)
		}
	}
}

// NewBudget starts a budget of d and returns the context that it ends.
type NewBudget func(parent context.Context, d time.Duration) (ctx context.Context, b ports.Budget, stop func())

// TestBudget demands of a budget what ports.Budget promises. It runs on fake
// time.
func TestBudget(t *testing.T, newBudget NewBudget) {
	t.Helper()
	for _, c := range []struct {
		name string
		run  func(t *testing.T, newBudget NewBudget)
	}{
		{"elapses", testBudgetElapses},
		{"stands still", testBudgetStandsStill},
		{"pauses nest", testBudgetNests},
		{"around another", testBudgetAround},
		{"ends with its parent", testBudgetParent},
		{"says what is left", testBudgetLeft},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { c.run(t, newBudget) })
		})
	}
}

// demandEnd says whether the context is to have ended by now, for Timeout.
func demandEnd(t *testing.T, ctx context.Context, ended bool) {
	t.Helper()
	synctest.Wait()
	if ended != (ctx.Err() != nil) {
		t.Fatalf("the context has ended: %v, want %v", ctx.Err() != nil, ended)
	}
	if ended && fault.CodeOf(context.Cause(ctx)) != fault.Timeout {
		t.Errorf("the cause is %v, want %s", context.Cause(ctx), fault.Timeout)
	}
}

func testBudgetElapses(t *testing.T, newBudget NewBudget) {
	ctx, _, stop := newBudget(t.Context(), 30*time.Second)
	defer stop()
	time.Sleep(30*time.Second - 1)
	demandEnd(t, ctx, false)
	time.Sleep(time.Nanosecond)
	demandEnd(t, ctx, true)
}

func testBudgetStandsStill(t *testing.T, newBudget NewBudget) {
	ctx, _, stop := newBudget(t.Context(), 30*time.Second)
	defer stop()
	for range 2 {
		time.Sleep(10 * time.Second)
		resume := ports.Pause(ctx)
		time.Sleep(time.Hour)
		resume()
		resume()
		demandEnd(t, ctx, false)
	}
	time.Sleep(10*time.Second - 1)
	demandEnd(t, ctx, false)
	time.Sleep(time.Nanosecond)
	demandEnd(t, ctx, true)
	ports.Pause(ctx)()
	demandEnd(t, ctx, true)
}

func testBudgetLeft(t *testing.T, newBudget NewBudget) {
	ctx, _, stop := newBudget(t.Context(), 30*time.Second)
	defer stop()
	demand := func(want time.Duration) {
		t.Helper()
		if left, bounded := ports.Left(ctx); left != want || !bounded {
			t.Errorf("%v is left (bounded: %v), want %v", left, bounded, want)
		}
	}
	demand(30 * time.Second)
	time.Sleep(10 * time.Second)
	demand(20 * time.Second)
	resume := ports.Pause(ctx)
	time.Sleep(time.Hour)
	demand(20 * time.Second)
	resume()
	time.Sleep(time.Minute)
	demand(0)
	unbounded, _, stop := newBudget(t.Context(), 0)
	defer stop()
	if _, bounded := ports.Left(unbounded); bounded {
		t.Error("a budget without an end says that it has one")
	}
}

func testBudgetNests(t *testing.T, newBudget NewBudget) {
	ctx, b, stop := newBudget(t.Context(), time.Second)
	defer stop()
	first, second := b.Pause(), b.Pause()
	first()
	first()
	time.Sleep(time.Hour)
	demandEnd(t, ctx, false)
	second()
	time.Sleep(time.Second)
	demandEnd(t, ctx, true)
}

func testBudgetAround(t *testing.T, newBudget NewBudget) {
	outer, _, stopOuter := newBudget(t.Context(), time.Second)
	defer stopOuter()
	inner, _, stopInner := newBudget(outer, time.Minute)
	defer stopInner()
	resume := ports.Pause(inner)
	time.Sleep(time.Hour)
	demandEnd(t, outer, false)
	resume()
	time.Sleep(time.Second)
	demandEnd(t, inner, true)
}

func testBudgetParent(t *testing.T, newBudget NewBudget) {
	end := errors.New("the end that the test chose")
	parent, cancel := context.WithCancelCause(t.Context())
	ctx, _, stop := newBudget(parent, time.Second)
	cancel(end)
	if got := context.Cause(ctx); !errors.Is(got, end) {
		t.Errorf("the cause is %v, want the parent's", got)
	}
	stop()
	stop()
	other, b, stop := newBudget(t.Context(), time.Second)
	stop()
	if other.Err() == nil {
		t.Error("a stopped budget leaves its context open")
	}
	b.Pause()()
}
