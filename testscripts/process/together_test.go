//go:build linux

package process_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"jira-cli/adapters/keychain/keyringtest"
)

// many is how many processes run at once.
const many = 24

// atOnce starts the commands, the n-th with its token on stdin, and returns
// what each answered.
func (h *household) atOnce(token func(n int) string, commands ...[]string) []reply {
	h.t.Helper()
	running := make([]*exec.Cmd, len(commands))
	out := make([]bytes.Buffer, len(commands))
	for n, args := range commands {
		running[n] = h.prepare(token(n), args...)
		running[n].Stdout = &out[n]
		if err := running[n].Start(); err != nil {
			h.t.Fatal(err)
		}
	}
	replies := make([]reply, len(commands))
	for n, cmd := range running {
		_ = cmd.Wait() // its answer says how it ended
		replies[n].text = out[n].String()
		if err := json.Unmarshal(out[n].Bytes(), &replies[n]); err != nil {
			h.t.Errorf("jira %v: %v in %q", commands[n], err, out[n].String())
		}
	}
	return replies
}

// TestManyLoginsAtOnceLoseNothing lets each process add a profile of its own to
// one config and one store. Who waits longer than ten seconds for the lock may
// say so, and loses nothing by being run again.
func TestManyLoginsAtOnceLoseNothing(t *testing.T) {
	keyring := keyringtest.Start(t)
	for _, backend := range []string{"file", "keyring"} {
		t.Run(backend, func(t *testing.T) {
			h := newHousehold(t, keyring, "https://example.atlassian.net")
			token := func(n int) string { return fmt.Sprintf("ATATT3xFfGF0-one-of-many-example-tokens-%04d", n) }
			var commands [][]string
			for n := range many {
				commands = append(commands, h.login(fmt.Sprintf("p%d", n), backend, "--skip-verify"))
			}
			for n, r := range h.atOnce(token, commands...) {
				switch r.code() {
				case "":
				case "config_locked":
					h.must(token(n), commands[n]...)
				default:
					t.Errorf("login %d: %s", n, r.text)
				}
			}
			for n := range many {
				if read, want := h.token(fmt.Sprintf("p%d", n)), fmt.Sprintf("%04d", n); read != want {
					t.Errorf("profile p%d reads %s, want %s", n, read, want)
				}
			}
		})
	}
}

// model is what there is to know of one profile.
type model struct {
	exists         bool
	backend, token string
}

// step is a command with what it does to a model, and the code that it then
// answers.
type step struct {
	name  string
	args  func(*household) []string
	token string
	does  func(model) (model, string)
}

func steps() []step {
	login := func(token string, more ...string) step {
		return step{
			name:  "login " + token + strings.Join(more, " "),
			args:  func(h *household) []string { return h.login("work", "file", append(more, "--skip-verify")...) },
			token: tokens[token],
			does: func(m model) (model, string) {
				if m.token != "" && len(more) == 0 {
					return m, "already_authenticated"
				}
				return model{true, "file", tokens[token]}, ""
			},
		}
	}
	return []step{
		login("TOKEN"), login("TOKEN2"), login("TOKEN2", "--force"),
		{name: "migrate", args: line("auth", "migrate", "--profile", "work", "--backend", "keyring"), does: func(m model) (model, string) {
			switch {
			case !m.exists:
				return m, "profile_not_found"
			case m.token == "":
				return m, "auth_failed"
			}
			m.backend = "keyring"
			return m, ""
		}},
		{name: "logout", args: line("auth", "logout", "work"), does: func(m model) (model, string) {
			if !m.exists {
				return m, "profile_not_found"
			}
			return model{exists: true}, ""
		}},
		{name: "delete", args: line("config", "profile", "delete", "work", "--force"), does: func(m model) (model, string) {
			if !m.exists {
				return m, "profile_not_found"
			}
			return model{}, ""
		}},
	}
}

// serial reports whether the steps, in some order, lead from the model to what
// was seen with the answers that were given. A login that found its profile
// changed under it says so and has done nothing.
func serial(m model, left []step, codes []string, seen func(model) bool) bool {
	if len(left) == 0 {
		return seen(m)
	}
	for i := range left {
		next, code := left[i].does(m)
		if codes[i] == "config_changed" || codes[i] == "config_locked" {
			next, code = m, codes[i]
		}
		if code == codes[i] && serial(next, without(left, i), without(codes, i), seen) {
			return true
		}
	}
	return false
}

func without[T any](list []T, i int) []T {
	return append(append([]T(nil), list[:i]...), list[i+1:]...)
}

// sees reports whether what the stores hold and what the profile reads is what
// the model says.
func sees(read, stored string) func(model) bool {
	return func(m model) bool {
		last, place := "", ""
		if m.token != "" {
			last = m.token[len(m.token)-4:]
			place = m.backend
			if m.backend == "file" {
				place += ":" + last
			}
		}
		if m.token == "" {
			last = map[bool]string{true: "credential_not_found", false: "profile_not_found"}[m.exists]
		}
		return read == last && stored == place
	}
}

// TestOneProfileAtOnceIsAsIfInTurn lets processes change one profile at the
// same time, and demands an order in which they would have answered and left
// the same one after the other.
func TestOneProfileAtOnceIsAsIfInTurn(t *testing.T) {
	keyring := keyringtest.Start(t)
	all := steps()
	for round := range 2 * len(all) {
		h := newHousehold(t, keyring, "https://example.atlassian.net")
		var m model
		if round%2 == 1 {
			already("file")(h)
			m = model{true, "file", tokens["TOKEN"]}
		}
		// Each round leaves out another two steps and starts with another one.
		var chosen []step
		var names []string
		for i := range len(all) - 2 {
			chosen = append(chosen, all[(round/2+i*(1+4*(round%2)))%len(all)])
			names = append(names, chosen[i].name)
		}
		var commands [][]string
		for _, s := range chosen {
			commands = append(commands, s.args(h))
		}
		var codes []string
		for _, r := range h.atOnce(func(n int) string { return chosen[n].token }, commands...) {
			codes = append(codes, r.code())
		}
		read, stored := h.token("work"), h.stored()
		if litter := h.litter(true); litter != "" || !serial(m, chosen, codes, sees(read, stored)) {
			t.Errorf("round %d: %q answered %q; the profile reads %s, the stores hold %q %s", round, names, codes, read, stored, litter)
		}
	}
}
