package auth

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"jira-cli/adapters/cli/command"
	"jira-cli/adapters/cli/output"
	"jira-cli/app"
	"jira-cli/domain/fault"
)

type migrateData struct {
	DryRun        bool            `json:"dry_run"`
	TargetBackend string          `json:"target_backend"`
	Profiles      []migrationData `json:"profiles"`
	CleanupNotes  []string        `json:"cleanup_notes,omitempty"`
}

type migrationData struct {
	Profile       string `json:"profile"`
	SourceBackend string `json:"source_backend"`
	TargetBackend string `json:"target_backend"`
	DryRun        bool   `json:"dry_run"`
	Migrated      bool   `json:"migrated"`
	Reason        string `json:"reason,omitempty"`
	Error         string `json:"error,omitempty"`
}

func migrate(a *command.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Move a stored credential to another backend",
		Long: `Move the active profile's credential to another backend without losing it: it is
written to the destination, read back and compared before the profile names the
new place, and only then removed from the old one.`,
		Example: a.Example(
			`  jira auth migrate --backend file`,
			`  jira auth migrate --backend 1password --vault Work --item "Jira API token"`,
			`  jira auth migrate --backend keyring --all --dry-run`),
		Args: command.Exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			in, err := migrateInput(a, cmd)
			if err != nil {
				return err
			}
			var migrate *app.Migrate
			return a.Do(cmd, &migrate, func(ctx context.Context, session app.Session) (command.Outcome, error) {
				in.Session = session
				out, err := migrate.Run(ctx, in)
				return migrateOutcome(in, out), err
			})
		},
	}
	f := cmd.Flags()
	f.String("backend", "", "the `BACKEND` to which the credential goes: "+a.Storing())
	a.PlaceFlags(cmd)
	f.Bool("dry-run", false, "say what would happen and write nothing")
	f.Bool("all", false, "migrate every profile")
	f.Bool("force", false, "replace a different secret at the destination")
	a.CompleteValues(cmd)
	return cmd
}

func migrateInput(a *command.App, cmd *cobra.Command) (app.MigrateInput, error) {
	in := app.MigrateInput{
		OnePasswordAccount: command.Given(cmd, "onepassword-account"), Vault: command.Given(cmd, "vault"), Item: command.Given(cmd, "item"),
		DryRun: command.Flagged(cmd, "dry-run"), All: command.Flagged(cmd, "all"), Force: command.Flagged(cmd, "force"),
	}
	if err := allOrProfile(cmd); err != nil {
		return in, err
	}
	backend := command.Given(cmd, "backend")
	if !backend.Set {
		f := fault.New(fault.InputRequired, "missing: backend (--backend)").WithHint("name the destination with --backend %s", a.Storing())
		f.Details.Missing = []fault.Missing{{Field: "backend", Flag: "--backend"}}
		return in, f
	}
	var err error
	if in.Backend, err = a.Backend("backend", backend.Value); err != nil {
		return in, err
	}
	return in, in.Check()
}

func migrateOutcome(in app.MigrateInput, out app.MigrateOutput) command.Outcome {
	data := migrateData{DryRun: out.DryRun, TargetBackend: string(out.Target), Profiles: []migrationData{}, CleanupNotes: out.Notes}
	failed := false
	for _, m := range out.Profiles {
		record := migrationData{Profile: string(m.Profile), SourceBackend: string(m.Source), TargetBackend: string(out.Target),
			DryRun: out.DryRun, Migrated: m.Migrated, Reason: m.Reason}
		if m.Err != nil {
			record.Error = m.Err.Message
			failed = true
		}
		data.Profiles = append(data.Profiles, record)
	}
	return command.Outcome{Data: data, Stands: in.All && failed, Warnings: command.Warnings(out.Warnings), Human: func(s output.Style) string {
		var lines strings.Builder
		for _, record := range data.Profiles {
			lines.WriteString(output.Info(s, migrationMessage(record), record) + "\n")
		}
		return lines.String()
	}}
}

func migrationMessage(m migrationData) string {
	switch {
	case m.Error != "":
		return "not migrated"
	case m.Migrated:
		return "migrated"
	case m.Reason != "":
		return "nothing to do"
	}
	return "would migrate"
}
