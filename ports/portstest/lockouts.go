package portstest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// TestLockouts holds an implementation to ports.Lockouts. open returns a handle
// onto the same memory each time; Shared says that a second handle sees what the
// first one remembers.
func TestLockouts(t *testing.T, fresh func(t *testing.T) (open func() ports.Lockouts)) {
	site, err := profile.ParseSite("example")
	if err != nil {
		t.Fatal(err)
	}
	other, _ := profile.ParseSite("work")
	john := ports.Tried{Site: site, User: "john.doe@example.com", Secret: secret.New("ATATT3xFfGF0-example-ABCD")}
	at := time.Date(2026, 5, 27, 0, 0, 0, 0, time.UTC)
	ctx := context.Background()
	recall := func(t *testing.T, l ports.Lockouts, who ports.Tried, want time.Time) {
		t.Helper()
		if got, err := l.Recall(ctx, who); err != nil || !got.Equal(want) {
			t.Errorf("Recall = %v, %v; want %v", got, err, want)
		}
	}
	t.Run("remember, recall, forget", func(t *testing.T) {
		open := fresh(t)
		recall(t, open(), john, time.Time{})
		for _, when := range []time.Time{at, at.Add(time.Minute)} {
			if err := open().Remember(ctx, john, when); err != nil {
				t.Fatal(err)
			}
			recall(t, open(), john, when)
		}
		for range 2 {
			if err := open().Forget(ctx, john); err != nil {
				t.Fatal(err)
			}
			recall(t, open(), john, time.Time{})
		}
	})
	t.Run("the very same credential", func(t *testing.T) {
		l := fresh(t)()
		if err := l.Remember(ctx, john, at); err != nil {
			t.Fatal(err)
		}
		for _, change := range []func(*ports.Tried){
			func(c *ports.Tried) { c.Site = other },
			func(c *ports.Tried) { c.User = "jane.doe@example.com" },
			func(c *ports.Tried) { c.Secret = secret.New("ATATT3xFfGF0-example-WXYZ") },
			func(c *ports.Tried) { c.User, c.Secret = c.User+"A", secret.New(c.Secret.Reveal()[1:]) },
		} {
			changed := john
			change(&changed)
			recall(t, l, changed, time.Time{})
			if err := l.Forget(ctx, changed); err != nil {
				t.Error(err)
			}
		}
		recall(t, l, john, at)
	})
	t.Run("a guessable secret", func(t *testing.T) {
		l := fresh(t)()
		first, second := john, john
		first.Secret, first.Guessable = secret.New("hunter2"), true
		second.Secret, second.Guessable = secret.New("hunter3"), true
		for _, known := range []bool{true, false} {
			want := at
			if known {
				err = l.Remember(ctx, first, at)
			} else {
				want, err = time.Time{}, l.Forget(ctx, second)
			}
			if err != nil {
				t.Fatal(err)
			}
			recall(t, l, first, want)
			recall(t, l, second, want) // the user at that site: the secret is not kept
			recall(t, l, john, time.Time{})
			elsewhere := first
			elsewhere.Site = other
			recall(t, l, elsewhere, time.Time{})
		}
	})
	t.Run("what is old is dropped", func(t *testing.T) {
		l := fresh(t)()
		jane := john
		jane.User = "jane.doe@example.com"
		for _, step := range []struct {
			who  ports.Tried
			when time.Time
		}{{john, at}, {jane, at.Add(61 * time.Minute)}} {
			if err := l.Remember(ctx, step.who, step.when); err != nil {
				t.Fatal(err)
			}
		}
		recall(t, l, john, time.Time{})
		recall(t, l, jane, at.Add(61*time.Minute))
	})
	t.Run("an ended context", func(t *testing.T) {
		l := fresh(t)()
		cause := errors.New("the test ended it")
		ended, end := context.WithCancelCause(ctx)
		end(cause)
		_, err := l.Recall(ended, john)
		for name, err := range map[string]error{"Remember": l.Remember(ended, john, at), "Recall": err, "Forget": l.Forget(ended, john)} {
			if !errors.Is(err, cause) {
				t.Errorf("%s: %v", name, err)
			}
		}
		recall(t, l, john, time.Time{})
	})
	t.Run("at once", func(t *testing.T) {
		open := fresh(t)
		many := make([]ports.Tried, 12)
		var all sync.WaitGroup
		for i := range many {
			many[i] = john
			many[i].User = fmt.Sprintf("user%d@example.com", i)
			all.Go(func() {
				l := open()
				if err := l.Remember(ctx, many[i], at); err != nil {
					t.Error(err)
				}
				_, _ = l.Recall(ctx, many[i])
			})
		}
		all.Wait()
		for _, who := range many {
			recall(t, open(), who, at)
		}
	})
}
