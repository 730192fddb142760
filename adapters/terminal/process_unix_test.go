//go:build unix

package terminal_test

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

const token = "ATATT3xFfGF0sampleABCD"

// process is a child that talks to a person.
type process struct {
	*person
	cmd   *exec.Cmd
	lines *bufio.Reader
	stdin io.WriteCloser // nil where stdin is the terminal
	modes unix.Termios   // of the terminal, before the process
}

// setting is how a child finds its terminal.
type setting struct {
	mode   string // "child" or "shell"; "" for "child"
	pipe   bool   // stdin is a pipe
	noCtty bool   // the terminal is not the controlling one
	noTTY  bool   // there is no terminal at all
	quiet  bool   // stderr is no terminal
	env    []string
}

func (s setting) start(t *testing.T, things ...string) *process {
	t.Helper()
	p := &process{person: newPerson(t)}
	p.modes = p.person.modes()
	if s.mode == "" {
		s.mode = "child"
	}
	p.cmd = exec.Command(os.Args[0], append([]string{s.mode}, things...)...)
	p.cmd.Env = append(append(os.Environ(), "TERM=dumb"), s.env...)
	p.cmd.Stdin, p.cmd.Stderr = p.slave, p.slave
	p.cmd.ExtraFiles = []*os.File{p.slave}
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: !s.noCtty && !s.noTTY, Ctty: 3}
	if s.noTTY {
		p.cmd.ExtraFiles = nil
		p.cmd.SysProcAttr.Ctty = 0
	}
	if s.noTTY || s.quiet {
		p.cmd.Stderr = nil
	}
	if s.pipe || s.noTTY {
		var err error
		p.cmd.Stdin = nil
		if p.stdin, err = p.cmd.StdinPipe(); err != nil {
			t.Fatal(err)
		}
	}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.lines = bufio.NewReader(stdout)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	hang := time.AfterFunc(2*guard, func() { _ = p.cmd.Process.Kill() })
	t.Cleanup(func() { hang.Stop() })
	return p
}

// says demands the next line of the child's stdout.
func (p *process) says(want string) {
	p.t.Helper()
	got, err := p.lines.ReadString('\n')
	if strings.TrimSuffix(got, "\n") != want {
		p.t.Errorf("it said %q (%v), want %q; shown was %q", got, err, want, p.all())
	}
}

// ends demands that the child ends well and leaves the terminal as it was.
func (p *process) ends() {
	p.t.Helper()
	if p.stdin != nil {
		_ = p.stdin.Close()
	}
	if rest, _ := io.ReadAll(p.lines); len(rest) > 0 {
		p.t.Errorf("it said %q too", rest)
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("it ended with %v", err)
	}
	p.demandModes(p.modes)
	// What the child wrote last may still be on its way.
	if _, err := p.slave.WriteString(lastText); err != nil {
		p.t.Error(err)
	}
	p.sees(lastText)
}

func (p *process) demandEcho(want bool) {
	p.t.Helper()
	if p.echoes() != want {
		p.t.Errorf("echo is %v, want %v", !want, want)
	}
}

func TestFormOnATerminal(t *testing.T) {
	p := setting{}.start(t, "interactive", "line:Jira site", "secret:API token", "line:Email")
	p.says("interactive=true true  <nil>")
	p.sees("? Jira site: ")
	p.demandEcho(true)
	p.types("example\n")
	p.says("line:Jira site=example  <nil>")
	p.sees("? API token (not shown): ")
	p.demandEcho(false)
	p.types(token + "\n")
	p.says("secret:API token=" + token + "  <nil>")
	p.sees("? Email: ")
	p.demandEcho(true)
	p.types("john.doe@example.com\n")
	p.says("line:Email=john.doe@example.com  <nil>")
	p.ends()
	want := "? Jira site: example\r\n? API token (not shown): \r\n? Email: john.doe@example.com\r\n"
	if p.all() != want {
		t.Errorf("shown was %q, want %q", p.all(), want)
	}
}

// TestEveryWayOutRestoresTheTerminal leaves both kinds of prompt with a word
// half typed.
func TestEveryWayOutRestoresTheTerminal(t *testing.T) {
	signalled := func(s os.Signal) func(p *process) {
		return func(p *process) { _ = p.cmd.Process.Signal(s) }
	}
	ways := []struct {
		name, want string
		leave      func(p *process)
	}{
		{"Ctrl-C", "canceled interrupted by SIGINT", func(p *process) { p.types("half\x03") }},
		{"SIGTERM", "canceled interrupted by SIGTERM", signalled(syscall.SIGTERM)},
		{"SIGHUP", "canceled interrupted by SIGHUP", signalled(syscall.SIGHUP)},
		{"Ctrl-D", `canceled the input ended at the question "It"`, func(p *process) { p.types("\x04") }},
	}
	for _, kind := range []string{"line:It", "secret:It"} {
		for _, way := range ways {
			t.Run(way.name+" at "+kind, func(t *testing.T) {
				t.Parallel()
				p := setting{}.start(t, kind)
				p.sees("? It")
				p.sees(": ")
				p.demandEcho(kind == "line:It")
				way.leave(p)
				p.says(kind + "= " + way.want)
				p.ends()
				if !strings.HasSuffix(p.all(), "\r\n") {
					t.Errorf("what follows would stand beside the prompt: %q", p.all())
				}
			})
		}
	}
}

