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
		{&fs.PathError{Op: "open", Path: "x", Err: syscall.EROFS}, "open: ", "read-only"},
		{&fs.PathError{Op: "open", Path: "x", Err: syscall.EACCES}, "open: ", "directory must be writable"},
		{&fs.PathError{Op: "rename", Path: "x", Err: syscall.EPERM}, "rename: ", "not immutable"},
		{&fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}, "write: ", "free some space"},
		{&fs.PathError{Op: "sync", Path: "x", Err: syscall.EDQUOT}, "sync: ", "free some space"},
		{errors.New("odd"), "odd", fault.Lookup(fault.ConfigWriteFailed).Hint},
	} {
		f := fault.From(writeFailed(path, c.err))
		if f.Code != fault.ConfigWriteFailed || !errors.Is(f, c.err) ||
			!strings.HasPrefix(f.Message, "the config file "+path+" could not be written: "+c.says) || !strings.Contains(f.Hint, c.hint) {
			t.Errorf("%v: %q, hint %q", c.err, f.Message, f.Hint)
		}
	}
}
