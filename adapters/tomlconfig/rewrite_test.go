package tomlconfig

import (
	"fmt"
	"testing"
	"time"

	"jira-cli/domain/profile"
)

// TestSaveEveryPair goes from each state of a profile to each other one, and
// back, in one file: the state machine of the edits has no dead end.
func TestSaveEveryPair(t *testing.T) {
	t.Parallel()
	site, err := profile.ParseSite("example")
	if err != nil {
		t.Fatal(err)
	}
	refs := []*profile.Reference{nil,
		{Backend: profile.Keyring, Site: site.Origin()},
		{Backend: profile.OnePassword, Account: "a", Vault: "v", Item: "i", Field: "f"},
		{Backend: profile.Command, Argv: []string{"x", "y"}},
	}
	left := func(paths ...string) (list []profile.Reference) {
		for _, path := range paths {
			list = append(list, profile.Reference{Backend: profile.File, Site: site.Origin(), Path: path, Account: "example.atlassian.net/x"})
		}
		return list
	}
	lists := [][]profile.Reference{nil, left("a"), left("a", "b"), left("b", "a"), left("a", "a"), left("c", "a", "b")}
	var states []profile.Profile
	for i, ref := range refs {
		for j, leftovers := range lists {
			p := profile.Profile{Name: "work", Site: site, Credential: ref, Leftovers: leftovers}
			if (i+j)%2 == 0 {
				p.OnePassword = profile.OnePasswordPlace{Vault: fmt.Sprint(i)}
			}
			states = append(states, p)
		}
	}
	for _, start := range []string{"", "[profiles]\nwork = {}\n", "profiles.work.x = 1\n", "[profiles.work]\n"} {
		text := []byte(start)
		for i := range states {
			for j := range states {
				text = mustRewrite(t, text, states[i])
				text = mustRewrite(t, text, states[j])
			}
		}
	}
}

// TestSaveEveryPairOfNetworks does the same with what is known of a site and
// the way to it.
func TestSaveEveryPairOfNetworks(t *testing.T) {
	t.Parallel()
	site, err := profile.ParseSite("jira.example.com")
	if err != nil {
		t.Fatal(err)
	}
	env := func(name string) profile.HeaderSource { return profile.HeaderSource{Variable: name} }
	run := func(argv ...string) profile.HeaderSource { return profile.HeaderSource{Argv: argv} }
	type headers = map[string]profile.HeaderSource
	networks := []profile.Network{{}, {CAFile: "/ca"}, {Insecure: true}, {Proxy: "http://p:1", ClientCert: "/c", ClientKey: "/k"},
		{Headers: headers{"X-A": env("A")}}, {Headers: headers{"X-A": run("a", "b")}}, {Headers: headers{"X-A": env("A"), "x.b": run("c")}},
		{Headers: headers{"x.b": run("c")}, CAFile: "/ca"}, {Headers: headers{"X-C": env("C"), "X-A": env("D")}, Insecure: true}}
	var states []profile.Profile
	for i, n := range networks {
		p := profile.Profile{Name: "work", Site: site, Network: n}
		if i%2 == 1 {
			p.Username, p.AuthType, p.Deployment = "jdoe", profile.AuthBasic, profile.DataCenter
		}
		if i%3 == 1 {
			p.CloudID, p.TokenKind, p.TokenExpiry = "11111111-2222", profile.TokenScoped, time.Date(2026, 12, 31, 0, 0, i, 0, time.UTC)
		}
		states = append(states, p)
	}
	for _, start := range []string{"", "[profiles]\nwork = {}\n", "profiles.work.x = 1\n", "profiles.work.network.x = 1\n", "[profiles.work.network]\n",
		"[profiles.work]\n[profiles.work.network.headers]\n", "[profiles.work.network.headers.X-A]\nenv = 'Z'\n",
		"profiles = { work = { network = { headers = { X-A = { env = 'A' } } } } }\n", "[profiles]\nwork.network = { x = 1 }\n"} {
		text := []byte(start)
		for i := range states {
			for j := range states {
				text = mustRewrite(t, text, states[i])
				text = mustRewrite(t, text, states[j])
			}
		}
	}
}

func mustRewrite(t *testing.T, text []byte, p profile.Profile) []byte {
	t.Helper()
	c := profile.Config{Profiles: []profile.Profile{p}}
	after, err := rewrite(text, c)
	if err != nil {
		t.Fatalf("%v: %v\nin\n%s", p, err, text)
	}
	if got, err := decode(after); err != nil || !got.Equal(c.Complete()) {
		t.Fatalf("%v became %v, %v\nin\n%s", p, got, err, after)
	}
	return after
}
