// Package faulty owns the injection of faults at the ports. Decorators over the
// ports share one Plan, which counts the calls that pass through them and, at
// the n-th, fails, hangs or lets the process die, before or after the effect. A
// driver runs a use case once to learn its calls and then once per call and
// mode: see Enumerate.
//
// It decides nothing about what a use case should do about a fault, never
// sleeps, and is linked into tests only. Without faults the decorators obey the
// ports as what they decorate does.
package faulty

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"jira-cli/domain/fault"
)

// Mode is what happens at a call.
type Mode int

// The modes. A crash is the last thing that the process does: from it on every
// call of the plan fails without an effect, so that the state is what the
// process leaves behind.
const (
	FailBefore  Mode = iota + 1 // an error, and no effect
	FailAfter                   // the effect, and an error all the same
	Hang                        // no effect, and no answer until the context ends
	HangAfter                   // the effect, and no answer until the context ends
	CrashBefore                 // the process dies before the effect
	CrashAfter                  // the process dies after the effect
)

// Modes returns all modes.
func Modes() []Mode {
	return []Mode{FailBefore, FailAfter, Hang, HangAfter, CrashBefore, CrashAfter}
}

// String names the mode.
func (m Mode) String() string {
	names := []string{"fail before", "fail after", "hang", "hang after", "crash before", "crash after"}
	if m < 1 || int(m) > len(names) {
		return fmt.Sprintf("mode %d", int(m))
	}
	return names[m-1]
}

// The sentinels in the chain of every injected error.
var (
	ErrInjected = errors.New("this fault was injected")
	ErrCrashed  = errors.New("the process is dead")
)

// Fault is one thing that goes wrong: at the call of that index, counted from
// 0, in that mode. Code overrides the code that suits the port.
type Fault struct {
	At   int
	Mode Mode
	Code fault.Code
}

// Plan says what goes wrong in one run, and records the run's calls. It is safe
// for concurrent use, though concurrent calls are recorded as they come.
type Plan struct {
	// OnHang is called when a call begins to hang. The driver ends the context
	// in it, as a timeout or a signal would. Set it before the first call.
	OnHang func()

	faults []Fault

	mu    sync.Mutex
	calls []Call
	dead  bool
}

// Call is one call that passed through a plan: its name, such as "keyring.Put",
// and what was done to it, 0 for nothing.
type Call struct {
	Name string
	Mode Mode
}

// String shows the call as a failing test should name it.
func (c Call) String() string {
	if c.Mode == 0 {
		return c.Name
	}
	return c.Name + " [" + c.Mode.String() + "]"
}

// NewPlan returns a plan with the faults; with none it only records.
func NewPlan(faults ...Fault) *Plan { return &Plan{faults: slices.Clone(faults)} }

// Calls returns the calls so far. Those after a crash are not among them: a
// dead process makes none.
func (p *Plan) Calls() []Call {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.calls)
}

// Struck returns how many of the faults have happened.
func (p *Plan) Struck() int {
	n := 0
	for _, c := range p.Calls() {
		if c.Mode != 0 {
			n++
		}
	}
	return n
}

// Crashed reports whether the process has died.
func (p *Plan) Crashed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dead
}

// Faults returns the faults of the plan.
func (p *Plan) Faults() []Fault { return slices.Clone(p.faults) }

// arrive records a call and returns what happens to it.
func (p *Plan) arrive(name string) (f Fault, dead bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dead {
		return Fault{}, true
	}
	for _, planned := range p.faults {
		if planned.At == len(p.calls) {
			f = planned
		}
	}
	p.calls = append(p.calls, Call{name, f.Mode})
	p.dead = f.Mode == CrashBefore || f.Mode == CrashAfter
	return f, false
}

func (p *Plan) hang(ctx context.Context) error {
	if p.OnHang != nil {
		p.OnHang()
	}
	<-ctx.Done()
	return context.Cause(ctx)
}

// do passes one call through the plan. A call under a context that has ended is
// no place for a fault: it has no effect and gives the context's cause anyway.
func do[T any](ctx context.Context, p *Plan, name string, code fault.Code, run func() (T, error)) (T, error) {
	var none T
	f, dead := p.arrive(name)
	if f.Code != "" {
		code = f.Code
	}
	crashed := func() error { return fault.Wrap(ErrCrashed, code, "the process died at %s", name) }
	switch {
	case dead, f.Mode == CrashBefore:
		return none, crashed()
	case f.Mode == 0, ctx.Err() != nil && f.Mode != CrashAfter:
		return run()
	case f.Mode == Hang:
		return none, p.hang(ctx)
	case f.Mode == FailBefore:
		return none, injected(name, code)
	}
	_, _ = run() // what it answers does not arrive
	switch f.Mode {
	case HangAfter:
		return none, p.hang(ctx)
	case CrashAfter:
		return none, crashed()
	}
	return none, injected(name, code)
}

func injected(name string, code fault.Code) error {
	return fault.Wrap(ErrInjected, code, "injected fault at %s", name)
}

// only is do for calls that return nothing but an error.
func only(ctx context.Context, p *Plan, name string, code fault.Code, run func() error) error {
	_, err := do(ctx, p, name, code, func() (struct{}, error) { return struct{}{}, run() })
	return err
}
