package memory

import (
	"sync"
	"time"
)

// Budget never ends and counts its pauses. It implements ports.Budget and is
// safe for concurrent use.
type Budget struct {
	mu     sync.Mutex
	pauses int
	still  int
}

// NewBudget returns a budget that runs.
func NewBudget() *Budget { return &Budget{} }

// Pause counts.
func (b *Budget) Pause() (resume func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pauses++
	b.still++
	return sync.OnceFunc(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.still--
	})
}

// Left implements ports.Budget: there is no bound.
func (b *Budget) Left() (time.Duration, bool) { return 0, false }

// Pauses returns how many pauses there have been.
func (b *Budget) Pauses() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.pauses
}

// Paused reports whether the budget stands still.
func (b *Budget) Paused() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.still > 0
}
