package tomlconfig_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jira-cli/adapters/tomlconfig"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports/portstest"
)

// TestSymlinks: links are written through, and all names share one lock.
func TestSymlinks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ target, first, second string }{
		"a link":                {"real/config.toml", "../real/config.toml", ""},
		"a chain":               {"real/config.toml", "other.toml", "../real/config.toml"},
		"a dangling link":       {"missing/deep/config.toml", "../missing/deep/config.toml", ""},
		"a dangling chain":      {"missing/config.toml", "other.toml", "../missing/config.toml"},
		"a link in the same":    {"links/x.toml", "x.toml", ""},
		"a link to a directory": {"real/config.toml", "dir/config.toml", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			path, target := filepath.Join(root, "links", "config.toml"), filepath.Join(root, c.target)
			for _, dir := range []string{"links", "real"} {
				if err := os.Mkdir(filepath.Join(root, dir), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			symlink(t, c.first, path)
			symlink(t, "../real", filepath.Join(root, "links", "dir"))
			if c.second != "" {
				symlink(t, c.second, filepath.Join(root, "links", c.first))
			}
			store := tomlconfig.New(tomlconfig.Options{Path: path})
			sample := portstest.SampleConfig(t)
			portstest.SaveConfig(t, store, sample)
			portstest.SaveConfig(t, store, sample.Without("bare"))
			if info, err := os.Lstat(path); err != nil || info.Mode()&os.ModeSymlink == 0 || store.Path() != path {
				t.Errorf("the link became %v, %v", info, err)
			}
			direct := tomlconfig.New(tomlconfig.Options{Path: target, LockWait: 50 * time.Millisecond})
			if got, err := direct.Load(t.Context()); err != nil || !got.Equal(sample.Without("bare")) {
				t.Errorf("the target says %+v, %v", got, err)
			}
			tx, err := store.Lock(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer tx.Unlock()
			_, err = direct.Lock(t.Context())
			portstest.WantCode(t, err, fault.ConfigLocked)
		})
	}
}

func symlink(t *testing.T, to, at string) {
	t.Helper()
	if err := os.Symlink(to, at); err != nil {
		t.Fatal(err)
	}
}

// TestSaveFails in ways that stop root too; the file stays as it was.
func TestSaveFails(t *testing.T) {
	t.Parallel()
	text := "[profiles.a]\n"
	t.Run("the temporary file is in the way", func(t *testing.T) {
		t.Parallel()
		store, path := fileWith(t, text)
		if err := os.MkdirAll(filepath.Join(path+".tmp", "occupied"), 0o700); err != nil {
			t.Fatal(err)
		}
		tx, err := store.Lock(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer tx.Unlock()
		err = tx.Save(t.Context(), profile.Config{})
		portstest.WantCode(t, err, fault.ConfigWriteFailed)
		if got, err := os.ReadFile(path); err != nil || string(got) != text {
			t.Errorf("the file says %q, %v", got, err)
		}
		// A save that changes nothing needs no writing.
		if err := tx.Save(t.Context(), profile.Config{Profiles: []profile.Profile{{Name: "a"}}}); err != nil {
			t.Errorf("a save of what is there: %v", err)
		}
	})
	for name, path := range map[string]func(t *testing.T) string{
		"below a file": func(t *testing.T) string {
			_, path := fileWith(t, text)
			return filepath.Join(path, "config.toml")
		},
		"a directory": func(t *testing.T) string { return t.TempDir() },
		"a loop of links": func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "loop")
			symlink(t, "loop", path)
			return path
		},
		"a lock that is a directory": func(t *testing.T) string {
			_, path := fileWith(t, text)
			if err := os.Mkdir(path+".lock", 0o700); err != nil {
				t.Fatal(err)
			}
			return path
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := path(t)
			_, err := tomlconfig.New(tomlconfig.Options{Path: path}).Lock(t.Context())
			portstest.WantCode(t, err, fault.ConfigWriteFailed)
			if f := fault.From(err); !strings.Contains(f.Message, path) || f.Hint == "" {
				t.Errorf("%q, hint %q", f.Message, f.Hint)
			}
		})
	}
}

// TestReadOnlyDirectory: root may write anywhere, so what is asked of it is
// that the file stays whole; anybody else must be refused with a way out.
func TestReadOnlyDirectory(t *testing.T) {
	t.Parallel()
	text := "[profiles.a]\n"
	store, path := fileWith(t, text)
	tx, err := store.Lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Unlock()
	if err := os.Chmod(filepath.Dir(path), 0o500); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(filepath.Dir(path), 0o700)
	err = tx.Save(t.Context(), profile.Config{})
	got, readErr := os.ReadFile(path)
	if readErr != nil {
		t.Fatal(readErr)
	}
	if os.Geteuid() == 0 {
		if err != nil || string(got) != "" {
			t.Errorf("as root: %v, the file says %q", err, got)
		}
		return
	}
	portstest.WantCode(t, err, fault.ConfigWriteFailed)
	if string(got) != text || !strings.Contains(fault.From(err).Hint, "directory must be writable") {
		t.Errorf("the file says %q, hint %q", got, fault.From(err).Hint)
	}
}

// TestLockWaitObeysTheContext with a cause that only the caller knows.
func TestLockWaitObeysTheContext(t *testing.T) {
	t.Parallel()
	store, _ := fileWith(t, "")
	tx, err := store.Lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Unlock()
	why := errors.New("enough")
	ctx, cancel := context.WithTimeoutCause(t.Context(), 30*time.Millisecond, why)
	defer cancel()
	if _, err := store.Lock(ctx); !errors.Is(err, why) {
		t.Errorf("Lock: %v", err)
	}
}
