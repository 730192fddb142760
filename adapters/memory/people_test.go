package memory_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jira-cli/adapters/memory"
	"jira-cli/domain/fault"
	"jira-cli/ports"
	"jira-cli/ports/portstest"
)

var (
	_ ports.Terminal    = memory.Terminal{}
	_ ports.Prompter    = (*memory.Prompter)(nil)
	_ ports.SecretInput = (*memory.SecretInput)(nil)
	_ ports.Notifier    = (*memory.Notifier)(nil)
	_ ports.Budget      = (*memory.Budget)(nil)
)

func TestPrompterConforms(t *testing.T) {
	portstest.TestPrompter(t, func(t *testing.T, steps ...portstest.PersonStep) portstest.PrompterHarness {
		var script []memory.Step
		for _, s := range steps {
			switch s.Act {
			case portstest.Types:
				script = append(script, memory.Answer(s.Label, s.Text))
			case portstest.EndsInput:
				script = append(script, memory.EndOfInput(s.Label))
			case portstest.StaysSilent:
				script = append(script, memory.Silence(s.Label))
			case portstest.OutwaitsAsker:
				script = append(script, memory.NoAnswer(s.Label))
			}
		}
		p := memory.NewPrompter(script...)
		t.Cleanup(func() {
			if left := p.Remaining(); len(left) > 0 {
				t.Errorf("nobody asked for %q", left)
			}
		})
		return portstest.PrompterHarness{Prompter: p, Seen: p.Transcript}
	})
}

func TestPrompterTranscript(t *testing.T) {
	steps, err := memory.ParseScript("# the form\nProfile name:\nJira site: https://example.atlassian.net\nSecret backend: 9\nSecret backend: 2\nAPI token: ATATT3xFfGF0sampleABCD\n")
	if err != nil {
		t.Fatal(err)
	}
	p := memory.NewPrompter(steps...)
	ctx := t.Context()
	_, _ = p.Line(ctx, ports.Question{Label: "Profile name", Default: "default"})
	_, _ = p.Line(ctx, ports.Question{Label: "Jira site"})
	_, _ = p.Choose(ctx, ports.Question{Label: "Secret backend", Default: "keyring"}, []string{"keyring", "file"})
	token, err := p.Secret(ctx, ports.Question{Label: "API token", Note: []string{"Tokens are made at https://id.atlassian.com"}})
	if err != nil || token.Len() != 22 {
		t.Fatalf("got %v, %v", token, err)
	}
	want := `? Profile name [default]: 
? Jira site: https://example.atlassian.net
? Secret backend
> 1  keyring
  2  file
  Number or name [keyring]: 9
✗ "9" is none of the options
? Secret backend
> 1  keyring
  2  file
  Number or name [keyring]: 2
  Tokens are made at https://id.atlassian.com
? API token (not shown): 
`
	if diff := cmp.Diff(want, p.Transcript()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Profile name", "Jira site", "Secret backend", "Secret backend", "API token"}, p.Asked()); diff != "" {
		t.Error(diff)
	}
}

func TestPrompterFailsUnknownQuestions(t *testing.T) {
	p := memory.NewPrompter(memory.Answer("Jira site", "example"))
	for _, q := range []string{"Profile name", "Jira site", "Email"} {
		_, err := p.Line(t.Context(), ports.Question{Label: q})
		if expected := q == "Jira site"; expected != (err == nil) || !expected && !strings.Contains(err.Error(), q) {
			t.Errorf("%s: got %v", q, err)
		}
	}
	if left := p.Remaining(); len(left) > 0 {
		t.Errorf("%q remain", left)
	}
}

func TestPrompterInterrupt(t *testing.T) {
	end := fault.New(fault.Canceled, "interrupted by the test")
	ctx, cancel := context.WithCancelCause(t.Context())
	p := memory.NewPrompter(memory.Interrupt("One"), memory.Interrupt("Two"))
	if _, err := p.Line(ctx, ports.Question{Label: "One"}); fault.CodeOf(err) != fault.Canceled {
		t.Errorf("without a context to end: got %v", err)
	}
	p.OnInterrupt(func() { cancel(end) })
	if _, err := p.Secret(ctx, ports.Question{Label: "Two"}); !errors.Is(err, end) {
		t.Errorf("with one: got %v, want its cause", err)
	}
}

func TestParseScriptRefusesLinesWithoutColon(t *testing.T) {
	if _, err := memory.ParseScript("Jira site: a\nnonsense\n"); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("got %v, want an error that names line 2", err)
	}
}

func TestSecretInputConforms(t *testing.T) {
	portstest.TestSecretInput(t, portstest.SecretInputHarness{
		Holding: func(_ *testing.T, text string) ports.SecretInput { return memory.NewSecretInput(text) },
		Silent:  func(*testing.T) ports.SecretInput { return memory.NewSilentSecretInput() },
		Impatient: func(*testing.T) ports.SecretInput {
			return memory.NewFailingSecretInput(fault.New(fault.Timeout, "no secret arrived"))
		},
		Broken: func(*testing.T) ports.SecretInput {
			return memory.NewFailingSecretInput(fault.New(fault.InputReadFailed, "a broken pipe"))
		},
	})
	in := memory.NewSecretInput("once")
	for i, want := range []string{"once", ""} {
		if got, err := in.Read(t.Context()); got != want || err != nil || in.Reads() != i+1 {
			t.Errorf("read %d: %q, %v, %d", i+1, got, err, in.Reads())
		}
	}
}

func TestNotifierConforms(t *testing.T) {
	var all []*memory.Notifier
	portstest.TestNotifier(t, func(*testing.T) portstest.NotifierHarness {
		n := memory.NewNotifier()
		all = append(all, n)
		return portstest.NotifierHarness{Notifier: n, Seen: func() string { return strings.Join(n.Messages(), "\n") }}
	})
	for _, n := range all {
		if n.Open() != 0 {
			t.Error("a message was not taken back")
		}
	}
}

func TestSystemDoublesConform(t *testing.T) {
	portstest.TestClock(t, func() ports.Clock { return memory.NewClock(time.Date(2026, 5, 27, 0, 0, 0, 0, time.UTC)) })
	portstest.TestIDs(t, memory.NewIDs("0123456789abcdef"))
	env := memory.Environment{}
	portstest.TestEnvironment(t, portstest.EnvironmentHarness{
		Environment: env,
		Set:         func(name, value string) { env[name] = value },
	})
	clock := memory.NewClock(time.Unix(0, 0))
	clock.Advance(time.Minute)
	if err := clock.Sleep(t.Context(), time.Second); err != nil || clock.Now().Unix() != 61 {
		t.Errorf("the clock shows %s, %v", clock.Now(), err)
	}
	if diff := cmp.Diff([]time.Duration{time.Second}, clock.Sleeps()); diff != "" {
		t.Error(diff)
	}
	budget := memory.NewBudget()
	resume := ports.Pause(ports.WithBudget(t.Context(), budget))
	if !budget.Paused() || budget.Pauses() != 1 {
		t.Error("the pause was not counted")
	}
	resume()
	if budget.Paused() {
		t.Error("the budget still stands")
	}
	if memory.NewTerminal(false).Interactive(true) || !memory.NewTerminal(true).Interactive(false) {
		t.Error("the terminal has an opinion of its own")
	}
}
