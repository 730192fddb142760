package command

import (
	"strings"

	"github.com/spf13/cobra"

	"jira-cli/adapters/cli/output"
)

type versionData struct {
	Version   string   `json:"version"`
	Commit    string   `json:"commit,omitempty"`
	BuildDate string   `json:"build_date,omitempty"`
	GoVersion string   `json:"go_version"`
	Backends  []string `json:"backends"`
}

func (a *App) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version, and which backends this build has",
		Args:  Exactly(),
		RunE:  func(cmd *cobra.Command, _ []string) error { return a.version(cmd) },
	}
}

// version needs no graph and reads no config, so that it costs nothing.
func (a *App) version(cmd *cobra.Command) error {
	b := a.host.Build
	data := versionData{b.Version, b.Commit, b.Date, b.Go, b.Backends}
	if err := a.settings.parsed(a.host.Env); err != nil {
		return err
	}
	a.settings.settled = true
	a.outcome = &Outcome{command: Dotted(cmd), Data: data, Human: func(output.Style) string {
		text := "jira " + b.Version + "\n"
		for _, line := range [][2]string{{"commit", b.Commit}, {"built", b.Date}, {"go", b.Go}, {"backends", strings.Join(b.Backends, " ")}} {
			if line[1] != "" { // what the build does not know is left out
				text += line[0] + ": " + line[1] + "\n"
			}
		}
		return text
	}}
	return nil
}
