package cli

import (
	"sort"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"jira-cli/adapters/cli/command"
)

// CommandInfo is what documents and checks need to know of a command. Path is
// dotted, as in meta.command; Group says that it only holds others; Flags are
// the names of its flags, the global ones included.
type CommandInfo struct {
	Path  string
	Group bool
	Flags []string
}

// Commands lists every command that a user can see, sorted by path.
func Commands() []CommandInfo {
	var list []CommandInfo
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		info := CommandInfo{Path: command.Dotted(cmd), Group: cmd.HasAvailableSubCommands()}
		add := func(f *pflag.Flag) { info.Flags = append(info.Flags, f.Name) }
		cmd.LocalFlags().VisitAll(add)
		cmd.InheritedFlags().VisitAll(add)
		list = append(list, info)
		for _, child := range cmd.Commands() {
			if child.IsAvailableCommand() {
				walk(child)
			}
		}
	}
	walk(New(Host{}, nil).Root())
	sort.Slice(list, func(i, j int) bool { return list[i].Path < list[j].Path })
	return list
}
