package tomlconfig

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// maxLinks bounds a chain of symlinks, as the system does.
const maxLinks = 40

var (
	errNotRegular = errors.New("it is not a regular file")
	errLoop       = errors.New("too many levels of symbolic links")
)

// resolve follows the path's symlinks to the file that is to be replaced,
// which need not exist: neither need the target of the last link.
func resolve(path string) (string, error) {
	for range maxLinks {
		target, err := realDir(path)
		if err != nil {
			return "", err
		}
		info, err := os.Lstat(target)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return target, nil
		case err != nil:
			return "", err
		case info.Mode().IsRegular():
			return target, nil
		case info.Mode()&fs.ModeSymlink == 0:
			return "", errNotRegular
		}
		if path, err = os.Readlink(target); err != nil {
			return "", err
		}
		if !filepath.IsAbs(path) {
			path = filepath.Dir(target) + string(filepath.Separator) + path
		}
	}
	return "", errLoop
}

// realDir returns the path as an absolute one whose directory has no symlinks.
// It is not cleaned before that: a/../b is not b where a is a symlink. A
// directory that is missing is taken as it is spelled.
func realDir(path string) (string, error) {
	dir, base := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	links, err := filepath.EvalSymlinks(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return filepath.Abs(path)
	}
	if err != nil {
		return "", err
	}
	return filepath.Abs(filepath.Join(links, base))
}

// makeDir creates the file's directory and those above it, where missing, with
// mode 0700 whatever the umask.
func makeDir(file string) error {
	dir := filepath.Dir(file)
	info, err := os.Stat(dir)
	switch {
	case err == nil && !info.IsDir():
		return fmt.Errorf("%s is not a directory", dir)
	case err == nil:
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if err := makeDir(dir); err != nil {
		return err
	}
	switch err := os.Mkdir(dir, 0o700); {
	case errors.Is(err, fs.ErrExist): // by another process, meanwhile
		return nil
	case err != nil:
		return err
	}
	return os.Chmod(dir, 0o700)
}
