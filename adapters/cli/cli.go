// Package cli is the driving side: it parses the command line with cobra,
// settles the global settings, has the graph of the one use case built that the
// command names, runs it, and writes the outcome once. It holds no rule of the
// product: those are in app and domain.
//
// This package puts the groups of commands together. To find a command, look in
// its group for the file named after it: auth/login.go holds `jira auth login`.
// What all commands share is in command, what they print in output.
package cli

import (
	"jira-cli/adapters/cli/auth"
	"jira-cli/adapters/cli/command"
	"jira-cli/adapters/cli/config"
)

// What the process and the composition root need of the frame.
type (
	// Host is command.Host.
	Host = command.Host
	// BuildInfo is command.BuildInfo.
	BuildInfo = command.BuildInfo
	// Graph is command.Graph.
	Graph = command.Graph
	// Settings is command.Settings.
	Settings = command.Settings
)

// New returns the command line of one run, with every group.
func New(host Host, graph Graph) *command.App {
	return command.New(host, graph, auth.Group, config.Group)
}
