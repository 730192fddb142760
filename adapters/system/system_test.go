package system_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"jira-cli/adapters/system"
	"jira-cli/domain/fault"
	"jira-cli/ports"
	"jira-cli/ports/portstest"
)

func TestConforms(t *testing.T) {
	portstest.TestClock(t, func() ports.Clock { return system.NewClock() })
	portstest.TestIDs(t, system.NewIDs())
	portstest.TestEnvironment(t, portstest.EnvironmentHarness{
		Environment: system.NewEnvironment(),
		Set:         t.Setenv,
	})
	portstest.TestBudget(t, func(parent context.Context, d time.Duration) (context.Context, ports.Budget, func()) {
		return system.NewBudget(parent, d)
	})
}

func TestClockIsCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		end := errors.New("the end that the test chose")
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, end)
		defer cancel()
		if err := system.NewClock().Sleep(ctx, time.Hour); !errors.Is(err, end) {
			t.Errorf("got %v, want the cause of the context", err)
		}
	})
}

func TestBudgetMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, _, stop := system.NewBudget(t.Context(), 30*time.Second)
		defer stop()
		<-ctx.Done()
		f := fault.From(context.Cause(ctx))
		if f.Message != "the command did not finish within 30s" || f.Hint == "" {
			t.Errorf("got %q, %q", f.Message, f.Hint)
		}
	})
}

func TestBudgetOfNothingBoundsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, b, stop := system.NewBudget(t.Context(), 0)
		defer stop()
		b.Pause()()
		time.Sleep(1000 * time.Hour)
		if ctx.Err() != nil {
			t.Errorf("it ended: %v", context.Cause(ctx))
		}
	})
}
