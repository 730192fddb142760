package memory

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Clock stands still except for its sleeps, which take no time. It implements
// ports.Clock and is safe for concurrent use.
type Clock struct {
	mu     sync.Mutex
	now    time.Time
	sleeps []time.Duration
}

// NewClock returns a clock that shows t.
func NewClock(t time.Time) *Clock { return &Clock{now: t} }

// Now returns the time at which the clock stands.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Sleep moves the clock by d and records it, or returns context.Cause(ctx)
// where ctx has ended.
func (c *Clock) Sleep(ctx context.Context, d time.Duration) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sleeps = append(c.sleeps, d)
	c.now = c.now.Add(max(d, 0))
	return nil
}

// Advance moves the clock by d.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Sleeps returns the durations slept so far.
func (c *Clock) Sleeps() []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]time.Duration(nil), c.sleeps...)
}

// IDs hands out given identifiers, then counted ones. It implements ports.IDs
// and is safe for concurrent use.
type IDs struct {
	mu    sync.Mutex
	given []string
	count int
}

// NewIDs returns identifiers: the given ones in their order, and after them
// req-0000000000000001 and so on.
func NewIDs(given ...string) *IDs { return &IDs{given: given} }

// RequestID returns the next identifier.
func (i *IDs) RequestID() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.given) > 0 {
		id := i.given[0]
		i.given = i.given[1:]
		return id
	}
	i.count++
	return fmt.Sprintf("req-%016d", i.count)
}
