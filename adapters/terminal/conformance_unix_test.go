//go:build unix

package terminal_test

import (
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"jira-cli/adapters/terminal"
	"jira-cli/ports"
	"jira-cli/ports/portstest"
)

var (
	_ ports.Terminal    = (*terminal.Terminal)(nil)
	_ ports.Prompter    = (*terminal.Terminal)(nil)
	_ ports.Notifier    = (*terminal.Terminal)(nil)
	_ ports.SecretInput = (*terminal.Terminal)(nil)
)

// guard bounds what must come; it keeps a defect from hanging the tests.
const guard = 30 * time.Second

// person sits at the other end of a pseudo-terminal.
type person struct {
	t      *testing.T
	master *os.File
	slave  *os.File // kept open, so that the modes can be looked at

	mu     sync.Mutex
	seen   strings.Builder
	looked int // how much of seen the person has reacted to
}

func newPerson(t *testing.T) *person {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := pty.Setsize(master, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	p := &person{t: t, master: pollable(t, master), slave: slave}
	master = p.master
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		buf := make([]byte, 4096)
		for {
			n, err := master.Read(buf)
			p.mu.Lock()
			p.seen.Write(buf[:n])
			p.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		_ = slave.Close()
		_ = master.Close()
		<-ended
	})
	return p
}

// pollable returns a file that can be closed while it is being read.
func pollable(t *testing.T, f *os.File) *os.File {
	t.Helper()
	defer f.Close()
	fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		t.Fatal(err)
	}
	return os.NewFile(uintptr(fd), f.Name())
}

// all returns everything that was shown.
func (p *person) all() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.TrimSuffix(p.seen.String(), lastText)
}

// lastText is written when nothing else will be.
const lastText = "(the end)"

// sees waits until text is shown after what was reacted to before.
func (p *person) sees(text string) bool {
	for end := time.Now().Add(guard); time.Now().Before(end); time.Sleep(time.Millisecond) {
		p.mu.Lock()
		i := strings.Index(p.seen.String()[p.looked:], text)
		if i >= 0 {
			p.looked += i + len(text)
		}
		p.mu.Unlock()
		if i >= 0 {
			return true
		}
	}
	p.t.Errorf("%q was not shown, but %q", text, p.all())
	return false
}

func (p *person) types(text string) {
	if _, err := p.master.WriteString(text); err != nil {
		p.t.Error(err)
	}
}

// modes returns the terminal's modes.
func (p *person) modes() unix.Termios {
	p.t.Helper()
	modes, err := unix.IoctlGetTermios(int(p.slave.Fd()), ioctlGetTermios)
	if err != nil {
		p.t.Fatal(err)
	}
	return *modes
}

// demandModes demands that the terminal's modes are those.
func (p *person) demandModes(want unix.Termios) {
	p.t.Helper()
	if diff := cmp.Diff(want, p.modes()); diff != "" {
		p.t.Errorf("the terminal's modes were not restored (-before +after):\n%s", diff)
	}
}

func (p *person) echoes() bool { return p.modes().Lflag&unix.ECHO != 0 }

// follow does what the steps say, each when its question stands there.
func (p *person) follow(steps []portstest.PersonStep) (done chan struct{}) {
	done = make(chan struct{})
	go func() {
		defer close(done)
		for _, s := range steps {
			if s.Act == portstest.StaysSilent || s.Act == portstest.OutwaitsAsker {
				return
			}
			// A prompt ends with a colon and a blank; the label may be written
			// with characters that are not shown.
			if !p.sees("? ") || !p.sees(": ") {
				return
			}
			text := s.Text + "\n"
			if s.Act == portstest.EndsInput {
				text = "\x04"
			}
			p.types(text)
		}
	}()
	return done
}

func TestPrompterConforms(t *testing.T) {
	portstest.TestPrompter(t, func(t *testing.T, steps ...portstest.PersonStep) portstest.PrompterHarness {
		p := newPerson(t)
		before := p.modes()
		opts := terminal.Options{Device: p.slave.Name()}
		for _, s := range steps {
			if s.Act == portstest.OutwaitsAsker {
				opts.Patience = 20 * time.Millisecond
			}
		}
		term := terminal.New(opts)
		done := p.follow(steps)
		t.Cleanup(func() {
			<-done
			p.demandModes(before)
			if err := term.Close(); err != nil {
				t.Error(err)
			}
		})
		return portstest.PrompterHarness{Prompter: term, Seen: p.all}
	})
}

func TestNotifierConforms(t *testing.T) {
	portstest.TestNotifier(t, func(t *testing.T) portstest.NotifierHarness {
		p := newPerson(t)
		term := terminal.New(terminal.Options{Device: p.slave.Name()})
		t.Cleanup(func() { _ = term.Close() })
		return portstest.NotifierHarness{Notifier: term, Seen: p.all}
	})
}

// stdin returns a terminal whose stdin is a pipe, and the pipe's other end.
func stdin(t *testing.T, patience time.Duration) (*terminal.Terminal, *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = r.Close()
		_ = w.Close()
	})
	return terminal.New(terminal.Options{Stdin: r, Patience: patience, Device: "/nonexistent"}), w
}

func TestSecretInputConforms(t *testing.T) {
	portstest.TestSecretInput(t, portstest.SecretInputHarness{
		Holding: func(t *testing.T, text string) ports.SecretInput {
			term, w := stdin(t, 0)
			go func() {
				// Beyond the limit nobody reads: the rest fails when the pipe is
				// closed.
				_, _ = w.WriteString(text)
				_ = w.Close()
			}()
			return term
		},
		Silent: func(t *testing.T) ports.SecretInput {
			term, _ := stdin(t, 0)
			return term
		},
		Impatient: func(t *testing.T) ports.SecretInput {
			term, _ := stdin(t, 20*time.Millisecond)
			return term
		},
		Broken: func(t *testing.T) ports.SecretInput {
			dir, err := os.Open(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = dir.Close() })
			return terminal.New(terminal.Options{Stdin: dir})
		},
	})
}

func TestSecretInputReadsFiles(t *testing.T) {
	path := t.TempDir() + "/token"
	if err := os.WriteFile(path, []byte("from a file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got, err := terminal.New(terminal.Options{Stdin: f}).Read(t.Context()); err != nil || got != "from a file\n" {
		t.Errorf("got %q, %v", got, err)
	}
}
