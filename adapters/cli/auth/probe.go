package auth

import (
	"context"

	"github.com/spf13/cobra"

	"jira-cli/adapters/cli/command"
	"jira-cli/adapters/cli/output"
	"jira-cli/app"
)

type testData struct {
	Profile string `json:"profile"`
	OK      bool   `json:"ok"`
}

// authTest is in auth_probe.go, because Go keeps auth_test.go to itself.
func probe(a *command.App) *cobra.Command {
	return &cobra.Command{
		Use:   "test [PROFILE]",
		Short: "Ask Jira once whether a credential works; the exit status says it",
		Long: `Send one request with the profile's credential. There is no report: the exit
status is the answer, and the error says why. For a report see auth status.`,
		Example: `  jira auth test && deploy
  jira auth test work`,
		Args:              command.Exactly("[PROFILE]"),
		ValidArgsFunction: a.CompleteProfiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			name, err := command.OptionalName(cmd, args)
			if err != nil {
				return err
			}
			var probe *app.Probe
			return a.Do(cmd, &probe, func(ctx context.Context, session app.Session) (command.Outcome, error) {
				out, err := probe.Run(ctx, app.ProbeInput{Session: session, Name: name})
				o := command.Outcome{Data: testData{string(out.Profile), err == nil}, Stands: out.Profile != "", Warnings: command.Warnings(out.Warnings)}
				if err != nil {
					o.Human = func(output.Style) string { return "" }
				}
				return o, err
			})
		},
	}
}
