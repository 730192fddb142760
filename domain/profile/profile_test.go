package profile_test

import (
	"slices"
	"strings"
	"testing"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
)

func wantCode(t *testing.T, err error, code fault.Code) {
	t.Helper()
	if fault.CodeOf(err) != code {
		t.Errorf("error = %v, want code %s", err, code)
	}
}

func site(t *testing.T, text string) profile.Site {
	t.Helper()
	s, err := profile.ParseSite(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestParseName(t *testing.T) {
	for _, good := range []string{"a", "0", "default", "my-team", "my_team", "9-_", strings.Repeat("x", 63)} {
		if name, err := profile.ParseName(good); err != nil || string(name) != good {
			t.Errorf("ParseName(%q) = %q, %v", good, name, err)
		}
	}
	for _, bad := range []string{"", "-a", "_a", "A", "aB", "a.b", "a b", "a\n", "\na", "é", "a/b", "K", strings.Repeat("x", 64)} {
		name, err := profile.ParseName(bad)
		if name != "" {
			t.Errorf("ParseName(%q) = %q", bad, name)
		}
		wantCode(t, err, fault.ProfileNameInvalid)
	}
}

func TestTokenVariable(t *testing.T) {
	for name, want := range map[profile.Name]string{
		"default": "JIRA_TOKEN_DEFAULT", "my-team": "JIRA_TOKEN_MY_TEAM", "my_team": "JIRA_TOKEN_MY_TEAM", "a1-b_c": "JIRA_TOKEN_A1_B_C",
	} {
		if got := name.TokenVariable(); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestParseBackend(t *testing.T) {
	for _, b := range profile.Backends() {
		if got, err := profile.ParseBackend(string(b)); got != b || err != nil {
			t.Errorf("ParseBackend(%q) = %q, %v", b, got, err)
		}
	}
	for text, suggestion := range map[string]string{"keyrng": "keyring", "1pasword": "1password", "Keyring": "keyring", "": ""} {
		_, err := profile.ParseBackend(text)
		wantCode(t, err, fault.BackendUnsupported)
		if got := fault.From(err).Details.Suggestions; suggestion != "" && !slices.Contains(got, suggestion) {
			t.Errorf("ParseBackend(%q) suggests %q", text, got)
		}
	}
}

func TestReferenceEqual(t *testing.T) {
	base := profile.Reference{Backend: profile.Keyring, Site: "a", Service: "b", Account: "c", Vault: "d", Item: "e",
		Field: "f", Path: "g", Variable: "h", Argv: []string{"i"}}
	for member, change := range map[string]func(*profile.Reference){
		"backend": func(r *profile.Reference) { r.Backend = profile.File }, "site": func(r *profile.Reference) { r.Site = "" },
		"service": func(r *profile.Reference) { r.Service = "" }, "account": func(r *profile.Reference) { r.Account = "" },
		"vault": func(r *profile.Reference) { r.Vault = "" }, "item": func(r *profile.Reference) { r.Item = "" },
		"field": func(r *profile.Reference) { r.Field = "" }, "path": func(r *profile.Reference) { r.Path = "" },
		"variable": func(r *profile.Reference) { r.Variable = "" }, "argv": func(r *profile.Reference) { r.Argv = []string{"j"} },
	} {
		other := base
		change(&other)
		if base.Equal(other) || other.Equal(base) {
			t.Errorf("references that differ in %s are equal", member)
		}
	}
	if !base.Equal(base) || !(profile.Reference{Argv: []string{}}).Equal(profile.Reference{}) {
		t.Error("a reference differs from itself")
	}
}

func TestReferenceComplete(t *testing.T) {
	s := site(t, "https://jira.example.com:8443/jira")
	for _, c := range []struct{ given, want profile.Reference }{
		{profile.Reference{Backend: profile.Keyring}, profile.Reference{Backend: profile.Keyring, Service: "jira-cli", Account: "jira.example.com:8443/my-team"}},
		{profile.Reference{Backend: profile.Keyring, Service: "s", Account: "a"}, profile.Reference{Backend: profile.Keyring, Service: "s", Account: "a"}},
		{profile.Reference{Backend: profile.File, Path: "p"}, profile.Reference{Backend: profile.File, Path: "p", Account: "jira.example.com:8443/my-team"}},
		{profile.Reference{Backend: profile.OnePassword, Vault: "v"}, profile.Reference{Backend: profile.OnePassword, Vault: "v", Item: "jira-cli jira.example.com:8443/my-team"}},
		{profile.Reference{Backend: profile.Env}, profile.Reference{Backend: profile.Env, Variable: "JIRA_TOKEN_MY_TEAM"}},
		{profile.Reference{Backend: profile.Command, Argv: []string{"x"}}, profile.Reference{Backend: profile.Command, Argv: []string{"x"}}},
	} {
		got := c.given.Complete(s, "my-team")
		if !got.Equal(c.want) {
			t.Errorf("%+v becomes %+v, want %+v", c.given, got, c.want)
		}
		if again := got.Complete(site(t, "other"), "other"); !again.Equal(got) {
			t.Errorf("%+v is not complete: %+v", got, again)
		}
	}
	if got := (profile.Reference{Backend: profile.Keyring}).Complete(profile.Site{}, "a"); got.Account != "" || got.Service != "jira-cli" {
		t.Errorf("without a site: %+v", got)
	}
	argv := []string{"a"}
	profile.Reference{Backend: profile.Command, Argv: argv}.Complete(s, "a").Argv[0] = "b"
	if argv[0] != "a" {
		t.Error("Complete shares its arguments")
	}
}

func TestConfigWith(t *testing.T) {
	var c profile.Config
	for i, name := range []profile.Name{"work", "home", "my-team"} {
		var err error
		if c, err = c.With(profile.Profile{Name: name}); err != nil || len(c.Profiles) != i+1 {
			t.Fatalf("With(%s): %v", name, err)
		}
	}
	if c.Default != "work" || !slices.Equal(c.Names(), []string{"home", "my-team", "work"}) {
		t.Errorf("default %q of %q", c.Default, c.Names())
	}
	replaced, err := c.With(profile.Profile{Name: "work", Email: "e"})
	if err != nil || len(replaced.Profiles) != 3 {
		t.Errorf("replacing: %v, %q", err, replaced.Names())
	}
	if p, _ := c.Find("work"); p.Email != "" {
		t.Error("With changed its receiver")
	}
	unchanged, err := c.With(profile.Profile{Name: "my_team"})
	wantCode(t, err, fault.ProfileNameConflict)
	if !unchanged.Equal(c) {
		t.Error("a refused With changed something")
	}
	chosen, err := profile.Config{Default: "other"}.With(profile.Profile{Name: "first"})
	if err != nil || chosen.Default != "other" {
		t.Errorf("a default that is recorded became %q, %v", chosen.Default, err)
	}
}

func TestConfigWithout(t *testing.T) {
	c := profile.Config{Default: "a", Profiles: []profile.Profile{{Name: "a"}, {Name: "b"}}}
	if got := c.Without("a"); got.Default != "" || !slices.Equal(got.Names(), []string{"b"}) {
		t.Errorf("without a: %+v", got)
	}
	if got := c.Without("b"); got.Default != "a" || !slices.Equal(got.Names(), []string{"a"}) {
		t.Errorf("without b: %+v", got)
	}
	if got := c.Without("c"); !got.Equal(c) {
		t.Errorf("without c: %+v", got)
	}
	if len(c.Profiles) != 2 || c.Profiles[0].Name != "a" {
		t.Error("Without changed its receiver")
	}
}

func TestConfigRenamed(t *testing.T) {
	c := profile.Config{Default: "my-team", Profiles: []profile.Profile{{Name: "b"}, {Name: "my-team", Email: "e"}}}
	got, err := c.Renamed("my-team", "my_team")
	if err != nil || got.Default != "my_team" || !slices.Equal(got.Names(), []string{"b", "my_team"}) {
		t.Errorf("renamed: %+v, %v", got, err)
	}
	if p, _ := got.Find("my_team"); p.Email != "e" {
		t.Errorf("renamed: %+v", p)
	}
	if got, err = c.Renamed("b", "a"); err != nil || got.Default != "my-team" || !slices.Equal(got.Names(), []string{"a", "my-team"}) {
		t.Errorf("renamed: %+v, %v", got, err)
	}
	if got, err = c.Renamed("b", "b"); err != nil || !got.Equal(c) {
		t.Errorf("renamed to itself: %+v, %v", got, err)
	}
	alone := profile.Config{Profiles: []profile.Profile{{Name: "a"}}}
	if got, err = alone.Renamed("a", "b"); err != nil || got.Default != "" {
		t.Errorf("renaming made a default: %+v, %v", got, err)
	}
	_, err = c.Renamed("none", "x")
	wantCode(t, err, fault.ProfileNotFound)
	_, err = c.Renamed("b", "my-team")
	wantCode(t, err, fault.ProfileExists)
	_, err = c.Renamed("b", "my_team")
	wantCode(t, err, fault.ProfileNameConflict)
}

func TestConfigGet(t *testing.T) {
	c := profile.Config{Profiles: []profile.Profile{{Name: "default"}, {Name: "work"}}}
	if p, err := c.Get("work"); err != nil || p.Name != "work" {
		t.Errorf("Get(work) = %+v, %v", p, err)
	}
	_, err := c.Get("wrok")
	wantCode(t, err, fault.ProfileNotFound)
	if f := fault.From(err); !slices.Equal(f.Details.Suggestions, []string{"work"}) || f.Details.Profile != "wrok" {
		t.Errorf("details: %+v", f.Details)
	}
	_, err = profile.Config{}.Get("default")
	wantCode(t, err, fault.ProfileNotFound)
	if hint := fault.From(err).Hint; !strings.Contains(hint, "config init") {
		t.Errorf("hint: %q", hint)
	}
}

func TestConfigCompleteSharesNothing(t *testing.T) {
	c := profile.Config{Profiles: []profile.Profile{
		{Name: "b", Credential: &profile.Reference{Backend: profile.Command, Argv: []string{"x"}}, Leftovers: []profile.Reference{{Backend: profile.Env}}},
		{Name: "a"},
	}}
	c.Settings = profile.Settings{NoInput: "1", NoColor: "F", Output: "yaml"}
	full := c.Complete()
	if want := (profile.Settings{NoInput: "true", NoColor: "false", Output: "yaml"}); full.Settings != want {
		t.Errorf("settings become %+v", full.Settings)
	}
	if !slices.Equal(full.Names(), []string{"a", "b"}) || full.Profiles[0].AuthType != "token" || full.Profiles[1].Leftovers[0].Variable != "JIRA_TOKEN_B" {
		t.Errorf("complete: %+v", full)
	}
	if !full.Complete().Equal(full) {
		t.Error("what is complete can be completed")
	}
	full.Profiles[1].Credential.Argv[0], full.Profiles[1].Credential.Backend, full.Profiles[1].Leftovers[0].Variable = "y", "z", "w"
	if p := c.Profiles[0]; p.Credential.Argv[0] != "x" || p.Credential.Backend != profile.Command || p.Leftovers[0].Variable != "" {
		t.Errorf("Complete shares: %+v", p)
	}
}

func TestConfigEqual(t *testing.T) {
	base := profile.Config{Default: "a", Profiles: []profile.Profile{{Name: "a", Credential: &profile.Reference{Backend: profile.File}}}}
	for member, change := range map[string]func(c *profile.Config, p *profile.Profile){
		"default":     func(c *profile.Config, _ *profile.Profile) { c.Default = "" },
		"settings":    func(c *profile.Config, _ *profile.Profile) { c.Settings.NoColor = "true" },
		"name":        func(_ *profile.Config, p *profile.Profile) { p.Name = "b" },
		"site":        func(_ *profile.Config, p *profile.Profile) { p.Site = site(t, "x") },
		"email":       func(_ *profile.Config, p *profile.Profile) { p.Email = "x" },
		"auth type":   func(_ *profile.Config, p *profile.Profile) { p.AuthType = "x" },
		"account id":  func(_ *profile.Config, p *profile.Profile) { p.AccountID = "x" },
		"place":       func(_ *profile.Config, p *profile.Profile) { p.OnePassword.Field = "x" },
		"credential":  func(_ *profile.Config, p *profile.Profile) { p.Credential = nil },
		"another one": func(_ *profile.Config, p *profile.Profile) { p.Credential = &profile.Reference{Backend: profile.Env} },
		"leftovers":   func(_ *profile.Config, p *profile.Profile) { p.Leftovers = []profile.Reference{{}} },
	} {
		other := base
		p := base.Profiles[0]
		change(&other, &p)
		other.Profiles = []profile.Profile{p}
		if base.Equal(other) || other.Equal(base) {
			t.Errorf("configs that differ in %s are equal", member)
		}
	}
	full := base.Complete()
	if !full.Equal(base.Complete()) {
		t.Error("a config differs from its copy")
	}
}

func TestSettings(t *testing.T) {
	var s profile.Settings
	for _, c := range []struct{ key, value, want string }{
		{"output", "json", "json"}, {"output", "human", "human"}, {"output", "", ""},
		{"timeout", "1m30s", "1m30s"}, {"no_input", "TRUE", "true"}, {"no_input", "0", "false"}, {"no_color", "t", "true"},
	} {
		got, err := s.With(c.key, c.value)
		value, known := got.Get(c.key)
		if err != nil || !known || value != c.want {
			t.Errorf("%s = %q becomes %q, %v", c.key, c.value, value, err)
		}
	}
	for _, c := range []struct{ key, value string }{
		{"output", "yaml"}, {"output", "JSON"}, {"timeout", "30"}, {"timeout", "0s"}, {"timeout", "-1s"}, {"no_input", "yes"}, {"no_colour", "true"}, {"", ""},
	} {
		got, err := s.With(c.key, c.value)
		wantCode(t, err, fault.ArgumentInvalid)
		if got != s {
			t.Errorf("%s = %q was refused and changed something", c.key, c.value)
		}
	}
	if _, known := s.Get("default_profile"); known {
		t.Error("default_profile is a setting")
	}
	if _, err := s.With("no_colr", "true"); !slices.Contains(fault.From(err).Details.Suggestions, "no_color") {
		t.Errorf("no suggestion: %v", err)
	}
}
