//go:build unix

package terminal

import "golang.org/x/sys/unix"

// modes prepares the terminal for a line: canonical, with signals, whatever a
// program that died left behind; hidden, without echo too. restore puts back
// what was there. While the line is hidden, Ctrl-\ is an ordinary character,
// as SIGQUIT would end the process under these modes, and Ctrl-Z restores the
// modes for as long as the process is stopped; again is called when it goes on.
func (in *input) modes(hidden bool, again func(), s *suspender) (restore func(), err error) {
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
	shown := s.hide(undo, redo)
	return func() {
		shown()
		undo()
	}, nil
}
