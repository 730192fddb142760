package ports

import (
	"context"
	"time"
)

// Budget is the time that a run may spend on the machine's work. It ends its
// context with a cause of code Timeout.
type Budget interface {
	// Pause stops the clock until resume is called; pauses nest.
	Pause() (resume func())

	// Left returns how much of it is left, and whether it is bounded at all. While
	// it is paused that does not change.
	Left() (left time.Duration, bounded bool)
}

type budgetKey struct{}

// WithBudget attaches a budget to a context.
func WithBudget(ctx context.Context, b Budget) context.Context {
	return context.WithValue(ctx, budgetKey{}, b)
}

// Left returns what is left of the context's budget, and whether there is a bound.
func Left(ctx context.Context) (left time.Duration, bounded bool) {
	if b, ok := ctx.Value(budgetKey{}).(Budget); ok {
		return b.Left()
	}
	return 0, false
}

// Pause stops the clock of the context's budget while a person is waited for;
// without a budget it does nothing.
func Pause(ctx context.Context) (resume func()) {
	if b, ok := ctx.Value(budgetKey{}).(Budget); ok {
		return b.Pause()
	}
	return func() {}
}
