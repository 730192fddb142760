package tomlconfig_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"jira-cli/adapters/tomlconfig"
	"jira-cli/domain/profile"
	"jira-cli/ports/portstest"
)

// fleet is a config of many logged-in profiles.
func fleet(tb testing.TB, many int) profile.Config {
	tb.Helper()
	site := portstest.Site(tb, "example")
	var c profile.Config
	for i := range many {
		p := profile.Profile{
			Name: profile.Name(fmt.Sprintf("team-%02d", i)), Site: site, Email: "john.doe@example.com",
			AccountID:  "712020:00000000-0000-4000-8000-000000000000",
			Credential: &profile.Reference{Backend: profile.Keyring, Site: site.Origin()},
		}
		var err error
		if c, err = c.With(p.Complete()); err != nil {
			tb.Fatal(err)
		}
	}
	return c
}

func BenchmarkLoad(b *testing.B) {
	for _, many := range []int{1, 50} {
		b.Run(fmt.Sprintf("profiles=%d", many), func(b *testing.B) {
			store := tomlconfig.New(tomlconfig.Options{Path: filepath.Join(b.TempDir(), "config.toml")})
			portstest.SaveConfig(b, store, fleet(b, many))
			for b.Loop() {
				if _, err := store.Load(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSave(b *testing.B) {
	for _, many := range []int{1, 50} {
		b.Run(fmt.Sprintf("profiles=%d", many), func(b *testing.B) {
			store := tomlconfig.New(tomlconfig.Options{Path: filepath.Join(b.TempDir(), "config.toml")})
			c := fleet(b, many)
			portstest.SaveConfig(b, store, c)
			for i := 0; b.Loop(); i++ {
				c.Profiles[0].AccountID = fmt.Sprintf("712020:%d", i)
				portstest.SaveConfig(b, store, c)
			}
		})
	}
}
