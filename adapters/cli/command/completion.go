package command

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"jira-cli/app"
	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

func (a *App) completion() *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print a completion script for bash, zsh, fish or powershell",
		Example: `  source <(jira completion bash)
  jira completion zsh > "${fpath[1]}/_jira"
  jira completion fish > ~/.config/fish/completions/jira.fish`,
		Args:      Exactly("SHELL"),
		ValidArgs: shells,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.settings.parsed(a.host.Env); err != nil {
				return err
			}
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(&a.text, true)
			case "zsh":
				return root.GenZshCompletion(&a.text)
			case "fish":
				return root.GenFishCompletion(&a.text, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(&a.text)
			}
			return fault.New(fault.ArgumentInvalid, "there is no completion for the shell %q", word(args[0])).
				WithSuggestions(fault.Suggest(args[0], shells)).WithHint("the shells are %s", strings.Join(shells, ", "))
		},
	}
}

const noFiles = cobra.ShellCompDirectiveNoFileComp

// completeGlobals completes the values of the persistent flags.
func (a *App) completeGlobals(root *cobra.Command) {
	fixed(root, "output", modeHuman, modeJSON)
	_ = root.RegisterFlagCompletionFunc("profile", func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return a.profileNames(typed), noFiles
	})
	fixed(root, "timeout", "10s", "30s", "2m")
	fixed(root, "retries", "1", "3")
}

// CompleteValues completes those flags of a command whose values are known.
func (a *App) CompleteValues(cmd *cobra.Command) {
	if cmd.Flags().Lookup("backend") != nil {
		var names []string
		for _, b := range profile.Backends() {
			if a.Has(b) && (b.Stores() || cmd.Name() != "migrate") {
				names = append(names, string(b)) // nothing migrates to what only reads
			}
		}
		fixed(cmd, "backend", names...)
	}
	if cmd.Flags().Lookup("profile-name") != nil {
		_ = cmd.RegisterFlagCompletionFunc("profile-name", func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
			return a.profileNames(typed), noFiles
		})
	}
	if cmd.Flags().Lookup("auth-type") != nil {
		fixed(cmd, "auth-type", profile.AuthTypes()...)
	}
	if cmd.Flags().Lookup("require") != nil {
		var labels []string
		for _, p := range access.Probed() {
			labels = append(labels, p.Label)
		}
		fixed(cmd, "require", labels...)
	}
	for _, name := range []string{"base-url", "email", "credential-env", "onepassword-account", "vault", "item", "project", "username", "proxy", "header"} {
		if cmd.Flags().Lookup(name) != nil {
			fixed(cmd, name)
		}
	}
}

func fixed(cmd *cobra.Command, flag string, values ...string) {
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, noFiles))
}

// CompleteProfiles completes the first argument with the profiles' names.
func (a *App) CompleteProfiles(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, noFiles
	}
	return a.profileNames(typed), noFiles
}

// CompleteKeys completes the keys of the config, those of its profiles spelled
// out.
func (a *App) CompleteKeys(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, noFiles
	}
	var keys []string
	for _, key := range app.Keys() {
		if !strings.Contains(key, "<name>") {
			keys = append(keys, key)
			continue
		}
		for _, name := range a.profileNames("") {
			keys = append(keys, strings.Replace(key, "<name>", name, 1))
		}
	}
	return keys, noFiles
}

// profileNames reads the config for its profiles. Completion never fails: a
// broken config completes nothing.
func (a *App) profileNames(typed string) []string {
	if a.settings.parsed(a.host.Env) != nil {
		a.settings.Config = a.settings.flags.config.Value
	}
	var config ports.Config
	stop, err := a.graph.Build(a.settings, &config)
	if err != nil {
		return nil
	}
	defer func() { _ = stop(a.ctx) }()
	ctx, cancel := context.WithTimeout(a.ctx, defaultTimeout)
	defer cancel()
	c, err := config.Load(ctx)
	if err != nil {
		return nil
	}
	var names []string
	for _, name := range c.Names() {
		if strings.HasPrefix(name, typed) {
			names = append(names, name)
		}
	}
	return names
}
