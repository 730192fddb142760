package atomicfile_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"jira-cli/adapters/internal/atomicfile"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := atomicfile.Read(path, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func link(t *testing.T, to, at string) {
	t.Helper()
	if err := os.Symlink(to, at); err != nil {
		t.Fatal(err)
	}
}

func wantMode(t *testing.T, path string, want fs.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != want {
		t.Errorf("%s has mode %o, want %o", path, info.Mode().Perm(), want)
	}
}

func realDir(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestReplaceCreatesAndReplaces(t *testing.T) {
	dir := realDir(t)
	target := filepath.Join(dir, "a", "b", "file")
	for _, text := range []string{"one", "a longer second", ""} {
		if err := atomicfile.Replace(target, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if got := read(t, target); got != text {
			t.Errorf("the file says %q, want %q", got, text)
		}
	}
	wantMode(t, target, 0o600)
	wantMode(t, filepath.Join(dir, "a"), 0o700)
	wantMode(t, filepath.Join(dir, "a", "b"), 0o700)
	entries, err := os.ReadDir(filepath.Dir(target))
	if err != nil || len(entries) != 1 {
		t.Errorf("beside the file there is %v, %v", entries, err)
	}
}

func TestReplaceMendsALooseMode(t *testing.T) {
	target := filepath.Join(realDir(t), "file")
	write(t, target, "old")
	if err := os.Chmod(target, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Replace(target, []byte("new")); err != nil {
		t.Fatal(err)
	}
	wantMode(t, target, 0o600)
}

func TestNothingChangesBeforeCommit(t *testing.T) {
	target := filepath.Join(realDir(t), "file")
	write(t, target, "old")
	staged, err := atomicfile.Stage(target, []byte("new"))
	if err != nil {
		t.Fatal(err)
	}
	wantMode(t, target+".tmp", 0o600)
	if got := read(t, target); got != "old" {
		t.Errorf("staging changed the file to %q", got)
	}
	staged.Discard()
	if _, err := os.Lstat(target + ".tmp"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("after Discard the temporary file is there: %v", err)
	}
}

// A crash leaves a temporary file; the next write must neither stumble over it
// nor follow a link that somebody put in its place.
func TestLeftoverTemporaryFile(t *testing.T) {
	dir := realDir(t)
	target, victim := filepath.Join(dir, "file"), filepath.Join(dir, "victim")
	write(t, victim, "precious")
	write(t, target+".tmp", "half")
	if err := atomicfile.Replace(target, []byte("one")); err != nil {
		t.Fatal(err)
	}
	link(t, victim, target+".tmp")
	if err := atomicfile.Replace(target, []byte("two")); err != nil {
		t.Fatal(err)
	}
	if got := read(t, victim); got != "precious" {
		t.Errorf("the link was written through: %q", got)
	}
	if got := read(t, target); got != "two" {
		t.Errorf("the file says %q", got)
	}
}

// A directory in the temporary file's place stops every user, root too.
func TestFailureLeavesTheOldFile(t *testing.T) {
	target := filepath.Join(realDir(t), "file")
	write(t, target, "old")
	write(t, filepath.Join(target+".tmp", "occupied"), "x")
	if err := atomicfile.Replace(target, []byte("new")); err == nil {
		t.Error("Replace succeeded without a temporary file")
	}
	if got := read(t, target); got != "old" {
		t.Errorf("the file says %q", got)
	}
}

func TestReplaceRefusesADirectory(t *testing.T) {
	target := filepath.Join(realDir(t), "dir")
	if err := os.Mkdir(target, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Replace(target, []byte("x")); !errors.Is(err, atomicfile.ErrNotRegular) {
		t.Errorf("Replace of a directory: %v", err)
	}
}

func TestCommitNewNeverReplaces(t *testing.T) {
	target := filepath.Join(realDir(t), "file")
	for i, want := range []error{nil, fs.ErrExist} {
		staged, err := atomicfile.Stage(target, []byte(strconv.Itoa(i)))
		if err != nil {
			t.Fatal(err)
		}
		if err := staged.CommitNew(); !errors.Is(err, want) {
			t.Errorf("CommitNew %d: %v, want %v", i, err, want)
		}
	}
	if got := read(t, target); got != "0" {
		t.Errorf("the file says %q", got)
	}
	if _, err := os.Lstat(target + ".tmp"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the temporary file is there: %v", err)
	}
}

func TestResolve(t *testing.T) {
	dir := realDir(t)
	write(t, filepath.Join(dir, "real", "file"), "x")
	link(t, "real", filepath.Join(dir, "dirlink"))
	link(t, filepath.Join(dir, "dirlink", "file"), filepath.Join(dir, "filelink"))
	link(t, "missing/deep", filepath.Join(dir, "dangling"))
	link(t, "../real/file", filepath.Join(dir, "real", "up"))
	link(t, "b", filepath.Join(dir, "a"))
	link(t, "a", filepath.Join(dir, "b"))
	for from, to := range map[string]string{
		"real/file":         "real/file",
		"dirlink/file":      "real/file",
		"filelink":          "real/file",
		"dirlink/up":        "real/file",
		"dirlink/none/more": "real/none/more",
		"dangling":          "missing/deep",
		"dangling/x":        "missing/deep/x",
		"none":              "none",
	} {
		got, err := atomicfile.Resolve(filepath.Join(dir, from))
		if want := filepath.Join(dir, to); got != want || err != nil {
			t.Errorf("Resolve(%s) = %s, %v, want %s", from, got, err, want)
		}
	}
	if got, err := atomicfile.Resolve(filepath.Join(dir, "a")); !errors.Is(err, atomicfile.ErrLinkLoop) {
		t.Errorf("Resolve of a loop = %s, %v", got, err)
	}
	if _, err := atomicfile.Resolve(filepath.Join(dir, "real", "file", "below")); err == nil {
		t.Error("a file served as a directory")
	}
}

func TestRead(t *testing.T) {
	dir := realDir(t)
	file := filepath.Join(dir, "file")
	write(t, file, "12345")
	if _, err := atomicfile.Read(file, 4); !errors.Is(err, atomicfile.ErrTooLarge) {
		t.Errorf("over the bound: %v", err)
	}
	if data, err := atomicfile.Read(file, 5); string(data) != "12345" || err != nil {
		t.Errorf("at the bound: %q, %v", data, err)
	}
	if _, err := atomicfile.Read(dir, 5); err == nil {
		t.Error("a directory was read")
	}
	if _, err := atomicfile.Read(filepath.Join(dir, "none"), 5); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an absent file: %v", err)
	}
}

func TestLockExcludes(t *testing.T) {
	target := filepath.Join(realDir(t), "new", "file")
	counter := filepath.Join(filepath.Dir(target), "counter")
	var group sync.WaitGroup
	const goroutines, rounds = 8, 10
	for range goroutines {
		group.Go(func() {
			for range rounds {
				lock, err := atomicfile.Acquire(t.Context(), target, time.Minute)
				if err != nil {
					t.Error(err)
					return
				}
				text, _ := os.ReadFile(counter)
				n, _ := strconv.Atoi(string(text))
				if err := os.WriteFile(counter, []byte(strconv.Itoa(n+1)), 0o600); err != nil {
					t.Error(err)
				}
				lock.Release()
				lock.Release()
			}
		})
	}
	group.Wait()
	if got := read(t, counter); got != strconv.Itoa(goroutines*rounds) {
		t.Errorf("%s of %d increments survived", got, goroutines*rounds)
	}
	wantMode(t, atomicfile.LockPath(target), 0o600)
	wantMode(t, filepath.Dir(target), 0o700)
}

func TestLockWaitIsBounded(t *testing.T) {
	target := filepath.Join(realDir(t), "file")
	held, err := atomicfile.Acquire(t.Context(), target, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Release()
	if _, err := atomicfile.Acquire(t.Context(), target, 50*time.Millisecond); !errors.Is(err, atomicfile.ErrLocked) {
		t.Errorf("a held lock: %v", err)
	}
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	if _, err := atomicfile.Acquire(ctx, target, time.Hour); !errors.Is(err, why) {
		t.Errorf("a cancelled wait: %v", err)
	}
}

// Somebody removes the lock file while it is held: the old lock protects
// nothing then, and whoever comes next must lock the file that is there.
func TestLockFollowsTheFile(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // an open file cannot be removed there
	}
	target := filepath.Join(realDir(t), "file")
	first, err := atomicfile.Acquire(t.Context(), target, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Release()
	if err := os.Remove(atomicfile.LockPath(target)); err != nil {
		t.Fatal(err)
	}
	second, err := atomicfile.Acquire(t.Context(), target, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Release()
	if _, err := atomicfile.Acquire(t.Context(), target, 50*time.Millisecond); !errors.Is(err, atomicfile.ErrLocked) {
		t.Errorf("the second lock does not exclude: %v", err)
	}
}

func TestLockThatCannotBeCreated(t *testing.T) {
	dir := realDir(t)
	write(t, filepath.Join(dir, "file"), "x")
	_, err := atomicfile.Acquire(t.Context(), filepath.Join(dir, "file", "below"), time.Second)
	if err == nil || errors.Is(err, atomicfile.ErrLocked) {
		t.Errorf("below a file: %v", err)
	}
	if !strings.Contains(err.Error(), "file") {
		t.Errorf("the error does not name the path: %v", err)
	}
}
