// Command demo shows the main job of jira working: it runs the real binary
// against a fake Jira on loopback with a home of its own, and prints each
// command and what it said. It needs no desktop, no account and no network, and
// leaves nothing behind.
//
//	demo BINARY
package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"jira-cli/adapters/fakejira"
	"jira-cli/cmd/internal/privatekeyring"
)

// The tokens exist in this program only; the fake accepts them.
const (
	firstToken  = "ATATT3xFfGF0-the-first-demo-token-ABCD"
	secondToken = "ATATT3xFfGF0-the-second-demo-token-WXYZ"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: demo BINARY")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// stage is where the demonstration takes place.
type stage struct {
	binary string
	home   string
	site   string
	env    []string
	out    io.Writer
	fake   *fakejira.Server
}

func run(binary string, out io.Writer) error {
	binary, err := filepath.Abs(binary)
	if err != nil {
		return err
	}
	home, err := os.MkdirTemp("", "jira-demo-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(home) }()
	fake := fakejira.Sample(firstToken)
	defer fake.Close()
	if err := fake.Control([]string{"token", "add", fakejira.SampleEmail, secondToken}); err != nil {
		return err
	}
	endpoint, err := fake.Listen(fakejira.Socket{})
	if err != nil {
		return err
	}
	defer endpoint.Close()
	s := &stage{binary: binary, home: home, site: endpoint.URL, out: out, fake: fake,
		env: []string{"PATH=" + filepath.Dir(binary) + string(os.PathListSeparator) + lookup("PATH"), "HOME=" + home, "LC_ALL=C.UTF-8"}}
	keyring, stop, why := privatekeyring.Start(home, lookup("PATH"))
	defer stop()
	s.env = append(s.env, keyring...)
	return s.play(why)
}

// lookup reads the one variable that the demonstration takes over.
func lookup(name string) string {
	for _, variable := range os.Environ() {
		if value, found := strings.CutPrefix(variable, name+"="); found {
			return value
		}
	}
	return ""
}

// play runs the commands. why says why there is no keyring, "" where there is.
func (s *stage) play(why string) error {
	token := "echo \"$TOKEN\" | "
	s.env = append(s.env, "TOKEN="+firstToken, "TOKEN2="+secondToken)
	acts := []act{
		{"A profile is a name for an account on a site. It holds no secret.", "jira config init --base-url " + s.site + " --email john.doe@example.com", 0},
		{"The token comes from stdin. It is proven before it is stored.", token + "jira auth login --no-input --backend file --secret-stdin", 0},
		{"Does it work, and what may it do?", "jira auth status", 0},
		{"Which credential would a command use? It is never printed.", "jira auth token", 0},
		{"Who is it? --save records the account id.", "jira auth whoami --save", 0},
		{"Scripts read JSON.", "jira auth whoami --output json", 0},
		{"A second profile, from a variable as CI does it.", "jira auth login --no-input --profile-name work --base-url " + s.site + " --email john.doe@example.com --backend file --credential-env TOKEN2", 0},
		{"", "jira config profile list", 0},
		{"", "jira auth switch work", 0},
	}
	if why == "" {
		acts = append(acts,
			act{"Move the token from the encrypted file to the keyring: written, read back, compared, and only then removed.", "jira auth migrate --backend keyring", 0},
			act{"", "jira auth token", 0},
			act{"And back.", "jira auth migrate --backend file", 0})
	} else {
		acts = append(acts, act{"There is no keyring here (" + why + "): that is said at once, and nothing else is used in its place.", "jira auth migrate --backend keyring", 8})
	}
	if err := s.perform(acts); err != nil {
		return err
	}
	if err := s.fake.Control([]string{"token", "revoke", fakejira.SampleEmail, secondToken}); err != nil {
		return err
	}
	if err := s.perform([]act{{"The token was revoked in the meantime: exit status 1, and the report still stands.", "jira auth status --profile work", 1}}); err != nil {
		return err
	}
	if err := s.fake.Control([]string{"fault", "*", "429", "retry-after=30", "remaining=0"}); err != nil {
		return err
	}
	if err := s.perform([]act{{"Jira asks to slow down: exit status 4, and how long to wait.", "jira auth whoami --profile default --output json", 4}}); err != nil {
		return err
	}
	return s.perform([]act{
		{"Log out: the secret goes first, then the reference.", "jira auth logout work", 0},
		{"The config holds references, never a token.", "cat \"$(jira config path)\"", 0},
	})
}

// act is a command with the exit status that it must have.
type act struct {
	why, command string
	status       int
}

func (s *stage) perform(acts []act) error {
	for _, a := range acts {
		if a.why != "" {
			fmt.Fprintf(s.out, "\n# %s\n", a.why)
		}
		fmt.Fprintf(s.out, "$ %s\n", a.command)
		cmd := exec.Command("sh", "-c", a.command)
		cmd.Env, cmd.Dir = s.env, s.home
		text, err := cmd.CombinedOutput()
		fmt.Fprint(s.out, strings.ReplaceAll(string(text), s.home, "~"))
		status := cmd.ProcessState.ExitCode()
		if status != a.status {
			return fmt.Errorf("%q ended with %d, not %d: %v", a.command, status, a.status, err)
		}
		if strings.Contains(string(text), firstToken) || strings.Contains(string(text), secondToken) {
			return fmt.Errorf("%q printed a token", a.command)
		}
		if status != 0 {
			fmt.Fprintf(s.out, "(exit status %d)\n", status)
		}
	}
	return nil
}
