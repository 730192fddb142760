package fileerror_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"

	"jira-cli/adapters/internal/fileerror"
)

func TestReasonNamesTheFile(t *testing.T) {
	at := func(path string) error {
		return fmt.Errorf("wrapped: %w", &fs.PathError{Op: "open", Path: path, Err: syscall.EACCES})
	}
	for want, err := range map[string]error{
		"open: permission denied":             at("/home/config.toml"),
		"open /home/.lock: permission denied": at("/home/.lock"),
		"rename: invalid cross-device link":   &os.LinkError{Op: "rename", Old: "/a", New: "/b", Err: syscall.EXDEV},
		"something else":                      errors.New("something else"),
	} {
		if got := fileerror.Reason(err, "/home/config.toml"); got != want {
			t.Errorf("Reason = %q, want %q", got, want)
		}
	}
}

func TestHintSaysWhatIsLacking(t *testing.T) {
	for _, c := range []struct {
		op   string
		err  error
		want string
	}{
		{"lock", syscall.ENOLCK, "no file locks"},
		{"lock", syscall.ENOSYS, "no file locks"},
		{"lock", syscall.EACCES, "must be writable"},
		{"chmod", syscall.EPERM, "no file modes"},
		{"open", syscall.EPERM, "must be writable"},
		{"write", syscall.EDQUOT, "quota"},
		{"write", syscall.ENOSPC, "free some space on"},
		{"open", syscall.EROFS, "read-only: go elsewhere"},
		{"rename", syscall.EBUSY, "mounted by itself"},
		{"open", syscall.EIO, ""},
	} {
		got := fileerror.Hint(&fs.PathError{Op: c.op, Path: "/x", Err: c.err}, "go elsewhere")
		if !strings.Contains(got, c.want) || (got == "") != (c.want == "") {
			t.Errorf("%s, %v: %q, want %q", c.op, c.err, got, c.want)
		}
	}
}
