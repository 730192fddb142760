package atomicfile

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// ErrLocked means that somebody else held the lock for the whole wait.
var ErrLocked = errors.New("locked by another process")

// errBusy is what tryLock returns while somebody else holds the lock.
var errBusy = errors.New("busy")

// lockPoll is how often a held lock is tried again. The system's own blocking
// wait cannot be ended by a context.
const lockPoll = 20 * time.Millisecond

// Lock is an exclusive advisory lock, held across processes and also between
// goroutines of one. The system releases it when the process dies.
type Lock struct {
	file *os.File
	once sync.Once
}

// LockPath returns the lock file of a resolved target: beside it, left in place
// for ever, because removing a lock file lets two holders in.
func LockPath(target string) string { return target + lockSuffix }

// Acquire takes the lock of the resolved target, creating its directory (0700)
// and the lock file (0600) where there is none. It waits for at most the given
// time (ErrLocked), and ends with context.Cause(ctx) when ctx does. Other
// errors mean that the lock cannot be created.
func Acquire(ctx context.Context, target string, wait time.Duration) (*Lock, error) {
	path := LockPath(target)
	if err := MakeDir(filepath.Dir(path)); err != nil {
		return nil, err
	}
	deadline := time.NewTimer(wait)
	defer deadline.Stop()
	poll := time.NewTicker(lockPoll)
	defer poll.Stop()
	for {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		f, err := lockOnce(path)
		if err == nil {
			return &Lock{file: f}, nil
		}
		if !errors.Is(err, errBusy) {
			return nil, err
		}
		select {
		case <-ctx.Done():
		case <-deadline.C:
			return nil, ErrLocked
		case <-poll.C:
		}
	}
}

// lockOnce opens the lock file and tries the lock. A lock on a file that is no
// longer the one at the path protects nothing: that counts as busy, and the
// next try opens the new one. The mode of a lock file that was there is left alone.
func lockOnce(path string) (*os.File, error) {
	f, made, err := openLock(path)
	if err != nil {
		return nil, err
	}
	if made {
		_ = f.Chmod(fileMode) // the umask took more than the next process can do without
		keepOwnerOfNew(f)
	}
	if info, err := f.Stat(); err == nil && !info.Mode().IsRegular() {
		_ = f.Close()
		return nil, &fs.PathError{Op: "lock", Path: path, Err: ErrNotRegular}
	}
	if err := tryLock(f); err != nil {
		_ = f.Close()
		return nil, err
	}
	mine, err := f.Stat()
	if err == nil {
		var there os.FileInfo
		if there, err = os.Lstat(path); err == nil && os.SameFile(mine, there) {
			return f, nil
		}
	}
	_ = f.Close()
	return nil, errBusy
}

// Release gives the lock up; a second call does nothing.
func (l *Lock) Release() {
	l.once.Do(func() { _ = l.file.Close() })
}
