//go:build unix

package terminal_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"jira-cli/adapters/memory"
	"jira-cli/adapters/terminal"
	"jira-cli/domain/fault"
	"jira-cli/ports"
)

// environment is a fixed one.
type environment map[string]string

func (e environment) Lookup(name string) (string, bool) {
	value, set := e[name]
	return value, set
}

func open(t *testing.T, opts terminal.Options) (*person, *terminal.Terminal) {
	t.Helper()
	p := newPerson(t)
	opts.Device = p.slave.Name()
	term := terminal.New(opts)
	t.Cleanup(func() { _ = term.Close() })
	return p, term
}

func TestTypeAheadReachesTheQuestionsInOrder(t *testing.T) {
	p, term := open(t, terminal.Options{})
	p.types("work\nexample\n" + token + "\ny\n")
	if !p.sees("y\r\n") {
		return
	}
	name, err1 := term.Line(t.Context(), ports.Question{Label: "Profile name"})
	site, err2 := term.Line(t.Context(), ports.Question{Label: "Jira site"})
	secret, err3 := term.Secret(t.Context(), ports.Question{Label: "API token"})
	sure, err4 := term.Confirm(t.Context(), ports.Question{Label: "Sure?"})
	if err := errors.Join(err1, err2, err3, err4); err != nil || name != "work" || site != "example" || secret.Reveal() != token || !sure {
		t.Errorf("got %q, %q, %v, %v, %v", name, site, secret, sure, err)
	}
	want := "? Profile name: work\r\n? Jira site: example\r\n? API token (not shown): \r\n? Sure? [y/N]: y\r\n"
	if !p.sees(want) {
		t.Errorf("want %q", want)
	}
}

func TestAnAbandonedReadEatsNothing(t *testing.T) {
	end := errors.New("the end that the test chose")
	p, term := open(t, terminal.Options{})
	abandon := func(ask func(ctx context.Context) error, typed string) {
		ctx, cancel := context.WithCancelCause(t.Context())
		answer := make(chan error)
		go func() { answer <- ask(ctx) }()
		p.sees(": ")
		p.types(typed)
		cancel(end)
		if err := <-answer; !errors.Is(err, end) {
			t.Errorf("got %v, want the cause of the context", err)
		}
	}
	q := ports.Question{Label: "Email"}
	abandon(func(ctx context.Context) error { _, err := term.Line(ctx, q); return err }, "")
	p.types("whole\n")
	if got, err := term.Line(t.Context(), q); err != nil || got != "whole" {
		t.Errorf("after a line: got %q, %v", got, err)
	}
	abandon(func(ctx context.Context) error { _, err := term.Secret(ctx, q); return err }, "half a sec")
	p.types("later\n")
	got, err := term.Line(t.Context(), q)
	if err != nil || !strings.HasSuffix(got, "later") {
		t.Errorf("after a secret: got %q, %v", got, err)
	}
}

// Who ends the input in the middle of an answer did not confirm it.
func TestALineWithoutItsEnd(t *testing.T) {
	for typed, want := range map[string]fault.Code{"exam\x04ple\x04\x04": fault.Canceled, "exam\x04ple\n": ""} {
		p, term := open(t, terminal.Options{})
		go func() {
			p.sees(": ")
			p.types(typed)
		}()
		if got, err := term.Line(t.Context(), ports.Question{Label: "Jira site"}); fault.CodeOf(err) != want || want == "" && got != "example" {
			t.Errorf("%q: got %q, %v", typed, got, err)
		}
	}
}

// The terminal drops what is beyond its line; half a token must not be kept.
func TestASecretThatTheTerminalCutIsRefused(t *testing.T) {
	p, term := open(t, terminal.Options{})
	go func() {
		p.sees(": ")
		p.types(strings.Repeat("x", 5000) + "\n")
	}()
	if got, err := term.Secret(t.Context(), ports.Question{Label: "API token"}); fault.CodeOf(err) != fault.SecretInvalid || !got.IsZero() {
		t.Errorf("got %d bytes, %v", got.Len(), err)
	}
}

