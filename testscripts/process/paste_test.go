//go:build linux

package process_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jira-cli/adapters/fakejira"
)

// piece is how long after one another the pieces of a paste come that crosses a
// network.
const piece = 60 * time.Millisecond

// tokenOf begins a login whose one question is for the token.
const tokenOf = "jira auth login --backend file --profile-name default --base-url $SITE --email john.doe@example.com"

// TestAPasteReachesNoShell pastes lines that a shell would run where a token is
// asked for, before, at and after the question, and leaves the question in each
// way: the shell runs none of them and remembers none.
func TestAPasteReachesNoShell(t *testing.T) {
	const lines = "touch ran-1\ntouch ran-2\ntouch ran-3\n"
	const token = "? API token (not shown): "
	refused := func(s *session) { s.sees("more than one line"); s.sees(token) }
	ways := []struct {
		name   string
		status int
		do     func(*session)
	}{
		{"interrupted", 6, func(s *session) {
			s.runs(tokenOf)
			s.sees(token)
			s.types(lines)
			refused(s)
			s.types("\x03" + lines)
		}},
		{"before the question", 6, func(s *session) {
			s.types(s.w.expand(tokenOf) + "\n" + lines)
			refused(s)
			s.types("\x03")
		}},
		{"without an end", 6, func(s *session) {
			s.runs(tokenOf)
			s.sees(token)
			s.types(strings.TrimSuffix(lines, "\n"))
			refused(s)
			s.types("\x04")
		}},
		{"in pieces", 6, func(s *session) {
			s.runs(tokenOf)
			s.sees(token)
			s.types("\x03")
			for line := range strings.Lines(lines + lines) {
				s.types(line[:5])
				time.Sleep(piece) // what is tested is the pace of the paste
				s.types(line[5:])
				time.Sleep(piece)
			}
		}},
		{"logged in", 0, func(s *session) {
			s.runs(tokenOf)
			s.sees(token)
			s.types(lines)
			refused(s)
			s.types(tokens["TOKEN"] + "\n")
			s.asks("/rest/api/3/myself")
			s.types(lines)
		}},
		{"refused by Jira", 1, func(s *session) {
			s.w.must(s.w.fake.Control([]string{"token", "revoke", fakejira.SampleEmail}))
			s.runs(tokenOf)
			s.sees(token)
			s.types(tokens["TOKEN"] + "\n")
			s.asks("/rest/api/3/myself")
			s.types(lines)
		}},
		{"timed out", 7, func(s *session) {
			s.w.must(s.w.fake.Control([]string{"fault", "*", "stall"}))
			s.runs(tokenOf + " --timeout 1s")
			s.sees(token)
			s.types(tokens["TOKEN"] + "\n")
			s.asks("/rest/api")
			s.types(lines)
		}},
		{"a prompt for stdin", 6, func(s *session) {
			s.runs(tokenOf + " --secret-stdin")
			s.sees("? Secret (not shown): ")
			s.types("one\x03" + lines)
		}},
	}
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			s := newSession(people(t, plain))
			way.do(s)
			s.ended(way.status)
		})
	}
}

// session is an interactive shell on a terminal.
type session struct {
	*screen
	w       *world
	history string
}

func newSession(w *world) *session {
	w.t.Helper()
	s := &session{screen: newScreen(w.t), w: w, history: filepath.Join(w.work, "history")}
	shell := exec.Command("bash", "--noprofile", "--norc", "-i")
	shell.Dir = w.work
	shell.Env = append(w.environ(), "HISTFILE="+s.history, "PS1=ready> ", "INPUTRC=/dev/null")
	w.must(s.run(shell))
	w.t.Cleanup(func() { _ = shell.Process.Kill(); _ = shell.Wait() })
	s.sees("ready> ")
	return s
}

func (s *session) sees(text string)  { s.w.t.Helper(); s.w.must(s.screen.sees(text)) }
func (s *session) types(keys string) { s.w.t.Helper(); s.w.must(s.screen.types(keys)) }
func (s *session) runs(line string)  { s.w.t.Helper(); s.types(s.w.expand(line) + "\n") }

// asks waits for a request.
func (s *session) asks(path string) {
	s.w.t.Helper()
	for end := time.Now().Add(guard); ; time.Sleep(2 * time.Millisecond) {
		for _, r := range s.w.fake.Requests() {
			if strings.HasPrefix(r.Path, path) {
				return
			}
		}
		if time.Now().After(end) {
			s.w.t.Fatalf("jira did not ask for %s", path)
		}
	}
}

// ended demands that jira ended with that status, and that the shell ran and
// remembers nothing but what was typed for it.
func (s *session) ended(status int) {
	s.w.t.Helper()
	s.sees("ready> ")
	s.types("echo ended with $?\n")
	s.sees(fmt.Sprintf("ended with %d", status))
	s.types("history -w; echo wri''tten\n")
	s.sees("written")
	if ran, err := filepath.Glob(filepath.Join(s.w.work, "ran-*")); err != nil || len(ran) > 0 {
		s.w.t.Errorf("the shell ran %v, %v", ran, err)
	}
	history, err := os.ReadFile(s.history)
	s.w.must(err)
	if strings.Contains(string(history), "touch") || findSecret(string(history)) != "" || strings.Count(string(history), "\n") != 3 {
		s.w.t.Errorf("the history is\n%s", history)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if leak := findSecret(s.text); leak != "" {
		s.w.t.Errorf("the terminal shows %s", leak)
	}
}
