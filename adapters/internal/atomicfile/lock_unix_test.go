//go:build unix

package atomicfile_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"jira-cli/adapters/internal/atomicfile"
)

// A lock file that somebody planted is neither followed nor changed: what a link
// names is not created, opened or given another mode.
func TestLockFollowsNoLink(t *testing.T) {
	dir := t.TempDir()
	target, elsewhere := filepath.Join(dir, "config.toml"), filepath.Join(dir, "elsewhere")
	if err := os.Symlink(elsewhere, atomicfile.LockPath(target)); err != nil {
		t.Fatal(err)
	}
	for _, there := range []bool{false, true} {
		if there {
			if err := os.WriteFile(elsewhere, []byte("theirs"), 0o444); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := atomicfile.Acquire(t.Context(), target, time.Second); !errors.Is(err, syscall.ELOOP) {
			t.Errorf("there %v: %v", there, err)
		}
		if info, err := os.Stat(elsewhere); !there && !errors.Is(err, os.ErrNotExist) || there && info.Mode().Perm() != 0o444 {
			t.Errorf("there %v: %v, %v", there, info, err)
		}
	}
}

// Only a lock file that was made here gets a mode.
func TestLockChangesNoMode(t *testing.T) {
	target := filepath.Join(t.TempDir(), "config.toml")
	for _, mode := range []os.FileMode{0o600, 0o440, 0o666} {
		if mode != 0o600 {
			if err := os.Chmod(atomicfile.LockPath(target), mode); err != nil {
				t.Fatal(err)
			}
		}
		lock, err := atomicfile.Acquire(t.Context(), target, time.Second)
		if err == nil {
			lock.Release()
		}
		// Root opens a file that has no mode for writing; others do not.
		if err != nil && (mode != 0o440 || os.Geteuid() == 0) {
			t.Errorf("%o: %v", mode, err)
		}
		if info, err := os.Stat(atomicfile.LockPath(target)); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%o: %v, %v", mode, info, err)
		}
	}
}

// A pipe or a device in the lock's place is an error and no wait.
func TestLockOnAPipe(t *testing.T) {
	target := filepath.Join(t.TempDir(), "config.toml")
	if err := syscall.Mkfifo(atomicfile.LockPath(target), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := atomicfile.Acquire(t.Context(), target, time.Second); !errors.Is(err, atomicfile.ErrNotRegular) {
		t.Errorf("a pipe: %v", err)
	}
}
