package tomlconfig

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"

	"jira-cli/domain/fault"
)

// TestWriteFailures: what the system says becomes one line and a way out.
func TestWriteFailures(t *testing.T) {
	const path = "/home/john/.config/jira-cli/config.toml"
	for _, c := range []struct {
		err  error
		says string
		hint string
	}{
		{&os.LinkError{Op: "rename", Old: "a", New: "b", Err: syscall.EBUSY}, "rename: " + syscall.EBUSY.Error(), "mount its directory instead"},
		{&os.LinkError{Op: "rename", Old: "a", New: "b", Err: syscall.EXDEV}, "rename: ", "mount its directory instead"},
		{&fs.PathError{Op: "open", Path: "x", Err: syscall.EROFS}, "open x: ", "read-only"},
		{&fs.PathError{Op: "open", Path: path, Err: syscall.EROFS}, "open: ", "read-only"},
		{&fs.PathError{Op: "lock", Path: path + ".lock", Err: syscall.ENOLCK}, "lock " + path + ".lock: ", "no file locks"},
		{&fs.PathError{Op: "chmod", Path: path + ".tmp", Err: syscall.EPERM}, "chmod " + path + ".tmp: ", "no file modes"},
		{&fs.PathError{Op: "open", Path: "x", Err: syscall.EACCES}, "open x: ", "directory must be writable"},
		{&fs.PathError{Op: "rename", Path: "x", Err: syscall.EPERM}, "rename x: ", "not immutable"},
		{&fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}, "write x: ", "free some space"},
		{&fs.PathError{Op: "sync", Path: "x", Err: syscall.EDQUOT}, "sync x: ", "quota"},
		{errors.New("odd"), "odd", fault.Lookup(fault.ConfigWriteFailed).Hint},
	} {
		f := fault.From(writeFailed(path, c.err))
		if f.Code != fault.ConfigWriteFailed || !errors.Is(f, c.err) ||
			!strings.HasPrefix(f.Message, "the config file "+path+" could not be written: "+c.says) || !strings.Contains(f.Hint, c.hint) {
			t.Errorf("%v: %q, hint %q", c.err, f.Message, f.Hint)
		}
	}
}
