//go:build unix

package filestore_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"jira-cli/adapters/filestore"
	"jira-cli/domain/fault"
)

// watchdog bounds what could hang; it asserts nothing by itself.
const watchdog = 20 * time.Second

// within64MiB runs work, which must end and must not allocate more than that.
func within64MiB(t *testing.T, work func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	done := make(chan struct{})
	go func() { defer close(done); work() }()
	select {
	case <-done:
	case <-time.After(watchdog):
		t.Fatal("hangs")
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 {
		t.Errorf("allocated %d bytes", used)
	}
}

// A pipe, a device without an end and a file without a bound in the place of any
// of the files are errors, on reading and writing, at once and in bounded memory.
func TestFilesThatNeverEnd(t *testing.T) {
	forms := map[string]func(path string) error{
		"silent":  func(path string) error { return syscall.Mkfifo(path, 0o600) },
		"endless": func(path string) error { return os.Symlink("/dev/zero", path) },
		"huge": func(path string) error {
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				return err
			}
			return os.Truncate(path, 1<<40)
		},
	}
	for form, make := range forms {
		for _, name := range []string{"credentials.age", "identity.txt", "recipients.txt"} {
			t.Run(form+" "+name, func(t *testing.T) {
				p := newPlace(t)
				put(t, p.store(""), account, sample)
				path := filepath.Join(p.dir, name)
				if err := os.Remove(path); err != nil && name != "recipients.txt" {
					t.Fatal(err)
				}
				if err := make(path); err != nil {
					t.Fatal(err)
				}
				within64MiB(t, func() {
					s := p.store("")
					if _, err := s.Get(t.Context(), ref(account)); err == nil && name != "recipients.txt" {
						t.Error("it was read")
					}
					if name == "credentials.age" && form == "endless" {
						return // a link is written through: the lock would lie beside the device
					}
					if err := s.Put(t.Context(), ref(account), sample); err == nil {
						t.Error("it was written")
					}
				})
			})
		}
	}
}

// What others can have put there or changed is neither read nor written. The
// tests that need another owner are root's, as the machine of the tests is.
func TestFilesOfOthers(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Log("not root: only the modes are tried")
	}
	for _, name := range []string{"credentials.age", "identity.txt", "recipients.txt"} {
		for how, c := range map[string]struct {
			uid  int
			mode os.FileMode
			home bool
			bad  bool
		}{
			"writable by the group": {os.Geteuid(), 0o620, false, true},
			"writable by all":       {os.Geteuid(), 0o602, false, true},
			"another user's":        {1234, 0o600, false, true},
			"the home's owner's":    {1234, 0o600, true, false},
		} {
			if c.uid != os.Geteuid() && os.Geteuid() != 0 {
				continue
			}
			t.Run(name+" "+how, func(t *testing.T) {
				p := newPlace(t)
				put(t, p.store(""), account, sample)
				path := filepath.Join(p.dir, name)
				if name == "recipients.txt" {
					writeFile(t, path, nil)
				}
				if err := os.Chmod(path, c.mode); err != nil {
					t.Fatal(err)
				}
				if err := os.Chown(path, c.uid, -1); err != nil {
					t.Fatal(err)
				}
				options := p.options("")
				if c.home {
					options.Home = t.TempDir()
					if err := os.Chown(options.Home, c.uid, -1); err != nil {
						t.Fatal(err)
					}
				}
				s := filestore.New(options)
				want := fault.Code("")
				if c.bad {
					want = fault.FileStorePermissions
				}
				if name != "recipients.txt" {
					_, err := s.Get(t.Context(), ref(account))
					wantCode(t, err, want)
				}
				before := readFile(t, p.path)
				wantCode(t, s.Put(t.Context(), ref(account), sample), want)
				if c.bad && string(readFile(t, p.path)) != string(before) {
					t.Error("it was written all the same")
				}
			})
		}
	}
}

// Root makes no file with an identity that somebody else put there.
func TestRootAdoptsNoIdentity(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Log("not root: nothing can be planted")
		return
	}
	p := newPlace(t)
	put(t, p.store(""), account, sample)
	if err := os.Remove(p.path); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(filepath.Join(p.dir, "identity.txt"), 1234, -1); err != nil {
		t.Fatal(err)
	}
	err := p.store("").Put(t.Context(), ref(account), sample)
	wantCode(t, err, fault.FileStorePermissions)
	if !strings.Contains(err.Error(), "1234") {
		t.Error(err)
	}
	wantNoFile(t, p.path)
}