// Of a paste of several lines none is taken, and none is left for the next
// question or for the shell that reads after the program.
func TestAPasteOfSeveralLinesIsRefusedAndSwallowed(t *testing.T) {
	p, term := open(t, terminal.Options{})
	go func() {
		p.sees(": ")
		p.types("first\nsecond\nthird\n")
		if p.sees("more than one line") {
			p.types("the-secret\n")
		}
	}()
	got, err := term.Secret(t.Context(), ports.Question{Label: "API token"})
	if err != nil || got.Reveal() != "the-secret" {
		t.Errorf("got %q, %v", got.Reveal(), err)
	}
	p.types("rm -r x\n")
	if err := term.Close(); err != nil {
		t.Error(err)
	}
	ready := []unix.PollFd{{Fd: int32(p.slave.Fd()), Events: unix.POLLIN}}
	if n, err := unix.Poll(ready, 0); n != 0 {
		t.Errorf("the shell would read a line: %d, %v", n, err)
	}
}

// A paste may have come before the question, and its last line may lack its end.
func TestPastesOfOtherShapes(t *testing.T) {
	for _, c := range []struct{ name, before, after string }{
		{"typed ahead", "first\nsecond\nthird\n", ""},
		{"without its last end", "", "first\nsecond"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, term := open(t, terminal.Options{})
			p.types(c.before)
			go func() {
				if p.sees("not shown): ") {
					p.types(c.after)
				}
				if p.sees("more than one line") && p.sees("not shown): ") {
					p.types("the-secret\n")
				}
			}()
			if got, err := term.Secret(t.Context(), ports.Question{Label: "API token"}); err != nil || got.Reveal() != "the-secret" {
				t.Errorf("got %q, %v", got.Reveal(), err)
			}
		})
	}
}

func TestAHungUpTerminalIsTheEndOfInput(t *testing.T) {
	p, term := open(t, terminal.Options{})
	go func() {
		p.sees(": ")
		_ = p.master.Close()
	}()
	if _, err := term.Secret(t.Context(), ports.Question{Label: "API token"}); fault.CodeOf(err) != fault.Canceled {
		t.Errorf("got %v, want %s", err, fault.Canceled)
	}
	if _, err := term.Line(t.Context(), ports.Question{Label: "Email"}); fault.CodeOf(err) != fault.Canceled {
		t.Errorf("after that: got %v, want %s", err, fault.Canceled)
	}
}

// TestATerminalThatWasLeftRaw: a program that died may leave no canonical mode.
func TestATerminalThatWasLeftRaw(t *testing.T) {
	p, term := open(t, terminal.Options{})
	raw := p.modes()
	raw.Lflag &^= unix.ICANON | unix.ISIG
	raw.Iflag &^= unix.ICRNL
	if err := unix.IoctlSetTermios(int(p.slave.Fd()), ioctlSetTermios, &raw); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.sees(": ")
		p.types("exampel\x7f\x7fle\r")
	}()
	if got, err := term.Line(t.Context(), ports.Question{Label: "Jira site"}); err != nil || got != "example" {
		t.Errorf("got %q, %v", got, err)
	}
	p.demandModes(raw)
}

func TestAStuckTerminalDoesNotHoldTheProgram(t *testing.T) {
	p, term := open(t, terminal.Options{})
	p.types("\x13") // Ctrl-S
	end := errors.New("the end that the test chose")
	ctx, cancel := context.WithCancelCause(t.Context())
	answer := make(chan error, 1)
	go func() {
		for {
			if err := term.Show(ctx, strings.Repeat("x", 4096)); err != nil {
				answer <- err
				return
			}
		}
	}()
	cancel(end)
	if err := <-answer; !errors.Is(err, end) {
		t.Errorf("got %v, want the cause of the context", err)
	}
	p.types("\x11") // Ctrl-Q
	if err := term.Show(t.Context(), "goes on"); err != nil {
		t.Error(err)
	}
	p.sees("goes on")
}

