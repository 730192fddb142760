package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"jira-cli/adapters/cli/render"
	"jira-cli/app"
)

type pathData struct {
	Path string `json:"path"`
}

// configPath works without reading the config: it must help where that is
// broken.
func (a *App) configPath() *cobra.Command {
	return &cobra.Command{
		Use:   "path",
		Short: "Print the path of the config file",
		Args:  exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var values *app.Values
			return a.runWith(cmd, &values, configUnread, func(context.Context, app.Session) (outcome, error) {
				path := values.Path()
				return outcome{data: pathData{path}, human: func(render.Style) string { return path + "\n" }}, nil
			})
		},
	}
}

type valueData struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

func (a *App) configGet() *cobra.Command {
	return &cobra.Command{
		Use:               "get KEY",
		Short:             "Print what the config file says for a key",
		Long:              "Print what the config file says for a key, an empty line where it says nothing.\n\n" + keysText(),
		Args:              exactly("KEY"),
		ValidArgsFunction: a.completeKeys,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkKey(cmd, args[0]); err != nil {
				return err
			}
			var values *app.Values
			return a.run(cmd, &values, func(_ context.Context, session app.Session) (outcome, error) {
				out, err := values.Get(session, args[0])
				return outcome{data: valueData{out.Key, out.Value}, human: func(render.Style) string {
					return render.Clean(out.Value) + "\n"
				}}, err
			})
		},
	}
}

func (a *App) configSet() *cobra.Command {
	return &cobra.Command{
		Use:   "set KEY VALUE",
		Short: "Record a value for a key in the config file",
		Long:  "Record a value for a key in the config file. Comments, order and everything else\nin it stay as they are.\n\n" + keysText(),
		Example: `  jira config set output json
  jira config set profiles.work.base_url https://example.atlassian.net`,
		Args:              exactly("KEY", "VALUE"),
		ValidArgsFunction: a.completeKeys,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkKey(cmd, args[0]); err != nil {
				return err
			}
			if err := app.CheckValue(args[0], args[1]); err != nil {
				return err
			}
			var values *app.Values
			return a.runWith(cmd, &values, configMended, func(ctx context.Context, _ app.Session) (outcome, error) {
				out, err := values.Set(ctx, args[0], args[1])
				return outcome{message: "set", data: valueData{out.Key, out.Value}, warnings: warnings(out.Warnings)}, err
			})
		},
	}
}

// checkKey refuses a key that does not exist, and one of another profile than
// --profile names.
func checkKey(cmd *cobra.Command, key string) error {
	if name := app.KeyProfile(key); name != "" {
		if err := sameProfile(cmd, "the key's profile", name); err != nil {
			return err
		}
	}
	return app.CheckKey(key)
}

func keysText() string { return "Keys:\n  " + strings.Join(app.Keys(), "\n  ") }
