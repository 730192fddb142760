package portstest

import (
	"errors"
	"strings"
	"testing"

	"jira-cli/domain/fault"
	"jira-cli/ports"
)

type newPrompterHarness = func(t *testing.T, steps ...PersonStep) PrompterHarness

func testLines(t *testing.T, newHarness newPrompterHarness) {
	for _, c := range []struct{ name, typed, fallback, want string }{
		{"as typed", "john.doe@example.com", "", "john.doe@example.com"},
		{"trimmed", " \t work  ", "", "work"},
		{"default", "", "example", "example"},
		{"blank takes the default", "   ", "example", "example"},
		{"empty without a default", "", "", ""},
		{"unicode", "Jürgen 日本語 🎫", "", "Jürgen 日本語 🎫"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHarness(t, PersonStep{Label: "Jira site", Text: c.typed})
			got, err := h.Prompter.Line(t.Context(), ports.Question{
				Label: "Jira site", Default: c.fallback, Note: []string{"the first part of its address"},
			})
			if err != nil || got != c.want {
				t.Fatalf("got %q, %v, want %q", got, err, c.want)
			}
			for _, text := range []string{"Jira site", c.fallback, "the first part of its address"} {
				waitForText(t, h.Seen, text)
			}
		})
	}
	t.Run("control characters", func(t *testing.T) {
		h := newHarness(t, PersonStep{Label: "Name", Text: "wor\x1b[Dk"}, PersonStep{Label: "Name", Text: "work"})
		got, err := h.Prompter.Line(t.Context(), ports.Question{Label: "Name"})
		if err != nil || got != "work" {
			t.Errorf("got %q, %v, want the second answer", got, err)
		}
		waitForText(t, h.Seen, "control character")
	})
}

func testChecks(t *testing.T, newHarness newPrompterHarness) {
	h := newHarness(t, PersonStep{Label: "Name", Text: "Work"}, PersonStep{Label: "Name"}, PersonStep{Label: "Name", Text: "work"})
	var checked []string
	budget := &budgetSpy{}
	got, err := h.Prompter.Line(ports.WithBudget(t.Context(), budget), ports.Question{Label: "Name", Default: "default", Check: func(answer string) error {
		checked = append(checked, answer)
		if !budget.paused() {
			t.Error("the budget runs while the person is asked")
		}
		switch answer {
		case "Work":
			return fault.New(fault.ProfileNameInvalid, "upper case is not for names").WithHint("write it in lower case")
		case "default":
			return errors.New("that one is taken")
		}
		return nil
	}})
	if err != nil || got != "work" {
		t.Fatalf("got %q, %v, want the answer that passed", got, err)
	}
	if want := "Work default work"; strings.Join(checked, " ") != want {
		t.Errorf("checked were %q, want %q: the default is checked too", checked, want)
	}
	for _, text := range []string{"upper case is not for names", "write it in lower case", "that one is taken"} {
		waitForText(t, h.Seen, text)
	}
}

func testSecrets(t *testing.T, newHarness newPrompterHarness) {
	q := ports.Question{Label: "API token", Default: "never-this-one", Note: []string{"made at https://id.atlassian.com"}}
	steps := []PersonStep{
		{Label: q.Label},
		{Label: q.Label, Text: `"` + sampleToken + `"`},
		{Label: q.Label, Text: sampleToken + " "},
		{Label: q.Label, Text: "not-the-right-token"},
		{Label: q.Label, Text: sampleToken},
	}
	h := newHarness(t, steps...)
	q.Check = func(answer string) error {
		if answer != sampleToken {
			return errors.New("another one, please")
		}
		return nil
	}
	got, err := h.Prompter.Secret(t.Context(), q)
	if err != nil || got.Reveal() != sampleToken {
		t.Fatalf("got %v, %v, want the last one", got, err)
	}
	for _, text := range []string{"made at https://id.atlassian.com", "empty", "quote or a blank", "another one, please"} {
		waitForText(t, h.Seen, text)
	}
	for _, text := range []string{sampleToken, "not-the-right-token", "never-this-one"} {
		if strings.Contains(h.Seen(), text) {
			t.Errorf("%q was shown", text)
		}
	}
}

