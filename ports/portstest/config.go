package portstest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// ConfigHarness is one fresh config in the views that the suite needs.
type ConfigHarness struct {
	Config    ports.Config // empty
	Other     ports.Config // the same config as another process sees it
	Impatient ports.Config // the same config, waiting well under a second for the lock
	Break     func()       // makes the content such that it cannot be read: ConfigInvalid
}

// TestConfig demands of an implementation what ports.Config promises.
func TestConfig(t *testing.T, newHarness func(t *testing.T) ConfigHarness) {
	for name, test := range map[string]func(*testing.T, ConfigHarness){
		"absent is empty":             configAbsent,
		"round trip":                  configRoundTrip,
		"defaults are filled in":      configDefaults,
		"every profile change":        configChanges,
		"unicode and odd text":        configOddText,
		"nothing is shared":           configShares,
		"save what is there already":  configSaveSame,
		"broken is never overwritten": configBroken,
		"locked":                      configLocked,
		"load while locked":           configLoadWhileLocked,
		"unlock twice":                configUnlock,
		"context":                     configContext,
		"context while waiting":       configContextWaiting,
		"none lost":                   configConcurrent,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newHarness(t))
		})
	}
}

// Site parses a site for tests.
func Site(t testing.TB, text string) profile.Site {
	t.Helper()
	site, err := profile.ParseSite(text)
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// SampleConfig is a config in which everything has a value.
func SampleConfig(t testing.TB) profile.Config {
	t.Helper()
	site := Site(t, "example")
	place := profile.OnePasswordPlace{Account: "my-account", Vault: "Work", Item: "Jira API token", Field: "credential"}
	return profile.Config{
		Default:  "work",
		Settings: profile.Settings{Output: "json", Timeout: "45s", NoInput: "true", NoColor: "false"},
		Profiles: []profile.Profile{
			{Name: "bare", AuthType: profile.AuthToken},
			{Name: "scoped", Site: site, Email: "bot@serviceaccount.atlassian.com", AuthType: profile.AuthToken,
				Deployment: profile.Cloud, CloudID: "11111111-2222-4333-8444-555555555555", TokenKind: profile.TokenScoped},
			{Name: "script", Site: site, Email: "john.doe@example.com", AuthType: profile.AuthToken,
				Credential: &profile.Reference{Backend: profile.Command, Site: site.Origin(), Argv: []string{"op", "read", "op://Work/Jira/token"}}},
			{Name: "server", Site: Site(t, "https://jira.example.com/jira"), Username: "jdoe", AuthType: profile.AuthSession,
				AccountID: "jdoe", Deployment: profile.DataCenter, TokenExpiry: time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC),
				Network: profile.Network{CAFile: "/etc/ssl/corp.pem", ClientCert: "/etc/ssl/john.pem", ClientKey: "/etc/ssl/john.key",
					Proxy: "http://proxy.example.com:8080", Insecure: true, Headers: map[string]profile.HeaderSource{
						"CF-Access-Client-Id":     {Variable: "CF_ID"},
						"cf-access-client-secret": {Argv: []string{"pass", "cf"}},
					}}},
			{Name: "work", Site: site, Email: "john.doe@example.com", AuthType: profile.AuthToken,
				AccountID: "712020:00000000-0000-4000-8000-000000000000", OnePassword: place,
				Credential: &profile.Reference{Backend: profile.Keyring, Site: site.Origin(), Service: "jira-cli", Account: "example.atlassian.net/work"},
				Leftovers: []profile.Reference{
					{Backend: profile.OnePassword, Site: site.Origin(), Account: "my-account", Vault: "Work", Item: "old", Field: "credential"},
					{Backend: profile.File, Site: site.Origin(), Path: "/home/john/secrets.age", Account: "example.atlassian.net/work"},
					{Backend: profile.Env, Site: site.Origin(), Variable: "JIRA_TOKEN_WORK"},
				}},
		},
	}
}

// SaveConfig saves c under the lock and fails the test on an error.
func SaveConfig(t testing.TB, config ports.Config, c profile.Config) {
	t.Helper()
	tx, err := config.Lock(t.Context())
	if err != nil {
		t.Fatalf("Lock: %v", err)
	}
	defer tx.Unlock()
	if err := tx.Save(t.Context(), c); err != nil {
		t.Fatalf("Save: %v", err)
	}
}

// wantConfig checks what both ways of loading say.
func wantConfig(t *testing.T, config ports.Config, want profile.Config) {
	t.Helper()
	got, err := config.Load(t.Context())
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	diffConfig(t, "Load", want, got)
	tx, err := config.Lock(t.Context())
	if err != nil {
		t.Fatalf("Lock: %v", err)
	}
	defer tx.Unlock()
	if got, err = tx.Load(t.Context()); err != nil {
		t.Fatalf("Load under the lock: %v", err)
	}
	diffConfig(t, "Load under the lock", want, got)
}

func diffConfig(t *testing.T, what string, want, got profile.Config) {
	t.Helper()
	if !got.Equal(want) {
		t.Errorf("%s differs (-want +got):\n%s", what, cmp.Diff(fmt.Sprintf("%+v", want), fmt.Sprintf("%+v", got)))
		for i := range got.Profiles {
			t.Logf("%+v %+v", got.Profiles[i], got.Profiles[i].Credential)
		}
	}
}

// WantCode fails the test unless err is a fault of the code.
func WantCode(t testing.TB, err error, code fault.Code) {
	t.Helper()
	var f *fault.Fault
	if !errors.As(err, &f) || f.Code != code {
		t.Errorf("error = %v, want code %s", err, code)
	}
}
