package portstest

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// PersonAct is what a person does at a question.
type PersonAct int

// The acts.
const (
	Types         PersonAct = iota // Text and Enter
	EndsInput                      // Ctrl-D
	StaysSilent                    // nothing until the context ends
	OutwaitsAsker                  // nothing until the prompter gives up, which it should do soon
)

// PersonStep is one act at the question of that label. What is typed for a
// secret is typed once its question is shown.
type PersonStep struct {
	Label string
	Text  string
	Act   PersonAct
}

// PrompterHarness is a prompter with a person who follows the steps.
type PrompterHarness struct {
	Prompter ports.Prompter

	// Seen returns all that the person has seen so far; what is typed may be
	// part of it.
	Seen func() string
}

// peopleGuard bounds what must come promptly. It guards against hanging and
// measures nothing.
const peopleGuard = 30 * time.Second

// asking is one kind of question, for the cases that hold for every kind. valid
// is typed where an answer is needed.
type asking struct {
	name  string
	valid string
	ask   func(ctx context.Context, p ports.Prompter, q ports.Question) error
}

func askings() []asking {
	return []asking{
		{"line", "work", func(ctx context.Context, p ports.Prompter, q ports.Question) error {
			_, err := p.Line(ctx, q)
			return err
		}},
		{"secret", sampleToken, func(ctx context.Context, p ports.Prompter, q ports.Question) error {
			_, err := p.Secret(ctx, q)
			return err
		}},
		{"choose", "file", func(ctx context.Context, p ports.Prompter, q ports.Question) error {
			_, err := p.Choose(ctx, q, []string{"keyring", "file"})
			return err
		}},
		{"confirm", "y", func(ctx context.Context, p ports.Prompter, q ports.Question) error {
			_, err := p.Confirm(ctx, q)
			return err
		}},
	}
}

const sampleToken = "ATATT3xFfGF0sampleABCD"

// TestPrompter demands of a prompter what ports.Prompter promises. newHarness
// is called once per case.
func TestPrompter(t *testing.T, newHarness func(t *testing.T, steps ...PersonStep) PrompterHarness) {
	t.Helper()
	cases := []struct {
		name string
		run  func(t *testing.T, newHarness func(t *testing.T, steps ...PersonStep) PrompterHarness)
	}{
		{"lines", testLines},
		{"checks", testChecks},
		{"secrets", testSecrets},
		{"choices", testChoices},
		{"confirmations", testConfirmations},
		{"shown text", testShownText},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { c.run(t, newHarness) })
	}
	for _, kind := range askings() {
		t.Run("ways out of "+kind.name, func(t *testing.T) { testWaysOut(t, kind, newHarness) })
	}
}

// testWaysOut leaves a question in every way there is, and demands each time
// that the budget stood still and runs again.
func testWaysOut(t *testing.T, kind asking, newHarness func(t *testing.T, steps ...PersonStep) PrompterHarness) {
	q := ports.Question{Label: "Way out"}
	end := errors.New("the end that the test chose")
	cases := []struct {
		name string
		act  PersonAct
		code fault.Code
	}{
		{"answer", Types, ""},
		{"end of input", EndsInput, fault.Canceled},
		{"no answer", OutwaitsAsker, fault.Timeout},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			h := newHarness(t, PersonStep{Label: q.Label, Text: kind.valid, Act: c.act})
			budget := &budgetSpy{}
			err := kind.ask(ports.WithBudget(t.Context(), budget), h.Prompter, q)
			if got := fault.CodeOf(err); got != c.code {
				t.Errorf("the code is %q (%v), want %q", got, err, c.code)
			}
			budget.demandPausedAndRunning(t)
		})
	}
	t.Run("context ended before", func(t *testing.T) {
		h := newHarness(t)
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(end)
		if err := kind.ask(ctx, h.Prompter, q); !errors.Is(err, end) {
			t.Errorf("got %v, want the cause of the context", err)
		}
		if seen := h.Seen(); seen != "" {
			t.Errorf("something was shown: %q", seen)
		}
	})
	t.Run("context ends meanwhile", func(t *testing.T) {
		h := newHarness(t, PersonStep{Label: q.Label, Act: StaysSilent})
		budget := &budgetSpy{}
		ctx, cancel := context.WithCancelCause(ports.WithBudget(t.Context(), budget))
		answer := make(chan error, 1)
		go func() { answer <- kind.ask(ctx, h.Prompter, q) }()
		waitForText(t, h.Seen, q.Label)
		cancel(end)
		if err := awaitError(t, answer); !errors.Is(err, end) {
			t.Errorf("got %v, want the cause of the context", err)
		}
		budget.demandPausedAndRunning(t)
	})
}

// SecretInputHarness is a stdin under test.
type SecretInputHarness struct {
	// Holding returns a stdin that holds text and then ends.
	Holding func(t *testing.T, text string) ports.SecretInput

	// Silent returns a stdin that nobody writes to and nobody closes.
	Silent func(t *testing.T) ports.SecretInput

	// Impatient is Silent with a bound that ends soon.
	Impatient func(t *testing.T) ports.SecretInput

	// Broken returns a stdin that cannot be read.
	Broken func(t *testing.T) ports.SecretInput
}

