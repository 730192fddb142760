// Package patience owns how long the OS keyring is waited for: shortly where
// nobody watches, longer where a person may be looking at a prompt, who is then
// told what is awaited. It knows nothing of keyrings.
package patience

import (
	"context"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/ports"
)

// Bounds that suit a keyring: it answers within milliseconds unless it has a
// person to ask.
const (
	Machine = 2 * time.Second
	Person  = 5 * time.Minute
)

// Patience says how operations wait. The zero value waits for Machine and for
// no person.
type Patience struct {
	Machine     time.Duration // for a machine's answer; 0 is the constant
	Person      time.Duration // for a person's answer; 0 is the constant
	Interactive bool          // somebody is there to answer a prompt
	Notifier    ports.Notifier
}

// Op is the waiting of one operation, however many calls it takes. One
// goroutine uses it.
type Op struct {
	p      Patience
	ctx    context.Context
	cancel context.CancelFunc
	timer  *time.Timer
	asking func() // ends the wait for a person, nil while none is waited for
	over   bool
}

// Start begins an operation; End must follow.
func (p Patience) Start(ctx context.Context) *Op {
	if p.Machine == 0 {
		p.Machine = Machine
	}
	if p.Person == 0 {
		p.Person = Person
	}
	o := &Op{p: p, timer: time.NewTimer(p.Machine)}
	o.ctx, o.cancel = context.WithCancel(ctx)
	return o
}

// Context is the caller's context, and ends with the operation.
func (o *Op) Context() context.Context { return o.ctx }

// Interactive reports whether a person can be asked.
func (o *Op) Interactive() bool { return o.p.Interactive }

// End ends the operation, and takes back what it told the person.
func (o *Op) End() {
	o.timer.Stop()
	o.settled()
	o.cancel()
}

// AskPerson turns to waiting for a person, told by the message, with the clock
// of the budget stopped. The wait ends with answered or with the operation.
func (o *Op) AskPerson(message string) (answered func()) {
	if o.asking != nil || o.over {
		return func() {}
	}
	resume, done := ports.Pause(o.ctx), func() {}
	if o.p.Notifier != nil {
		done = o.p.Notifier.Waiting(message)
	}
	o.asking = func() { done(); resume() }
	o.timer.Reset(o.p.Person)
	return func() {
		if o.asking != nil {
			o.settled()
			o.timer.Reset(o.p.Machine)
		}
	}
}

func (o *Op) settled() {
	if o.asking != nil {
		o.asking()
		o.asking = nil
	}
}

// Await waits for a value: the context's cause when that ends first, a fault of
// code KeyringTimeout when the operation's time is up. A silent machine may be
// one that asks a person by itself, so with a person there it gets the longer
// bound.
func Await[T any](o *Op, values <-chan T) (T, error) {
	var none T
	answered := func() {}
	for {
		select {
		case v := <-values:
			answered()
			return v, nil
		case <-o.ctx.Done():
			return none, context.Cause(o.ctx)
		case <-o.timer.C:
		}
		if o.over = o.over || o.asking != nil || !o.p.Interactive; o.over {
			o.timer.Reset(0) // whatever else the operation waits for is over too
			return none, fault.New(fault.KeyringTimeout, "the keyring did not answer in time")
		}
		answered = o.AskPerson("waiting for the keyring to answer")
	}
}
