package system

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"jira-cli/domain/fault"
	"jira-cli/ports/task"
)

// Interruptible returns a context that ends at the first SIGINT, SIGTERM or
// SIGHUP, with a cause of code Canceled that names the signal. Signals after
// that are swallowed: they must not cut a roll-back short, and SIGQUIT and
// SIGKILL remain for who insists.
//
// SIGPIPE is swallowed throughout, so that writing to a closed pipe returns
// EPIPE and the transaction ends in order. It is caught and not ignored: an
// ignored signal would be inherited by children. In the same way a signal that
// was ignored when the process began (nohup, a shell's background job) stays
// so.
//
// stop gives the signals back to the system; the context ends then too.
func Interruptible(parent context.Context) (ctx context.Context, stop func()) {
	ctx, end := context.WithCancelCause(parent)
	arrived, unread := make(chan os.Signal, 1), make(chan os.Signal, 1)
	catch(arrived, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	catch(unread, syscall.SIGPIPE)
	done := make(chan struct{})
	task.Go(func() {
		for {
			select {
			case s := <-arrived:
				end(fault.New(fault.Canceled, "interrupted by %s", signalName(s)))
			case <-done:
				return
			}
		}
	}, func(f *fault.Fault) { end(f) })
	return ctx, sync.OnceFunc(func() {
		signal.Stop(arrived)
		signal.Stop(unread)
		close(done)
		end(context.Canceled)
	})
}

// UnbrokenPipe swallows SIGPIPE for the rest of the process, as Interruptible does:
// for what only prints, and takes no other signal.
func UnbrokenPipe() { catch(make(chan os.Signal, 1), syscall.SIGPIPE) }

// catch sends those of the signals that are not ignored to the channel.
func catch(arrived chan<- os.Signal, signals ...os.Signal) {
	for _, s := range signals {
		if !signal.Ignored(s) {
			signal.Notify(arrived, s)
		}
	}
}

func signalName(s os.Signal) string {
	switch s {
	case os.Interrupt:
		return "SIGINT"
	case syscall.SIGTERM:
		return "SIGTERM"
	case syscall.SIGHUP:
		return "SIGHUP"
	}
	return s.String()
}
