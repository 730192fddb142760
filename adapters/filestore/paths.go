package filestore

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"jira-cli/adapters/internal/atomicfile"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
)

const (
	dirName      = "jira-cli"
	fileName     = "credentials.age"
	identityName = "identity.txt"
)

// DefaultPaths returns where the encrypted file and its identity are on an
// operating system (a runtime.GOOS) for an environment and a home directory:
// below $XDG_DATA_HOME, else ~/.local/share, on macOS too; on Windows below
// %LocalAppData%, which does not roam to other machines. Both are "" where
// there is no such directory. As the XDG specification demands, a relative
// XDG_DATA_HOME is ignored.
func DefaultPaths(goos string, lookup func(string) (string, bool), home string) (path, identity string) {
	separator, variable, fallback := "/", "XDG_DATA_HOME", []string{".local", "share"}
	if goos == "windows" {
		separator, variable, fallback = `\`, "LocalAppData", []string{"AppData", "Local"}
	}
	base, _ := lookup(variable)
	if goos != "windows" && !strings.HasPrefix(base, "/") {
		base = ""
	}
	if base == "" && home != "" {
		base = strings.Join(append([]string{home}, fallback...), separator)
	}
	if base == "" {
		return "", ""
	}
	dir := strings.TrimRight(base, separator) + separator + dirName + separator
	return dir + fileName, dir + identityName
}

// place checks a reference and returns the path that it means, before symlinks
// are followed.
func (s *Store) place(ref profile.Reference) (string, error) {
	if ref.Account == "" || !utf8.ValidString(ref.Account) {
		return "", fault.New(fault.ConfigInvalid, "the reference into the encrypted file has no usable account")
	}
	path := ref.Path
	if path == "" {
		path = s.opts.Path
	}
	if path == "" {
		return "", fault.New(fault.FileStoreFailed, "there is no home directory to keep the encrypted file in").
			WithHint("set HOME or XDG_DATA_HOME to a directory that can be written")
	}
	if !filepath.IsAbs(path) || strings.ContainsRune(path, 0) {
		return "", fault.New(fault.ConfigInvalid, "the path %q of the encrypted file is not absolute", path)
	}
	return filepath.Clean(path), nil
}

// identityPath returns where the identity of an encrypted file is.
func (s *Store) identityPath(path string) string {
	if s.opts.IdentityPath != "" && path == filepath.Clean(s.opts.Path) {
		return s.opts.IdentityPath
	}
	return filepath.Join(filepath.Dir(path), identityName)
}

func resolve(path string) (string, error) {
	target, err := atomicfile.Resolve(path)
	if err != nil {
		return "", readFault(err, "the encrypted file", path)
	}
	return target, nil
}

func absent(target string) bool {
	_, err := os.Lstat(target)
	return errors.Is(err, fs.ErrNotExist)
}

// creatable reports whether the file could be created, by looking at the
// nearest directory that exists.
func creatable(target string) error {
	for dir := filepath.Dir(target); ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if errors.Is(err, fs.ErrNotExist) && dir != filepath.Dir(dir) {
			continue
		}
		if err == nil && !info.IsDir() {
			err = &fs.PathError{Op: "mkdir", Path: dir, Err: errors.New("not a directory")}
		}
		if err == nil {
			err = atomicfile.Writable(dir)
		}
		if err != nil {
			return writeFault(err, "the encrypted file", target)
		}
		return nil
	}
}
