package auth

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"jira-cli/adapters/cli/command"
	"jira-cli/adapters/cli/output"
	"jira-cli/app"
	"jira-cli/domain/fault"
)

type logoutData struct {
	Profile string `json:"profile"`
	Removed bool   `json:"removed"`
}

type logoutAllData struct {
	Profiles []loggedOutData `json:"profiles"`
}

type loggedOutData struct {
	Profile string `json:"profile"`
	Removed bool   `json:"removed"`
	Error   string `json:"error,omitempty"`
}

func logout(a *command.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "logout [NAME]",
		Short: "Remove a profile's stored credential",
		Long: `Remove the credential from its store and the reference from the profile. The
profile itself stays. Where nothing is stored, nothing happens. The profile must
be named, as an argument or with --profile; the default profile is never assumed.
With --all every profile is logged out, each by itself; the exit status is that
of the worst.`,
		Args:              nameOrAll,
		ValidArgsFunction: a.CompleteProfiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			var logout *app.Logout
			if command.Flagged(cmd, "all") {
				return a.Do(cmd, &logout, func(ctx context.Context, session app.Session) (command.Outcome, error) {
					out, err := logout.All(ctx, session)
					return logoutAllOutcome(out), err
				})
			}
			name, err := command.NamedProfile(cmd, args)
			if err != nil {
				return err
			}
			return a.Do(cmd, &logout, func(ctx context.Context, session app.Session) (command.Outcome, error) {
				out, err := logout.Run(ctx, app.LogoutInput{Session: session, Name: name})
				return command.Outcome{Message: "logged out", Data: logoutData{string(out.Profile), out.Removed}, Warnings: command.Warnings(out.Warnings)}, err
			})
		},
	}
	cmd.Flags().Bool("all", false, "log every profile out")
	return cmd
}

// nameOrAll wants one profile, named as an argument or with --profile, or --all.
// JIRA_PROFILE and the default do not count: nobody is logged out by accident.
func nameOrAll(cmd *cobra.Command, args []string) error {
	if err := allOrProfile(cmd); err != nil {
		return err
	}
	switch {
	case command.Flagged(cmd, "all") && len(args) > 0:
		return fault.New(fault.FlagConflict, "NAME and --all are mutually exclusive").WithFlag("all")
	case command.Flagged(cmd, "all"), len(args) > 0, command.Given(cmd, "profile").Set:
		return command.Exactly("[NAME]")(cmd, args)
	}
	return command.Exactly("NAME")(cmd, args)
}

// allOrProfile refuses --all beside a --profile that would be ignored: whoever
// names one profile does not mean every one.
func allOrProfile(cmd *cobra.Command) error {
	if command.Flagged(cmd, "all") && command.Given(cmd, "profile").Set {
		return fault.New(fault.FlagConflict, "--profile and --all are mutually exclusive").WithFlag("all")
	}
	return nil
}

func logoutAllOutcome(out app.LogoutAllOutput) command.Outcome {
	data := logoutAllData{Profiles: []loggedOutData{}}
	for _, p := range out.Profiles {
		record := loggedOutData{Profile: string(p.Profile), Removed: p.Removed}
		if p.Err != nil {
			record.Error = p.Err.Message
		}
		data.Profiles = append(data.Profiles, record)
	}
	return command.Outcome{Data: data, Stands: len(out.Profiles) > 0, Warnings: command.Warnings(out.Warnings), Human: func(s output.Style) string {
		var lines strings.Builder
		for _, record := range data.Profiles {
			message := "logged out"
			if record.Error != "" {
				message = "not logged out"
			}
			lines.WriteString(output.Info(s, message, record) + "\n")
		}
		return lines.String()
	}}
}