func TestPanicRestoresTheTerminal(t *testing.T) {
	p := setting{}.start(t, "panic:API token", "line:Email")
	p.sees("(not shown): ")
	p.types(token + "\n")
	p.says("panic:API token=<nil> internal_error a defect in a check")
	p.sees("? Email: ")
	p.demandEcho(true)
	p.types("x\n")
	p.says("line:Email=x  <nil>")
	p.ends()
}

func TestCloseRestoresTheTerminalUnderAQuestion(t *testing.T) {
	p := setting{pipe: true}.start(t, "exit:API token")
	p.sees("(not shown): ")
	p.demandEcho(false)
	_, _ = io.WriteString(p.stdin, "\n")
	p.says("exit:API token=<nil>  <nil>")
	p.ends()
}

func TestStdinIsDataAndTheTerminalIsAsked(t *testing.T) {
	p := setting{pipe: true}.start(t, "interactive", "line:Jira site", "read", "secret:API token")
	p.says("interactive=false true  <nil>")
	p.sees("? Jira site: ")
	p.types("example\n")
	p.says("line:Jira site=example  <nil>")
	_, _ = io.WriteString(p.stdin, "from the pipe")
	_ = p.stdin.Close()
	p.says("read=from the pipe  <nil>")
	p.sees("(not shown): ")
	p.types(token + "\n")
	p.says("secret:API token=" + token + "  <nil>")
	p.ends()
}

func TestSecretOnAStdinThatIsATerminal(t *testing.T) {
	p := setting{}.start(t, "read", "read", "read")
	for range 2 {
		p.sees("? Secret (not shown): ")
		p.demandEcho(false)
		p.types(token + "\n")
		p.says("read=" + token) // with its line end
		p.says("  <nil>")
	}
	p.sees("? Secret (not shown): ")
	p.types("\x04")
	p.says("read= canceled the input ended before a secret was typed")
	p.ends()
	if strings.Contains(p.all(), token) {
		t.Error("the secret was shown")
	}
}

func TestSignalsWhileStdinIsAwaited(t *testing.T) {
	p := setting{pipe: true}.start(t, "interactive", "read")
	p.says("interactive=false true  <nil>")
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	p.says("read= canceled interrupted by SIGTERM")
	p.ends()
}

func TestWithoutAControllingTerminalTheHandedOneIsAsked(t *testing.T) {
	p := setting{noCtty: true}.start(t, "interactive", "secret:API token")
	p.says("interactive=true true  <nil>")
	p.sees("(not shown): ")
	p.demandEcho(false)
	p.types(token + "\n")
	p.says("secret:API token=" + token + "  <nil>")
	p.ends()
}

func TestWithoutATerminalNothingWaits(t *testing.T) {
	p := setting{noTTY: true}.start(t, "interactive", "line:Jira site", "secret:API token", "confirm:Sure?", "waiting:for nobody")
	p.says("interactive=false false  <nil>")
	for _, thing := range []string{"line:Jira site=", "secret:API token=", "confirm:Sure?=false"} {
		p.says(thing + " input_required there is no terminal to ask on")
	}
	p.says("waiting:for nobody=<nil>  <nil>")
	p.ends()
	if p.all() != "" {
		t.Errorf("something was shown: %q", p.all())
	}
}

func TestInteractiveNeedsStderr(t *testing.T) {
	p := setting{quiet: true}.start(t, "interactive")
	p.says("interactive=false false  <nil>")
	p.ends()
}

// TestSuspension: while the process is stopped the terminal is the shell's, and
// when it goes on the secret is hidden again.
func TestSuspension(t *testing.T) {
	p := setting{mode: "shell", pipe: true}.start(t, "secret:API token", "line:Email")
	p.sees("(not shown): ")
	p.demandEcho(false)
	for range 2 {
		p.types("\x1a")
		p.says("stopped by SIGTTIN")
		p.demandModes(p.modes)
		_, _ = io.WriteString(p.stdin, "\n")
		p.sees("? API token (not shown): ")
		p.demandEcho(false)
	}
	p.types(token + "\n")
	p.says("secret:API token=" + token + "  <nil>")
	p.sees("? Email: ")
	p.types("x\n")
	p.says("line:Email=x  <nil>")
	p.ends()
	if strings.Contains(p.all(), token) {
		t.Error("the secret was shown")
	}
}

// TestSuspensionThatNobodyCouldEnd: a process that no shell controls is not
// stopped by Ctrl-Z, and Ctrl-\ does not end it under these modes.
func TestSuspensionThatNobodyCouldEnd(t *testing.T) {
	p := setting{}.start(t, "secret:API token")
	p.sees("(not shown): ")
	p.types("\x1a")
	p.sees("? API token (not shown): ")
	p.types("a\x1cb\n")
	p.sees("control character")
	p.sees("(not shown): ")
	p.types(token + "\n")
	p.says("secret:API token=" + token + "  <nil>")
	p.ends()
}
