package profile_test

import (
	"testing"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
)

func TestCheckForm(t *testing.T) {
	t.Parallel()
	for account, good := range map[string]bool{
		"":                                             true, // filled in by Complete
		"example.atlassian.net/default":                true,
		"jira.example.com:8443/work_2":                 true,
		"localhost:8080/work":                          true,
		"localhost:443/work":                           true,
		"[::1]:8080/work":                              true,
		"example.atlassian.net/work/tempo":             true,
		"example.atlassian.net/work#a1.0":              true,
		"example.atlassian.net/work/tempo#20261231.12": true,
		"john":                               false,
		"/default":                           false,
		"example.atlassian.net/":             false,
		"example.atlassian.net":              false,
		"example.atlassian.net/Default":      false,
		"example.atlassian.net/a/b/c":        false,
		"example.atlassian.net/work#":        false,
		"example.atlassian.net/work#1":       false,
		"example.atlassian.net/work#1.a":     false,
		"example.atlassian.net/work#1.0#1.0": false,
		"https://example.atlassian.net/work": false,
		"john@example.atlassian.net/work":    false,
		"EXAMPLE.atlassian.net/work":         false,
		"example/work":                       true,
		"example.atlassian.net:99999/work":   false,
	} {
		for _, b := range []profile.Backend{profile.Keyring, profile.File} {
			err := profile.Reference{Backend: b, Account: account}.CheckForm()
			if (err == nil) != good || err != nil && (fault.CodeOf(err) != fault.ConfigInvalid || fault.From(err).Hint == "") {
				t.Errorf("%s %q: %v", b, account, err)
			}
		}
		if err := (profile.Reference{Backend: profile.OnePassword, Account: account}).CheckForm(); err != nil {
			t.Errorf("an account of 1Password %q: %v", account, err)
		}
	}
}

func TestCheckOwn(t *testing.T) {
	t.Parallel()
	const site = "https://example.atlassian.net"
	for _, c := range []struct {
		ref  profile.Reference
		good bool
	}{
		{profile.Reference{Backend: profile.Keyring, Site: site, Account: "example.atlassian.net/work"}, true},
		{profile.Reference{Backend: profile.File, Site: "http://localhost:8080", Account: "localhost:8080/work"}, true},
		{profile.Reference{Backend: profile.OnePassword, Site: site, Item: "jira-cli example.atlassian.net/work"}, true},
		{profile.Reference{Backend: profile.OnePassword, Site: site, Item: "Jira of john"}, true},
		{profile.Reference{Backend: profile.OnePassword, Site: site, Item: "jira-cli tokens"}, true},
		{profile.Reference{Backend: profile.Env, Site: site, Variable: "X"}, true},
		{profile.Reference{Backend: profile.Keyring, Account: "example.atlassian.net/work"}, false},
		{profile.Reference{Backend: profile.Env, Variable: "X"}, false},
		{profile.Reference{Backend: profile.Command, Argv: []string{"x"}}, false},
		{profile.Reference{Backend: profile.OnePassword, Item: "Jira of john"}, false},
		{profile.Reference{Backend: profile.Keyring, Site: site, Account: "github.com/john"}, false},
		{profile.Reference{Backend: profile.Keyring, Site: site}, false},
		{profile.Reference{Backend: profile.File, Site: site, Account: "example.atlassian.net:8443/work"}, false},
		{profile.Reference{Backend: profile.OnePassword, Site: site, Item: "jira-cli other.example.com/work"}, false},
		{profile.Reference{Backend: profile.Keyring, Site: site + "/", Account: "example.atlassian.net/work"}, false},
		{profile.Reference{Backend: profile.Keyring, Site: "example", Account: "example.atlassian.net/work"}, false},
	} {
		err := c.ref.CheckOwn()
		if (err == nil) != c.good || err != nil && fault.CodeOf(err) != fault.CredentialSiteMismatch {
			t.Errorf("%+v: %v", c.ref, err)
		}
	}
}

func TestKeyringService(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ recorded, override, want string }{
		{"", "", "jira-cli"}, {"jira-cli", "", "jira-cli"}, {"jira-cli", "mine", "mine"}, {"mine", "mine", "mine"},
		{"gh:github.com", "mine", "mine"}, {"gh:github.com", "", ""},
	} {
		got, err := profile.Reference{Service: c.recorded}.KeyringService(c.override)
		if got != c.want || (err == nil) != (c.want != "") || err != nil && fault.CodeOf(err) != fault.ConfigInvalid {
			t.Errorf("recorded %q, override %q: %q, %v", c.recorded, c.override, got, err)
		}
	}
}

// What is kept to the second is the same before and after it was kept.
func TestCompleteCutsTimes(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 12, 3, 22, 35, 14, 728_000_000, time.FixedZone("", 3600))
	got := profile.Profile{Name: "work", TokenExpiry: at}.Complete().TokenExpiry
	if want := time.Date(2026, 12, 3, 21, 35, 14, 0, time.UTC); got != want {
		t.Errorf("%v, want %v", got, want)
	}
}
