// Package atomicfile owns how this program changes a file that must never be
// seen half written: resolve symlinks, write a temporary file of a fixed name
// beside the target, flush it, rename it over the target, flush the directory;
// and the lock file that serialises such changes across processes. It knows
// nothing of what the files mean and returns the operating system's errors: the
// adapter that calls it gives them a code.
//
// What it refuses to do: truncate or write a target in place. Where a rename
// cannot work (a bind-mounted file, a read-only directory) the caller gets the
// error and the old file stays.
package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	fileMode = 0o600
	dirMode  = 0o700

	// maxLinks is how many symlinks Resolve follows, as many as Linux does.
	maxLinks = 40

	tempSuffix = ".tmp"
	lockSuffix = ".lock"
)

var (
	// ErrNotRegular means that the path is a directory, a pipe or a device.
	ErrNotRegular = errors.New("not a regular file")
	// ErrTooLarge means that the file is larger than the caller's bound.
	ErrTooLarge = errors.New("the file is too large")
	// ErrLinkLoop means that symlinks lead in a circle.
	ErrLinkLoop = errors.New("too many levels of symbolic links")
)

// Resolve returns the absolute path with every symlink followed. Neither the
// file nor its directories need to exist: a dangling link resolves to where
// its target would be.
func Resolve(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	links := maxLinks
	return resolve(abs, &links)
}

func resolve(path string, links *int) (string, error) {
	parent := filepath.Dir(path)
	if parent == path {
		return path, nil
	}
	parent, err := resolve(parent, links)
	if err != nil {
		return "", err
	}
	path = filepath.Join(parent, filepath.Base(path))
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return path, nil
	}
	if err != nil {
		return "", err
	}
	if info.Mode()&fs.ModeSymlink == 0 {
		return path, nil
	}
	if *links--; *links < 0 {
		return "", &fs.PathError{Op: "resolve", Path: path, Err: ErrLinkLoop}
	}
	to, err := os.Readlink(path)
	if err != nil {
		return "", err
	}
	if !filepath.IsAbs(to) {
		to = filepath.Join(parent, to)
	}
	return resolve(filepath.Clean(to), links)
}

// Read returns the content of a regular file of at most limit bytes. It does
// not wait, as opening a pipe would.
func Read(path string, limit int64) ([]byte, error) { return ReadIf(path, limit, nil) }

// ReadIf is Read for a file that check accepts; what it looks at is the very file
// that is read. Its error is returned as it is.
func ReadIf(path string, limit int64, check func(fs.FileInfo) error) ([]byte, error) {
	f, err := openRead(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: path, Err: ErrNotRegular}
	}
	if check != nil {
		if err := check(info); err != nil {
			return nil, err
		}
	}
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, &fs.PathError{Op: "read", Path: path, Err: ErrTooLarge}
	}
	return data, nil
}

// Staged is new content that lies durably beside its target and has not
// replaced it yet. A process that dies here leaves the target as it was, and a
// temporary file that the next Stage replaces.
type Staged struct {
	target string
	temp   string
}

// Stage writes data, mode 0600, to the temporary file of the resolved target,
// creating its directory (0700) where there is none. The caller holds the lock
// of the target, for the temporary file's name is fixed.
func Stage(target string, data []byte) (*Staged, error) {
	if err := MakeDir(filepath.Dir(target)); err != nil {
		return nil, err
	}
	if info, err := os.Lstat(target); err == nil && !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "replace", Path: target, Err: ErrNotRegular}
	}
	s := &Staged{target: target, temp: target + tempSuffix}
	// What lies there is left over from a crash, or planted: it is never
	// written through.
	if err := os.Remove(s.temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := s.write(data); err != nil {
		s.Discard()
		return nil, err
	}
	return s, nil
}

func (s *Staged) write(data []byte) (err error) {
	f, err := os.OpenFile(s.temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return err
	}
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	if err = f.Chmod(fileMode); err != nil { // whatever the umask takes
		return err
	}
	if _, err = f.Write(data); err != nil {
		return err
	}
	keepOwner(f, s.target)
	return f.Sync()
}

// Commit makes the staged content the target's, atomically. An error that is
// ErrNotDurable comes after the replacement; any other one before it, and then
// the target is as it was.
func (s *Staged) Commit() error {
	if err := rename(s.temp, s.target); err != nil {
		s.Discard()
		return err
	}
	return syncDir(filepath.Dir(s.target))
}

// CommitNew is Commit for a target that must not exist: where something is
// there it fails with fs.ErrExist and leaves it alone.
func (s *Staged) CommitNew() error {
	err := renameNew(s.temp, s.target)
	if err == nil {
		return syncDir(filepath.Dir(s.target))
	}
	if errors.Is(err, fs.ErrExist) {
		s.Discard()
		return err
	}
	// A file system without such a call: under the lock, looking first is as
	// good among processes that keep to it.
	if _, err := os.Lstat(s.target); err == nil {
		s.Discard()
		return &fs.PathError{Op: "create", Path: s.target, Err: fs.ErrExist}
	}
	return s.Commit()
}

// linkNew is renameNew in two steps, for systems that have it not in one: a
// crash between them leaves both names.
func linkNew(from, to string) error {
	if err := os.Link(from, to); err != nil {
		return err
	}
	_ = os.Remove(from)
	return nil
}

// Discard removes the staged content.
func (s *Staged) Discard() { _ = os.Remove(s.temp) }

// Replace is Stage and Commit.
func Replace(target string, data []byte) error {
	s, err := Stage(target, data)
	if err != nil {
		return err
	}
	return s.Commit()
}

// ErrNotDurable means that the new content is in place and that the system
// would not say whether it will survive a loss of power.
var ErrNotDurable = errors.New("the directory could not be flushed")

// MakeDir creates a directory and its missing parents with mode 0700, durably.
// One that exists is left as it is.
func MakeDir(dir string) error {
	if info, err := os.Stat(dir); err == nil {
		if !info.IsDir() {
			return &fs.PathError{Op: "mkdir", Path: dir, Err: errors.New("not a directory")}
		}
		return nil
	}
	parent := filepath.Dir(dir)
	if parent == dir {
		return &fs.PathError{Op: "mkdir", Path: dir, Err: fs.ErrNotExist}
	}
	if err := MakeDir(parent); err != nil {
		return err
	}
	if err := os.Mkdir(dir, dirMode); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return nil
		}
		return err
	}
	if err := os.Chmod(dir, dirMode); err != nil { // whatever the umask takes
		return err
	}
	keepOwnerOfDir(dir)
	// Failing to flush here shows again when the file itself is flushed.
	_ = syncDir(parent)
	return nil
}

func notDurable(err error) error { return fmt.Errorf("%w: %w", ErrNotDurable, err) }
