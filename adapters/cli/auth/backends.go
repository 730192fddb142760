package auth

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"jira-cli/adapters/cli/command"
	"jira-cli/adapters/cli/output"
	"jira-cli/app"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	display "jira-cli/domain/text"
)

type backendsData struct {
	Backends    []backendData `json:"backends"`
	Recommended string        `json:"recommended"`
}

type backendData struct {
	Backend   string     `json:"backend"`
	Built     bool       `json:"built"`
	Available bool       `json:"available"`
	Stores    bool       `json:"stores"`
	Code      fault.Code `json:"code,omitempty"`
	Reason    string     `json:"reason,omitempty"`
	Hint      string     `json:"hint,omitempty"`
	Profiles  []string   `json:"profiles"`
}

func backends(a *command.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "backends",
		Short: "Say which places for a credential work here and now",
		Long: `Look at every backend: whether this build has it, whether it works here and now
and if not why, whether it stores or only reads, and which profiles use it. It
asks nobody, unlocks nothing and changes nothing.

The exit status makes it a check to begin a job with. With --backend it is that
backend's own, 0 where it works. Without, it is that of the backend which the
selected profile records; where none is recorded, 0 if any backend that stores
works.`,
		Example: `  jira auth backends
  jira auth backends --backend keyring || echo "no keyring here"
  jira auth backends -o json`,
		Args: command.Exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var in app.BackendsInput
			if name := command.Given(cmd, "backend"); name.Set {
				var err error
				if in.Backend, err = profile.ParseBackend(name.Value); err != nil {
					return fault.From(err).WithFlag("backend")
				}
			}
			var backends *app.Backends
			return a.Do(cmd, &backends, func(ctx context.Context, session app.Session) (command.Outcome, error) {
				in.Session = session
				out, err := backends.Run(ctx, in)
				return backendsOutcome(a, out, session), err
			})
		},
	}
	cmd.Flags().String("backend", "", "end with the status of this `BACKEND`")
	a.CompleteValues(cmd)
	return cmd
}

func backendsOutcome(a *command.App, out app.BackendsOutput, session app.Session) command.Outcome {
	data := backendsData{Backends: []backendData{}, Recommended: string(out.Recommended)}
	for _, s := range out.Backends {
		record := backendData{Backend: string(s.Backend), Built: s.Built, Available: s.Err == nil, Stores: s.Stores, Profiles: []string{}}
		if s.Err != nil {
			record.Code, record.Reason, record.Hint = s.Err.Code, s.Err.Message, output.Hint(a.About(s.Err, session))
		}
		for _, name := range s.Profiles {
			record.Profiles = append(record.Profiles, string(name))
		}
		data.Backends = append(data.Backends, record)
	}
	return command.Outcome{Data: data, Stands: out.Backends != nil, Human: func(output.Style) string { return backendTable(data) }}
}

func backendTable(data backendsData) string {
	rows := [][]string{{"BACKEND", "WORKS", "STORES", "PROFILES", "WHY NOT"}}
	hints := ""
	for _, b := range data.Backends {
		works, stores, reason := "yes", "yes", b.Reason
		switch {
		case !b.Built:
			works = "not built"
		case !b.Available:
			works = "no"
		case b.Backend == data.Recommended:
			works = "yes, recommended"
		}
		if !b.Stores {
			stores = "only reads"
		}
		if b.Code != "" {
			reason += " (" + string(b.Code) + ")"
		}
		rows = append(rows, []string{b.Backend, works, stores, orDash(strings.Join(b.Profiles, ", ")), orDash(reason)})
		if b.Hint != "" {
			hints += "  " + b.Backend + ": " + display.Clean(b.Hint) + "\n"
		}
	}
	if hints != "" {
		hints = "\nWhat to do:\n" + hints
	}
	return output.Table(rows) + hints
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
