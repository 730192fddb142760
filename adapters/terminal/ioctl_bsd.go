//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package terminal

import "golang.org/x/sys/unix"

const (
	getTermios = unix.TIOCGETA
	setTermios = unix.TIOCSETA
	vDisable   = 0xff // _POSIX_VDISABLE
	readQueue  = 1    // FREAD
	longest    = 1024 // a line with its end; the terminal drops what is beyond
)

// discard drops what was typed and not read.
func (in *input) discard() {
	in.take(len(in.rest))
	_ = unix.IoctlSetPointerInt(in.fd, unix.TIOCFLUSH, readQueue)
}
