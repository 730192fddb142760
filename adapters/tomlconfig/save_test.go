package tomlconfig_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jira-cli/adapters/tomlconfig"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports/portstest"
)

// shapes are one and the same config in every way in which TOML can spell it,
// each with unknown keys and comments marked by UNKNOWN.
var shapes = map[string]string{
	"tables": `# UNKNOWN head
default_profile = "work"

[profiles.work] # UNKNOWN
base_url = "https://example.atlassian.net"
email = "john.doe@example.com"
x-UNKNOWN = 1

[profiles.work.credential]
backend = "keyring"
site = "https://example.atlassian.net"

[profiles.work.network]
x = "UNKNOWN"

[profiles.home]
base_url = "home" # UNKNOWN
email = "john.doe@example.com"
list = [ "UNKNOWN", # UNKNOWN
]
`,
	"dotted": `default_profile = "work"
profiles.work.base_url = "https://example.atlassian.net" # UNKNOWN
profiles.work.email = "john.doe@example.com"
profiles.work.x-UNKNOWN = 1
profiles.work.credential.backend = "keyring"
profiles.work.credential.site = "https://example.atlassian.net"
# UNKNOWN
profiles.home.base_url = "home"
profiles . "home" . 'email' = 'john.doe@example.com' # UNKNOWN
[UNKNOWN]
x = 1
`,
	"inline": `default_profile = "work"
profiles = { work = { base_url = "https://example.atlassian.net", UNKNOWN = [1, { a = "}" }], email = "john.doe@example.com", credential = { backend = "keyring", site = "https://example.atlassian.net" } }, home = { base_url = "home", email = "john.doe@example.com", UNKNOWN = {} } } # UNKNOWN
`,
	"one table": `default_profile = "work"
[profiles]
work = { base_url = "https://example.atlassian.net", email = "john.doe@example.com", UNKNOWN = 1, credential = { backend = "keyring", site = "https://example.atlassian.net" } }
home.base_url = "home" # UNKNOWN
home.email = "john.doe@example.com"
home.UNKNOWN.deep = 1
`,
	"scattered": `default_profile = "work"
[profiles.work.credential]
backend = "keyring"
site = "https://example.atlassian.net"
[profiles.home]
base_url = "home"
[unrelated.UNKNOWN]
[[array.UNKNOWN]]
[[array.UNKNOWN]]
[profiles.work]
base_url = "https://example.atlassian.net"
email = "john.doe@example.com"
# UNKNOWN
[profiles.home.UNKNOWN]
deep = 1
[profiles]
`,
}

// TestFlows takes each shape through what the commands do, with each kind of
// line ends. Save itself proves that unknown values survive; here the comments
// are counted too, and that every change finds a place.
func TestFlows(t *testing.T) {
	t.Parallel()
	for name, shape := range shapes {
		for ends, form := range map[string]func(string) string{
			"LF":         func(s string) string { return s },
			"CRLF":       func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
			"no newline": func(s string) string { return strings.TrimSuffix(s, "\n") },
			"BOM":        func(s string) string { return "\xef\xbb\xbf" + s },
		} {
			t.Run(name+" "+ends, func(t *testing.T) {
				t.Parallel()
				flow(t, form(shape))
			})
		}
	}
}

func flow(t *testing.T, text string) {
	store, path := fileWith(t, text)
	c, err := store.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	unknown := strings.Count(text, "UNKNOWN")
	save := func(what string, next profile.Config, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		portstest.SaveConfig(t, store, next)
		after, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(string(after), "UNKNOWN"); got != unknown {
			t.Fatalf("%s: %d of %d unknown things are left:\n%s", what, got, unknown, after)
		}
		if strings.Contains(text, "\r\n") && strings.Count(string(after), "\n") != strings.Count(string(after), "\r\n") {
			t.Fatalf("%s: mixed line ends: %q", what, after)
		}
		if strings.HasSuffix(text, "\n") != strings.HasSuffix(string(after), "\n") {
			t.Fatalf("%s: the last newline came or went: %q", what, after)
		}
		got, err := store.Load(t.Context())
		if err != nil || !got.Equal(next.Complete()) {
			t.Fatalf("%s: %+v, %v\n%s", what, got, err, after)
		}
		c = got
	}
	edit := func(what string, name profile.Name, change func(*profile.Profile)) {
		t.Helper()
		p, err := c.Get(name)
		if err != nil {
			t.Fatal(err)
		}
		change(&p)
		next, err := c.With(p)
		save(what, next, err)
	}
	site := portstest.Site(t, "example")
	file := profile.Reference{Backend: profile.File, Site: site.Origin(), Path: "/home/john/secrets.age"}
	edit("whoami --save", "work", func(p *profile.Profile) { p.AccountID = "712020:0" })
	edit("migrate", "work", func(p *profile.Profile) {
		p.Leftovers = []profile.Reference{*p.Credential, {Backend: profile.Command, Site: site.Origin(), Argv: []string{"a", "b"}}}
		p.Credential = &file
	})
	edit("clean up the first", "work", func(p *profile.Profile) { p.Leftovers = p.Leftovers[1:] })
	edit("another leftover", "work", func(p *profile.Profile) {
		p.Leftovers = append(p.Leftovers, profile.Reference{Backend: profile.Env, Site: site.Origin()})
	})
	renamed, err := c.Renamed("work", "job")
	save("rename", renamed, err)
	edit("clean up", "job", func(p *profile.Profile) { p.Leftovers = nil })
	edit("logout", "job", func(p *profile.Profile) { p.Credential = nil })
	edit("login", "home", func(p *profile.Profile) { p.Credential = &profile.Reference{Backend: profile.Keyring} })
	edit("1password", "home", func(p *profile.Profile) {
		p.OnePassword = profile.OnePasswordPlace{Account: "a", Vault: "v"}
		p.Credential = &profile.Reference{Backend: profile.OnePassword, Account: "a", Vault: "v", Item: "i"}
	})
	edit("forget the place", "home", func(p *profile.Profile) { p.OnePassword = profile.OnePasswordPlace{} })
	added, err := c.With(profile.Profile{Name: "new", Site: site, Email: "e", Credential: &file, Leftovers: []profile.Reference{file}})
	save("login of a new one", added, err)
	save("delete it", c.Without("new"), nil)
	settings := c
	settings.Settings = profile.Settings{Output: "json", Timeout: "5s", NoInput: "false", NoColor: "true"}
	save("settings", settings, nil)
	settings.Settings, settings.Default = profile.Settings{NoColor: "false"}, ""
	save("fewer settings", settings, nil)
}

