package atomicfile

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

func openRead(path string) (*os.File, error) { return os.Open(path) }

// openLock opens the lock file, or makes it. Modes mean little here, and making
// a symlink needs a privilege.
func openLock(path string) (f *os.File, made bool, err error) {
	f, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE, fileMode)
	return f, false, err
}

func tryLock(f *os.File) error {
	err := windows.LockFileEx(windows.Handle(f.Fd()),
		windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, new(windows.Overlapped))
	switch {
	case err == nil:
		return nil
	case errors.Is(err, windows.ERROR_LOCK_VIOLATION), errors.Is(err, windows.ERROR_IO_PENDING):
		return errBusy
	default:
		return &os.PathError{Op: "lock", Path: f.Name(), Err: err}
	}
}

// rename replaces the target. Windows refuses while somebody has the target
// open, which readers and virus scanners do for moments.
func rename(from, to string) error {
	const tries, pause = 40, 25 * time.Millisecond
	for try := 1; ; try++ {
		err := os.Rename(from, to)
		held := errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_ACCESS_DENIED)
		if !held || try == tries {
			return err
		}
		time.Sleep(pause)
	}
}

// syncDir does nothing: NTFS journals the rename, and directories cannot be
// flushed.
func syncDir(string) error { return nil }

// keepOwner does nothing: ownership follows the directory's rules here.
func keepOwner(*os.File, string) {}

func keepOwnerOfNew(*os.File) {}

func keepOwnerOfDir(string) {}

// Writable reports nothing: access lists say more than can be asked without
// trying.
func Writable(string) error { return nil }
