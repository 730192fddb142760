package cli

import (
	"context"

	"github.com/spf13/cobra"

	"jira-cli/adapters/cli/render"
	"jira-cli/app"
)

type testData struct {
	Profile string `json:"profile"`
	OK      bool   `json:"ok"`
}

// authTest is in auth_probe.go, because Go keeps auth_test.go to itself.
func (a *App) authTest() *cobra.Command {
	return &cobra.Command{
		Use:   "test [PROFILE]",
		Short: "Ask Jira once whether a credential works; the exit status says it",
		Long: `Send one request with the profile's credential. There is no report: the exit
status is the answer, and the error says why. For a report see auth status.`,
		Example: `  jira auth test && deploy
  jira auth test work`,
		Args:              exactly("[PROFILE]"),
		ValidArgsFunction: a.completeProfiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			name, err := optionalName(cmd, args)
			if err != nil {
				return err
			}
			var probe *app.Probe
			return a.run(cmd, &probe, func(ctx context.Context, session app.Session) (outcome, error) {
				out, err := probe.Run(ctx, app.ProbeInput{Session: session, Name: name})
				o := outcome{data: testData{string(out.Profile), err == nil}, stands: out.Profile != "", warnings: warnings(out.Warnings)}
				if err != nil {
					o.human = func(render.Style) string { return "" }
				}
				return o, err
			})
		},
	}
}
