package terminal

import "golang.org/x/sys/unix"

const (
	getTermios = unix.TCGETS
	setTermios = unix.TCSETS
	vDisable   = 0    // _POSIX_VDISABLE
	longest    = 4096 // a line with its end; the terminal drops what is beyond
)

// discard drops what was typed and not read.
func (in *input) discard() {
	in.take(len(in.rest))
	_ = unix.IoctlSetInt(in.fd, unix.TCFLSH, unix.TCIFLUSH)
}
