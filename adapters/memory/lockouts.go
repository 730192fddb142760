package memory

import (
	"context"
	"sync"
	"time"

	"jira-cli/ports"
)

// lockoutMemory is how long a lockout is kept.
const lockoutMemory = time.Hour

// Lockouts is a ports.Lockouts that lasts as long as the process.
type Lockouts struct {
	mu    sync.Mutex
	known map[[3]string]time.Time
}

// NewLockouts returns an empty memory.
func NewLockouts() *Lockouts { return &Lockouts{known: map[[3]string]time.Time{}} }

func key(t ports.Tried) [3]string {
	if t.Guessable {
		return [3]string{t.Site.Origin(), t.User, ""}
	}
	return [3]string{t.Site.Origin(), t.User, t.Secret.Reveal()}
}

// Remember implements ports.Lockouts.
func (l *Lockouts) Remember(ctx context.Context, t ports.Tried, at time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	for k, when := range l.known {
		if at.Sub(when) > lockoutMemory {
			delete(l.known, k)
		}
	}
	l.known[key(t)] = at
	return nil
}

// Recall implements ports.Lockouts.
func (l *Lockouts) Recall(ctx context.Context, t ports.Tried) (time.Time, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.known[key(t)], context.Cause(ctx)
}

// Forget implements ports.Lockouts.
func (l *Lockouts) Forget(ctx context.Context, t ports.Tried) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	delete(l.known, key(t))
	return nil
}
