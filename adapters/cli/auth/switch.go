package auth

import (
	"context"

	"github.com/spf13/cobra"

	"jira-cli/adapters/cli/command"
	"jira-cli/app"
)

type switchData struct {
	ActiveProfile   string `json:"active_profile"`
	PreviousProfile string `json:"previous_profile"`
}

func switchProfile(a *command.App) *cobra.Command {
	return &cobra.Command{
		Use:   "switch [NAME]",
		Short: "Change the default profile",
		Long: `Make a profile the default one. In a terminal the name may be left out: of two
profiles the other one is taken, and among more you are asked.`,
		Args:              command.Exactly("[NAME]"),
		ValidArgsFunction: a.CompleteProfiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			name, err := command.OptionalName(cmd, args)
			if err != nil {
				return err
			}
			var use *app.Switch
			return a.Do(cmd, &use, func(ctx context.Context, session app.Session) (command.Outcome, error) {
				out, err := use.Run(ctx, app.SwitchInput{Session: session, Name: name})
				return command.Outcome{Message: "switched", Data: switchData{out.Active, out.Previous}, Warnings: command.Warnings(out.Warnings)}, err
			})
		},
	}
}
