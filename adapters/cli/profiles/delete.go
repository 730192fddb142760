package profiles

import (
	"context"

	"github.com/spf13/cobra"

	"jira-cli/adapters/cli/command"
	"jira-cli/app"
)

type deleteData struct {
	Default string `json:"default_profile"`
	Profile string `json:"profile"`
	Secret  string `json:"secret"`
}

// Delete returns the command that deletes a profile.
func Delete(a *command.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:               "delete NAME",
		Short:             "Delete a profile and its stored credential",
		Args:              command.Exactly("NAME"),
		ValidArgsFunction: a.CompleteProfiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			names, err := parseNames(args)
			if err != nil {
				return err
			}
			force, keep := command.Flagged(cmd, "force"), command.Flagged(cmd, "keep-credential")
			var use *app.Delete
			return a.Do(cmd, &use, func(ctx context.Context, session app.Session) (command.Outcome, error) {
				out, err := use.Run(ctx, app.DeleteInput{Session: session, Name: names[0], Force: force, Keep: keep})
				return command.Outcome{Message: "deleted", Data: deleteData{out.Default, string(out.Profile), out.Secret}, Warnings: command.Warnings(out.Warnings)}, err
			})
		},
	}
	cmd.Flags().Bool("force", false, "do not ask")
	cmd.Flags().Bool("keep-credential", false, "leave the stored credential where it is")
	return cmd
}
