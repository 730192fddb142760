//go:build unix

package atomicfile_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"jira-cli/adapters/internal/atomicfile"
)

// What root makes in somebody's home belongs to them: the directories on the
// way, the lock and the file, also the first time.
func TestWhatRootMakesBelongsToTheHome(t *testing.T) {
	home, owner := t.TempDir(), os.Geteuid()
	if owner == 0 { // else it is one's own in any case
		owner = 4711
		if err := os.Chown(home, owner, owner); err != nil {
			t.Fatal(err)
		}
	}
	target := filepath.Join(home, ".config", "jira-cli", "config.toml")
	lock, err := atomicfile.Acquire(t.Context(), target, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	if err := atomicfile.Replace(target, []byte("x")); err != nil {
		t.Fatal(err)
	}
	seen := 0
	err = filepath.WalkDir(home, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if got := info.Sys().(*syscall.Stat_t); int(got.Uid) != owner {
			t.Errorf("%s belongs to %d, want %d", path, got.Uid, owner)
		}
		seen++
		return nil
	})
	if err != nil || seen != 5 {
		t.Errorf("%d files were seen, want 5; %v", seen, err)
	}
}
