// Package dialogue owns the look and the rules of the questions that a person
// is asked: the prompt's text, defaults, validation and repetition, the bound
// on waiting, and what the end of input means. It knows no device: a Console
// carries the text. The terminal adapter has a real one, the scripted double
// another, so that transcripts show what a person would see.
package dialogue

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"jira-cli/domain/fault"
	"jira-cli/domain/secret"
	display "jira-cli/domain/text"
	"jira-cli/ports"
)

// Patience is how long one question waits for an answer.
const Patience = 5 * time.Minute

// Prompt is one request for a line.
type Prompt struct {
	Label  string // the question's label, as asked
	Text   string // what to show: safe, possibly several lines, the last one open
	Hidden bool   // the answer must not be shown
}

// Console carries a dialogue.
type Console interface {
	// Ask shows the prompt and returns one line as typed, line end included
	// where there is one. The end of input before any character is io.EOF; the
	// end of ctx is context.Cause(ctx); other errors are faults.
	Ask(ctx context.Context, p Prompt) (string, error)

	// Print shows text that is safe and ends its lines.
	Print(ctx context.Context, text string) error
}

// Options are the choices of a dialogue.
type Options struct {
	Colour   func() bool   // asked at each question; nil for no colour
	Patience time.Duration // 0 for Patience
}

// Dialogue asks questions on a console. It implements ports.Prompter. Labels,
// notes, defaults, options and lines are stripped of control characters here,
// as some of them come from files.
type Dialogue struct {
	console  Console
	colour   func() bool
	patience time.Duration
	turn     chan struct{} // held by the question that is being asked
}

// New returns a dialogue on a console.
func New(console Console, opts Options) *Dialogue {
	d := &Dialogue{console: console, colour: opts.Colour, patience: opts.Patience, turn: make(chan struct{}, 1)}
	if d.colour == nil {
		d.colour = func() bool { return false }
	}
	if d.patience <= 0 {
		d.patience = Patience
	}
	return d
}

// Line asks for a line and returns it trimmed and checked.
func (d *Dialogue) Line(ctx context.Context, q ports.Question) (string, error) {
	s := style{d.colour()}
	p := Prompt{Label: q.Label, Text: s.question(q.Label, bracketed(q.Default))}
	return ask(ctx, d, s, q.Note, p, func(typed string) (string, error) {
		answer, err := plain(typed)
		if err == nil && answer == "" {
			answer = q.Default
		}
		return answer, check(q, answer, err)
	})
}

// Secret asks for a secret without echo.
func (d *Dialogue) Secret(ctx context.Context, q ports.Question) (secret.Secret, error) {
	s := style{d.colour()}
	p := Prompt{Label: q.Label, Text: Hidden(q.Label, s.colour), Hidden: true}
	return ask(ctx, d, s, q.Note, p, func(typed string) (secret.Secret, error) {
		answer, err := secret.Parse(typed)
		if err != nil {
			return secret.Secret{}, err
		}
		return answer, check(q, answer.Reveal(), nil)
	})
}

// Choose asks for one of the options, by name or by number. A name wins over a
// number, as profiles may be called "2". A default that is none of the options
// is no default.
func (d *Dialogue) Choose(ctx context.Context, q ports.Question, options []string) (string, error) {
	if len(options) == 0 {
		return "", fault.New(fault.InternalError, "the question %q has no options", display.Clean(q.Label))
	}
	if !slices.Contains(options, q.Default) {
		q.Default = ""
	}
	s := style{d.colour()}
	p := Prompt{Label: q.Label, Text: s.choices(q.Label, options, q.Default)}
	return ask(ctx, d, s, q.Note, p, func(typed string) (string, error) {
		answer, err := plain(typed)
		if err == nil && answer == "" {
			answer = q.Default
		}
		if err == nil {
			answer, err = pick(options, answer)
		}
		return answer, check(q, answer, err)
	})
}

