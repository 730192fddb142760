package terminal

import (
	"context"
	"errors"
	"io"
	"time"

	"jira-cli/adapters/terminal/dialogue"
	"jira-cli/domain/fault"
	"jira-cli/ports"
)

// readSecret reads stdin, whatever it is.
func (c *console) readSecret(ctx context.Context) (string, error) {
	resume := ports.Pause(ctx)
	defer resume()
	patience := c.opts.Patience
	ctx, cancel := context.WithTimeoutCause(ctx, patience,
		fault.New(fault.Timeout, "no secret arrived on stdin within %s", dialogue.Minutes(patience)).
			WithHint("check the command that feeds stdin"))
	defer cancel()
	if err := c.takeTurn(ctx); err != nil {
		return "", err
	}
	defer func() { <-c.turn }()
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	if isTerminal(c.opts.Stdin) {
		return c.readHidden(ctx)
	}
	raw, err := newInput(c.opts.Stdin).all(ctx, maxLine)
	c.hear(ctx)
	switch {
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case err == nil:
		return raw, nil
	}
	return "", fault.Wrap(err, fault.InputReadFailed, "stdin could not be read: %v", err)
}

// hearing bounds how long the end of stdin waits for a Ctrl-C that caused it.
const hearing = 100 * time.Millisecond

// hear gives a Ctrl-C that ended the program before in a pipeline the time to be
// heard here too: the terminal sends it to both at once, and the end of input
// may be read before this process has acted on its signal. Where no terminal can
// send one there is nothing to wait for.
func (c *console) hear(ctx context.Context) {
	if !c.foreground() {
		return
	}
	select {
	case <-ctx.Done():
	case <-time.After(hearing):
	}
}

// foreground reports whether the terminal's keys signal this process.
func (c *console) foreground() bool {
	t, err := c.open()
	return err == nil && t.in.foreground()
}

// readHidden reads a line from a stdin that is a terminal. The prompt goes to
// the controlling terminal; without one, to stdin, which is a terminal too.
func (c *console) readHidden(ctx context.Context) (string, error) {
	t := &tty{in: newInput(c.opts.Stdin), out: c.opts.Stdin, keep: true}
	if shown, err := c.open(); err == nil {
		t.out = shown.out
	}
	const label = "Secret"
	line, err := c.ask(ctx, t, dialogue.Prompt{Label: label, Text: dialogue.Hidden(label, c.colour()), Hidden: true})
	if errors.Is(err, io.EOF) {
		return "", fault.New(fault.Canceled, "the input ended before a secret was typed")
	}
	return line, err
}
