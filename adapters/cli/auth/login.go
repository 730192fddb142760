package auth

import (
	"context"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"jira-cli/adapters/cli/command"
	"jira-cli/adapters/cli/output"
	"jira-cli/app"
	"jira-cli/domain/fault"
)

type loginData struct {
	AccountID          string `json:"account_id,omitempty"`
	AuthType           string `json:"auth_type"`
	DisplayName        string `json:"display_name,omitempty"`
	OnePasswordAccount string `json:"onepassword_account"`
	Profile            string `json:"profile"`
	SecretBackend      string `json:"secret_backend"`
	SkipVerify         bool   `json:"skip_verify"`
	StoredSecret       bool   `json:"stored_secret"`
	Verified           bool   `json:"verified"`
}

func login(a *command.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "login [-- PROGRAM ARGUMENTS]",
		Short: "Create a profile and store its credential, or replace it",
		Long: `Create a profile and store its credential, or replace the credential of an
existing one. In a terminal it asks for what is missing; without one, everything
that the config does not say must come from a flag.

A site under .atlassian.net takes an API token. What another site runs is asked
of it; a Server or Data Center takes a personal access token (--auth-type pat) or
a user's password (basic, session). Where the site is reached through a company's
network, the flags from --ca-file on say how, and the profile records it.

The token is never an argument. It comes from a terminal prompt, from stdin
(--secret-stdin) or from a variable that you name (--credential-env).`,
		Example: `  jira auth login
  pass jira | jira auth login --no-input --base-url example --email john.doe@example.com --secret-stdin
  jira auth login --no-input --backend file --credential-env JIRA_TOKEN
  jira auth login --base-url https://jira.example.com --auth-type pat --ca-file /etc/ssl/corp.pem
  jira auth login --backend command -- op read op://Work/Jira/token`,
		Args: command.AfterDashes,
		RunE: func(cmd *cobra.Command, args []string) error {
			in, err := loginInput(cmd, args)
			if err != nil {
				return err
			}
			if in.Backend.Set {
				if _, err := a.Backend("backend", in.Backend.Value); err != nil {
					return err
				}
			}
			if in.CredentialEnv.Set {
				a.Hide(in.CredentialEnv.Value)
			}
			var login *app.Login
			return a.Do(cmd, &login, func(ctx context.Context, session app.Session) (command.Outcome, error) {
				in.Session = session
				out, err := login.Run(ctx, in)
				return loginOutcome(out), err
			})
		},
	}
	f := cmd.Flags()
	f.String("profile-name", "", "create or replace the profile `NAME`")
	f.String("base-url", "", "the Jira site: example, example.atlassian.net or a `URL`")
	f.String("email", "", "the Atlassian account's email `ADDRESS`")
	f.String("auth-type", "", "the auth `TYPE`: token on Cloud; pat, basic or session on Server and Data Center")
	f.String("username", "", "the user `NAME`, with --auth-type basic or session")
	f.String("backend", "", "the `BACKEND` that stores the token: "+a.Storing()+"; or that reads it: env or command")
	f.String("credential-env", "", "read the token from the environment `VARIABLE`")
	f.Bool("secret-stdin", false, "read the token from stdin")
	a.PlaceFlags(cmd)
	f.Bool("skip-verify", false, "store the token without asking Jira")
	f.Bool("force", false, "replace a stored credential")
	f.Bool("default", false, "make the profile the default one")
	f.String("ca-file", "", "trust the authorities in this PEM `FILE` too")
	f.String("client-cert", "", "show the site the certificate in this PEM `FILE`")
	f.String("client-key", "", "the certificate's key, a PEM `FILE`")
	f.String("proxy", "", "reach the site through the proxy at this `URL`")
	f.StringArray("header", nil, "send a `HEADER`: NAME=env:VARIABLE, NAME=command:PROGRAM ARGUMENTS, or NAME= to stop; may be repeated")
	f.Bool("insecure-skip-verify", false, "take any certificate; warns on every run")
	a.CompleteValues(cmd)
	return cmd
}

// loginInput takes the flags and what stands behind "--", checked.
func loginInput(cmd *cobra.Command, args []string) (app.LoginInput, error) {
	in := app.LoginInput{
		Command:  args,
		AuthType: command.Given(cmd, "auth-type"), Username: command.Given(cmd, "username"),
		ProfileName: command.Given(cmd, "profile-name"), BaseURL: command.Given(cmd, "base-url"), Email: command.Given(cmd, "email"),
		Backend: command.Given(cmd, "backend"), CredentialEnv: command.Given(cmd, "credential-env"),
		OnePasswordAccount: command.Given(cmd, "onepassword-account"), Vault: command.Given(cmd, "vault"), Item: command.Given(cmd, "item"),
		SecretStdin: command.Flagged(cmd, "secret-stdin"), SkipVerify: command.Flagged(cmd, "skip-verify"), Force: command.Flagged(cmd, "force"),
		Default: command.Flagged(cmd, "default"),
	}
	var err error
	n := &in.Network
	for _, f := range []struct {
		flag string
		to   *app.Optional
	}{{"ca-file", &n.CAFile}, {"client-cert", &n.ClientCert}, {"client-key", &n.ClientKey}} {
		if *f.to, err = givenPath(cmd, f.flag); err != nil {
			return in, err
		}
	}
	n.Proxy = command.Given(cmd, "proxy")
	if n.Insecure = command.Given(cmd, "insecure-skip-verify"); !n.Insecure.Set {
		n.Insecure = app.Optional{}
	}
	if header := cmd.Flags().Lookup("header"); header.Changed {
		n.Headers = header.Value.(pflag.SliceValue).GetSlice() // GetStringArray drops a lone empty value
	}
	if in.ProfileName.Set {
		if err := command.SameProfile(cmd, "--profile-name", in.ProfileName.Value); err != nil {
			return in, fault.From(err).WithFlag("profile-name")
		}
	}
	return in, in.Check()
}

// givenPath is given for a file: the profile is used from every directory, so
// the path is made a whole one.
func givenPath(cmd *cobra.Command, flag string) (app.Optional, error) {
	path := command.Given(cmd, flag)
	if path.Value == "" {
		return path, nil
	}
	whole, err := filepath.Abs(path.Value)
	if err != nil {
		return path, fault.Wrap(err, fault.ArgumentInvalid, "--%s: the working directory is gone", flag).WithFlag(flag).WithHint("write the file's whole path")
	}
	path.Value = whole
	return path, nil
}

func loginOutcome(out app.LoginOutput) command.Outcome {
	data := loginData{
		AccountID: out.Identity.AccountID, AuthType: out.AuthType, DisplayName: out.Identity.DisplayName,
		OnePasswordAccount: out.OnePasswordAccount, Profile: string(out.Profile), SecretBackend: string(out.Backend),
		SkipVerify: out.SkipVerify, StoredSecret: out.Stored, Verified: out.Verified,
	}
	return command.Outcome{Data: data, Warnings: command.Warnings(out.Warnings), Human: func(s output.Style) string {
		line := output.Info(s, "logged in", data) + "\n"
		if out.Verified {
			line = s.Mark(true) + " Logged in as " + out.Identity.Called() + "\n" + line
		}
		return line
	}}
}
