//go:build unix

package terminal

import (
	"os"
	"os/signal"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"jira-cli/ports/task"
)

// suspender gives the terminal its modes back for as long as the person has
// suspended the process (Ctrl-Z) under a hidden line. The shell knows nothing
// of those modes, and the rest of the secret would be shown after its fg.
//
// It catches SIGTSTP from the first hidden line on and for good: Go's runtime
// does not give that signal's default action back (signal.Stop and Reset leave
// the handler in place, and the signal is then lost). So it stops the process
// by SIGTTIN, which nobody catches. Like SIGTSTP, and unlike SIGSTOP, that does
// nothing to a process that no shell could continue.
type suspender struct {
	mu         sync.Mutex // held while the process is being stopped
	undo, redo func()     // of the hidden line, nil where there is none
	quit       chan struct{}
}

// settle is how long a process that stops itself waits for having been stopped.
// It is waited out only where the system ignores the stop.
const settle = 200 * time.Millisecond

// hide names what undoes and redoes the modes of a line until shown is called.
func (s *suspender) hide(undo, redo func()) (shown func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.undo, s.redo = undo, redo
	if s.quit == nil && !signal.Ignored(unix.SIGTSTP) {
		s.quit = make(chan struct{})
		suspend, resumed := make(chan os.Signal, 1), make(chan os.Signal, 1)
		signal.Notify(suspend, unix.SIGTSTP)
		signal.Notify(resumed, unix.SIGCONT)
		quit := s.quit
		task.Go(func() { s.watch(suspend, resumed, quit) }, nil)
	}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.undo, s.redo = nil, nil
	}
}

func (s *suspender) watch(suspend, resumed chan os.Signal, quit <-chan struct{}) {
	defer signal.Stop(suspend)
	defer signal.Stop(resumed)
	for {
		select {
		case <-quit:
			return
		case <-suspend:
			s.suspend(resumed)
		}
	}
}

// suspend stops the process and returns when it goes on.
func (s *suspender) suspend(resumed <-chan os.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.undo != nil {
		s.undo()
		defer s.redo()
	}
	select {
	case <-resumed: // of an earlier time
	default:
	}
	_ = unix.Kill(unix.Getpid(), unix.SIGTTIN)
	select {
	case <-resumed:
	case <-time.After(settle):
	}
}

// end stops watching.
func (s *suspender) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.quit != nil {
		close(s.quit)
		s.quit = nil
	}
}
