package portstest

import (
	"strings"
	"testing"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
)

func configAbsent(t *testing.T, h ConfigHarness) {
	if h.Config.Path() == "" || h.Config.Path() != h.Other.Path() {
		t.Errorf("paths are %q and %q", h.Config.Path(), h.Other.Path())
	}
	wantConfig(t, h.Config, profile.Config{})
}

func configRoundTrip(t *testing.T, h ConfigHarness) {
	SaveConfig(t, h.Config, SampleConfig(t))
	wantConfig(t, h.Config, SampleConfig(t))
	wantConfig(t, h.Other, SampleConfig(t))
	SaveConfig(t, h.Other, profile.Config{})
	wantConfig(t, h.Config, profile.Config{})
}

// configDefaults: what may be left out reads as spelled out, in name order.
func configDefaults(t *testing.T, h ConfigHarness) {
	c := profile.Config{Settings: profile.Settings{NoInput: "1"}, Profiles: []profile.Profile{
		{Name: "b", Site: Site(t, "example"), Credential: &profile.Reference{Backend: profile.Keyring}},
		{Name: "a-b", Credential: &profile.Reference{Backend: profile.Env}},
	}}
	SaveConfig(t, h.Config, c)
	wantConfig(t, h.Other, c.Complete())
	got, err := h.Other.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Profiles) != 2 || got.Settings.NoInput != "true" || got.Profiles[0].Name != "a-b" ||
		got.Profiles[0].Credential.Variable != "JIRA_TOKEN_A_B" || got.Profiles[1].Credential.Account != "example.atlassian.net/b" {
		t.Errorf("got %+v", got.Profiles)
	}
}

// configChanges takes a config through what the commands do to it.
func configChanges(t *testing.T, h ConfigHarness) {
	c := SampleConfig(t)
	SaveConfig(t, h.Config, c)
	step := func(what string, change func(p *profile.Profile)) {
		t.Helper()
		p, err := c.Complete().Get("work")
		if err != nil {
			t.Fatal(err)
		}
		change(&p)
		if c, err = c.With(p); err != nil {
			t.Fatal(err)
		}
		SaveConfig(t, h.Config, c)
		wantConfig(t, h.Other, c)
		if t.Failed() {
			t.Fatalf("after %s", what)
		}
	}
	step("logout", func(p *profile.Profile) { p.Credential = nil })
	step("login", func(p *profile.Profile) {
		p.Credential = &profile.Reference{Backend: profile.File, Path: "/x", Account: "example.atlassian.net/work", Site: "https://example.atlassian.net"}
	})
	step("migrate", func(p *profile.Profile) {
		p.Leftovers = append(p.Leftovers, *p.Credential)
		p.Credential = &profile.Reference{Backend: profile.OnePassword, Vault: "V", Item: "I", Field: "F"}
	})
	step("clean up one", func(p *profile.Profile) { p.Leftovers = append(p.Leftovers[:1:1], p.Leftovers[2:]...) })
	step("clean up", func(p *profile.Profile) { p.Leftovers = nil })
	step("forget the place", func(p *profile.Profile) { p.OnePassword = profile.OnePasswordPlace{} })
	step("company network", func(p *profile.Profile) {
		p.Network = profile.Network{CAFile: "/ca.pem", Headers: map[string]profile.HeaderSource{"X-A": {Variable: "A"}, "X-B": {Argv: []string{"b", "c"}}}}
	})
	step("other headers", func(p *profile.Profile) {
		p.Network.Headers = map[string]profile.HeaderSource{"X-A": {Argv: []string{"a"}}, "x-c": {Variable: "C"}}
		p.Network.Proxy, p.Network.Insecure = "http://proxy.example.com:8080", true
	})
	step("all headers changed", func(p *profile.Profile) {
		p.Network.Headers = map[string]profile.HeaderSource{"X-A": {Variable: "A"}, "x-c": {Variable: "D"}}
		p.Network.CAFile, p.Network.Insecure = "", false
	})
	step("no headers", func(p *profile.Profile) { p.Network.Headers = nil })
	step("plain network", func(p *profile.Profile) { p.Network = profile.Network{} })
	step("scoped token", func(p *profile.Profile) {
		p.Deployment, p.CloudID, p.TokenKind = profile.Cloud, "11111111-2222-4333-8444-555555555555", profile.TokenScoped
	})
	step("data center", func(p *profile.Profile) {
		p.Deployment, p.CloudID, p.TokenKind, p.AuthType = profile.DataCenter, "", "", profile.AuthPAT
		p.TokenExpiry = time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC)
	})
	step("another site", func(p *profile.Profile) { p.Site, p.AccountID = Site(t, "http://localhost:8080/jira"), "" })
	step("nothing at all", func(p *profile.Profile) { *p = profile.Profile{Name: p.Name, AuthType: profile.AuthToken} })
	var err error
	if c, err = c.Renamed("work", "home"); err != nil {
		t.Fatal(err)
	}
	c.Settings = profile.Settings{NoColor: "true"}
	SaveConfig(t, h.Config, c)
	wantConfig(t, h.Other, c)
	c = c.Without("home").Without("script")
	SaveConfig(t, h.Config, c)
	wantConfig(t, h.Other, c)
}

