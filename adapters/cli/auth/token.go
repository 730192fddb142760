package auth

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"jira-cli/adapters/cli/command"
	"jira-cli/app"
)

type tokenData struct {
	Backend  string  `json:"backend"`
	Profile  string  `json:"profile"`
	Source   string  `json:"source"`
	Redacted string  `json:"redacted"`
	Valid    bool    `json:"valid"`
	Expiry   *string `json:"expiry"`
	Error    string  `json:"error"`
}

func token(a *command.App) *cobra.Command {
	return &cobra.Command{
		Use:   "token",
		Short: "Show which credential a command would use, redacted",
		Long: `Show where the active profile's credential comes from and its last four
characters. Jira is not asked, and the token itself is never printed.`,
		Args: command.Exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var token *app.Token
			return a.Do(cmd, &token, func(ctx context.Context, session app.Session) (command.Outcome, error) {
				out, err := token.Run(ctx, session)
				data := tokenData{Backend: out.Backend, Profile: string(out.Profile), Source: out.Credential.Source,
					Redacted: out.Credential.Secret.Redacted(), Valid: err == nil, Error: credentialError(out.Credential)}
				if !out.Expiry.IsZero() {
					end := out.Expiry.UTC().Format(time.RFC3339)
					data.Expiry = &end
				}
				return command.Outcome{Data: data, Stands: out.Profile != "", Warnings: command.Warnings(out.Credential.Warnings)}, err
			})
		},
	}
}

type refreshData struct {
	AuthType  string `json:"auth_type"`
	Profile   string `json:"profile"`
	Refreshed bool   `json:"refreshed"`
	Reason    string `json:"reason"`
}

func refresh(a *command.App) *cobra.Command {
	return &cobra.Command{
		Use:   "refresh",
		Short: "Renew a credential whose type can be renewed",
		Long: `A session of a Data Center (--auth-type session) is renewed by logging in again
with the stored password, which proves the password too. The other auth types
have no refresh flow: the command says so and changes nothing.`,
		Args: command.Exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var refresh *app.Refresh
			return a.Do(cmd, &refresh, func(ctx context.Context, session app.Session) (command.Outcome, error) {
				out, err := refresh.Run(ctx, session)
				return command.Outcome{Data: refreshData{out.AuthType, string(out.Profile), out.Refreshed, out.Reason},
					Warnings: command.Warnings(out.Warnings)}, err
			})
		},
	}
}
