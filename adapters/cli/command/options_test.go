package command

import (
	"errors"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"jira-cli/adapters/memory"
	"jira-cli/domain/fault"
	"jira-cli/domain/precedence"
	"jira-cli/domain/profile"
)

// settle runs the global settings through both steps: the command line with the
// environment, and then the config.
func settle(t *testing.T, env memory.Environment, file profile.Settings, args ...string) (*Settings, error) {
	t.Helper()
	a := New(Host{Env: env}, nil)
	root := a.Root()
	if err := root.ParseFlags(args); err != nil {
		t.Fatal(err)
	}
	a.settings.begin(args, env)
	if err := a.settings.parsed(env); err != nil {
		return a.settings, err
	}
	return a.settings, a.settings.withConfig(env, profile.Config{Settings: file})
}

// shown is what of the settings the tests compare.
type shown struct {
	Output           string
	Timeout          time.Duration
	NoInput, NoColor bool
	Debug            bool
}

func TestSettingsPrecedence(t *testing.T) {
	file := profile.Settings{Output: "json", Timeout: "1m", NoInput: "true", NoColor: "true"}
	env := memory.Environment{"JIRA_OUTPUT": "human", "JIRA_TIMEOUT": "2m", "JIRA_NO_INPUT": "0", "JIRA_DEBUG": "1"}
	for name, c := range map[string]struct {
		env  memory.Environment
		file profile.Settings
		args []string
		want shown
	}{
		"defaults":               {nil, profile.Settings{}, nil, shown{"human", 30 * time.Second, false, false, false}},
		"the config file":        {nil, file, nil, shown{"json", time.Minute, true, true, false}},
		"the environment":        {env, file, nil, shown{"human", 2 * time.Minute, false, true, true}},
		"flags":                  {env, file, []string{"-ojson", "--timeout=3m", "--no-input", "--no-color=false", "--debug=false"}, shown{"json", 3 * time.Minute, true, false, false}},
		"NO_COLOR":               {memory.Environment{"NO_COLOR": "anything"}, profile.Settings{NoColor: "false"}, nil, shown{"human", 30 * time.Second, false, true, false}},
		"TERM=dumb":              {memory.Environment{"TERM": "dumb"}, profile.Settings{}, nil, shown{"human", 30 * time.Second, false, true, false}},
		"an empty variable":      {memory.Environment{"JIRA_OUTPUT": "", "JIRA_TIMEOUT": ""}, file, nil, shown{"json", time.Minute, true, true, false}},
		"a bad value that loses": {memory.Environment{"JIRA_TIMEOUT": "soon"}, profile.Settings{}, []string{"--timeout", "5s"}, shown{"human", 5 * time.Second, false, false, false}},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := settle(t, c.env, c.file, c.args...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, shown{s.Output, s.Timeout, s.NoInput, s.NoColor, s.Debug}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSettingsNameTheOriginOfABadValue(t *testing.T) {
	for name, c := range map[string]struct {
		env     memory.Environment
		args    []string
		message string
		flag    string
	}{
		"flag":        {nil, []string{"--timeout", "soon"}, `--timeout: "soon" is not a time limit`, "timeout"},
		"empty flag":  {nil, []string{"--output", ""}, `--output: "" is not an output mode`, "output"},
		"environment": {memory.Environment{"JIRA_TIMEOUT": "0s"}, nil, `JIRA_TIMEOUT: "0s" is not a time limit`, ""},
		"profile":     {memory.Environment{"JIRA_PROFILE": "A"}, nil, `JIRA_PROFILE: "A" is not a profile name`, ""},
		"no config":   {nil, []string{"--config="}, "--config is empty", "config"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := settle(t, c.env, profile.Settings{}, c.args...)
			var f *fault.Fault
			if !errors.As(err, &f) || f.Message != c.message || f.Details.Flag != c.flag {
				t.Errorf("%v, flag %q", err, fault.From(err).Details.Flag)
			}
		})
	}
}

func TestProfileSelection(t *testing.T) {
	s, err := settle(t, memory.Environment{"JIRA_PROFILE": "env"}, profile.Settings{}, "--profile", "flag")
	want := []precedence.Candidate{{Origin: "--profile", Value: "flag", Set: true}, {Origin: "JIRA_PROFILE", Value: "env", Set: true}}
	if diff := cmp.Diff(want, []precedence.Candidate{s.session.Flag, s.session.Env}); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

// The output mode must be known even of a command line that cannot be parsed.
func TestScanOutput(t *testing.T) {
	for _, c := range []struct {
		args  []string
		value string
		found bool
	}{
		{nil, "", false},
		{[]string{"auth", "-o", "json"}, "json", true},
		{[]string{"-ojson"}, "json", true},
		{[]string{"-o=json"}, "json", true},
		{[]string{"--output", "json", "--nope"}, "json", true},
		{[]string{"--output=human", "--output=json"}, "json", true},
		{[]string{"--output"}, "", false},
		{[]string{"--", "-o", "json"}, "", false},
	} {
		if value, found := scanOutput(c.args); value != c.value || found != c.found {
			t.Errorf("scanOutput(%q) = %q, %v", c.args, value, found)
		}
	}
}

// What was typed is repeated only where it looks like a word: it may be a
// secret.
func TestWord(t *testing.T) {
	for typed, want := range map[string]string{
		"statsu": "statsu", "x": "x", "base-url_2": "base-url_2",
		"ATATT3xFfGF0=ABCD": "…", "with blank": "…", "": "…", "a123456789012345678901234567890123": "…", "\x1b[31m": "…",
	} {
		if got := word(typed); got != want {
			t.Errorf("word(%q) = %q", typed, got)
		}
	}
}

// groups is a tree that is deep enough.
func groups(*App) *cobra.Command {
	leaf := func(use string) *cobra.Command { return &cobra.Command{Use: use, RunE: group} }
	login := leaf("login")
	login.Flags().Bool("force", false, "")
	return Parent("auth", "", login, Parent("profile", "", leaf("list")))
}

func TestDotted(t *testing.T) {
	root := New(Host{Stdout: io.Discard}, nil, groups).Root()
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "jira"}, {[]string{"auth"}, "auth"}, {[]string{"auth", "login", "--force"}, "auth.login"},
		{[]string{"auth", "profile", "list"}, "auth.profile.list"}, {[]string{"auth", "statsu"}, "auth"}, {[]string{"nope"}, "jira"},
	} {
		if got := Dotted(meant(root, c.args)); got != c.want {
			t.Errorf("%q is %s, want %s", c.args, got, c.want)
		}
	}
	if Dotted(nil) != "jira" {
		t.Error("no command is not the root")
	}
}