func TestColour(t *testing.T) {
	xterm := environment{"TERM": "xterm-256color"}
	for _, c := range []struct {
		name   string
		opts   terminal.Options
		colour bool
	}{
		{"xterm", terminal.Options{Environment: xterm}, true},
		{"--no-color", terminal.Options{Environment: xterm, NoColor: true}, false},
		{"NO_COLOR", terminal.Options{Environment: environment{"TERM": "xterm", "NO_COLOR": "1"}}, false},
		{"NO_COLOR empty", terminal.Options{Environment: environment{"TERM": "xterm", "NO_COLOR": ""}}, true},
		{"dumb", terminal.Options{Environment: environment{"TERM": "dumb"}}, false},
		{"no TERM", terminal.Options{Environment: environment{}}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, term := open(t, c.opts)
			p.types("\n")
			if _, err := term.Line(t.Context(), ports.Question{Label: "Jira site", Default: "example"}); err != nil {
				t.Fatal(err)
			}
			want := "? Jira site [example]: "
			if c.colour {
				want = "\x1b[32m?\x1b[0m \x1b[1mJira site\x1b[0m \x1b[2m[example]\x1b[0m: "
			}
			p.sees(want)
		})
	}
}

func TestNotices(t *testing.T) {
	long := strings.Repeat("waiting ", 12)
	for _, c := range []struct{ name, term, message, want string }{
		{"erased", "xterm", "waiting for 1Password", "waiting for 1Password\r\x1b[K"},
		{"ended on a dumb terminal", "dumb", "waiting for 1Password", "waiting for 1Password\r\n"},
		{"ended where it spans rows", "xterm", long, long + "\r\n"},
		{"made safe", "dumb", "waiting\x1b[2J for\nit", "waiting for it\r\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, term := open(t, terminal.Options{Environment: environment{"TERM": c.term}})
			term.Waiting(c.message)()
			p.sees(c.want)
		})
	}
	t.Run("between others", func(t *testing.T) {
		p, term := open(t, terminal.Options{Environment: environment{"TERM": "xterm"}})
		first := term.Waiting("one")
		second := term.Waiting("two")
		first()
		second()
		third := term.Waiting("three")
		if err := term.Show(t.Context(), "a line"); err != nil {
			t.Error(err)
		}
		third()
		p.types("x\n")
		fourth := term.Waiting("four")
		_, _ = term.Line(t.Context(), ports.Question{Label: "Email"})
		fourth()
		p.sees("one\r\ntwo\r\x1b[Kthree\r\na line\r\n")
		p.sees("four")
		p.sees("\r\n\x1b[32m?")
	})
}

func TestTheBudgetOfTheDoubleStandsStill(t *testing.T) {
	p, term := open(t, terminal.Options{})
	budget := memory.NewBudget()
	p.types("x\n")
	if _, err := term.Line(ports.WithBudget(t.Context(), budget), ports.Question{Label: "Email"}); err != nil || budget.Pauses() != 1 || budget.Paused() {
		t.Errorf("got %v, %d pauses, paused %v", err, budget.Pauses(), budget.Paused())
	}
}

func TestWithoutADevice(t *testing.T) {
	term := terminal.New(terminal.Options{Device: "/nonexistent/tty"})
	for name, err := range map[string]error{
		"line": second(term.Line(t.Context(), ports.Question{Label: "Email"})),
		"note": second(term.Line(t.Context(), ports.Question{Label: "Email", Note: []string{"a note"}})),
		"show": term.Show(t.Context(), "a line"),
	} {
		if fault.CodeOf(err) != fault.InputRequired {
			t.Errorf("%s: got %v, want %s", name, err, fault.InputRequired)
		}
	}
	term.Waiting("for nobody")()
	file := terminal.New(terminal.Options{Device: "/dev/null"})
	if _, err := file.Secret(t.Context(), ports.Question{Label: "API token"}); fault.CodeOf(err) != fault.InputReadFailed {
		t.Errorf("a device that is no terminal: got %v, want %s", err, fault.InputReadFailed)
	}
	if err := errors.Join(term.Close(), file.Close()); err != nil {
		t.Error(err)
	}
}

func second[T any](_ T, err error) error { return err }
