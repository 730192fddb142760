package profiles

import (
	"context"

	"github.com/spf13/cobra"

	"jira-cli/adapters/cli/command"
	"jira-cli/app"
	"jira-cli/domain/profile"
)

type renameData struct {
	Credential string `json:"credential"`
	IsDefault  bool   `json:"default"`
	Previous   string `json:"previous_profile"`
	Profile    string `json:"profile"`
}

// Rename returns the command that renames a profile.
func Rename(a *command.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:               "rename OLD NEW",
		Short:             "Give a profile another name; its credential moves along",
		Args:              command.Exactly("OLD", "NEW"),
		ValidArgsFunction: a.CompleteProfiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			names, err := parseNames(args)
			if err != nil {
				return err
			}
			keep := command.Flagged(cmd, "keep-credential")
			var rename *app.Rename
			return a.Do(cmd, &rename, func(ctx context.Context, session app.Session) (command.Outcome, error) {
				out, err := rename.Run(ctx, app.RenameInput{Session: session, Old: names[0], New: names[1], Keep: keep})
				data := renameData{"unchanged", out.IsDefault, string(out.Old), string(out.New)}
				if out.Moved {
					data.Credential = "moved"
				}
				return command.Outcome{Message: "renamed", Data: data, Warnings: command.Warnings(out.Warnings)}, err
			})
		},
	}
	cmd.Flags().Bool("keep-credential", false, "leave the stored credential where it is")
	return cmd
}

func parseNames(args []string) ([]profile.Name, error) {
	names := make([]profile.Name, len(args))
	for i, arg := range args {
		var err error
		if names[i], err = profile.ParseName(arg); err != nil {
			return nil, err
		}
	}
	return names, nil
}
