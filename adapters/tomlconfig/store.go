// Package tomlconfig owns the config file: where it is, what it says, how it
// is changed without disturbing what else stands in it, and the one lock that
// serialises changes. It refuses to own the meaning of flags, variables and
// defaults (domain/precedence), and it never sees a secret.
//
// The rules, in one place:
//
//   - Reading needs no lock and no more than read permission.
//   - Profile names and the types of values are checked before viper sees
//     them, since viper folds case and knows no positions.
//   - A change edits the text that is on disk; the result is parsed again and
//     must say what was intended and nothing else, or it is not written.
//   - The file is replaced by rename, never written in place.
package tomlconfig

import (
	"context"
	"errors"
	"os"
	"time"

	"jira-cli/adapters/internal/atomicfile"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// lockWait is how long a change waits for another process to end its own.
const lockWait = 10 * time.Second

// Options say which file it is.
type Options struct {
	Path     string        // as selected, see DefaultPath; need not exist
	Missing  error         // why there is no path; all but Path then fails with it
	LockWait time.Duration // 0 for ten seconds
}

// Store is the config file. It is safe for concurrent use.
type Store struct {
	path    string
	missing error
	wait    time.Duration
}

var _ ports.Config = (*Store)(nil)

// New returns the config file at the path. It does no I/O.
func New(o Options) *Store {
	if o.LockWait == 0 {
		o.LockWait = lockWait
	}
	return &Store{path: o.Path, missing: o.Missing, wait: o.LockWait}
}

// Path implements ports.Config.
func (s *Store) Path() string { return s.path }

// Load implements ports.Config.
func (s *Store) Load(ctx context.Context) (profile.Config, error) {
	if s.missing != nil {
		return profile.Config{}, s.missing
	}
	return load(ctx, s.path)
}

func load(ctx context.Context, path string) (profile.Config, error) {
	text, err := read(ctx, path)
	if err != nil {
		return profile.Config{}, err
	}
	c, err := decodeWithin(ctx, text)
	if err != nil {
		return profile.Config{}, inFile(path, err)
	}
	if c.Default != "" {
		c.DefaultAt = path + ", " + c.DefaultAt
	}
	return c, nil
}

// Lock implements ports.Config. It creates the file's directory where that is
// missing, and the lock file; symlinks are followed once, here, for the whole
// transaction.
func (s *Store) Lock(ctx context.Context) (ports.ConfigTx, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if s.missing != nil {
		return nil, s.missing
	}
	target, err := atomicfile.Resolve(s.path)
	if err != nil {
		return nil, writeFailed(s.path, err)
	}
	if info, err := os.Lstat(target); err == nil && !info.Mode().IsRegular() {
		return nil, writeFailed(s.path, atomicfile.ErrNotRegular)
	}
	lock, err := atomicfile.Acquire(ctx, target, s.wait)
	switch {
	case err == nil:
		return &transaction{path: s.path, target: target, lock: lock}, nil
	case errors.Is(err, atomicfile.ErrLocked):
		return nil, fault.New(fault.ConfigLocked, "another process has held the lock %s for %s", atomicfile.LockPath(target), s.wait)
	case ctx.Err() != nil && errors.Is(err, context.Cause(ctx)):
		return nil, context.Cause(ctx)
	}
	return nil, writeFailed(s.path, err)
}
