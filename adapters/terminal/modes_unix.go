//go:build unix

package terminal

import (
	"os"
	"os/signal"
	"time"

	"golang.org/x/sys/unix"
)

// modes prepares the terminal for a line: canonical, with signals, whatever a
// program that died left behind; hidden, without echo too. restore puts back
// what was there. While the line is hidden, Ctrl-\ is an ordinary character,
// as SIGQUIT would end the process under these modes, and Ctrl-Z restores the
// modes for as long as the process is stopped; again is called when it goes on.
func (in *input) modes(hidden bool, again func()) (restore func(), err error) {
	before, err := unix.IoctlGetTermios(in.fd, getTermios)
	if err != nil {
		return nil, err
	}
	during := *before
	during.Lflag |= unix.ICANON | unix.ISIG
	during.Iflag |= unix.ICRNL
	if hidden {
		during.Lflag &^= unix.ECHO | unix.ECHONL
		during.Cc[unix.VQUIT] = vDisable
	}
	if during == *before {
		return func() {}, nil
	}
	if err := unix.IoctlSetTermios(in.fd, setTermios, &during); err != nil {
		return nil, err
	}
	undo := func() { _ = unix.IoctlSetTermios(in.fd, setTermios, before) }
	if !hidden {
		return undo, nil
	}
	redo := func() {
		_ = unix.IoctlSetTermios(in.fd, setTermios, &during)
		again()
	}
	stop := onSuspension(undo, redo)
	return func() {
		stop()
		undo()
	}, nil
}

// settle is how long a process that stops itself waits for having been stopped.
// It is waited out only where the system ignores the stop, as it does for a
// process that no shell controls.
const settle = 200 * time.Millisecond

// onSuspension calls before when the person suspends the process (Ctrl-Z), then
// lets it stop, and calls after when it continues.
func onSuspension(before, after func()) (stop func()) {
	suspend, resumed := make(chan os.Signal, 1), make(chan os.Signal, 1)
	if signal.Ignored(unix.SIGTSTP) {
		return func() {}
	}
	signal.Notify(suspend, unix.SIGTSTP)
	signal.Notify(resumed, unix.SIGCONT)
	quit, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-quit:
				return
			case <-suspend:
			}
			before()
			signal.Reset(unix.SIGTSTP)
			_ = unix.Kill(unix.Getpid(), unix.SIGTSTP)
			select {
			case <-resumed:
			case <-time.After(settle):
			}
			signal.Notify(suspend, unix.SIGTSTP)
			after()
		}
	}()
	return func() {
		signal.Stop(suspend)
		signal.Stop(resumed)
		close(quit)
		<-ended
	}
}
