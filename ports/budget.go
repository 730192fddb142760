package ports

import "context"

// Budget is the time that a run may spend on the machine's work. It ends its
// context with a cause of code Timeout.
type Budget interface {
	// Pause stops the clock until resume is called; pauses nest.
	Pause() (resume func())
}

type budgetKey struct{}

// WithBudget attaches a budget to a context.
func WithBudget(ctx context.Context, b Budget) context.Context {
	return context.WithValue(ctx, budgetKey{}, b)
}

// Pause stops the clock of the context's budget while a person is waited for;
// without a budget it does nothing.
func Pause(ctx context.Context) (resume func()) {
	if b, ok := ctx.Value(budgetKey{}).(Budget); ok {
		return b.Pause()
	}
	return func() {}
}
