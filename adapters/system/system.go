// Package system owns what a process has from its operating system: the
// environment, the clock, randomness for identifiers, signals, the running
// time of a command, and the hardening of the process. It is the one place
// that calls time.Now and os.LookupEnv, and it decides nothing.
package system

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"os"
	"time"
)

// Environment is the process environment. It implements ports.Environment.
type Environment struct{}

// NewEnvironment returns the process environment.
func NewEnvironment() Environment { return Environment{} }

// Lookup returns a variable's value and whether it is set.
func (Environment) Lookup(name string) (string, bool) { return os.LookupEnv(name) }

// Clock is the system's clock. It implements ports.Clock.
type Clock struct{}

// NewClock returns the system's clock.
func NewClock() Clock { return Clock{} }

// Now returns the current time.
func (Clock) Now() time.Time { return time.Now() }

// Sleep returns nil after d, or context.Cause(ctx) when ctx ends first.
func (Clock) Sleep(ctx context.Context, d time.Duration) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// IDs makes identifiers from the system's randomness. It implements ports.IDs.
type IDs struct{}

// NewIDs returns the system's identifiers.
func NewIDs() IDs { return IDs{} }

// requestIDBytes is the randomness of an identifier: 96 bits, 24 characters.
const requestIDBytes = 12

// RequestID returns 24 hexadecimal digits.
func (IDs) RequestID() string {
	var b [requestIDBytes]byte
	// rand.Read never returns an error: it ends the process where the system
	// has no randomness.
	_, _ = rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
