package app

import (
	"fmt"
	"runtime/debug"
	"sync"

	"jira-cli/domain/fault"
)

// group runs functions at once. A panic in one becomes an InternalError for its
// own result and does not take the process down.
type group struct{ wg sync.WaitGroup }

// Go starts f; failed gets the fault of a panic.
func (g *group) Go(f func(), failed func(*fault.Fault)) {
	g.wg.Go(func() {
		defer func() {
			if v := recover(); v != nil {
				failed(fault.Wrap(fmt.Errorf("%v\n%s", v, debug.Stack()), fault.InternalError, "internal error: the command panicked"))
			}
		}()
		f()
	})
}

// Wait returns when all have ended.
func (g *group) Wait() { g.wg.Wait() }
