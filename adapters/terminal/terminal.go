// Package terminal owns the controlling terminal: it opens it apart from stdin
// (which may be data), hides what must not be shown, gives up a read as soon as
// its context ends, and leaves the terminal's modes as it found them on every
// way out. What questions look like is the package dialogue's. It refuses to
// write to stdout or stderr, except to stderr where that is the only way to the
// terminal, and to edit lines itself: that is the terminal's own (canonical)
// mode, which keeps what is typed ahead and bounds a line at 4,095 bytes on
// Linux and 1,023 on macOS. Longer secrets come through stdin.
package terminal

import (
	"context"
	"os"
	"time"

	"golang.org/x/term"

	"jira-cli/adapters/terminal/dialogue"
	"jira-cli/domain/text"
	"jira-cli/ports"
)

// Options are what a terminal is built from. The zero value is the process's
// own terminal, without colour.
type Options struct {
	Stdin  *os.File // nil for os.Stdin
	Stderr *os.File // nil for os.Stderr

	// Environment is asked for NO_COLOR and TERM; nil for a terminal that can
	// neither colour nor erase.
	Environment ports.Environment

	// NoColor turns colour off whatever the environment says.
	NoColor bool

	// Device is the path of the terminal to use instead of the controlling one.
	// It has no meaning on Windows.
	Device string

	// Patience is how long one question, or stdin, is waited for; 0 for five
	// minutes.
	Patience time.Duration
}

// Terminal is the person at the controlling terminal. It implements
// ports.Terminal, ports.Prompter, ports.Notifier and ports.SecretInput.
type Terminal struct {
	*dialogue.Dialogue
	console *console
}

// New returns the terminal. It opens nothing until something is asked or shown.
func New(opts Options) *Terminal {
	if opts.Stdin == nil {
		opts.Stdin = os.Stdin
	}
	if opts.Stderr == nil {
		opts.Stderr = os.Stderr
	}
	if opts.Patience <= 0 {
		opts.Patience = dialogue.Patience
	}
	c := &console{opts: opts, turn: make(chan struct{}, 1)}
	d := dialogue.New(c, dialogue.Options{Colour: c.colour, Patience: opts.Patience})
	return &Terminal{Dialogue: d, console: c}
}

// Interactive reports whether a person can be asked: stderr is a terminal,
// stdin is one too or carries a secret, and the terminal can be opened.
func (t *Terminal) Interactive(stdinIsSecret bool) bool {
	if !isTerminal(t.console.opts.Stderr) || !stdinIsSecret && !isTerminal(t.console.opts.Stdin) {
		return false
	}
	_, err := t.console.open()
	return err == nil
}

// Waiting shows the message on the terminal until done. Of several at once the
// last one is erased and the earlier ones stay as lines.
func (t *Terminal) Waiting(message string) (done func()) {
	return t.console.notices.show(t.console, text.Clean(message))
}

// Read returns stdin, raw and up to a bound; on a terminal one line that is not
// shown.
func (t *Terminal) Read(ctx context.Context) (string, error) {
	return t.console.readSecret(ctx)
}

// Close restores the terminal's modes, also under a question that is still
// being asked, and closes it where none is. The next question opens it anew.
func (t *Terminal) Close() error { return t.console.close() }

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }
