package lockoutfile_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"jira-cli/adapters/lockoutfile"
	"jira-cli/adapters/memory"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
	"jira-cli/ports/portstest"
)

func TestConformance(t *testing.T) {
	portstest.TestLockouts(t, func(t *testing.T) func() ports.Lockouts {
		path := filepath.Join(t.TempDir(), "state", "jira-cli", "lockouts.json")
		return func() ports.Lockouts { return lockoutfile.New(path) }
	})
}

func TestMemoryConformance(t *testing.T) {
	portstest.TestLockouts(t, func(*testing.T) func() ports.Lockouts {
		l := memory.NewLockouts()
		return func() ports.Lockouts { return l }
	})
}

func tried(t *testing.T) ports.Tried {
	t.Helper()
	site, err := profile.ParseSite("example")
	if err != nil {
		t.Fatal(err)
	}
	return ports.Tried{Site: site, User: "john.doe@example.com", Secret: secret.New("ATATT3xFfGF0-example-ABCD")}
}

// TestFileTellsNothing: neither the secret nor who was locked out where, and two
// machines' fingerprints of one credential differ.
func TestFileTellsNothing(t *testing.T) {
	prints := map[string]bool{}
	for range 2 {
		path := filepath.Join(t.TempDir(), "made", "lockouts.json")
		if err := lockoutfile.New(path).Remember(context.Background(), tried(t), time.Now()); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{"ATATT", "ABCD\"", "john", "example"} {
			if strings.Contains(string(text), part) {
				t.Errorf("the file holds %q:\n%s", part, text)
			}
		}
		prints[string(text[strings.Index(string(text), "lockouts"):])] = true
		if runtime.GOOS == "windows" {
			continue
		}
		for path, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
				t.Errorf("%s: %v, %v", path, info.Mode(), err)
			}
		}
	}
	if len(prints) != 2 {
		t.Error("two files have the same fingerprints")
	}
}

// TestDamage: what is no such file is as good as none, and mended by the next
// write.
func TestDamage(t *testing.T) {
	for _, text := range []string{"", "{", "[]", `{"salt":"abcd","lockouts":{}}`, `{"salt":"zz"}`, "\x00", strings.Repeat(" ", 2<<20)} {
		path := filepath.Join(t.TempDir(), "lockouts.json")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		l := lockoutfile.New(path)
		if at, err := l.Recall(context.Background(), tried(t)); err != nil || !at.IsZero() {
			t.Errorf("%.20q: %v, %v", text, at, err)
		}
		now := time.Date(2026, 5, 27, 0, 0, 0, 0, time.UTC)
		if err := l.Remember(context.Background(), tried(t), now); err != nil {
			t.Errorf("%.20q: %v", text, err)
		}
		if at, err := l.Recall(context.Background(), tried(t)); err != nil || !at.Equal(now) {
			t.Errorf("%.20q: %v, %v", text, at, err)
		}
	}
}

func TestNowhere(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"", filepath.Join(dir, "file", "lockouts.json")} {
		if err := lockoutfile.New(path).Remember(context.Background(), tried(t), time.Now()); fault.CodeOf(err) != fault.FileStoreFailed {
			t.Errorf("%q: %v", path, err)
		}
	}
}

func TestDefaultPath(t *testing.T) {
	for _, c := range []struct{ goos, variable, home, want string }{
		{"linux", "", "/home/john", "/home/john/.local/state/jira-cli/lockouts.json"},
		{"linux", "/state/", "/home/john", "/state/jira-cli/lockouts.json"},
		{"linux", "relative", "/home/john", "/home/john/.local/state/jira-cli/lockouts.json"},
		{"darwin", "", "/Users/john", "/Users/john/.local/state/jira-cli/lockouts.json"},
		{"windows", `C:\Local`, "", `C:\Local\jira-cli\lockouts.json`},
		{"windows", "", `C:\Users\john`, `C:\Users\john\AppData\Local\jira-cli\lockouts.json`},
		{"linux", "", "", ""},
	} {
		lookup := func(string) (string, bool) { return c.variable, c.variable != "" }
		if got := lockoutfile.DefaultPath(c.goos, lookup, c.home); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

// An earlier version kept a digest of passwords: the next write drops it.
func TestEarlierFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lockouts.json")
	const print = "0123456789abcdef0123456789abcdef"
	earlier := `{"salt":"` + strings.Repeat("ab", 32) + `","lockouts":{"` + print + `":"2026-05-27T00:00:00Z"}}`
	if err := os.WriteFile(path, []byte(earlier), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := lockoutfile.New(path).Remember(context.Background(), tried(t), time.Date(2026, 5, 27, 0, 1, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(path); err != nil || strings.Contains(string(text), print) {
		t.Errorf("%v\n%s", err, text)
	}
}
