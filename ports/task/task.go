// Package task starts every goroutine of the program. What it starts recovers:
// a panic becomes an InternalError that carries the stack for --debug, so that
// a defect in a library ends one call and not the process. It decides nothing
// about what runs: who waits, how long and for what is its caller's.
package task

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"jira-cli/domain/fault"
)

// errLeft is the cause where a function ended its goroutine without returning.
var errLeft = errors.New("the goroutine ended without a result")

// panicked is the fault of a panic. It is called while the stack still stands.
func panicked(value any) *fault.Fault {
	return fault.Wrap(fmt.Errorf("%v\n%s", value, debug.Stack()), fault.InternalError, "internal error: the command panicked")
}

// run calls f and hands the fault of a panic to failed, which may be nil.
func run(f func(), failed func(*fault.Fault)) {
	defer func() {
		if v := recover(); v != nil {
			if defect := panicked(v); failed != nil {
				failed(defect)
			}
		}
	}()
	f()
}

// Go starts f. failed gets the fault of a panic; nil is for work whose end
// nobody waits for.
func Go(f func(), failed func(*fault.Fault)) { go run(f, failed) }

// Call runs f and returns its result, or context.Cause(ctx) as soon as ctx
// ends: f is then abandoned, wherever it is stuck. What an abandoned f returns
// is handed to late, which closes or undoes it; nil discards it.
func Call[T any](ctx context.Context, f func(context.Context) (T, error), late func(T, error)) (T, error) {
	var none T
	if ctx.Err() != nil {
		return none, context.Cause(ctx)
	}
	c := &call[T]{done: make(chan struct{}), late: late}
	go c.run(ctx, f)
	select {
	case <-c.done:
	case <-ctx.Done():
		if c.abandon() {
			return none, context.Cause(ctx)
		}
	}
	return c.value, c.err
}

// call is a function that somebody may have stopped waiting for.
type call[T any] struct {
	done chan struct{}
	late func(T, error)

	mu       sync.Mutex
	ended    bool
	deserted bool
	value    T
	err      error
}

func (c *call[T]) run(ctx context.Context, f func(context.Context) (T, error)) {
	var value T
	err := errLeft
	defer func() {
		if v := recover(); v != nil {
			err = panicked(v)
		} else if errors.Is(err, errLeft) {
			err = fault.Wrap(err, fault.InternalError, "internal error: %v", err)
		}
		c.end(value, err)
	}()
	value, err = f(ctx)
}

// end keeps the result for who waits, or gives it to late.
func (c *call[T]) end(value T, err error) {
	c.mu.Lock()
	c.ended, c.value, c.err = true, value, err
	deserted := c.deserted
	c.mu.Unlock()
	close(c.done)
	if deserted && c.late != nil {
		run(func() { c.late(value, err) }, nil)
	}
}

// abandon reports whether the result had not come yet and is now nobody's.
func (c *call[T]) abandon() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deserted = !c.ended
	return c.deserted
}

// Group runs functions at once. The zero value is ready.
type Group struct{ wg sync.WaitGroup }

// Go starts f; failed gets the fault of a panic.
func (g *Group) Go(f func(), failed func(*fault.Fault)) {
	g.wg.Go(func() { run(f, failed) })
}

// Wait returns when all have ended.
func (g *Group) Wait() { g.wg.Wait() }

// OnEnd runs f in a goroutine of its own once ctx ends. stop is that of
// context.AfterFunc: true where it kept f from being run. failed is as for Go.
func OnEnd(ctx context.Context, f func(), failed func(*fault.Fault)) (stop func() bool) {
	return context.AfterFunc(ctx, func() { run(f, failed) })
}

// After runs f in a goroutine of its own after d. failed is as for Go.
func After(d time.Duration, f func(), failed func(*fault.Fault)) *time.Timer {
	return time.AfterFunc(d, func() { run(f, failed) })
}
