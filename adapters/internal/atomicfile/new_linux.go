package atomicfile

import (
	"io/fs"

	"golang.org/x/sys/unix"
)

// renameNew gives a file a name that nothing has: fs.ErrExist otherwise. It is
// one step, so that a crash leaves no second name of the content behind.
func renameNew(from, to string) error {
	err := unix.Renameat2(unix.AT_FDCWD, from, unix.AT_FDCWD, to, unix.RENAME_NOREPLACE)
	switch err {
	case nil:
		return nil
	case unix.ENOSYS, unix.EINVAL: // an old kernel, or a file system that cannot
		return linkNew(from, to)
	}
	return &fs.PathError{Op: "create", Path: to, Err: err}
}
