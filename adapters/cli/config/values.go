package config

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"jira-cli/adapters/cli/command"
	"jira-cli/adapters/cli/output"
	"jira-cli/app"
	display "jira-cli/domain/text"
)

type pathData struct {
	Path string `json:"path"`
}

// configPath works without reading the config: it must help where that is
// broken.
func path(a *command.App) *cobra.Command {
	return &cobra.Command{
		Use:   "path",
		Short: "Print the path of the config file",
		Args:  command.Exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var values *app.Values
			return a.DoWith(cmd, &values, command.ConfigUnread, func(ctx context.Context, _ app.Session) (command.Outcome, error) {
				path, err := values.Path(ctx)
				if err != nil {
					return command.Outcome{}, err
				}
				return command.Outcome{Data: pathData{path}, Human: func(output.Style) string { return path + "\n" }}, nil
			})
		},
	}
}

type valueData struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

func get(a *command.App) *cobra.Command {
	return &cobra.Command{
		Use:               "get KEY",
		Short:             "Print what the config file says for a key",
		Long:              "Print what the config file says for a key, an empty line where it says nothing.\n\n" + keysText(),
		Args:              command.Exactly("KEY"),
		ValidArgsFunction: a.CompleteKeys,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkKey(cmd, args[0]); err != nil {
				return err
			}
			var values *app.Values
			return a.Do(cmd, &values, func(_ context.Context, session app.Session) (command.Outcome, error) {
				out, err := values.Get(session, args[0])
				return command.Outcome{Data: valueData{out.Key, out.Value}, Human: func(output.Style) string {
					return display.Clean(out.Value) + "\n"
				}}, err
			})
		},
	}
}

func set(a *command.App) *cobra.Command {
	return &cobra.Command{
		Use:   "set KEY VALUE",
		Short: "Record a value for a key in the config file",
		Long:  "Record a value for a key in the config file. Comments, order and everything else\nin it stay as they are.\n\n" + keysText(),
		Example: `  jira config set output json
  jira config set profiles.work.base_url https://example.atlassian.net`,
		Args:              command.Exactly("KEY", "VALUE"),
		ValidArgsFunction: a.CompleteKeys,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkKey(cmd, args[0]); err != nil {
				return err
			}
			if err := app.CheckValue(args[0], args[1]); err != nil {
				return err
			}
			var values *app.Values
			return a.DoWith(cmd, &values, command.ConfigMended, func(ctx context.Context, _ app.Session) (command.Outcome, error) {
				out, err := values.Set(ctx, args[0], args[1])
				return command.Outcome{Message: "set", Data: valueData{out.Key, out.Value}, Warnings: command.Warnings(out.Warnings)}, err
			})
		},
	}
}

// checkKey refuses a key that does not exist, and one of another profile than
// --profile names.
func checkKey(cmd *cobra.Command, key string) error {
	if name := app.KeyProfile(key); name != "" {
		if err := command.SameProfile(cmd, "the key's profile", name); err != nil {
			return err
		}
	}
	return app.CheckKey(key)
}

func keysText() string { return "Keys:\n  " + strings.Join(app.Keys(), "\n  ") }