// TestSecretInput demands of a stdin what ports.SecretInput promises.
func TestSecretInput(t *testing.T, h SecretInputHarness) {
	t.Helper()
	whole := strings.Repeat("x", secret.MaxBytes)
	for name, text := range map[string]string{
		"empty": "", "token": sampleToken + "\n", "no line end": sampleToken, "CRLF": sampleToken + "\r\n",
		"two lines": "one\ntwo\n", "unicode": "pässwörd-日本語\n", "odd bytes": "a\x00b\xff\x04c\x03", "limit": whole + "\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			budget := &budgetSpy{}
			got, err := h.Holding(t, text).Read(ports.WithBudget(t.Context(), budget))
			if err != nil || got != text {
				t.Errorf("got %d bytes and %v, want the %d bytes as they are", len(got), err, len(text))
			}
			budget.demandPausedAndRunning(t)
		})
	}
	t.Run("beyond the limit", func(t *testing.T) {
		got, err := h.Holding(t, strings.Repeat(whole, 4)).Read(t.Context())
		if err != nil || len(got) > secret.MaxBytes+3 {
			t.Errorf("got %d bytes and %v, want a few more than %d", len(got), err, secret.MaxBytes)
		}
		if _, err := secret.Parse(got); !errors.Is(err, secret.ErrTooLong) {
			t.Errorf("Parse says %v, want ErrTooLong", err)
		}
	})
	t.Run("codes", func(t *testing.T) {
		if _, err := h.Broken(t).Read(t.Context()); fault.CodeOf(err) != fault.InputReadFailed {
			t.Errorf("broken: got %v, want %s", err, fault.InputReadFailed)
		}
		budget := &budgetSpy{}
		if _, err := h.Impatient(t).Read(ports.WithBudget(t.Context(), budget)); fault.CodeOf(err) != fault.Timeout {
			t.Errorf("silent: got %v, want %s", err, fault.Timeout)
		}
		budget.demandPausedAndRunning(t)
	})
	t.Run("context", func(t *testing.T) { testSilentInput(t, h) })
}

func testSilentInput(t *testing.T, h SecretInputHarness) {
	end := errors.New("the end that the test chose")
	ctx, cancel := context.WithCancelCause(t.Context())
	answer := make(chan error, 1)
	budget := &budgetSpy{began: make(chan struct{}, 1)}
	go func() {
		_, err := h.Silent(t).Read(ports.WithBudget(ctx, budget))
		answer <- err
	}()
	select {
	case <-budget.began:
	case <-time.After(peopleGuard):
		t.Fatal("the budget was not paused")
	}
	cancel(end)
	if err := awaitError(t, answer); !errors.Is(err, end) {
		t.Errorf("ended meanwhile: got %v, want the cause of the context", err)
	}
	budget.demandPausedAndRunning(t)
	if _, err := h.Holding(t, sampleToken).Read(ctx); !errors.Is(err, end) {
		t.Errorf("ended before: got %v, want the cause of the context", err)
	}
}

// NotifierHarness is a notifier under test.
type NotifierHarness struct {
	Notifier ports.Notifier
	Seen     func() string // all that the person has seen so far
}

// TestNotifier demands of a notifier what ports.Notifier promises.
func TestNotifier(t *testing.T, newHarness func(t *testing.T) NotifierHarness) {
	t.Helper()
	t.Run("shows now", func(t *testing.T) {
		h := newHarness(t)
		done := h.Notifier.Waiting("waiting for the keyring")
		waitForText(t, h.Seen, "waiting for the keyring")
		done()
		done()
	})
	t.Run("many at once", func(t *testing.T) {
		h := newHarness(t)
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() { h.Notifier.Waiting("waiting for 1Password")() })
		}
		all.Wait()
		waitForText(t, h.Seen, "waiting for 1Password")
	})
}

// budgetSpy is a budget that counts.
type budgetSpy struct {
	mu            sync.Mutex
	pauses, still int
	began         chan struct{} // told of each pause, where set
}

// Left implements ports.Budget: there is no bound.
func (b *budgetSpy) Left() (time.Duration, bool) { return 0, false }

func (b *budgetSpy) Pause() (resume func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pauses++
	b.still++
	if b.began != nil {
		select {
		case b.began <- struct{}{}:
		default:
		}
	}
	return sync.OnceFunc(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.still--
	})
}

func (b *budgetSpy) demandPausedAndRunning(t *testing.T) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.pauses == 0 {
		t.Error("the budget was not paused")
	}
	if b.still != 0 {
		t.Error("the budget still stands afterwards")
	}
}

func (b *budgetSpy) paused() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.still > 0
}

// waitForText waits until the person sees the text.
func waitForText(t *testing.T, seen func() string, text string) {
	t.Helper()
	for end := time.Now().Add(peopleGuard); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if strings.Contains(seen(), text) {
			return
		}
	}
	t.Fatalf("%q was not shown, but %q", text, seen())
}

func awaitError(t *testing.T, answer <-chan error) error {
	t.Helper()
	select {
	case err := <-answer:
		return err
	case <-time.After(peopleGuard):
		t.Fatal("it goes on after its context ended")
		return nil
	}
}
