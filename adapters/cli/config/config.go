// Package config holds the commands below `jira config`, a file each: its flags,
// its data record and its human text. They keep no rule of the product: those are
// in app and domain.
package config

import (
	"github.com/spf13/cobra"

	"jira-cli/adapters/cli/command"
	"jira-cli/adapters/cli/profiles"
)

// Group returns `jira config`.
func Group(a *command.App) *cobra.Command {
	return command.Parent("config", "Create and edit profiles and settings",
		initialize(a), path(a), get(a), set(a),
		command.Parent("profile", "List, show, rename and delete profiles",
			profiles.List(a), profiles.Show(a), profiles.Rename(a), profiles.Delete(a)))
}
