//go:build linux

package process_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"
)

// screen is a terminal with a jira on it.
type screen struct {
	t             testing.TB
	master, slave *os.File
	modes         unix.Termios // before jira began
	cmd           *exec.Cmd

	mu    sync.Mutex
	text  string
	read  int // how much of text was waited for already
	added chan struct{}
}

// newScreen returns a terminal.
func newScreen(t testing.TB) *screen {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := pty.Setsize(master, &pty.Winsize{Rows: 24, Cols: 200}); err != nil {
		t.Fatal(err)
	}
	s := &screen{t: t, master: master, slave: slave, added: make(chan struct{}, 1)}
	s.modes = s.currentModes()
	go s.watch()
	t.Cleanup(func() { _ = slave.Close(); _ = master.Close() })
	return s
}

func (s *screen) watch() {
	chunk := make([]byte, 4096)
	for {
		n, err := s.master.Read(chunk)
		s.mu.Lock()
		s.text += string(chunk[:n])
		s.mu.Unlock()
		select {
		case s.added <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

func (s *screen) currentModes() unix.Termios {
	modes, err := unix.IoctlGetTermios(int(s.slave.Fd()), unix.TCGETS)
	if err != nil {
		s.t.Fatal(err)
	}
	return *modes
}

// run starts a command with the screen as its terminal in every respect.
func (s *screen) run(cmd *exec.Cmd) error {
	s.cmd = cmd
	if cmd.Stdin == nil {
		cmd.Stdin = s.slave
	}
	if cmd.Stdout == nil {
		cmd.Stdout = s.slave
	}
	cmd.Stderr = s.slave
	cmd.ExtraFiles = []*os.File{s.slave}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 3, Pdeathsig: syscall.SIGKILL}
	return cmd.Start()
}

// sees waits for a text after those that were waited for before.
func (s *screen) sees(want string) error {
	deadline := time.After(guard)
	for {
		s.mu.Lock()
		at := strings.Index(s.text[s.read:], want)
		if at >= 0 {
			s.read += at + len(want)
		}
		rest := s.text[s.read:]
		s.mu.Unlock()
		if at >= 0 {
			return nil
		}
		select {
		case <-s.added:
		case <-deadline:
			return fmt.Errorf("the terminal does not show %q, but %q", want, rest)
		}
	}
}

func (s *screen) types(keys string) error {
	_, err := s.master.WriteString(keys)
	return err
}

func (s *screen) echoes() bool { return s.currentModes().Lflag&unix.ECHO != 0 }

// lastText is written to the terminal when jira has ended, so that everything
// before it has arrived.
const lastText = "the end of the session"

// ends waits for jira, demands that the terminal is as it was, and returns what
// it showed and the exit status.
func (s *screen) ends() (shown string, status int, err error) {
	hang := time.AfterFunc(guard, func() { _ = s.cmd.Process.Signal(syscall.SIGQUIT) })
	_ = s.cmd.Wait() // the status says more
	hang.Stop()
	if now := s.currentModes(); now != s.modes {
		return "", 0, fmt.Errorf("the terminal's modes are %+v, and were %+v", now, s.modes)
	}
	if _, err := s.slave.WriteString(lastText); err != nil {
		return "", 0, err
	}
	if err := s.sees(lastText); err != nil {
		return "", 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.TrimSuffix(s.text, lastText), s.cmd.ProcessState.ExitCode(), nil
}

// runOnTerminal is the verb "tty SCRIPT ARGUMENTS…": jira with a person at its
// terminal, who does what the lines of SCRIPT say:
//
//	see TEXT        wait for it
//	type TEXT       and Enter; $TOKEN is a token
//	keys TEXT       without Enter; \x03 is Ctrl-C
//	echo on|off     demand that what is typed is shown, or not
//
// It prints what the terminal showed, with \e for an escape and \r for a return
// that no line feed follows.
func runOnTerminal(ts *testscript.TestScript, neg bool, args []string) {
	w := of(ts)
	r := &running{before: w.snapshot(ts)}
	cmd, words := w.command(ts, r, args[1:])
	if cmd.Stdout == &r.stdout {
		cmd.Stdout = nil
	}
	cmd.Dir, cmd.Env = ts.MkAbs("."), w.environ()
	s := newScreen(w.t)
	ts.Check(s.run(cmd))
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		if err := s.act(strings.TrimSuffix(line, "\n"), ts.Getenv); err != nil {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
			ts.Fatalf("jira %s: %v", strings.Join(words, " "), err)
		}
	}
	shown, status, err := s.ends()
	ts.Check(err)
	for _, f := range r.after {
		f()
	}
	w.status = status
	w.seen.WriteString(shown)
	w.checkWrites(ts, r.before)
	fmt.Fprint(ts.Stdout(), w.normal(visible(shown)))
	if (status != 0) != neg {
		ts.Fatalf("jira exited with status %d", status)
	}
}

func (s *screen) act(line string, expand func(string) string) error {
	verb, text, _ := strings.Cut(line, " ")
	text = os.Expand(text, expand)
	switch verb {
	case "":
		return nil
	case "see":
		return s.sees(text)
	case "type":
		return s.types(text + "\n")
	case "keys":
		return s.types(strings.NewReplacer(`\x03`, "\x03", `\x04`, "\x04", `\n`, "\n").Replace(text))
	case "echo":
		if s.echoes() != (text == "on") {
			return fmt.Errorf("echo is not %s", text)
		}
		return nil
	}
	return fmt.Errorf("a person cannot %q", verb)
}

// visible makes control characters readable.
func visible(text string) string {
	return strings.NewReplacer("\r\n", "\n", "\x1b", `\e`, "\r", `\r`).Replace(text)
}
