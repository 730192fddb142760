package patience_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"jira-cli/adapters/keychain/patience"
	"jira-cli/domain/fault"
	"jira-cli/ports"
)

// person records what a person is told and when the clock of the budget stands.
type person struct {
	told   []string
	shown  int
	paused int
}

func (p *person) Waiting(message string) func() {
	p.told = append(p.told, message)
	p.shown++
	return func() { p.shown-- }
}

func (p *person) Left() (time.Duration, bool) { return 0, false }

func (p *person) Pause() func() {
	p.paused++
	return func() { p.paused-- }
}

func start(t *testing.T, p patience.Patience, who *person) *patience.Op {
	p.Notifier = who
	op := p.Start(ports.WithBudget(t.Context(), who))
	t.Cleanup(op.End)
	return op
}

func await(op *patience.Op, after time.Duration) (string, error) {
	values := make(chan string, 1)
	timer := time.AfterFunc(after, func() { values <- "answer" })
	defer timer.Stop()
	return patience.Await(op, values)
}

func wantTimeout(t *testing.T, err error) {
	t.Helper()
	if fault.CodeOf(err) != fault.KeyringTimeout {
		t.Errorf("the error is %v, want KeyringTimeout", err)
	}
}

func TestWithoutAPerson(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		who := &person{}
		op := start(t, patience.Patience{}, who)
		began := time.Now()
		if got, err := await(op, time.Second); got != "answer" || err != nil {
			t.Errorf("an answer in time: %q, %v", got, err)
		}
		_, err := await(op, time.Hour)
		wantTimeout(t, err)
		if took := time.Since(began); took != patience.Machine {
			t.Errorf("the operation took %v in all, want %v", took, patience.Machine)
		}
		_, err = await(op, time.Millisecond)
		wantTimeout(t, err) // it stays over
		if len(who.told) != 0 {
			t.Errorf("nobody was told %q", who.told)
		}
	})
}

func TestWithAPerson(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		who := &person{}
		op := start(t, patience.Patience{Interactive: true}, who)
		if got, err := await(op, time.Minute); got != "answer" || err != nil {
			t.Errorf("a slow answer: %q, %v", got, err)
		}
		if len(who.told) != 1 || who.shown != 0 || who.paused != 0 {
			t.Errorf("told %q, %d shown, paused %d", who.told, who.shown, who.paused)
		}
		began := time.Now()
		_, err := await(op, time.Hour)
		wantTimeout(t, err)
		if took := time.Since(began); took != patience.Machine+patience.Person {
			t.Errorf("it gave up after %v", took)
		}
		op.End()
		if who.shown != 0 || who.paused != 0 {
			t.Errorf("after the end %d shown, paused %d", who.shown, who.paused)
		}
	})
}

func TestAskPerson(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		who := &person{}
		op := start(t, patience.Patience{Interactive: true}, who)
		answered := op.AskPerson("unlock it")
		if op.AskPerson("again")(); who.shown != 1 || who.paused != 1 {
			t.Errorf("%d shown, paused %d: a second question ends the first", who.shown, who.paused)
		}
		if got, err := await(op, 4*time.Minute); got != "answer" || err != nil {
			t.Errorf("a person's answer: %q, %v", got, err)
		}
		answered()
		answered()
		if who.shown != 0 || who.paused != 0 || len(who.told) != 1 {
			t.Errorf("%d shown, paused %d, told %q", who.shown, who.paused, who.told)
		}
	})
}

func TestEndedContext(t *testing.T) {
	cause := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(t.Context())
	op := patience.Patience{Machine: time.Hour}.Start(ctx)
	defer op.End()
	cancel(cause)
	if _, err := patience.Await(op, make(chan int)); !errors.Is(err, cause) {
		t.Errorf("the error is %v, want the cause", err)
	}
}
