package cli

import (
	"context"

	"github.com/spf13/cobra"

	"jira-cli/app"
)

type switchData struct {
	ActiveProfile   string `json:"active_profile"`
	PreviousProfile string `json:"previous_profile"`
}

func (a *App) authSwitch() *cobra.Command {
	return &cobra.Command{
		Use:   "switch [NAME]",
		Short: "Change the default profile",
		Long: `Make a profile the default one. In a terminal the name may be left out: of two
profiles the other one is taken, and among more you are asked.`,
		Args:              exactly("[NAME]"),
		ValidArgsFunction: a.completeProfiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			name, err := optionalName(cmd, args)
			if err != nil {
				return err
			}
			var use *app.Switch
			return a.run(cmd, &use, func(ctx context.Context, session app.Session) (outcome, error) {
				out, err := use.Run(ctx, app.SwitchInput{Session: session, Name: name})
				return outcome{message: "switched", data: switchData{out.Active, out.Previous}, warnings: warnings(out.Warnings)}, err
			})
		},
	}
}
