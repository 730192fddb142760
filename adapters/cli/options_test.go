package cli

import (
	"errors"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"jira-cli/adapters/memory"
	"jira-cli/app"
	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/precedence"
	"jira-cli/domain/profile"
)

// parse reads a command's flags, as cobra does before it runs.
func parse(t *testing.T, build func(*App) *cobra.Command, args ...string) *cobra.Command {
	t.Helper()
	cmd := build(New(Host{}, nil))
	if err := cmd.ParseFlags(args); err != nil {
		t.Fatal(err)
	}
	return cmd
}

func set(value string) app.Optional { return app.Optional{Value: value, Set: true} }

func TestLoginOptions(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		want app.LoginInput
	}{
		"nothing": {nil, app.LoginInput{}},
		"the documented pipe": {
			[]string{"--profile-name", "default", "--base-url", "https://example.atlassian.net", "--email", "john.doe@example.com", "--backend", "keyring", "--secret-stdin"},
			app.LoginInput{ProfileName: set("default"), BaseURL: set("https://example.atlassian.net"), Email: set("john.doe@example.com"), Backend: set("keyring"), SecretStdin: true},
		},
		"1password": {
			[]string{"--backend=1password", "--onepassword-account=", "--vault", "Work", "--item", "Jira API token"},
			app.LoginInput{Backend: set("1password"), OnePasswordAccount: set(""), Vault: set("Work"), Item: set("Jira API token")},
		},
		"a variable, twice: the last counts": {
			[]string{"--credential-env", "A", "--credential-env", "B", "--skip-verify", "--force"},
			app.LoginInput{CredentialEnv: set("B"), SkipVerify: true, Force: true},
		},
		"Data Center in a company's network": {
			[]string{"--auth-type", "basic", "--username", "jdoe", "--ca-file", "/etc/ssl/corp.pem", "--client-cert", "", "--proxy", "http://p:1",
				"--header", "X-A=command:a,b", "--header", "X-B=", "--insecure-skip-verify=false"},
			app.LoginInput{AuthType: set("basic"), Username: set("jdoe"), Network: app.NetworkInput{CAFile: set("/etc/ssl/corp.pem"), ClientCert: set(""),
				Proxy: set("http://p:1"), Headers: []string{"X-A=command:a,b", "X-B="}, Insecure: set("false")}},
		},
		"switched off again": {[]string{"--force", "--force=false"}, app.LoginInput{}},
		"given and empty":    {[]string{"--ca-file", ""}, app.LoginInput{Network: app.NetworkInput{CAFile: set("")}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := loginInput(parse(t, (*App).authLogin, c.args...), nil)
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Error(diff, err)
			}
		})
	}
}

func TestMigrateOptions(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		want app.MigrateInput
		code fault.Code
		flag string
	}{
		"no backend":      {nil, app.MigrateInput{}, fault.InputRequired, ""},
		"empty backend":   {[]string{"--backend", ""}, app.MigrateInput{}, fault.BackendUnsupported, "backend"},
		"unknown backend": {[]string{"--backend", "fiel"}, app.MigrateInput{}, fault.BackendUnsupported, "backend"},
		"empty vault":     {[]string{"--backend", "1password", "--vault", " "}, app.MigrateInput{}, fault.ArgumentInvalid, "vault"},
		"empty item":      {[]string{"--backend", "1password", "--item", ""}, app.MigrateInput{}, fault.ArgumentInvalid, "item"},
		"all": {[]string{"--backend", "1password", "--vault", "Work", "--onepassword-account", "my", "--all", "--dry-run", "--force"},
			app.MigrateInput{Backend: profile.OnePassword, Vault: set("Work"), OnePasswordAccount: set("my"), All: true, DryRun: true, Force: true}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := migrateInput(parse(t, (*App).authMigrate, c.args...))
			if fault.CodeOf(err) != c.code || err != nil && fault.From(err).Details.Flag != c.flag {
				t.Fatalf("%v (%s, flag %q)", err, fault.CodeOf(err), fault.From(err).Details.Flag)
			}
			if diff := cmp.Diff(c.want, got); err == nil && diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestStatusOptions(t *testing.T) {
	browse, create := access.Probed()[1], access.Probed()[2]
	for name, c := range map[string]struct {
		args []string
		want app.StatusInput
		code fault.Code
		flag string
	}{
		"nothing":           {nil, app.StatusInput{}, "", ""},
		"a project":         {[]string{"--project", "PROJ"}, app.StatusInput{Project: "PROJ"}, "", ""},
		"no probe":          {[]string{"--no-probe"}, app.StatusInput{NoProbe: true}, "", ""},
		"labels and keys":   {[]string{"--require", "browse, CREATE_ISSUES"}, app.StatusInput{Require: []access.Permission{browse, create}}, "", ""},
		"empty project":     {[]string{"--project", ""}, app.StatusInput{}, fault.ArgumentInvalid, "project"},
		"nothing required":  {[]string{"--require", ""}, app.StatusInput{}, fault.ArgumentInvalid, "require"},
		"a trailing comma":  {[]string{"--require", "browse,"}, app.StatusInput{}, fault.ArgumentInvalid, "require"},
		"required unprobed": {[]string{"--require", "browse", "--no-probe"}, app.StatusInput{}, fault.FlagConflict, "require"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := statusInput(parse(t, (*App).authStatus, c.args...))
			if fault.CodeOf(err) != c.code || err != nil && fault.From(err).Details.Flag != c.flag {
				t.Fatalf("%v (%s)", err, fault.CodeOf(err))
			}
			if diff := cmp.Diff(c.want, got); err == nil && diff != "" {
				t.Error(diff)
			}
		})
	}
}

// settle runs the global settings through both steps: the command line with the
// environment, and then the config.
func settle(t *testing.T, env memory.Environment, file profile.Settings, args ...string) (*Settings, error) {
	t.Helper()
	a := New(Host{Env: env}, nil)
	root := a.root()
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

func TestDotted(t *testing.T) {
	root := New(Host{Stdout: io.Discard}, nil).root()
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "jira"}, {[]string{"auth"}, "auth"}, {[]string{"auth", "login", "--force"}, "auth.login"},
		{[]string{"config", "profile", "list"}, "config.profile.list"}, {[]string{"auth", "statsu"}, "auth"}, {[]string{"nope"}, "jira"},
	} {
		if got := dotted(meant(root, c.args)); got != c.want {
			t.Errorf("%q is %s, want %s", c.args, got, c.want)
		}
	}
	if dotted(nil) != "jira" {
		t.Error("no command is not the root")
	}
}

func TestCommandsAreAllListed(t *testing.T) {
	var groups, leaves []string
	for _, c := range Commands() {
		if c.Group {
			groups = append(groups, c.Path)
		} else {
			leaves = append(leaves, c.Path)
		}
		if len(c.Flags) < 7 {
			t.Errorf("%s has the flags %q", c.Path, c.Flags)
		}
	}
	if diff := cmp.Diff([]string{"auth", "config", "config.profile", "jira"}, groups); diff != "" {
		t.Error(diff)
	}
	if len(leaves) < 18 {
		t.Errorf("only %q", leaves)
	}
}
