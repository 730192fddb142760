package precedence_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jira-cli/domain/precedence"
)

func TestChoose(t *testing.T) {
	flag := func(value string, set bool) precedence.Candidate { return precedence.Given("--output", value, set) }
	env := func(value string) precedence.Candidate { return precedence.NotEmpty("JIRA_OUTPUT", value) }
	file := func(value string) precedence.Candidate { return precedence.NotEmpty("config file", value) }
	builtin := precedence.Given("default", "human", true)
	for name, c := range map[string]struct {
		given []precedence.Candidate
		want  precedence.Choice
	}{
		"nothing is asked": {nil, precedence.Choice{}},
		"nothing is set":   {[]precedence.Candidate{flag("", false), env(""), file("")}, precedence.Choice{}},
		"the default": {
			[]precedence.Candidate{flag("", false), env(""), file(""), builtin},
			precedence.Choice{Candidate: builtin},
		},
		"an empty variable is not set": {
			[]precedence.Candidate{flag("", false), env(""), file("json"), builtin},
			precedence.Choice{Candidate: file("json"), Shadowed: []precedence.Candidate{builtin}},
		},
		"the first wins and the set ones are shadowed in order": {
			[]precedence.Candidate{flag("human", true), env("json"), file(""), builtin},
			precedence.Choice{Candidate: flag("human", true), Shadowed: []precedence.Candidate{env("json"), builtin}},
		},
		"an empty flag is given": {
			[]precedence.Candidate{flag("", true), env("json")},
			precedence.Choice{Candidate: flag("", true), Shadowed: []precedence.Candidate{env("json")}},
		},
	} {
		if diff := cmp.Diff(c.want, precedence.Choose(c.given...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