func testChoices(t *testing.T, newHarness newPrompterHarness) {
	backends := []string{"keyring", "1password", "file"}
	for _, c := range []struct {
		name     string
		options  []string
		fallback string
		typed    []string
		want     string
	}{
		{"number", backends, "keyring", []string{"3"}, "file"},
		{"name", backends, "keyring", []string{"1password"}, "1password"},
		{"default", backends, "file", []string{""}, "file"},
		{"wrong, then right", backends, "keyring", []string{"0", "4", "kering", "file"}, "file"},
		{"empty without a default", backends, "", []string{"", "2"}, "1password"},
		{"a default that is no option", backends, "vault", []string{"", "2"}, "1password"},
		{"names that are numbers", []string{"2", "1"}, "", []string{"1"}, "1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var steps []PersonStep
			for _, typed := range c.typed {
				steps = append(steps, PersonStep{Label: "Backend", Text: typed})
			}
			h := newHarness(t, steps...)
			got, err := h.Prompter.Choose(t.Context(), ports.Question{Label: "Backend", Default: c.fallback}, c.options)
			if err != nil || got != c.want {
				t.Fatalf("got %q, %v, want %q", got, err, c.want)
			}
			for _, option := range c.options {
				waitForText(t, h.Seen, option)
			}
		})
	}
	t.Run("no options", func(t *testing.T) {
		_, err := newHarness(t).Prompter.Choose(t.Context(), ports.Question{Label: "Backend"}, nil)
		if fault.CodeOf(err) != fault.InternalError {
			t.Errorf("got %v, want %s", err, fault.InternalError)
		}
	})
}

func testConfirmations(t *testing.T, newHarness newPrompterHarness) {
	for _, c := range []struct {
		name  string
		typed []string
		want  bool
	}{
		{"y", []string{"y"}, true}, {"YES", []string{"YES"}, true}, {"n", []string{"n"}, false},
		{"No", []string{"No"}, false}, {"empty", []string{""}, false}, {"unclear", []string{"sure", "yes"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			var steps []PersonStep
			for _, typed := range c.typed {
				steps = append(steps, PersonStep{Label: "Log in again?", Text: typed})
			}
			h := newHarness(t, steps...)
			got, err := h.Prompter.Confirm(t.Context(), ports.Question{Label: "Log in again?", Default: "yes"})
			if err != nil || got != c.want {
				t.Errorf("got %v, %v, want %v", got, err, c.want)
			}
		})
	}
}

// testShownText puts what could come from a file or the network into every text
// that is shown.
func testShownText(t *testing.T, newHarness newPrompterHarness) {
	odd := func(text string) string { return "\x1b]0;title\a\x1b[31m" + text + "\x1b[0m\u009b2J\u202e\u200b\x08\r" }
	label := odd("Jira site")
	h := newHarness(t, PersonStep{Label: label, Text: "refused"}, PersonStep{Label: label}, PersonStep{Label: label, Text: "2"})
	check := func(answer string) error {
		if answer == "refused" {
			return fault.New(fault.ArgumentInvalid, "%s", odd("why")).WithHint("%s", odd("what to do"))
		}
		return nil
	}
	q := ports.Question{Label: label, Default: odd("example"), Note: []string{odd("a note")}, Check: check}
	if _, err := h.Prompter.Line(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Prompter.Choose(t.Context(), ports.Question{Label: label}, []string{odd("one"), odd("two")}); err != nil {
		t.Fatal(err)
	}
	if err := h.Prompter.Show(t.Context(), odd("the first line"), "the second\nline"); err != nil {
		t.Fatal(err)
	}
	waitForText(t, h.Seen, "the second line")
	seen := h.Seen()
	for _, text := range []string{"Jira site", "example", "a note", "why", "what to do", "one", "two", "the first line"} {
		if !strings.Contains(seen, text) {
			t.Errorf("%q was not shown", text)
		}
	}
	for _, bad := range []string{"\x1b", "\u009b", "\u202e", "\u200b", "\a", "\b", "title"} {
		if strings.Contains(seen, bad) {
			t.Errorf("%q was shown: %q", bad, seen)
		}
	}
}
