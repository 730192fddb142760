package memory_test

import (
	"testing"
	"time"

	"jira-cli/adapters/faulty"
	"jira-cli/adapters/memory"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
	"jira-cli/ports/portstest"
)

// The decorators of the package faulty obey the ports where their plan has no
// faults. Tested here, because the doubles' harnesses are.

func TestDecoratedSecretStoreConforms(t *testing.T) {
	for _, opts := range []memory.SecretStoreOptions{
		{}, {Backend: profile.File, MaxBytes: 4096}, {Backend: profile.Env},
		{Backend: profile.OnePassword, Vaults: []string{"Work"}},
	} {
		t.Run(string(opts.Backend), func(t *testing.T) {
			portstest.TestSecretStore(t, func(*testing.T) portstest.SecretStoreHarness {
				h, plan := harness(opts), faulty.NewPlan()
				h.Store = faulty.NewSecretStore(plan, opts.Backend, h.Store)
				h.Other = faulty.NewSecretStore(plan, opts.Backend, h.Other)
				return h
			})
		})
	}
}

func TestDecoratedPrompterConforms(t *testing.T) {
	portstest.TestPrompter(t, func(_ *testing.T, steps ...portstest.PersonStep) portstest.PrompterHarness {
		var script []memory.Step
		for _, s := range steps {
			step := map[portstest.PersonAct]memory.Step{
				portstest.Types: memory.Answer(s.Label, s.Text), portstest.EndsInput: memory.EndOfInput(s.Label),
				portstest.StaysSilent: memory.Silence(s.Label), portstest.OutwaitsAsker: memory.NoAnswer(s.Label),
			}[s.Act]
			script = append(script, step)
		}
		p := memory.NewPrompter(script...)
		return portstest.PrompterHarness{Prompter: faulty.NewPrompter(faulty.NewPlan(), p), Seen: p.Transcript}
	})
}

func TestDecoratedSecretInputConforms(t *testing.T) {
	decorate := func(in ports.SecretInput) ports.SecretInput { return faulty.NewSecretInput(faulty.NewPlan(), in) }
	portstest.TestSecretInput(t, portstest.SecretInputHarness{
		Holding: func(_ *testing.T, text string) ports.SecretInput { return decorate(memory.NewSecretInput(text)) },
		Silent:  func(*testing.T) ports.SecretInput { return decorate(memory.NewSilentSecretInput()) },
		Impatient: func(*testing.T) ports.SecretInput {
			return decorate(memory.NewFailingSecretInput(fault.New(fault.Timeout, "no secret arrived")))
		},
		Broken: func(*testing.T) ports.SecretInput {
			return decorate(memory.NewFailingSecretInput(fault.New(fault.InputReadFailed, "a broken pipe")))
		},
	})
}

func TestDecoratedConfigConforms(t *testing.T) {
	portstest.TestConfig(t, func(*testing.T) portstest.ConfigHarness {
		c, plan := memory.NewConfig(profile.Config{}), faulty.NewPlan()
		return portstest.ConfigHarness{
			Config:    faulty.NewConfig(plan, c),
			Other:     faulty.NewConfig(plan, c.View(time.Minute)),
			Impatient: faulty.NewConfig(plan, c.View(50*time.Millisecond)),
			Break:     c.Break,
		}
	})
}
