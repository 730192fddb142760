// Package auth holds the commands below `jira auth`, a file each: its flags, its
// data record and its human text. login.go holds `jira auth login`. They keep no
// rule of the product: those are in app and domain.
package auth

import (
	"github.com/spf13/cobra"

	"jira-cli/adapters/cli/command"
	"jira-cli/adapters/cli/profiles"
)

// Group returns `jira auth`.
func Group(a *command.App) *cobra.Command {
	return command.Parent("auth", "Store, prove and move credentials",
		login(a), status(a), token(a), whoami(a), switchProfile(a), logout(a), migrate(a), refresh(a),
		backends(a), probe(a), explain(a), profiles.List(a), profiles.Rename(a), profiles.Delete(a))
}
