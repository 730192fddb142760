package tomlconfig

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"jira-cli/adapters/internal/atomicfile"
	"jira-cli/domain/fault"
)

func readFailed(path string, err error) error {
	return fault.Wrap(err, fault.ConfigReadFailed, "the config file %s could not be read: %s", path, reason(err))
}

func writeFailed(path string, err error) error {
	return fault.Wrap(err, fault.ConfigWriteFailed, "the config file %s could not be written: %s", path, reason(err)).
		WithHint("%s", hintFor(err))
}

// reason is what the system says, without the path that the message has
// already.
func reason(err error) string {
	var link *os.LinkError
	if errors.As(err, &link) {
		return fmt.Sprintf("%s: %v", link.Op, link.Err)
	}
	var at *fs.PathError
	if errors.As(err, &at) {
		return fmt.Sprintf("%s: %v", at.Op, at.Err)
	}
	return err.Error()
}

// hintFor names the way out of a failed write.
func hintFor(err error) string {
	is := func(errnos ...syscall.Errno) bool {
		for _, errno := range errnos {
			if errors.Is(err, errno) {
				return true
			}
		}
		return false
	}
	switch {
	case is(syscall.EBUSY, syscall.EXDEV):
		return "the file is replaced by rename, which a file that is mounted by itself does not allow: mount its directory instead"
	case is(syscall.EROFS):
		return "the file system is read-only: use another file with --config or JIRA_CONFIG"
	case errors.Is(err, fs.ErrPermission):
		return "the file is replaced by rename: its directory must be writable, and the file not immutable"
	case is(syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG):
		return "free some space on the file system, then run the command again"
	case errors.Is(err, atomicfile.ErrNotRegular):
		return "name a regular file with --config or JIRA_CONFIG"
	}
	return fault.Lookup(fault.ConfigWriteFailed).Hint
}
