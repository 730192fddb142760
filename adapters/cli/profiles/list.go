// Package profiles holds the commands that are below both `jira auth` and `jira
// config profile`, a file each: its flags, its data record and its human text.
package profiles

import (
	"context"

	"github.com/spf13/cobra"

	"jira-cli/adapters/cli/command"
	"jira-cli/adapters/cli/output"
	"jira-cli/app"
	"jira-cli/domain/profile"
)

type listData struct {
	ActiveProfile string        `json:"active_profile"`
	Profiles      []listProfile `json:"profiles"`
}

type listProfile struct {
	Profile string `json:"profile"`
	BaseURL string `json:"base_url"`
	Email   string `json:"email"`
	Backend string `json:"backend"`
	Active  bool   `json:"active"`
}

// List returns the command that lists the profiles.
func List(a *command.App) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the profiles",
		Args:  command.Exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var list *app.List
			return a.Do(cmd, &list, func(_ context.Context, session app.Session) (command.Outcome, error) {
				out, err := list.Run(session)
				data := listData{ActiveProfile: string(out.Active), Profiles: []listProfile{}}
				for _, p := range out.Profiles {
					data.Profiles = append(data.Profiles, listProfile{string(p.Name), p.Site.String(), p.Email, backendOf(p), p.Name == out.Active})
				}
				return command.Outcome{Data: data, Human: func(output.Style) string { return profileTable(data) }}, err
			})
		},
	}
}

func backendOf(p profile.Profile) string {
	if p.Credential == nil {
		return ""
	}
	return string(p.Credential.Backend)
}

func profileTable(data listData) string {
	rows := [][]string{{"PROFILE", "SITE", "EMAIL", "BACKEND", "ACTIVE"}}
	for _, p := range data.Profiles {
		active, backend := "", p.Backend
		if p.Active {
			active = "✓"
		}
		if backend == "" {
			backend = "-"
		}
		rows = append(rows, []string{p.Profile, p.BaseURL, p.Email, backend, active})
	}
	return output.Table(rows)
}
