package tomlconfig_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"jira-cli/adapters/tomlconfig"
	"jira-cli/ports/portstest"
)

func TestConforms(t *testing.T) {
	portstest.TestConfig(t, func(t *testing.T) portstest.ConfigHarness {
		path := filepath.Join(t.TempDir(), "jira-cli", "config.toml")
		view := func(wait time.Duration) *tomlconfig.Store {
			return tomlconfig.New(tomlconfig.Options{Path: path, LockWait: wait})
		}
		return portstest.ConfigHarness{
			Config:    view(time.Minute),
			Other:     view(time.Minute),
			Impatient: view(50 * time.Millisecond),
			Break: func() {
				if err := os.WriteFile(path, []byte("default_profile = \"work\"\n[profiles.work\n"), 0o600); err != nil {
					t.Fatal(err)
				}
			},
		}
	})
}
