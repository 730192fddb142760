//go:build unix

package atomicfile_test

import (
	"errors"
	"path/filepath"
	"syscall"
	"testing"

	"jira-cli/adapters/internal/atomicfile"
)

// Opening a pipe waits for its writer unless told not to.
func TestReadDoesNotWaitForAPipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := atomicfile.Read(pipe, 10); !errors.Is(err, atomicfile.ErrNotRegular) {
		t.Errorf("a pipe: %v", err)
	}
}

func TestWritable(t *testing.T) {
	dir := t.TempDir()
	if err := atomicfile.Writable(dir); err != nil {
		t.Error(err)
	}
	if err := atomicfile.Writable(filepath.Join(dir, "none")); err == nil {
		t.Error("an absent directory is writable")
	}
}
