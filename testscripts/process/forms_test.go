//go:build linux

package process_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jira-cli/adapters/fakejira"
	"jira-cli/adapters/onepassword/optest"
	"jira-cli/testscripts/leak"
)

// prompt is a question, recognised by the end of its text, and an answer to it.
type prompt struct{ see, answer string }

var (
	siteAndEmail = []prompt{
		{"? Profile name [default]: ", ""},
		{"? Jira site: ", "$SITE"},
		{"? Atlassian account email: ", "john.doe@example.com"},
	}
	tokenPrompt = prompt{"? API token (not shown): ", tokens["TOKEN"]}

	fileForm = append(siteAndEmail[:3:3], prompt{"Number or name [file]: ", "file"}, tokenPrompt)

	onePasswordForm = append(siteAndEmail[:3:3], prompt{"Number or name [file]: ", "1password"},
		prompt{"? 1Password account: ", "my-account"}, prompt{"? 1Password vault: ", "Work"},
		prompt{"]: ", ""}, tokenPrompt)
)

// TestLeavingAtEveryPrompt leaves each form at each of its questions, half-way
// into an answer: the terminal is as it was, the status is 6, and nothing has
// been stored, saved or sent.
func TestLeavingAtEveryPrompt(t *testing.T) {
	forms := []struct {
		name, build string
		args        []string
		prompts     []prompt
	}{
		{"login", plain, []string{"auth", "login"}, fileForm},
		{"1Password", cgo, []string{"auth", "login"}, onePasswordForm},
		{"init", plain, []string{"config", "init"}, siteAndEmail[1:]},
		{"stdin", plain, []string{"auth", "login", "--backend", "file", "--base-url", "$SITE", "--email", "john.doe@example.com", "--secret-stdin"},
			[]prompt{{"? Secret (not shown): ", tokens["TOKEN"]}}},
	}
	ways := []struct{ name, keys, message string }{
		{"Ctrl-C", "half\x03", "interrupted by SIGINT"},
		{"Ctrl-D", "\x04", "the input ended"},
	}
	for _, form := range forms {
		for at := range form.prompts {
			for _, way := range ways {
				t.Run(fmt.Sprintf("%s at %s %d", way.name, form.name, at), func(t *testing.T) {
					t.Parallel()
					w := people(t, form.build)
					s := w.converse(form.args, form.prompts[:at])
					w.must(s.sees(form.prompts[at].see))
					w.must(s.types(way.keys))
					shown := w.left(s, way.message)
					if leak := findSecret(shown); leak != "" {
						t.Errorf("the terminal shows %s", leak)
					}
					w.untouched()
				})
			}
		}
	}
}

// TestLeavingAReplacement: a stored credential survives that somebody leaves
// the questions before another would take its place.
func TestLeavingAReplacement(t *testing.T) {
	replace := append(siteAndEmail[:3:3], prompt{"Number or name [file]: ", ""}, prompt{"Replace it? [y/N]: ", "y"}, tokenPrompt)
	replace[1], replace[2] = prompt{"? Jira site [$SITE]: ", ""}, prompt{"? Atlassian account email [john.doe@example.com]: ", ""}
	for at := range replace {
		t.Run(fmt.Sprint(at), func(t *testing.T) {
			t.Parallel()
			w := people(t, plain)
			first := w.converse([]string{"auth", "login"}, fileForm)
			if _, status, err := first.ends(); err != nil || status != 0 {
				t.Fatalf("the first login: %d, %v", status, err)
			}
			before, err := leak.Below(w.home)
			w.must(err)
			asked := len(withCredential(w.fake.Requests()))
			s := w.converse([]string{"auth", "login"}, replace[:at])
			w.must(s.sees(w.expand(replace[at].see)))
			w.must(s.types("\x03"))
			w.left(s, "interrupted by SIGINT")
			after, err := leak.Below(w.home)
			w.must(err)
			if d := cmp.Diff(before, after, cmp.AllowUnexported(fileState{})); d != "" || len(withCredential(w.fake.Requests())) != asked {
				t.Errorf("Jira was asked %d times, and the files changed: %s", len(withCredential(w.fake.Requests()))-asked, d)
			}
		})
	}
}

// people is a world for conversations.
func people(t *testing.T, build string) *world {
	t.Helper()
	w, err := newWorld(t, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	w.build, w.env["TERM"] = build, "dumb"
	if build == cgo {
		w.app = optest.Start(t)
		for _, variable := range w.app.Env() {
			name, value, _ := strings.Cut(variable, "=")
			w.env[name] = value
		}
	}
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) expand(text string) string { return strings.ReplaceAll(text, "$SITE", w.env["SITE"]) }

// converse starts jira on a terminal and answers the prompts.
func (w *world) converse(args []string, prompts []prompt) *screen {
	w.t.Helper()
	cmd := exec.Command(binary(w.t, w.build))
	for _, arg := range args {
		cmd.Args = append(cmd.Args, w.expand(arg))
	}
	cmd.Dir, cmd.Env = w.work, w.environ()
	s := newScreen(w.t)
	w.must(s.run(cmd))
	w.t.Cleanup(func() { _ = cmd.Process.Kill() }) // where the test failed
	for _, p := range prompts {
		w.must(s.sees(w.expand(p.see)))
		if hidden := strings.Contains(p.see, "not shown"); s.echoes() == hidden {
			w.t.Errorf("at %q echo is %v", p.see, !hidden)
		}
		w.must(s.types(w.expand(p.answer) + "\n"))
	}
	return s
}

// left demands that jira ended as one that was left.
func (w *world) left(s *screen, message string) string {
	w.t.Helper()
	shown, status, err := s.ends()
	w.must(err)
	lines := strings.Split(strings.TrimSpace(shown), "\r\n")
	if status != 6 || !strings.Contains(lines[len(lines)-1], message) {
		w.t.Errorf("status %d, and the terminal shows at last %q", status, lines[len(lines)-1])
	}
	return shown
}

// untouched demands that nothing was stored, saved or sent.
func (w *world) untouched() {
	w.t.Helper()
	files, err := leak.Below(w.home)
	w.must(err)
	for path, state := range files {
		if path != w.home {
			name, _ := filepath.Rel(w.home, path)
			w.t.Errorf("%s (%v) was made", name, state.Mode)
		}
	}
	if requests := withCredential(w.fake.Requests()); len(requests) > 0 {
		w.t.Errorf("Jira was asked: %v", requests)
	}
	if w.app == nil {
		return
	}
	if items, err := w.app.Items("Work"); err != nil || len(items) > 0 {
		w.t.Errorf("1Password has %v, %v", items, err)
	}
}

// withCredential leaves out the question of what a site runs, which a form asks
// before it asks a person how to authenticate there.
func withCredential(requests []fakejira.Request) []fakejira.Request {
	return slices.DeleteFunc(requests, func(r fakejira.Request) bool { return r.User == "" && r.Path == "/rest/api/2/serverInfo" })
}
