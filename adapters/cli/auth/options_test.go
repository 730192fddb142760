package auth

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"jira-cli/adapters/cli/command"
	"jira-cli/app"
	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
)

// parse reads a command's flags, as cobra does before it runs.
func parse(t *testing.T, build func(*command.App) *cobra.Command, args ...string) *cobra.Command {
	t.Helper()
	cmd := build(command.New(command.Host{}, nil))
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
			got, err := loginInput(parse(t, login, c.args...), nil)
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
			got, err := migrateInput(command.New(command.Host{}, nil), parse(t, migrate, c.args...))
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
			got, err := statusInput(parse(t, status, c.args...))
			if fault.CodeOf(err) != c.code || err != nil && fault.From(err).Details.Flag != c.flag {
				t.Fatalf("%v (%s)", err, fault.CodeOf(err))
			}
			if diff := cmp.Diff(c.want, got); err == nil && diff != "" {
				t.Error(diff)
			}
		})
	}
}
