package config

import (
	"context"

	"github.com/spf13/cobra"

	"jira-cli/adapters/cli/command"
	"jira-cli/app"
)

type initData struct {
	BaseURL   string `json:"base_url"`
	Config    string `json:"config"`
	Created   bool   `json:"created"`
	IsDefault bool   `json:"default"`
	Email     string `json:"email"`
	Profile   string `json:"profile"`
}

func initialize(a *command.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Create a profile without a credential",
		Long: `Record a site and an account's email under a profile's name. The first profile
becomes the default. Run ` + "`jira auth login`" + ` afterwards to store its token.`,
		Example: `  jira config init --base-url https://example.atlassian.net --email john.doe@example.com
  jira config init --profile work --base-url example --email john.doe@example.com`,
		Args: command.Exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			in := app.InitInput{BaseURL: command.Given(cmd, "base-url"), Email: command.Given(cmd, "email"), Force: command.Flagged(cmd, "force")}
			if err := in.Check(); err != nil {
				return err
			}
			var use *app.Init
			return a.Do(cmd, &use, func(ctx context.Context, session app.Session) (command.Outcome, error) {
				in.Session = session
				out, err := use.Run(ctx, in)
				p := out.Profile
				data := initData{p.Site.String(), out.Path, out.Created, out.IsDefault, p.Email, string(p.Name)}
				return command.Outcome{Message: "profile ready", Data: data, Warnings: command.Warnings(out.Warnings)}, err
			})
		},
	}
	f := cmd.Flags()
	f.String("base-url", "", "the Jira site: example, example.atlassian.net or a `URL`")
	f.String("email", "", "the Atlassian account's email `ADDRESS`")
	f.Bool("force", false, "replace other values of an existing profile")
	return cmd
}