func configOddText(t *testing.T, h ConfigHarness) {
	odd := "jöhn 🙂 \"quoted\" \\ # ' = [x] {y}\t\n\r\n\u0000\u001b\u0085\u2028" + strings.Repeat("long ", 2000)
	c := profile.Config{Default: strings.Repeat("n", 63), Profiles: []profile.Profile{{
		Name: profile.Name(strings.Repeat("n", 63)), Email: odd, AuthType: profile.AuthToken, AccountID: odd,
		Credential: &profile.Reference{Backend: profile.Command, Account: odd, Argv: []string{"", odd, "'"}},
		Leftovers:  []profile.Reference{{Backend: profile.OnePassword, Site: "https://example.atlassian.net", Item: odd}},
	}}}
	SaveConfig(t, h.Config, c)
	wantConfig(t, h.Other, c)
}

// configShares: a caller's changes to what it saved or loaded stay its own.
func configShares(t *testing.T, h ConfigHarness) {
	c := SampleConfig(t)
	SaveConfig(t, h.Config, c)
	spoil := func(c profile.Config) {
		c.Profiles[4].Credential.Account = "spoiled"
		c.Profiles[4].Leftovers[0].Item = "spoiled"
		c.Profiles[3].Network.Headers["cf-access-client-secret"].Argv[0] = "spoiled"
		delete(c.Profiles[3].Network.Headers, "CF-Access-Client-Id")
		c.Profiles[2].Credential.Argv[0] = "spoiled"
		c.Profiles[0].Email = "spoiled"
	}
	spoil(c)
	wantConfig(t, h.Config, SampleConfig(t))
	loaded, err := h.Config.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	spoil(loaded)
	wantConfig(t, h.Config, SampleConfig(t))
}

func configSaveSame(t *testing.T, h ConfigHarness) {
	SaveConfig(t, h.Config, profile.Config{})
	wantConfig(t, h.Other, profile.Config{})
	SaveConfig(t, h.Config, SampleConfig(t))
	SaveConfig(t, h.Other, SampleConfig(t))
	wantConfig(t, h.Config, SampleConfig(t))
}

func configBroken(t *testing.T, h ConfigHarness) {
	SaveConfig(t, h.Config, SampleConfig(t))
	h.Break()
	_, err := h.Config.Load(t.Context())
	WantCode(t, err, fault.ConfigInvalid)
	if err != nil && (!strings.Contains(err.Error(), "line ") || !strings.Contains(err.Error(), "column ")) {
		t.Errorf("the error %q names no line and column", err)
	}
	tx, err := h.Config.Lock(t.Context())
	if err != nil {
		t.Fatalf("Lock: %v", err)
	}
	defer tx.Unlock()
	_, err = tx.Load(t.Context())
	WantCode(t, err, fault.ConfigInvalid)
	WantCode(t, tx.Save(t.Context(), SampleConfig(t)), fault.ConfigInvalid)
	_, err = h.Other.Load(t.Context())
	WantCode(t, err, fault.ConfigInvalid)
}
