//go:build unix

package atomicfile

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// openRead opens without waiting for a pipe's writer.
func openRead(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK, 0)
}

// openLock opens the lock file, or makes it; made says which. A symlink is not
// followed: whoever planted it would have a file made, or held, elsewhere.
func openLock(path string) (f *os.File, made bool, err error) {
	const flags = os.O_RDWR | unix.O_NONBLOCK | unix.O_NOFOLLOW
	f, err = os.OpenFile(path, flags|os.O_CREATE|os.O_EXCL, fileMode)
	if errors.Is(err, os.ErrExist) {
		if f, err = os.OpenFile(path, flags, 0); errors.Is(err, os.ErrNotExist) {
			err = errBusy // removed between two looks at it
		}
		return f, false, err
	}
	return f, err == nil, err
}

func tryLock(f *os.File) error {
	for {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, unix.EINTR):
		case errors.Is(err, unix.EWOULDBLOCK):
			return errBusy
		default:
			return &os.PathError{Op: "lock", Path: f.Name(), Err: err}
		}
	}
}

func rename(from, to string) error { return os.Rename(from, to) }

// syncDir flushes a directory, without which a rename is not durable. File
// systems that know no such thing say EINVAL or ENOTSUP.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return notDurable(err)
	}
	defer f.Close()
	err = f.Sync()
	if err == nil || errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOTSUP) {
		return nil
	}
	return notDurable(err)
}

// keepOwner gives the new file to whom the old one belongs, and where there is
// no old one to whom the directory does, as far as the system lets us: run once
// with sudo, the user must not lose the file to root.
func keepOwner(f *os.File, target string) {
	if os.Geteuid() != 0 {
		return
	}
	info, err := os.Stat(target)
	if err != nil {
		info, err = os.Stat(filepath.Dir(target))
	}
	if err == nil {
		give(f, info)
	}
}

// give makes the owner of one file that of another one, where it is not root.
func give(f *os.File, like os.FileInfo) {
	if owner, ok := like.Sys().(*syscall.Stat_t); ok && owner.Uid != 0 {
		_ = f.Chown(int(owner.Uid), int(owner.Gid))
	}
}

// keepOwnerOfNew gives what was just made to whom its directory belongs, as
// keepOwner does.
func keepOwnerOfNew(f *os.File) {
	if parent, err := os.Stat(filepath.Dir(f.Name())); err == nil && os.Geteuid() == 0 {
		give(f, parent)
	}
}

// keepOwnerOfDir is keepOwnerOfNew for a directory. It is opened and not
// followed: whoever owns the parent could have put something else there.
func keepOwnerOfDir(dir string) {
	if f, err := os.OpenFile(dir, os.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW, 0); err == nil {
		keepOwnerOfNew(f)
		_ = f.Close()
	}
}

// Writable reports whether files can be created in the directory, without
// trying.
func Writable(dir string) error {
	if err := unix.Access(dir, unix.W_OK|unix.X_OK); err != nil {
		return &os.PathError{Op: "access", Path: dir, Err: err}
	}
	return nil
}
