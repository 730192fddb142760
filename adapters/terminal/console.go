package terminal

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"jira-cli/adapters/terminal/dialogue"
	"jira-cli/domain/fault"
	"jira-cli/domain/text"
)

// courtesy bounds the writes that nobody waits for: a terminal that was stopped
// with Ctrl-S must not hold the program.
const courtesy = time.Second

// console is the terminal as the dialogue and the notices use it. It opens the
// terminal at first use.
type console struct {
	opts    Options
	turn    chan struct{} // held by who reads
	notices notices

	suspender suspender

	mu      sync.Mutex
	asked   bool   // a question stood on the terminal
	secret  *input // of the last hidden question, nil where none was asked
	tty     *tty
	restore func() // puts back the modes that the current question changed
}

// open returns the terminal, opening it where that has not happened yet.
func (c *console) open() (*tty, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tty != nil {
		return c.tty, nil
	}
	t, err := openTTY(c.opts.Device)
	if err != nil && c.opts.Device == "" && isTerminal(c.opts.Stdin) && isTerminal(c.opts.Stderr) {
		// A process without a controlling terminal that was handed one all the
		// same, as by setsid(1).
		t, err = &tty{in: newInput(c.opts.Stdin), out: c.opts.Stderr, keep: true}, nil
	}
	if err != nil {
		return nil, fault.Wrap(err, fault.InputRequired, "there is no terminal to ask on")
	}
	c.tty = t
	return t, nil
}

// close restores the modes and, where nobody is being asked, closes the files;
// a read that is under way must not find another file under its number. What
// was typed since a question stood there was for this program, and must not
// become the shell's next command: the rest of a paste least of all.
func (c *console) close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.restore != nil {
		c.restore()
	}
	c.suspender.end()
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	default:
		return nil
	}
	t := c.tty
	switch {
	case c.secret != nil:
		c.secret.drain()
	case t != nil && c.asked:
		t.in.discard()
	}
	c.tty, c.secret, c.asked = nil, nil, false
	if t == nil || t.keep {
		return nil
	}
	return t.close()
}

// colour reports whether the terminal may be coloured.
func (c *console) colour() bool {
	if c.opts.NoColor || c.lookup("NO_COLOR") != "" {
		return false
	}
	return c.escapes()
}

// escapes reports whether the terminal understands escape sequences.
func (c *console) escapes() bool {
	t, err := c.open()
	return err == nil && understands(t, c.lookup("TERM"))
}

func (c *console) lookup(name string) string {
	if c.opts.Environment == nil {
		return ""
	}
	value, _ := c.opts.Environment.Lookup(name)
	return value
}

// Print shows text.
func (c *console) Print(ctx context.Context, text string) error {
	t, err := c.open()
	if err != nil {
		return err
	}
	c.notices.end(t)
	return explain(ctx, t.write(ctx, text), "written")
}

// Ask shows the prompt and reads a line.
func (c *console) Ask(ctx context.Context, p dialogue.Prompt) (string, error) {
	t, err := c.open()
	if err != nil {
		return "", err
	}
	if err := c.takeTurn(ctx); err != nil {
		return "", err
	}
	defer func() { <-c.turn }()
	return c.ask(ctx, t, p)
}

func (c *console) takeTurn(ctx context.Context) error {
	select {
	case c.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// ask is Ask on a terminal whose turn is taken. The modes come first: what is
// typed as soon as the prompt stands there is under them.
func (c *console) ask(ctx context.Context, t *tty, p dialogue.Prompt) (string, error) {
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	c.notices.end(t)
	ahead := t.in.ready()
	restore, err := t.in.modes(p.Hidden, func() { t.say(p.Text) }, &c.suspender)
	if err != nil {
		return "", explain(ctx, err, "set up")
	}
	restore = c.remember(t.in, p.Hidden, restore)
	defer restore()
	if err := t.write(ctx, p.Text); err != nil {
		return "", explain(ctx, err, "written")
	}
	line, err := t.in.line(ctx)
	if err == nil && p.Hidden {
		line, err = t.whole(line, ahead)
		if ctx.Err() != nil {
			err = context.Cause(ctx) // what followed a Ctrl-C was read before it was heard
		}
	}
	switch {
	case err != nil && p.Hidden:
		// Half a secret that waits in the terminal would be shown by whoever
		// reads next, which is the shell.
		t.in.drain()
		t.say("\n")
	case err != nil || p.Hidden:
		t.say("\n")
	case ahead:
		// It was shown before the question stood there.
		t.say(text.Clean(strings.TrimSuffix(line, "\n")) + "\n")
	}
	return line, explain(ctx, err, "read")
}

// remember lets close restore the modes too. The result does it once.
func (c *console) remember(in *input, hidden bool, restore func()) func() {
	restore = sync.OnceFunc(restore)
	c.mu.Lock()
	c.asked = true
	if hidden {
		c.secret = in
	}
	c.restore = restore
	c.mu.Unlock()
	return restore
}

// explain turns an error of the terminal into one of the port's. A terminal
// that went away reads as the end of input.
func explain(ctx context.Context, err error, what string) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case fault.CodeOf(err) == fault.SecretInvalid:
		return err
	case errors.Is(err, io.EOF) || errors.Is(err, os.ErrClosed) || gone(err):
		return io.EOF
	}
	return fault.Wrap(err, fault.InputReadFailed, "the terminal could not be %s: %v", what, err).
		WithHint("run the command in another terminal, or give every value by flags and stdin")
}
