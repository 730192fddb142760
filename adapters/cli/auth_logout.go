package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"jira-cli/adapters/cli/render"
	"jira-cli/app"
	"jira-cli/domain/fault"
	"jira-cli/domain/precedence"
	"jira-cli/domain/profile"
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

func (a *App) authLogout() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "logout [NAME]",
		Short: "Remove a profile's stored credential",
		Long: `Remove the credential from its store and the reference from the profile. The
profile itself stays. Where nothing is stored, nothing happens. The profile must
be named, as an argument or with --profile; the default profile is never assumed.
With --all every profile is logged out, each by itself; the exit status is that
of the worst.`,
		Args:              nameOrAll,
		ValidArgsFunction: a.completeProfiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			var logout *app.Logout
			if flagged(cmd, "all") {
				return a.run(cmd, &logout, func(ctx context.Context, session app.Session) (outcome, error) {
					out, err := logout.All(ctx, session)
					return logoutAllOutcome(out), err
				})
			}
			name, err := namedProfile(cmd, args)
			if err != nil {
				return err
			}
			return a.run(cmd, &logout, func(ctx context.Context, session app.Session) (outcome, error) {
				out, err := logout.Run(ctx, app.LogoutInput{Session: session, Name: name})
				return outcome{message: "logged out", data: logoutData{string(out.Profile), out.Removed}, warnings: warnings(out.Warnings)}, err
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
	case flagged(cmd, "all") && len(args) > 0:
		return fault.New(fault.FlagConflict, "NAME and --all are mutually exclusive").WithFlag("all")
	case flagged(cmd, "all"), len(args) > 0, given(cmd, "profile").Set:
		return exactly("[NAME]")(cmd, args)
	}
	return exactly("NAME")(cmd, args)
}

// namedProfile is the profile that an argument or --profile names.
func namedProfile(cmd *cobra.Command, args []string) (profile.Name, error) {
	if name := argument(args, 0); name.Set {
		return profile.ParseName(name.Value)
	}
	flag := given(cmd, "profile")
	name, err := profile.ParseName(flag.Value)
	if err != nil {
		return name, origin(err, precedence.Given("--profile", flag.Value, true))
	}
	return name, nil
}

// allOrProfile refuses --all beside a --profile that would be ignored: whoever
// names one profile does not mean every one.
func allOrProfile(cmd *cobra.Command) error {
	if flagged(cmd, "all") && given(cmd, "profile").Set {
		return fault.New(fault.FlagConflict, "--profile and --all are mutually exclusive").WithFlag("all")
	}
	return nil
}

func logoutAllOutcome(out app.LogoutAllOutput) outcome {
	data := logoutAllData{Profiles: []loggedOutData{}}
	for _, p := range out.Profiles {
		record := loggedOutData{Profile: string(p.Profile), Removed: p.Removed}
		if p.Err != nil {
			record.Error = p.Err.Message
		}
		data.Profiles = append(data.Profiles, record)
	}
	return outcome{data: data, stands: len(out.Profiles) > 0, warnings: warnings(out.Warnings), human: func(s render.Style) string {
		var lines strings.Builder
		for _, record := range data.Profiles {
			message := "logged out"
			if record.Error != "" {
				message = "not logged out"
			}
			lines.WriteString(render.Info(s, message, record) + "\n")
		}
		return lines.String()
	}}
}
