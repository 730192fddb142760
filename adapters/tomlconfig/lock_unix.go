//go:build !windows

package tomlconfig

import (
	"errors"
	"os"
	"syscall"
)

// tryLock takes the whole-file lock of flock(2), which belongs to the open file
// and not to the process: go's descriptors are close-on-exec, so no child
// inherits it.
func tryLock(file *os.File) error {
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EWOULDBLOCK):
			return errHeld
		default:
			return err
		}
	}
}
