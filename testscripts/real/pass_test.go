//go:build real

package real_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"
)

// passStore is a password store whose one entry, jira, is encrypted to a key
// under a passphrase. The agent runs and does not know the passphrase.
type passStore struct {
	env        []string
	passphrase string
}

func newPassStore(t *testing.T) passStore {
	t.Helper()
	need(t, "pinentry-curses")
	home, err := os.MkdirTemp("", "gnupg") // the path of an agent's socket is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(home) })
	agent := "pinentry-program " + need(t, "pinentry-curses") + "\ns2k-count 65536\n"
	if err := os.WriteFile(filepath.Join(home, "gpg-agent.conf"), []byte(agent), 0o600); err != nil {
		t.Fatal(err)
	}
	s := passStore{passphrase: "correct horse battery staple", env: []string{
		"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH"), "GNUPGHOME=" + home,
		"PASSWORD_STORE_DIR=" + filepath.Join(home, "store"), "TERM=xterm",
	}}
	t.Cleanup(func() { s.run(t, "", "gpgconf", "--kill", "gpg-agent") })
	s.run(t, "", "gpg", "--batch", "--pinentry-mode", "loopback", "--passphrase", s.passphrase,
		"--quick-gen-key", "john.doe@example.com", "future-default", "default", "never")
	s.run(t, "", "pass", "init", "john.doe@example.com")
	s.run(t, token+"\n", "pass", "insert", "--multiline", "jira")
	s.lock(t)
	return s
}

// run runs a program of the store to its end.
func (s passStore) run(t *testing.T, stdin, program string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), guard)
	defer cancel()
	cmd := exec.CommandContext(ctx, need(t, program), args...)
	cmd.Env, cmd.Stdin = s.env, strings.NewReader(stdin)
	// A file and no pipe: the agent that gpg starts keeps it open.
	log, err := os.CreateTemp(t.TempDir(), "log")
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Run(); err != nil {
		text, _ := os.ReadFile(log.Name())
		t.Fatalf("%s %q: %v\n%s", program, args, err, text)
	}
}

func (s passStore) lock(t *testing.T) {
	t.Helper()
	s.run(t, "", "gpgconf", "--kill", "gpg-agent")
	s.run(t, "", "gpgconf", "--launch", "gpg-agent")
}

func (s passStore) unlock(t *testing.T) {
	t.Helper()
	s.run(t, "", "gpg", "--batch", "--pinentry-mode", "loopback", "--passphrase", s.passphrase,
		"--output", filepath.Join(t.TempDir(), "plain"), "--decrypt", s.env[3][len("PASSWORD_STORE_DIR="):]+"/jira.gpg")
}

// start starts a program with a terminal, which GPG_TTY names as the profile of
// a shell does. It returns the terminal's other side.
func (s passStore) start(t *testing.T, out io.Writer, program string, args ...string) (cmd *exec.Cmd, person, tty *os.File) {
	t.Helper()
	person, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = person.Close(), tty.Close() })
	ctx, cancel := context.WithTimeout(context.Background(), guard)
	t.Cleanup(cancel)
	cmd = exec.CommandContext(ctx, program, args...)
	cmd.Env = append([]string{"GPG_TTY=" + tty.Name()}, s.env...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, person, tty
}

// A key that is locked opens on the terminal of whoever may be asked. With
// --no-input the command fails at once and not a byte reaches that terminal; once
// the agent knows the passphrase the same command works.
func TestPassWithALockedKey(t *testing.T) {
	store := newPassStore(t)
	// What would happen without the program's care: a pinentry on the terminal.
	var shown bytes.Buffer
	direct, person, _ := store.start(t, &shown, need(t, "pass"), "show", "jira")
	if n, err := person.Read(make([]byte, 64)); err != nil || n == 0 {
		t.Fatalf("pass asks for nothing on its terminal: %v", err)
	}
	_ = direct.Process.Kill()
	_ = direct.Wait()
	store.lock(t)

	login := strings.Fields("auth login --no-input --backend command --email john.doe@example.com --base-url " + sampleSite(t) + " -- pass show jira")
	attempt := func() (result, string) {
		t.Helper()
		var out bytes.Buffer
		cmd, person, tty := store.start(t, &out, jiraBinary, append([]string{"--timeout", "20s"}, login...)...)
		_ = cmd.Wait()
		const end = "|end"
		if _, err := tty.WriteString(end); err != nil {
			t.Fatal(err)
		}
		var seen []byte
		for buffer := make([]byte, 256); !bytes.HasSuffix(seen, []byte(end)); {
			n, err := person.Read(buffer)
			if err != nil {
				t.Fatal(err)
			}
			seen = append(seen, buffer[:n]...)
		}
		return result{out.String(), out.String(), cmd.ProcessState.ExitCode()}, string(bytes.TrimSuffix(seen, []byte(end)))
	}
	if r, seen := attempt(); r.status == 0 || seen != "" || !strings.Contains(r.stderr, "code=command_failed") {
		t.Errorf("locked: status %d, %q on the terminal\n%s", r.status, seen, r.stderr)
	}
	store.unlock(t)
	if r, seen := attempt(); r.status != 0 || seen != "" {
		t.Errorf("unlocked: status %d, %q on the terminal\n%s", r.status, seen, r.stderr)
	}
}
