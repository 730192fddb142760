package tomlconfig

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"jira-cli/domain/fault"
)

// replace makes the file at target hold text, atomically and durably. The lock
// is held, so the temporary file has a fixed name, and one that is found is
// what a process that died has left.
func replace(target string, text []byte) error {
	temporary := target + ".tmp"
	if err := os.Remove(temporary); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := writeSynced(temporary, target, text); err != nil {
		_ = os.Remove(temporary)
		return err
	}
	if err := rename(temporary, target); err != nil {
		_ = os.Remove(temporary)
		return err
	}
	syncDir(filepath.Dir(target))
	return nil
}

// writeSynced writes a new file of mode 0600, whatever the umask, that belongs
// to whom the old one belongs where the system permits that: `sudo jira` must
// not take the file away from its user.
func writeSynced(path, like string, text []byte) (err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := file.Close(); err == nil {
			err = closeErr
		}
	}()
	if err := file.Chmod(0o600); err != nil {
		return err
	}
	keepOwner(file, like)
	if _, err := file.Write(text); err != nil {
		return err
	}
	return file.Sync()
}

func writeFailed(path string, err error) error {
	return fault.Wrap(err, fault.ConfigWriteFailed, "the config file %s could not be written: %s", path, reason(err)).
		WithHint("%s", hintFor(err))
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
	case errors.Is(err, errNotRegular):
		return "name a regular file with --config or JIRA_CONFIG"
	}
	return fault.Lookup(fault.ConfigWriteFailed).Hint
}
