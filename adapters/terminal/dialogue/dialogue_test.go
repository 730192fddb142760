package dialogue_test

import (
	"context"
	"errors"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"jira-cli/adapters/terminal/dialogue"
	"jira-cli/domain/fault"
	"jira-cli/ports"
)

// console answers each question with its label, and counts who is being asked.
type console struct {
	mu    sync.Mutex
	asked int
	err   error
	wait  bool
}

func (c *console) Ask(ctx context.Context, p dialogue.Prompt) (string, error) {
	if c.wait {
		<-ctx.Done()
		return "", context.Cause(ctx)
	}
	if !c.mu.TryLock() {
		return "", errors.New("two questions at once")
	}
	defer c.mu.Unlock()
	c.asked++
	time.Sleep(time.Second)
	return p.Label + "\n", c.err
}

func (c *console) Print(context.Context, string) error { return c.err }

func TestOneQuestionAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &console{}
		d := dialogue.New(c, dialogue.Options{})
		var all sync.WaitGroup
		for _, label := range []string{"one", "two", "three", "four"} {
			all.Go(func() {
				if got, err := d.Line(t.Context(), ports.Question{Label: label}); err != nil || got != label {
					t.Errorf("%s: got %q, %v", label, got, err)
				}
			})
		}
		all.Wait()
		if c.asked != 4 {
			t.Errorf("%d questions were asked, want 4", c.asked)
		}
	})
}

func TestWaitingForATurnEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := dialogue.New(&console{wait: true}, dialogue.Options{Patience: time.Hour})
		end := errors.New("the end that the test chose")
		ctx, cancel := context.WithCancelCause(t.Context())
		var all sync.WaitGroup
		for range 2 {
			all.Go(func() {
				if _, err := d.Line(ctx, ports.Question{Label: "Email"}); !errors.Is(err, end) {
					t.Errorf("got %v, want the cause of the context", err)
				}
			})
		}
		synctest.Wait()
		cancel(end)
		all.Wait()
	})
}

func TestFiveMinutesWithoutAnAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		before := time.Now()
		_, err := dialogue.New(&console{wait: true}, dialogue.Options{}).Secret(t.Context(), ports.Question{Label: "API\x1b[1m token"})
		f := fault.From(err)
		if f.Code != fault.Timeout || f.Message != `nobody answered the question "API token" within 5m` || f.Hint == "" {
			t.Errorf("got %q, %q, %q", f.Code, f.Message, f.Hint)
		}
		if waited := time.Since(before); waited != 5*time.Minute {
			t.Errorf("it waited %s", waited)
		}
	})
}

func TestErrorsOfTheConsole(t *testing.T) {
	broken := fault.New(fault.InputReadFailed, "broken")
	for err, want := range map[error]fault.Code{broken: fault.InputReadFailed, io.EOF: fault.Canceled} {
		synctest.Test(t, func(t *testing.T) {
			_, got := dialogue.New(&console{err: err}, dialogue.Options{}).Line(t.Context(), ports.Question{Label: "Email"})
			if fault.CodeOf(got) != want {
				t.Errorf("%v: got %v, want %s", err, got, want)
			}
		})
	}
	d := dialogue.New(&console{err: broken}, dialogue.Options{})
	if _, err := d.Line(t.Context(), ports.Question{Label: "Email", Note: []string{"a note"}}); !errors.Is(err, broken) {
		t.Errorf("a note that cannot be shown: got %v", err)
	}
}

func TestMinutes(t *testing.T) {
	for d, want := range map[time.Duration]string{5 * time.Minute: "5m", 90 * time.Second: "1m30s", 20 * time.Millisecond: "20ms", time.Hour: "1h0m"} {
		if got := dialogue.Minutes(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}
