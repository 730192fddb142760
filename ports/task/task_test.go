package task_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/ports/task"
)

var errEnded = errors.New("ended")

// defect fails unless err is a panic's: InternalError, with the stack that the
// debug trace shows and without it in the message.
func defect(t *testing.T, err error) {
	t.Helper()
	if fault.CodeOf(err) != fault.InternalError {
		t.Fatalf("error = %v, want an internal error", err)
	}
	cause := errors.Unwrap(err)
	if cause == nil || !strings.Contains(cause.Error(), "broken\n") || !strings.Contains(cause.Error(), "task_test.go") {
		t.Errorf("cause = %v, want the value and the stack", cause)
	}
	if strings.Contains(err.Error(), "broken") {
		t.Errorf("the message %q shows the panic's value", err)
	}
}

func broken(context.Context) (int, error) { panic("broken") }

func TestCallReturnsWhatItRan(t *testing.T) {
	n, err := task.Call(t.Context(), func(context.Context) (int, error) { return 7, errEnded }, nil)
	if n != 7 || !errors.Is(err, errEnded) {
		t.Errorf("Call = %d, %v", n, err)
	}
	_, err = task.Call(t.Context(), broken, nil)
	defect(t, err)
	_, err = task.Call(t.Context(), func(context.Context) (int, error) { runtime.Goexit(); return 0, nil }, nil)
	if fault.CodeOf(err) != fault.InternalError {
		t.Errorf("after Goexit: %v", err)
	}
}

func TestCallIsAbandonedWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	stuck, late := make(chan struct{}), make(chan int, 1)
	_, err := task.Call(ctx, func(context.Context) (int, error) {
		cancel(errEnded)
		<-stuck
		return 7, nil
	}, func(n int, _ error) { late <- n })
	if !errors.Is(err, errEnded) {
		t.Fatalf("error = %v, want the context's cause", err)
	}
	close(stuck)
	if n := <-late; n != 7 {
		t.Errorf("the late result was %d", n)
	}
	_, err = task.Call(ctx, func(context.Context) (int, error) { t.Error("started after the end"); return 0, nil }, nil)
	if !errors.Is(err, errEnded) {
		t.Errorf("error = %v, want the context's cause", err)
	}
}

// A result is either returned or handed to late, whichever comes first.
func TestNoResultOfACallIsLost(t *testing.T) {
	for range 500 {
		ctx, cancel := context.WithCancelCause(t.Context())
		late := make(chan int, 1)
		n, err := task.Call(ctx, func(context.Context) (int, error) {
			task.Go(func() { cancel(errEnded) }, nil)
			return 7, nil
		}, func(n int, _ error) { late <- n })
		if err != nil {
			n = <-late
		}
		if n != 7 {
			t.Fatalf("the result was %d", n)
		}
		cancel(nil)
	}
}

func TestEveryGoroutineRecovers(t *testing.T) {
	type start func(f func(), failed func(*fault.Fault))
	for name, begin := range map[string]start{
		"Go":    task.Go,
		"Group": func(f func(), failed func(*fault.Fault)) { new(task.Group).Go(f, failed) },
		"After": func(f func(), failed func(*fault.Fault)) { task.After(0, f, failed) },
		"OnEnd": func(f func(), failed func(*fault.Fault)) {
			ctx, cancel := context.WithCancel(t.Context())
			task.OnEnd(ctx, f, failed)
			cancel()
		},
		"late": func(f func(), failed func(*fault.Fault)) {
			ctx, cancel := context.WithCancel(t.Context())
			_, _ = task.Call(ctx, func(context.Context) (int, error) { cancel(); <-time.After(time.Millisecond); return 0, nil },
				func(int, error) { task.Go(f, failed); panic("broken") })
		},
	} {
		t.Run(name, func(t *testing.T) {
			failed := make(chan error, 1)
			begin(func() { panic("broken") }, func(f *fault.Fault) { failed <- f })
			defect(t, <-failed)
		})
	}
}

func TestAGroupWaitsForAll(t *testing.T) {
	var g task.Group
	var mu sync.Mutex
	n := 0
	for range 20 {
		g.Go(func() { mu.Lock(); defer mu.Unlock(); n++ }, nil)
	}
	g.Go(func() { panic("broken") }, nil)
	g.Wait()
	if n != 20 {
		t.Errorf("%d of 20 ran", n)
	}
}

func TestStopKeepsFromRunning(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	stop := task.OnEnd(ctx, func() { t.Error("it ran") }, nil)
	if !stop() {
		t.Error("stop = false")
	}
	cancel()
}
