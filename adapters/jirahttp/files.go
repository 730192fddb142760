package jirahttp

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/ports/task"
)

const (
	// maxFile bounds the files of certificates and keys; a distribution's whole
	// bundle has 220 KiB.
	maxFile = 8 << 20

	// maxFiles bounds a directory of certificates; Debian's has some 450 names.
	maxFiles = 4096

	// fileTime is for how long a file system is waited for.
	fileTime = 2 * time.Second
)

// Why a file is not read, in words.
var (
	errAbsent     = errors.New("there is no such file")
	errUnreached  = errors.New("it cannot be reached")
	errNotRegular = errors.New("it is not a regular file")
	errForbidden  = errors.New("this user may not open it")
	errReading    = errors.New("reading failed")
	errTooLarge   = errors.New("it is too large")
	errTooSlow    = errors.New("it is not read in time")
)

// within runs f, which looks at a file system, and gives up on one that does not
// answer.
func within[T any](f func() (T, error)) (T, error) {
	ctx, cancel := context.WithTimeoutCause(context.Background(), fileTime, errTooSlow)
	defer cancel()
	return task.Call(ctx, func(context.Context) (T, error) { return f() }, nil)
}

// fileText reads a whole file. A pipe would be waited for, and a device may have
// no end: both are refused before they are opened.
func fileText(path string) ([]byte, error) {
	return within(func() ([]byte, error) {
		if err := readable(path); err != nil {
			return nil, err
		}
		file, err := os.Open(path)
		if err != nil {
			return nil, errForbidden
		}
		defer file.Close()
		text, err := io.ReadAll(io.LimitReader(file, maxFile+1))
		switch {
		case err != nil:
			return nil, errReading
		case len(text) > maxFile:
			return nil, errTooLarge
		}
		return text, nil
	})
}

// readable refuses what cannot be read to its end.
func readable(path string) error {
	info, err := os.Stat(path)
	switch {
	case os.IsNotExist(err):
		return errAbsent
	case err != nil:
		return errUnreached
	case !info.Mode().IsRegular():
		return errNotRegular
	case info.Size() > maxFile:
		return errTooLarge
	}
	return nil
}

// checkCertificates refuses what SSL_CERT_FILE and SSL_CERT_DIR name where reading
// it would not end: crypto/x509 reads both by itself, without a bound. What is
// absent is left to it, which looks at the other one.
func checkCertificates(lookup func(string) (string, bool)) error {
	if runtime.GOOS == "darwin" || runtime.GOOS == "windows" {
		return nil // the system's own store serves there, and the variables are not read
	}
	refused := func(name string, why error) error {
		return fault.New(fault.ArgumentInvalid, "the certificates that %s names cannot be read: %s", name, why.Error()).
			WithHint("let %s name regular files of certificates in PEM, or unset it", name)
	}
	if file, _ := lookup("SSL_CERT_FILE"); file != "" {
		if _, err := within(func() (any, error) { return nil, readable(file) }); unreadable(err) {
			return refused("SSL_CERT_FILE", err)
		}
	}
	dirs, _ := lookup("SSL_CERT_DIR")
	for _, dir := range filepath.SplitList(dirs) {
		if _, err := within(func() (any, error) { return nil, readableDir(dir) }); unreadable(err) {
			return refused("SSL_CERT_DIR", err)
		}
	}
	return nil
}

func unreadable(err error) bool {
	return errors.Is(err, errNotRegular) || errors.Is(err, errTooLarge) || errors.Is(err, errTooSlow)
}

// readableDir looks at each file of a directory. Directories in it are passed by,
// as crypto/x509 does.
func readableDir(dir string) error {
	names, err := os.Open(dir)
	if err != nil {
		return errAbsent
	}
	defer names.Close()
	all, err := names.ReadDir(maxFiles + 1)
	switch {
	case err != nil:
		return errAbsent
	case len(all) > maxFiles:
		return errTooLarge
	}
	for _, entry := range all {
		if err := readable(filepath.Join(dir, entry.Name())); err != nil && !entry.IsDir() && unreadable(err) {
			if info, statErr := os.Stat(filepath.Join(dir, entry.Name())); statErr == nil && info.IsDir() {
				continue
			}
			return err
		}
	}
	return nil
}
