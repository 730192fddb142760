package memory

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"

	"jira-cli/adapters/terminal/dialogue"
	"jira-cli/domain/fault"
	"jira-cli/domain/text"
)

// Step is one thing that the person at a scripted prompter does. A refused
// answer needs a further step for the same question.
type Step struct {
	label  string
	answer string
	act    act
}

type act int

const (
	types act = iota
	endsInput
	interrupts
	staysSilent
	neverAnswers
)

// Answer types text and Enter at the question of that label.
func Answer(label, text string) Step { return Step{label, text, types} }

// EndOfInput types Ctrl-D.
func EndOfInput(label string) Step { return Step{label: label, act: endsInput} }

// Interrupt types Ctrl-C: see Prompter.OnInterrupt.
func Interrupt(label string) Step { return Step{label: label, act: interrupts} }

// Silence does nothing until the context ends.
func Silence(label string) Step { return Step{label: label, act: staysSilent} }

// NoAnswer does nothing until the prompter has run out of patience, which it
// does at once.
func NoAnswer(label string) Step { return Step{label: label, act: neverAnswers} }

// ParseScript reads steps from text, one a line:
//
//	# a comment
//	Profile name: work
//	Jira site:
//	API token: <ctrl-c>
//
// An answer may be empty; <ctrl-c>, <ctrl-d>, <silence> and <no answer> are the
// other acts.
func ParseScript(text string) ([]Step, error) {
	acts := map[string]func(string) Step{
		"<ctrl-c>": Interrupt, "<ctrl-d>": EndOfInput, "<silence>": Silence, "<no answer>": NoAnswer,
	}
	var steps []Step
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSuffix(line, "\r")
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		label, answer, ok := strings.Cut(line, ": ")
		if !ok {
			label, ok = strings.CutSuffix(line, ":")
		}
		if !ok {
			return nil, fmt.Errorf("line %d of the script has no colon: %q", i+1, line)
		}
		step := Answer(label, answer)
		if does, special := acts[answer]; special {
			step = does(label)
		}
		steps = append(steps, step)
	}
	return steps, nil
}

// Prompter is a person who follows a script. It implements ports.Prompter with
// the dialogue of the real terminal, so that what it shows, repeats and refuses
// is the same; a question that the script does not expect fails as a defect.
// It is safe for concurrent use.
type Prompter struct {
	*dialogue.Dialogue
	script *script
}

// NewPrompter returns a prompter that answers by the steps, in their order.
func NewPrompter(steps ...Step) *Prompter {
	s := &script{steps: steps}
	return &Prompter{Dialogue: dialogue.New(s, dialogue.Options{}), script: s}
}

// OnInterrupt sets what Ctrl-C does, such as ending the run's context; the
// question then waits for its context to end. Without it, Ctrl-C is a fault of
// code Canceled.
func (p *Prompter) OnInterrupt(interrupt func()) {
	p.script.mu.Lock()
	defer p.script.mu.Unlock()
	p.script.interrupt = interrupt
}

// Transcript returns all that the person saw, what was typed included, secrets
// not.
func (p *Prompter) Transcript() string {
	p.script.mu.Lock()
	defer p.script.mu.Unlock()
	return p.script.seen.String()
}

// Asked returns the labels of the questions asked so far, one for each answer
// that was awaited.
func (p *Prompter) Asked() []string {
	p.script.mu.Lock()
	defer p.script.mu.Unlock()
	return append([]string(nil), p.script.asked...)
}

// Remaining returns the labels of the steps that no question has used.
func (p *Prompter) Remaining() []string {
	p.script.mu.Lock()
	defer p.script.mu.Unlock()
	var labels []string
	for _, step := range p.script.steps {
		labels = append(labels, step.label)
	}
	return labels
}

// script is a dialogue.Console.
type script struct {
	mu        sync.Mutex
	steps     []Step
	asked     []string
	seen      strings.Builder
	interrupt func()
}

func (s *script) Print(ctx context.Context, text string) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen.WriteString(text)
	return nil
}

func (s *script) Ask(ctx context.Context, p dialogue.Prompt) (string, error) {
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	step, interrupt, err := s.next(p)
	if err != nil {
		return "", err
	}
	switch step.act {
	case endsInput:
		return "", io.EOF
	case neverAnswers:
		return "", dialogue.Unanswered(p.Label, dialogue.Patience)
	case interrupts:
		if interrupt == nil {
			return "", fault.New(fault.Canceled, "interrupted by SIGINT")
		}
		interrupt()
		fallthrough
	case staysSilent:
		<-ctx.Done()
		return "", context.Cause(ctx)
	}
	return step.answer + "\n", nil
}

// next records the question and takes the step for it.
func (s *script) next(p dialogue.Prompt) (Step, func(), error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, p.Label)
	switch {
	case len(s.steps) == 0:
		return Step{}, nil, fault.New(fault.InternalError, "the script has no answer left for the question %q", p.Label)
	case s.steps[0].label != p.Label:
		return Step{}, nil, fault.New(fault.InternalError, "the script answers %q next, and the question is %q", s.steps[0].label, p.Label)
	}
	step := s.steps[0]
	s.steps = s.steps[1:]
	s.seen.WriteString(p.Text)
	if step.act == types && !p.Hidden {
		s.seen.WriteString(text.Clean(step.answer))
	}
	s.seen.WriteString("\n")
	return step, s.interrupt, nil
}
