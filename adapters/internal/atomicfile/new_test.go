package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestBothWaysOfNamingNeverReplace(t *testing.T) {
	for name, give := range map[string]func(string, string) error{"rename": renameNew, "link": linkNew} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			from, to := filepath.Join(dir, "from"), filepath.Join(dir, "to")
			for i, want := range []error{nil, fs.ErrExist} {
				if err := os.WriteFile(from, []byte{byte(i)}, 0o600); err != nil {
					t.Fatal(err)
				}
				if err := give(from, to); !errors.Is(err, want) {
					t.Fatalf("attempt %d: %v, want %v", i, err, want)
				}
				if _, err := os.Lstat(from); (err == nil) != (want != nil) {
					t.Errorf("attempt %d: the old name: %v", i, err)
				}
			}
			if text, err := os.ReadFile(to); err != nil || string(text) != "\x00" {
				t.Errorf("the file holds %q, %v", text, err)
			}
		})
	}
}
