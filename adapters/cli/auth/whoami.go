package auth

import (
	"context"

	"github.com/spf13/cobra"

	"jira-cli/adapters/cli/command"
	"jira-cli/app"
)

type whoamiData struct {
	AccountID    string `json:"account_id"`
	AccountType  string `json:"account_type"`
	DisplayName  string `json:"display_name"`
	EmailAddress string `json:"email_address"`
	Profile      string `json:"profile"`
	Saved        bool   `json:"saved"`
	TimeZone     string `json:"time_zone"`
}

func whoami(a *command.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "whoami",
		Short: "Ask Jira who the credential belongs to",
		Long: `Ask Jira who the active profile's credential belongs to. With --save the account
id is recorded on the profile, so that later commands need not ask for it.`,
		Args: command.Exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			save := command.Flagged(cmd, "save")
			var whoami *app.Whoami
			return a.Do(cmd, &whoami, func(ctx context.Context, session app.Session) (command.Outcome, error) {
				out, err := whoami.Run(ctx, app.WhoamiInput{Session: session, Save: save})
				id := out.Identity
				return command.Outcome{Data: whoamiData{id.AccountID, id.AccountType, id.DisplayName, id.Email, string(out.Profile), out.Saved, id.TimeZone},
					Warnings: command.Warnings(out.Warnings)}, err
			})
		},
	}
	cmd.Flags().Bool("save", false, "record the account id on the profile")
	return cmd
}
