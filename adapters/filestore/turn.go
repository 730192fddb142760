package filestore

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"

	"jira-cli/domain/fault"
)

// finishing is how long an ended context waits for a change that has begun.
const finishing = time.Second

// turn is one piece of work that its caller may give up. scrypt and a file
// system that hangs cannot be interrupted; the caller returns all the same, and
// the work that was left behind must not change anything afterwards.
type turn struct {
	ctx       context.Context
	mu        sync.Mutex
	begun     bool
	abandoned bool
}

// begin is called before the first change. It fails where the caller is gone.
func (t *turn) begin() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.abandoned || t.ctx.Err() != nil {
		return context.Cause(t.ctx)
	}
	t.begun = true
	return nil
}

// abandon reports whether the work can be left behind without effect.
func (t *turn) abandon() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.abandoned = true
	return !t.begun
}

// within runs work and returns its outcome, or the context's cause when that
// ends first. A change that has begun gets a moment to finish; after that it is
// not known whether it took place, as the port allows for an error.
func within[T any](ctx context.Context, work func(*turn) (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	t := &turn{ctx: ctx}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		defer func() {
			if r := recover(); r != nil {
				o.err = panicFault(r)
			}
			done <- o
		}()
		o.value, o.err = work(t)
	}()
	select {
	case o := <-done:
		return o.value, o.err
	case <-ctx.Done():
	}
	if !t.abandon() {
		select {
		case o := <-done:
			return o.value, o.err
		case <-time.After(finishing):
		}
	}
	var none T
	return none, context.Cause(ctx)
}

// panicFault reports a panic. Only the runtime's own values are shown: another
// one might hold anything.
func panicFault(r any) error {
	if e, ok := r.(runtime.Error); ok {
		return fault.Wrap(e, fault.InternalError, "internal error in the encrypted file: %v", e)
	}
	return fault.New(fault.InternalError, "internal error in the encrypted file: %s", fmt.Sprintf("%T", r))
}
