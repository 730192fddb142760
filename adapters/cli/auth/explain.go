package auth

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"jira-cli/adapters/cli/command"
	"jira-cli/adapters/cli/output"
	"jira-cli/app"
	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/precedence"
	display "jira-cli/domain/text"
)

type explainData struct {
	ActiveProfile string         `json:"active_profile"`
	Settings      []settingData  `json:"settings"`
	Ignored       []ignoredData  `json:"ignored"`
	Profiles      []explanations `json:"profiles"`
}

type settingData struct {
	Name     string          `json:"name"`
	Value    string          `json:"value"`
	Origin   string          `json:"origin"`
	Shadowed []candidateData `json:"shadowed"`
}

type candidateData struct {
	Origin string `json:"origin"`
	Value  string `json:"value"`
}

type ignoredData struct {
	Variable string `json:"variable"`
	Reason   string `json:"reason"`
}

type explanations struct {
	Profile  string        `json:"profile"`
	Active   bool          `json:"active"`
	Sources  []settingData `json:"sources"`
	Verdict  verdictData   `json:"verdict"`
	Evidence []string      `json:"evidence"`
}

type verdictData struct {
	Cause   access.Cause `json:"cause"`
	Code    fault.Code   `json:"code,omitempty"`
	Meaning string       `json:"meaning"`
	Advice  string       `json:"advice"`
	Next    string       `json:"next"`
}

func explain(a *command.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "explain",
		Short: "Say why each profile works or does not, and what to type next",
		Long: `Say where every setting comes from and what it hides, ask Jira, and give one
verdict per profile with the command to type next. The output holds no secret and
of emails only the first letter and the domain: it can go into a ticket as it is.
The exit status is that of auth status.`,
		Example: `  jira auth explain
  jira auth explain --profile work
  jira auth explain --no-probe -o json`,
		Args: command.Exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			in, err := statusInput(cmd)
			if err != nil {
				return err
			}
			return explainProfiles(a, cmd, in)
		},
	}
	cmd.Flags().String("project", "", "ask for the permissions in this project")
	cmd.Flags().Bool("no-probe", false, "ask Jira nothing")
	a.CompleteValues(cmd)
	return cmd
}

// explainProfiles is auth explain, and auth status --explain.
func explainProfiles(a *command.App, cmd *cobra.Command, in app.StatusInput) error {
	var explain *app.Explain
	return a.Do(cmd, &explain, func(ctx context.Context, session app.Session) (command.Outcome, error) {
		in.Session = session
		out, err := explain.Run(ctx, app.ExplainInput{StatusInput: in, Settings: a.Choices()})
		return explainOutcome(out), err
	})
}

func explainOutcome(out app.ExplainOutput) command.Outcome {
	data := explainData{ActiveProfile: out.Active, Settings: settingRecords(out.Settings), Ignored: []ignoredData{}, Profiles: []explanations{}}
	for _, i := range out.Ignored {
		data.Ignored = append(data.Ignored, ignoredData(i))
	}
	for _, p := range out.Profiles {
		record := explanations{Profile: string(p.Profile), Active: p.Active, Sources: settingRecords(p.Sources),
			Verdict: verdictData(p.Verdict), Evidence: []string{}}
		data.Profiles = append(data.Profiles, record)
		if p.Evidence != nil {
			data.Profiles[len(data.Profiles)-1].Evidence = p.Evidence
		}
	}
	return command.Outcome{Data: data, Stands: out.Settings != nil, Warnings: command.Warnings(out.Warnings), Human: func(s output.Style) string {
		text := "Settings:\n" + settingTable("  ", data.Settings)
		if len(data.Ignored) > 0 {
			text += "\nIgnored:\n"
			for _, i := range data.Ignored {
				text += "  " + i.Variable + " " + i.Reason + "\n"
			}
		}
		for _, p := range data.Profiles {
			text += "\n" + explanationBlock(s, p)
		}
		return text
	}}
}

func settingRecords(list []precedence.Setting) []settingData {
	records := []settingData{}
	for _, s := range list {
		record := settingData{Name: s.Name, Value: s.Value, Origin: s.Origin, Shadowed: []candidateData{}}
		for _, c := range s.Shadowed {
			if c.Origin != "default" { // what is there without anybody's doing was not hidden
				record.Shadowed = append(record.Shadowed, candidateData{c.Origin, c.Value})
			}
		}
		records = append(records, record)
	}
	return records
}

func settingTable(indent string, list []settingData) string {
	var rows [][]string
	for _, s := range list {
		origin := "from " + s.Origin
		if s.Origin == "" {
			origin = "not set"
		}
		for i, c := range s.Shadowed {
			if i == 0 {
				origin += "; hides"
			} else {
				origin += ","
			}
			origin += " " + c.Origin + " (" + c.Value + ")"
		}
		rows = append(rows, []string{s.Name, orDash(s.Value), origin})
	}
	lines := strings.SplitAfter(output.Table(rows), "\n")
	return indent + strings.TrimSuffix(strings.Join(lines, indent), indent)
}

func explanationBlock(s output.Style, p explanations) string {
	title := s.Strong(p.Profile)
	if p.Active {
		title += " (active)"
	}
	mark := s.Mark(p.Verdict.Cause == access.CauseOK)
	if p.Verdict.Cause == access.CauseNotProbed {
		mark = "-"
	}
	text := "Profile:    " + title + "\n  Verdict:     " + mark + " " + string(p.Verdict.Cause) + ": " + p.Verdict.Meaning + "\n"
	for i, line := range p.Evidence {
		label := "               "
		if i == 0 {
			label = "  Evidence:    "
		}
		text += label + display.Clean(line) + "\n"
	}
	return text + "  What to do:  " + p.Verdict.Advice + "\n  Next:        " + s.Strong(p.Verdict.Next) + "\n  Settings:\n" +
		settingTable("    ", p.Sources)
}
