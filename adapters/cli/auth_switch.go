package cli

import (
	"context"

	"github.com/spf13/cobra"

	"jira-cli/app"
	"jira-cli/domain/profile"
)

type switchData struct {
	ActiveProfile   string `json:"active_profile"`
	PreviousProfile string `json:"previous_profile"`
}

func (a *App) authSwitch() *cobra.Command {
	return &cobra.Command{
		Use:               "switch [NAME]",
		Short:             "Change the default profile",
		Args:              exactly("[NAME]"),
		ValidArgsFunction: a.completeProfiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			name := argument(args, 0)
			if name.Set {
				if _, err := profile.ParseName(name.Value); err != nil {
					return err
				}
			}
			var use *app.Switch
			return a.run(cmd, &use, func(ctx context.Context, session app.Session) (outcome, error) {
				out, err := use.Run(ctx, app.SwitchInput{Session: session, Name: name})
				return outcome{message: "switched", data: switchData{out.Active, out.Previous}, warnings: warnings(out.Warnings)}, err
			})
		},
	}
}

type logoutData struct {
	Profile string `json:"profile"`
	Removed bool   `json:"removed"`
}

func (a *App) authLogout() *cobra.Command {
	return &cobra.Command{
		Use:   "logout NAME",
		Short: "Remove a profile's stored credential",
		Long: `Remove the credential from its store and the reference from the profile. The
profile itself stays. Where nothing is stored, nothing happens.`,
		Args:              exactly("NAME"),
		ValidArgsFunction: a.completeProfiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			name, err := profile.ParseName(args[0])
			if err != nil {
				return err
			}
			var logout *app.Logout
			return a.run(cmd, &logout, func(ctx context.Context, session app.Session) (outcome, error) {
				out, err := logout.Run(ctx, app.LogoutInput{Session: session, Name: name})
				return outcome{message: "logged out", data: logoutData{string(out.Profile), out.Removed}, warnings: warnings(out.Warnings)}, err
			})
		},
	}
}
