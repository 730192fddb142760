package app_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"jira-cli/adapters/memory"
	"jira-cli/app"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
)

func given(text string) app.Optional { return app.Optional{Value: text, Set: true} }

// loginTo is `jira auth login` into a backend, with what the situation needs.
func loginTo(b profile.Backend, host string, adjust func(*app.LoginInput), person ...memory.Step) func(context.Context, *process) ([]app.Warning, error) {
	return func(ctx context.Context, p *process) ([]app.Warning, error) {
		session, err := p.load(ctx)
		if err != nil {
			return nil, err
		}
		session.NoInput = len(person) == 0
		in := app.LoginInput{Session: session, ProfileName: given("work"), BaseURL: given(host), Email: given(email)}
		if b != "" {
			in.Backend = given(string(b))
		}
		switch b {
		case profile.OnePassword:
			in.Vault = given(vaultTitle)
		case profile.Command:
			in.Command = []string{"pass", "show", "jira"}
		}
		in.SecretStdin = b != profile.Env && b != profile.Command && len(person) == 0
		if adjust != nil {
			adjust(&in)
		}
		login := app.NewLogin(p.config, p.stores, p.jira, p.env, p.asker(person...), p.stdin, defaults,
			app.NewAccounts(p.env, p.stores, memory.NewClock(time.Date(2026, 5, 27, 0, 0, 0, 0, time.UTC))))
		out, err := login.Run(ctx, in)
		return out.Warnings, err
	}
}

func force(in *app.LoginInput) { in.Force = true }

// onRecord is a world in which the profile has its credential in a backend.
func onRecord(b profile.Backend, text string, more ...func(*world)) func(*world) {
	return func(w *world) {
		w.record(newProfile("work"), b, text)
		for _, m := range more {
			m(w)
		}
	}
}

// readable gives the backends that only read the new token.
func readable(w *world) {
	for _, b := range readers {
		w.plant(place(b, newProfile("work")), newToken)
	}
}

// leftIn is a leftover of the profile in a backend, from an earlier crash.
func leftIn(b profile.Backend) func(*world) {
	return func(w *world) {
		p := newProfile("before")
		w.leave("work", place(b, p), leftToken)
	}
}

// leftAt is a leftover where the profile's credential in that backend belongs.
func leftAt(b profile.Backend) func(*world) {
	return func(w *world) { w.leave("work", place(b, newProfile("work")), leftToken) }
}

func stray(b profile.Backend, text string) func(*world) {
	return func(w *world) { w.plant(place(b, newProfile("work")), text) }
}

// withoutField makes the destination's 1Password item, without the field.
func withoutField(w *world) {
	ref := place(profile.OnePassword, newProfile("work"))
	w.stores[profile.OnePassword].AddItem(ref.Account, vaultTitle, ref.Item, map[string]secret.Secret{"notes": secret.New("of the user")})
}

// aliased is a leftover that is spelt otherwise and means the profile's own
// slot: the item's id, or a service that an override replaces.
func aliased(b profile.Backend) func(*world) {
	return func(w *world) {
		p, _ := w.said.Find("work")
		alias := *p.Credential
		switch b {
		case profile.Keyring:
			alias.Service = "another-service"
		case profile.File:
			alias.Path = "/./secrets.age"
		case profile.OnePassword:
			slot, _ := w.stores[b].Locate(context.Background(), alias)
			alias.Item = itemOf(string(slot))
		}
		p.Leftovers = append(p.Leftovers, alias)
		w.write(p)
	}
}

// overridden is a machine where JIRA_KEYRING_SERVICE is set.
func overridden(w *world) {
	w.stores[profile.Keyring] = memory.NewSecretStore(memory.SecretStoreOptions{Backend: profile.Keyring, Service: "overridden"})
	w.plant(place(profile.Keyring, newProfile("home-keyring")), otherToken+"keyring")
}

var alreadyThere = []fault.Code{fault.AlreadyAuthenticated}

func loginScenarios() []scenario {
	var all []scenario
	add := func(build func(*world), command func(context.Context, *process) ([]app.Warning, error), format string, args ...any) *scenario {
		all = append(all, scenario{name: fmt.Sprintf(format, args...), build: build, command: command, done: alreadyThere})
		return &all[len(all)-1]
	}
	for _, b := range backends {
		add(readable, loginTo(b, "example", nil), "new in %s", b)
		add(onRecord(b, oldToken, readable), loginTo(b, "elsewhere", force), "other site in %s", b)
		for _, from := range backends {
			if from != b {
				add(onRecord(from, oldToken, readable), loginTo(b, "example", force), "from %s to %s", from, b)
			}
		}
	}
	for i, b := range writers {
		other := writers[(i+1)%len(writers)]
		add(stray(b, strayToken), loginTo(b, "example", nil), "new over a stray in %s", b)
		add(onRecord(b, oldToken), loginTo(b, "example", force), "in place in %s", b)
		add(onRecord(b, oldToken), loginTo("", "example", force), "in place in the recorded %s", b)
		add(onRecord(b, oldToken), loginTo(b, "example", func(in *app.LoginInput) { in.Force, in.SkipVerify = true, true }), "in place in %s unverified", b)
		add(onRecord(b, oldToken, stray(other, strayToken)), loginTo(other, "example", force), "from %s over a stray in %s", b, other)
		add(onRecord(b, "", readable), loginTo(other, "example", nil), "from an empty %s to %s", b, other)
		add(onRecord(b, oldToken, leftIn(b)), loginTo(b, "example", force), "in place in %s with a leftover", b)
		add(onRecord(b, oldToken, leftAt(other)), loginTo(other, "example", force), "from %s into a leftover in %s", b, other)
		add(onRecord(b, "", leftIn(other)), loginTo(b, "example", nil), "in an empty %s with a leftover", b)
		s := add(onRecord(b, oldToken, leftIn(other)), loginTo(b, "example", nil), "refused in %s with a leftover", b)
		s.kind, s.code = refuses, fault.AlreadyAuthenticated
		add(onRecord(b, oldToken), loginTo(b, "example", func(in *app.LoginInput) { in.SecretStdin = false },
			memory.Answer("Profile work already has a stored credential. Replace it?", "yes"), memory.Answer("API token", newToken)), "by a person in %s", b)
	}
	add(func(w *world) { overridden(w); onRecord(profile.Keyring, oldToken, aliased(profile.Keyring))(w) },
		loginTo(profile.Keyring, "example", force), "in place with an alias in the keyring")
	for _, b := range []profile.Backend{profile.File, profile.OnePassword} {
		add(onRecord(b, oldToken, aliased(b)), loginTo(b, "example", force), "in place with an alias in %s", b)
		add(onRecord(b, oldToken, aliased(b), readable), loginTo(profile.Env, "example", force), "from %s with an alias", b)
	}
	add(withoutField, loginTo(profile.OnePassword, "example", nil), "new in an item without the field")
	add(func(w *world) { w.said = profile.Config{} }, loginTo(profile.Keyring, "example", nil), "the first profile")
	return all
}

func TestNoFaultOfLoginLosesASecret(t *testing.T) { run(t, loginScenarios()) }
