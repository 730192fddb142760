package command

import (
	"io"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Root returns the command tree of one run.
func (a *App) Root() *cobra.Command {
	root := &cobra.Command{
		Use:   "jira",
		Short: "Keep Jira credentials, prove them, and move them between stores",
		Long: `jira keeps named profiles of Atlassian accounts, stores each token where you
choose, proves that it works, and says why when it does not.

Getting started:
  jira config init --base-url https://example.atlassian.net --email john.doe@example.com
  jira auth login
  jira auth status`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if a.settings.flags.version && len(args) == 0 {
				return a.version(cmd)
			}
			return group(cmd, args)
		},
	}
	root.SetOut(&a.text)
	// What cobra says beside its output, such as the directive of a completion
	// in words, would be read by the shell as one more candidate.
	root.SetErr(io.Discard)
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetHelpCommand(help())
	a.globals(root.PersistentFlags())
	root.Flags().BoolVar(&a.settings.flags.version, "version", false, "print the version and exit")
	for _, group := range a.groups {
		root.AddCommand(group(a))
	}
	root.AddCommand(a.versionCommand(), a.completion())
	a.completeGlobals(root)
	return root
}

// help is the command that many people type before they know of --help.
func help() *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND]", Short: "Show the help of a command", Hidden: true, Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return group(about, rest)
			}
			about.InitDefaultHelpFlag()
			return about.Help()
		},
	}
}

// optionalValue binds a flag to an app.Optional, so that "given" is known.
type optionalValue struct {
	value *string
	set   *bool
	kind  string
}

func (v optionalValue) String() string {
	if v.value == nil {
		return ""
	}
	return *v.value
}
func (v optionalValue) Type() string { return v.kind }
func (v optionalValue) Set(text string) error {
	*v.value, *v.set = text, true
	return nil
}

func (a *App) globals(flags *pflag.FlagSet) {
	g := &a.settings.flags
	text := func(value *string, set *bool, name, short, kind, usage string) {
		flags.VarPF(optionalValue{value, set, kind}, name, short, usage)
	}
	toggle := func(value *string, set *bool, name, usage string) {
		flags.VarPF(optionalValue{value, set, "bool"}, name, "", usage).NoOptDefVal = "true"
	}
	text(&g.profile.Value, &g.profile.Set, "profile", "", "NAME", "the profile to use (JIRA_PROFILE)")
	text(&g.config.Value, &g.config.Set, "config", "", "FILE", "the config file (JIRA_CONFIG)")
	text(&g.output.Value, &g.output.Set, "output", "o", "MODE", "human or json (JIRA_OUTPUT)")
	text(&g.timeout.Value, &g.timeout.Set, "timeout", "", "DURATION", "time limit of the machine's work, 30s by default (JIRA_TIMEOUT)")
	text(&g.retries.Value, &g.retries.Set, "retries", "", "N", "ask Jira again up to N times after 429, 502, 503, 504 or a reset, 0 by default (JIRA_RETRIES)")
	toggle(&g.noInput.Value, &g.noInput.Set, "no-input", "never ask anything (JIRA_NO_INPUT)")
	toggle(&g.noColor.Value, &g.noColor.Set, "no-color", "no colour (NO_COLOR)")
	toggle(&g.debug.Value, &g.debug.Set, "debug", "trace HTTP on stderr, redacted (JIRA_DEBUG)")
}

// Parent returns a command that only holds others.
func Parent(use, short string, children ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Args: cobra.ArbitraryArgs, RunE: group}
	cmd.AddCommand(children...)
	return cmd
}