// Confirm asks for yes or no; an empty answer is no.
func (d *Dialogue) Confirm(ctx context.Context, q ports.Question) (bool, error) {
	s := style{d.colour()}
	p := Prompt{Label: q.Label, Text: s.question(q.Label, bracketed("y/N"))}
	return ask(ctx, d, s, q.Note, p, func(typed string) (bool, error) {
		switch strings.ToLower(strings.TrimSpace(typed)) {
		case "y", "yes":
			return true, nil
		case "", "n", "no":
			return false, nil
		}
		return false, errors.New("answer yes or no")
	})
}

// Show writes lines to the terminal.
func (d *Dialogue) Show(ctx context.Context, lines ...string) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var text strings.Builder
	for _, line := range lines {
		text.WriteString(display.Clean(line) + "\n")
	}
	return d.console.Print(ctx, text.String())
}

// ask puts one question until accept takes the answer; an answer that it does
// not take is explained. The budget stands still throughout, and each wait has
// the whole patience, as who gave a wrong answer is there.
func ask[T any](ctx context.Context, d *Dialogue, s style, note []string, p Prompt, accept func(string) (T, error)) (T, error) {
	var none T
	resume := ports.Pause(ctx)
	defer resume()
	if err := d.takeTurn(ctx); err != nil {
		return none, err
	}
	defer func() { <-d.turn }()
	if len(note) > 0 {
		if err := d.console.Print(ctx, s.note(note)); err != nil {
			return none, err
		}
	}
	for {
		typed, err := d.wait(ctx, p)
		if err != nil {
			return none, err
		}
		answer, err := accept(typed)
		if err == nil {
			return answer, nil
		}
		if err := d.console.Print(ctx, s.refusal(err)); err != nil {
			return none, err
		}
	}
}

// takeTurn waits until no other question is being asked.
func (d *Dialogue) takeTurn(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	select {
	case d.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// wait asks the console once.
func (d *Dialogue) wait(ctx context.Context, p Prompt) (string, error) {
	bounded, cancel := context.WithTimeoutCause(ctx, d.patience, Unanswered(p.Label, d.patience))
	defer cancel()
	typed, err := d.console.Ask(bounded, p)
	if errors.Is(err, io.EOF) {
		return "", fault.New(fault.Canceled, "the input ended at the question %q", display.Clean(p.Label))
	}
	return typed, err
}

// Unanswered is the fault of a question that nobody answered in time.
func Unanswered(label string, patience time.Duration) *fault.Fault {
	return fault.New(fault.Timeout, "nobody answered the question %q within %s", display.Clean(label), Minutes(patience)).
		WithHint("run the command again and answer, or give the value by a flag")
}

// Minutes prints a bound as people write it: 5m and not 5m0s.
func Minutes(d time.Duration) string {
	text := d.Round(time.Millisecond).String()
	if strings.HasSuffix(text, "m0s") {
		return strings.TrimSuffix(text, "0s")
	}
	return text
}

// plain returns a typed line trimmed, or says why it cannot be one.
func plain(typed string) (string, error) {
	answer := strings.TrimSpace(typed)
	switch {
	case !utf8.ValidString(answer):
		return "", errors.New("the answer is not valid UTF-8 text")
	case strings.IndexFunc(answer, unicode.IsControl) >= 0:
		return "", errors.New("the answer contains a control character, as the arrow keys make them")
	}
	return answer, nil
}

// check is the question's own judgement, after err.
func check(q ports.Question, answer string, err error) error {
	if err != nil || q.Check == nil {
		return err
	}
	return q.Check(answer)
}

// pick finds the option that an answer means.
func pick(options []string, answer string) (string, error) {
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		for _, option := range options {
			if same(option, answer) {
				return option, nil
			}
		}
		if i, err := strconv.Atoi(answer); err == nil && i >= 1 && i <= len(options) {
			return options[i-1], nil
		}
	}
	if answer == "" {
		return "", errors.New("choose one by its number or its name")
	}
	f := fault.New(fault.ArgumentInvalid, "%q is none of the options", answer).WithHint("")
	if near := fault.Suggest(answer, options); len(near) > 0 {
		f = f.WithHint("did you mean %s?", strings.Join(near, " or "))
	}
	return "", f
}
