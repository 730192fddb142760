package portstest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

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
			{Name: "script", Site: site, Email: "john.doe@example.com", AuthType: profile.AuthToken,
				Credential: &profile.Reference{Backend: profile.Command, Site: site.Origin(), Argv: []string{"op", "read", "op://Work/Jira/token"}}},
			{Name: "work", Site: site, Email: "john.doe@example.com", AuthType: profile.AuthToken,
				AccountID: "712020:00000000-0000-4000-8000-000000000000", OnePassword: place,
				Credential: &profile.Reference{Backend: profile.Keyring, Site: site.Origin(), Service: "jira-cli", Account: "example.atlassian.net/work"},
				Leftovers: []profile.Reference{
					{Backend: profile.OnePassword, Site: site.Origin(), Account: "my-account", Vault: "Work", Item: "old", Field: "credential"},
					{Backend: profile.File, Path: "/home/john/secrets.age", Account: "example.atlassian.net/work"},
					{Backend: profile.Env, Variable: "JIRA_TOKEN_WORK"},
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
	c := profile.Config{Profiles: []profile.Profile{
		{Name: "b", Site: Site(t, "example"), Credential: &profile.Reference{Backend: profile.Keyring}},
		{Name: "a-b", Credential: &profile.Reference{Backend: profile.Env}},
	}}
	SaveConfig(t, h.Config, c)
	wantConfig(t, h.Other, c.Complete())
	got, err := h.Other.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Profiles) != 2 || got.Profiles[0].Name != "a-b" ||
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
		p.Credential = &profile.Reference{Backend: profile.File, Path: "/x", Account: "a", Site: "s"}
	})
	step("migrate", func(p *profile.Profile) {
		p.Leftovers = append(p.Leftovers, *p.Credential)
		p.Credential = &profile.Reference{Backend: profile.OnePassword, Vault: "V", Item: "I", Field: "F"}
	})
	step("clean up one", func(p *profile.Profile) { p.Leftovers = append(p.Leftovers[:1:1], p.Leftovers[2:]...) })
	step("clean up", func(p *profile.Profile) { p.Leftovers = nil })
	step("forget the place", func(p *profile.Profile) { p.OnePassword = profile.OnePasswordPlace{} })
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
	c := profile.Config{Default: odd, Profiles: []profile.Profile{{
		Name: profile.Name(strings.Repeat("n", 63)), Email: odd, AuthType: profile.AuthToken, AccountID: odd,
		Credential: &profile.Reference{Backend: profile.Command, Account: odd, Argv: []string{"", odd, "'"}},
		Leftovers:  []profile.Reference{{Backend: profile.File, Path: odd}},
	}}}
	SaveConfig(t, h.Config, c)
	wantConfig(t, h.Other, c)
}

// configShares: a caller's changes to what it saved or loaded stay its own.
func configShares(t *testing.T, h ConfigHarness) {
	c := SampleConfig(t)
	SaveConfig(t, h.Config, c)
	spoil := func(c profile.Config) {
		c.Profiles[2].Credential.Account = "spoiled"
		c.Profiles[2].Leftovers[0].Item = "spoiled"
		c.Profiles[1].Credential.Argv[0] = "spoiled"
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

func configLocked(t *testing.T, h ConfigHarness) {
	tx, err := h.Config.Lock(t.Context())
	if err != nil {
		t.Fatalf("Lock: %v", err)
	}
	_, err = h.Impatient.Lock(t.Context())
	WantCode(t, err, fault.ConfigLocked)
	tx.Unlock()
	tx, err = h.Impatient.Lock(t.Context())
	if err != nil {
		t.Fatalf("Lock after Unlock: %v", err)
	}
	tx.Unlock()
}

func configLoadWhileLocked(t *testing.T, h ConfigHarness) {
	SaveConfig(t, h.Config, SampleConfig(t))
	tx, err := h.Config.Lock(t.Context())
	if err != nil {
		t.Fatalf("Lock: %v", err)
	}
	defer tx.Unlock()
	got, err := h.Other.Load(t.Context())
	if err != nil {
		t.Fatalf("Load while another holds the lock: %v", err)
	}
	diffConfig(t, "Load", SampleConfig(t), got)
}

func configUnlock(t *testing.T, h ConfigHarness) {
	first, err := h.Config.Lock(t.Context())
	if err != nil {
		t.Fatalf("Lock: %v", err)
	}
	first.Unlock()
	second, err := h.Other.Lock(t.Context())
	if err != nil {
		t.Fatalf("Lock: %v", err)
	}
	defer second.Unlock()
	first.Unlock()
	if err := first.Save(t.Context(), SampleConfig(t)); err == nil {
		t.Error("a save without the lock went through")
	}
	_, err = h.Impatient.Lock(t.Context())
	WantCode(t, err, fault.ConfigLocked)
}

// errCause is a cause that no adapter can know.
var errCause = errors.New("the reason of the test")

func wantCause(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, errCause) {
		t.Errorf("%s: error = %v, want the context's cause", what, err)
	}
}

func configContext(t *testing.T, h ConfigHarness) {
	SaveConfig(t, h.Config, SampleConfig(t))
	tx, err := h.Config.Lock(t.Context())
	if err != nil {
		t.Fatalf("Lock: %v", err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errCause)
	_, err = tx.Load(ctx)
	wantCause(t, "Load under the lock", err)
	wantCause(t, "Save", tx.Save(ctx, profile.Config{}))
	tx.Unlock()
	_, err = h.Config.Load(ctx)
	wantCause(t, "Load", err)
	_, err = h.Config.Lock(ctx)
	wantCause(t, "Lock", err)
	wantConfig(t, h.Other, SampleConfig(t))
}

func configContextWaiting(t *testing.T, h ConfigHarness) {
	tx, err := h.Config.Lock(t.Context())
	if err != nil {
		t.Fatalf("Lock: %v", err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	waited := make(chan error)
	go func() {
		_, err := h.Other.Lock(ctx)
		waited <- err
	}()
	cancel(errCause)
	wantCause(t, "Lock that waits", <-waited)
	tx.Unlock()
	wantConfig(t, h.Other, profile.Config{})
}

// configConcurrent: each of many adds a profile under the lock, and all are
// there in the end.
func configConcurrent(t *testing.T, h ConfigHarness) {
	const many = 16
	var group sync.WaitGroup
	for i := range many {
		config := []ports.Config{h.Config, h.Other}[i%2]
		group.Go(func() {
			if err := addProfile(t.Context(), config, fmt.Sprintf("p%d", i)); err != nil {
				t.Errorf("p%d: %v", i, err)
			}
		})
	}
	group.Wait()
	c, err := h.Config.Load(t.Context())
	if err != nil || len(c.Profiles) != many {
		t.Errorf("%d profiles of %d are there: %v", len(c.Profiles), many, err)
	}
}

func addProfile(ctx context.Context, config ports.Config, name string) error {
	tx, err := config.Lock(ctx)
	if err != nil {
		return err
	}
	defer tx.Unlock()
	c, err := tx.Load(ctx)
	if err != nil {
		return err
	}
	if c, err = c.With(profile.Profile{Name: profile.Name(name), Email: name + "@example.com"}); err != nil {
		return err
	}
	return tx.Save(ctx, c)
}
