package system

import (
	"context"
	"sync"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/ports"
	"jira-cli/ports/task"
)

// Budget is a running time that stands still while it is paused. It implements
// ports.Budget.
type Budget struct {
	allowed time.Duration
	end     context.CancelCauseFunc
	outer   context.Context // pausing this budget pauses that of the context around it

	mu      sync.Mutex
	timer   *time.Timer
	left    time.Duration // valid while paused
	since   time.Time     // when the timer was last started
	pauses  int
	stopped bool
}

// NewBudget returns a context that carries the budget (ports.WithBudget) and
// ends after d of un-paused time, with a cause of code Timeout. A d of zero or
// less bounds nothing; whether that may be asked for is the command line's
// business. stop releases the timer and ends the context.
func NewBudget(parent context.Context, d time.Duration) (ctx context.Context, b *Budget, stop func()) {
	ctx, end := context.WithCancelCause(parent)
	b = &Budget{allowed: d, end: end, outer: parent, left: d}
	b.mu.Lock()
	b.start()
	b.mu.Unlock()
	return ports.WithBudget(ctx, b), b, b.stop
}

// Pause stops the clock until resume is called; pauses nest, and calling one
// resume twice counts once.
func (b *Budget) Pause() (resume func()) {
	resumeOuter := ports.Pause(b.outer)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pauses++
	if b.pauses == 1 && b.timer != nil {
		b.timer.Stop()
		b.left -= time.Since(b.since)
	}
	return sync.OnceFunc(func() {
		b.mu.Lock()
		b.pauses--
		if b.pauses == 0 {
			b.start()
		}
		b.mu.Unlock()
		resumeOuter()
	})
}

// Left implements ports.Budget.
func (b *Budget) Left() (left time.Duration, bounded bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.allowed <= 0 {
		return 0, false
	}
	if left = b.left; b.pauses == 0 {
		left -= time.Since(b.since)
	}
	return max(left, 0), true
}

// start lets the clock run for what is left. The caller holds mu.
func (b *Budget) start() {
	if b.allowed <= 0 || b.stopped {
		return
	}
	b.since = time.Now()
	b.timer = task.After(max(b.left, 0), b.expire, func(f *fault.Fault) { b.end(f) })
}

// expire ends the context, unless a pause came between the timer and the lock.
func (b *Budget) expire() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.pauses > 0 || b.stopped || time.Since(b.since) < b.left {
		return
	}
	b.end(fault.New(fault.Timeout, "the command did not finish within %s", b.allowed))
}

func (b *Budget) stop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stopped = true
	if b.timer != nil {
		b.timer.Stop()
	}
	b.end(context.Canceled)
}
