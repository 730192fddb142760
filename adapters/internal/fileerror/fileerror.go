// Package fileerror owns the words for what a file system answers: which file it
// was about, and what the file system lacks. The code of the error and the other
// place that a file could be kept in belong to the adapter that asks.
package fileerror

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"syscall"
)

// Reason is what the system says of an operation. The file is named where it is
// not the one at path, which the message has already: it may be a directory on
// the way, the lock, or the temporary file.
func Reason(err error, path string) string {
	var link *os.LinkError
	if errors.As(err, &link) {
		return fmt.Sprintf("%s: %v", link.Op, link.Err)
	}
	var at *fs.PathError
	if !errors.As(err, &at) {
		return err.Error()
	}
	if at.Path == path {
		return fmt.Sprintf("%s: %v", at.Op, at.Err)
	}
	return fmt.Sprintf("%s %s: %v", at.Op, at.Path, at.Err)
}

// Hint says what the file system lacks for a failed write, and what to do about
// it; "" where that is not known. elsewhere is how to keep the file in another
// place, as an order.
func Hint(err error, elsewhere string) string {
	switch {
	case is(err, syscall.EBUSY, syscall.EXDEV):
		return "the file is replaced by rename, which a file that is mounted by itself does not allow: mount its directory instead"
	case is(err, syscall.EROFS):
		return "the file system is read-only: " + elsewhere
	case operation(err) == "lock" && is(err, syscall.ENOLCK, syscall.ENOSYS, syscall.EOPNOTSUPP):
		return "the file system has no file locks, as on some network mounts: " + elsewhere
	case operation(err) == "chmod" && is(err, syscall.EPERM, syscall.ENOSYS, syscall.EOPNOTSUPP):
		return "the file system keeps no file modes, as on some Windows and network mounts: " + elsewhere
	case errors.Is(err, fs.ErrPermission):
		return "the file is replaced by rename: its directory must be writable, and the file not immutable"
	case is(err, syscall.EDQUOT):
		return "your quota on the file system is used up: free some space, then run the command again"
	case is(err, syscall.ENOSPC, syscall.EFBIG):
		return "free some space on the file system, then run the command again"
	}
	return ""
}

func is(err error, numbers ...syscall.Errno) bool {
	return slices.ContainsFunc(numbers, func(n syscall.Errno) bool { return errors.Is(err, n) })
}

func operation(err error) string {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Op
	}
	return ""
}