func TestSaveWritesTheDocumentedForm(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "jira-cli", "config.toml")
	store := tomlconfig.New(tomlconfig.Options{Path: path})
	site := portstest.Site(t, "example")
	c, err := profile.Config{}.With(profile.Profile{
		Name: "default", Site: site, Email: "john.doe@example.com", AccountID: "712020:00000000-0000-4000-8000-000000000000",
		Credential:  &profile.Reference{Backend: profile.Keyring, Site: site.Origin()},
		OnePassword: profile.OnePasswordPlace{Account: "my-account", Vault: "Work", Item: "Jira API token", Field: "credential"},
		Leftovers:   []profile.Reference{{Backend: profile.Command, Site: site.Origin(), Argv: []string{"op", "read", "op://Work/Jira/token"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	portstest.SaveConfig(t, store, c)
	want := `default_profile = "default"

[profiles.default]
base_url = "https://example.atlassian.net"
email = "john.doe@example.com"
auth_type = "token"
account_id = "712020:00000000-0000-4000-8000-000000000000"

[profiles.default.credential]
backend = "keyring"
site = "https://example.atlassian.net"
service = "jira-cli"
account = "example.atlassian.net/default"

[profiles.default.onepassword]
account = "my-account"
vault = "Work"
item = "Jira API token"
field = "credential"

[[profiles.default.leftover]]
backend = "command"
site = "https://example.atlassian.net"
argv = ["op", "read", "op://Work/Jira/token"]
`
	got, err := os.ReadFile(path)
	if diff := cmp.Diff(want, string(got)); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// TestSaveKeepsItsHandsOff: what is not changed is not spelled anew, however it
// is spelled.
func TestSaveKeepsItsHandsOff(t *testing.T) {
	t.Parallel()
	text := "profiles.a.base_url = 'Example'\nno_color = \"1\"\n[profiles.a.credential]\nbackend = 'keyring'\n[profiles.b]\nauth_type = '1password'\n"
	store, path := fileWith(t, text)
	old := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	if err := os.Chtimes(path, old, old); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	c, err := store.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	portstest.SaveConfig(t, store, c)
	info, err := os.Stat(path)
	if err != nil || !info.ModTime().Equal(old) || info.Mode().Perm() != 0o644 {
		t.Errorf("a save that changes nothing touched the file: %v, %v", info, err)
	}
	p, err := c.Get("a")
	if err != nil {
		t.Fatal(err)
	}
	p.Email = "e"
	if c, err = c.With(p); err != nil {
		t.Fatal(err)
	}
	portstest.SaveConfig(t, store, c)
	want := strings.Replace(text, "'Example'\n", "'Example'\nprofiles.a.email = \"e\"\n", 1)
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("%v (-want +got):\n%s", err, cmp.Diff(want, string(got)))
	}
}

func TestSaveRefusesWhatItCannotSay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]profile.Config{
		"a name":         {Profiles: []profile.Profile{{Name: "No Name"}}},
		"two of a name":  {Profiles: []profile.Profile{{Name: "a"}, {Name: "a", Email: "x"}}},
		"two of a token": {Profiles: []profile.Profile{{Name: "a-b"}, {Name: "a_b"}}},
		"no UTF-8":       {Profiles: []profile.Profile{{Name: "a", Email: "\xff"}}},
		"an auth type":   {Profiles: []profile.Profile{{Name: "a", AuthType: "x"}}},
		"a backend":      {Profiles: []profile.Profile{{Name: "a", Credential: &profile.Reference{Backend: "x"}}}},
		"a setting":      {Settings: profile.Settings{Output: "yaml"}},
		"too much":       {Default: strings.Repeat("x", 1<<20)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := "# mine\n[profiles.a]\nemail = \"a\"\n"
			store, path := fileWith(t, text)
			tx, err := store.Lock(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer tx.Unlock()
			want := fault.ConfigWriteFailed
			if name == "two of a name" || name == "no UTF-8" { // nobody's file is to blame
				want = fault.InternalError
			}
			portstest.WantCode(t, tx.Save(t.Context(), c), want)
			if got, err := os.ReadFile(path); err != nil || string(got) != text {
				t.Errorf("the file says %q, %v", got, err)
			}
		})
	}
}

// TestSaveStartsFromTheFile: an editor takes no lock, and what it adds between
// the load and the save stays.
func TestSaveStartsFromTheFile(t *testing.T) {
	t.Parallel()
	store, path := fileWith(t, "[profiles.a]\nemail = \"a\"\n")
	tx, err := store.Lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Unlock()
	c, err := tx.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("# added\n[profiles.a]\nemail = \"a\"\nunknown = 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c.Profiles[0].AccountID = "id"
	if err := tx.Save(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	want := "# added\n[profiles.a]\nemail = \"a\"\nunknown = 1\naccount_id = \"id\"\n"
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("%v (-want +got):\n%s", err, cmp.Diff(want, string(got)))
	}
}
