//go:build real

package real_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// screen is a terminal that tmux draws, with a server of its own.
type screen struct {
	t      testing.TB
	socket string
}

// startScreen runs a shell in a terminal of 100 columns.
func startScreen(t testing.TB, env []string, argv ...string) *screen {
	t.Helper()
	s := &screen{t, filepath.Join(t.TempDir(), "tmux")}
	args := append([]string{"-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "40", "env", "-i"}, append(env, argv...)...)
	s.tmux(args...)
	t.Cleanup(func() { s.tmux("kill-server") }) // of this socket alone
	return s
}

func (s *screen) tmux(args ...string) string {
	s.t.Helper()
	cmd := exec.Command(need(s.t, "tmux"), append([]string{"-S", s.socket}, args...)...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		s.t.Fatalf("tmux %q: %v\n%s", args, err, out)
	}
	return string(out)
}

// press sends keys by tmux's names; a word that is no name is typed.
func (s *screen) press(keys ...string) {
	s.t.Helper()
	s.tmux(append([]string{"send-keys"}, keys...)...)
}

// await waits until the parts stand on the screen.
func (s *screen) await(parts ...string) {
	s.t.Helper()
	var shown string
	for end := time.Now().Add(guard); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		shown = s.tmux("capture-pane", "-p")
		missing := false
		for _, part := range parts {
			missing = missing || !strings.Contains(shown, part)
		}
		if !missing {
			return
		}
	}
	s.t.Fatalf("%q is not on the screen:\n%s", parts, shown)
}

// The completion script of each shell, loaded as docs/completion.md says, offers
// commands, and names of profiles as the config has them at that moment.
func TestCompletionInRealShells(t *testing.T) {
	for _, shell := range []struct {
		name, setup string
		argv        []string
	}{
		{"bash", "source /usr/share/bash-completion/bash_completion; source <(jira completion bash)", []string{"--norc", "--noprofile", "-i"}},
		{"zsh", "autoload -U compinit && compinit -u && source <(jira completion zsh)", []string{"-f", "-i"}},
		{"fish", "jira completion fish | source", []string{"--private", "--no-config", "-i"}},
	} {
		t.Run(shell.name, func(t *testing.T) {
			home := t.TempDir()
			env := []string{"HOME=" + home, "PATH=" + filepath.Dir(jiraBinary) + ":" + os.Getenv("PATH"), "TERM=screen", "LC_ALL=C.UTF-8", "HISTFILE=/dev/null", "PS1=ready> "}
			for _, name := range []string{"alpha", "beta"} {
				if r := jira(t, env, "", "config", "init", "--profile", name, "--base-url", "example", "--email", "john.doe@example.com"); r.status != 0 {
					t.Fatalf("%+v", r)
				}
			}
			for typed, offered := range map[string][]string{"jira auth log": {"login", "logout"}, "jira auth switch ": {"alpha", "beta"}} {
				s := startScreen(t, env, append([]string{need(t, shell.name)}, shell.argv...)...)
				s.press(shell.setup+"; printf 'set-%s\\n' up", "Enter")
				s.await("set-up")
				s.press(typed, "Tab", "Tab")
				s.await(offered...)
			}
		})
	}
}
