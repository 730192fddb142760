package tomlconfig

import (
	"context"
	"errors"
	"os"
	"time"

	"jira-cli/domain/fault"
)

// The lock is polled for: the system's waiting call cannot be interrupted by a
// context.
const (
	pollFirst = 2 * time.Millisecond
	pollMost  = 50 * time.Millisecond
)

// errHeld is what tryLock returns while another handle holds the lock.
var errHeld = errors.New("the lock is held")

// acquire takes the lock on the file at path, creating it where it is missing,
// and returns the open file: closing it releases the lock, and so does the end
// of the process. Two handles of one process exclude each other too.
func acquire(ctx context.Context, path string, wait time.Duration) (*os.File, error) {
	deadline := time.NewTimer(wait)
	defer deadline.Stop()
	for pause := pollFirst; ; pause = min(2*pause, pollMost) {
		file, err := tryAcquire(path)
		if err == nil {
			return file, nil
		}
		if !errors.Is(err, errHeld) {
			return nil, fault.Wrap(err, fault.ConfigWriteFailed, "the config's lock %s could not be taken: %s", path, reason(err)).
				WithHint("%s", hintFor(err))
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-deadline.C:
			return nil, fault.New(fault.ConfigLocked, "another process has held the config's lock %s for %s", path, wait)
		case <-time.After(pause):
		}
	}
}

func tryAcquire(path string) (*os.File, error) {
	file, err := openLock(path)
	if err != nil {
		return nil, err
	}
	if err := tryLock(file); err != nil {
		file.Close()
		return nil, err
	}
	// Somebody may have removed the file while it was waited for; a lock on a
	// file that has no name excludes nobody.
	mine, err := file.Stat()
	if err != nil {
		file.Close()
		return nil, err
	}
	if named, err := os.Stat(path); err != nil || !os.SameFile(mine, named) {
		file.Close()
		return nil, errHeld
	}
	return file, nil
}

// openLock opens the lock file, for reading alone where it may not be written:
// that is enough to lock it.
func openLock(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		if err := file.Chmod(0o600); err != nil { // whatever the umask
			file.Close()
			return nil, err
		}
		return file, nil
	}
	if !errors.Is(err, os.ErrExist) {
		if existing, openErr := os.Open(path); openErr == nil {
			return existing, nil
		}
		return nil, err
	}
	if file, err = os.OpenFile(path, os.O_RDWR, 0); err == nil {
		return file, nil
	}
	return os.Open(path)
}
