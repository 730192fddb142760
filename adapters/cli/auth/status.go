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
	"jira-cli/domain/secret"
	display "jira-cli/domain/text"
)

type statusData struct {
	ActiveProfile string          `json:"active_profile"`
	Profiles      []profileStatus `json:"profiles"`
}

type profileStatus struct {
	Profile  string        `json:"profile"`
	Redacted string        `json:"redacted"`
	Source   string        `json:"source"`
	Valid    bool          `json:"valid"`
	Error    string        `json:"error,omitempty"`
	Remote   *remoteStatus `json:"remote,omitempty"`
}

type remoteStatus struct {
	Site        string `json:"site"`
	Myself      any    `json:"myself"`
	Permissions any    `json:"permissions"`
}

type myselfStatus struct {
	AccountID string `json:"account_id"`
	Email     string `json:"email"`
	OK        bool   `json:"ok"`
}

type grantStatus struct {
	Grants access.Grants `json:"grants"`
	OK     bool          `json:"ok"`
}

type failedProbe struct {
	OK    bool          `json:"ok"`
	Error output.Record `json:"error"`
}

// credentialMissing is the documented text where nothing resolved.
const credentialMissing = "credential not found"

func status(a *command.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Prove every credential against Jira and say what it may do",
		Long: `Resolve the credential of every profile and ask Jira who it belongs to and which
permissions it has. The exit status is that of the active profile; another
profile's failure is a warning. With --profile that profile alone is reported.`,
		Example: `  jira auth status
  jira auth status --project PROJ --require browse,create
  jira auth status --no-probe -o json`,
		Args: command.Exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			in, err := statusInput(cmd)
			if err != nil {
				return err
			}
			if command.Flagged(cmd, "explain") {
				return explainProfiles(a, cmd, in)
			}
			var status *app.Status
			return a.Do(cmd, &status, func(ctx context.Context, session app.Session) (command.Outcome, error) {
				in.Session = session
				out, err := status.Run(ctx, in)
				return statusOutcome(in, out), err
			})
		},
	}
	f := cmd.Flags()
	f.String("project", "", "probe the permissions in the project `KEY`")
	f.Bool("no-probe", false, "ask Jira nothing")
	f.Bool("explain", false, "say why in place of what, as auth explain does")
	f.String("require", "", "fail unless the active profile has each `GRANT,…`, such as browse,create")
	a.CompleteValues(cmd)
	return cmd
}

func statusInput(cmd *cobra.Command) (app.StatusInput, error) {
	in := app.StatusInput{Project: command.Given(cmd, "project").Value, NoProbe: command.Flagged(cmd, "no-probe")}
	if command.Given(cmd, "project").Set && strings.TrimSpace(in.Project) == "" {
		return in, fault.New(fault.ArgumentInvalid, "--project is empty").WithFlag("project").WithHint("give a project's key, such as PROJ")
	}
	if secret.Looks(in.Project) {
		return in, fault.NotASecret(fault.ArgumentInvalid, "a project's key", "PROJ").WithFlag("project")
	}
	required := command.Given(cmd, "require")
	if !required.Set {
		return in, nil
	}
	if in.NoProbe {
		return in, fault.New(fault.FlagConflict, "--require needs the probe that --no-probe leaves out").WithFlag("require")
	}
	for _, text := range strings.Split(required.Value, ",") {
		p, err := access.ParsePermission(strings.TrimSpace(text))
		if err != nil {
			return in, fault.From(err).WithFlag("require")
		}
		in.Require = append(in.Require, p)
	}
	return in, nil
}

func statusOutcome(in app.StatusInput, out app.StatusOutput) command.Outcome {
	data := statusData{ActiveProfile: string(out.Active), Profiles: []profileStatus{}}
	for _, st := range out.Profiles {
		data.Profiles = append(data.Profiles, statusRecord(st))
	}
	return command.Outcome{Data: data, Stands: out.Profiles != nil, Warnings: command.Warnings(out.Warnings), Human: func(s output.Style) string {
		blocks := make([]string, len(out.Profiles))
		for i, st := range out.Profiles {
			blocks[i] = statusBlock(s, in, st)
		}
		return strings.Join(blocks, "\n")
	}}
}

func shownEmail(st app.ProfileStatus) string {
	if st.Verdict.Identity.Email != "" {
		return st.Verdict.Identity.Email
	}
	return st.Profile.Email
}

func statusRecord(st app.ProfileStatus) profileStatus {
	record := profileStatus{
		Profile: string(st.Profile.Name), Redacted: st.Credential.Secret.Redacted(), Source: st.Credential.Source,
		Valid: st.Credential.Err == nil, Error: credentialError(st.Credential),
	}
	if v := st.Verdict; v != nil {
		record.Remote = &remoteStatus{Site: st.Profile.Site.String()}
		record.Remote.Myself = myselfStatus{v.Identity.AccountID, shownEmail(st), true}
		if v.MyselfErr != nil {
			record.Remote.Myself = failedProbe{Error: output.NewRecord(command.Hinted(v.MyselfErr, st.Profile.Name))}
		}
		record.Remote.Permissions = grantStatus{v.Grants, true}
		if v.PermissionsErr != nil {
			record.Remote.Permissions = failedProbe{Error: output.NewRecord(command.Hinted(v.PermissionsErr, st.Profile.Name))}
		}
	}
	return record
}

// credentialError is the text of a credential that did not resolve.
func credentialError(r app.Resolution) string {
	switch {
	case r.Err == nil:
		return ""
	case r.Err.Code == fault.CredentialNotFound:
		return credentialMissing
	}
	return r.Err.Message
}

// shownEmail is the account's email, or the profile's where the account hides
// it.
func statusBlock(s output.Style, in app.StatusInput, st app.ProfileStatus) string {
	title := s.Strong(string(st.Profile.Name))
	if st.Active {
		title += " (active)"
	}
	credential := s.Mark(true) + " " + st.Credential.Source + "  " + st.Credential.Secret.Redacted()
	if st.Credential.Err != nil {
		credential = s.Mark(false) + " " + display.Clean(credentialError(st.Credential))
	}
	block := "Profile:    " + title + "\n  Credential:  " + credential + "\n"
	switch {
	case in.NoProbe:
		return block + "  Remote: (probe skipped)\n"
	case st.Verdict == nil:
		return block + "  Site:        " + st.Profile.Site.String() + "\n"
	}
	return block + "  Site:        " + st.Profile.Site.String() + "\n" +
		"  Identity:    " + identityLine(s, st) + "\n" +
		"  Permissions: " + permissionLine(s, st.Verdict) + "\n"
}

func identityLine(s output.Style, st app.ProfileStatus) string {
	if f := st.Verdict.MyselfErr; f != nil {
		return s.Mark(false) + " " + display.Clean(f.Message)
	}
	return s.Mark(true) + " " + st.Verdict.Identity.Reached(st.Profile.User())
}

func permissionLine(s output.Style, v *access.Verdict) string {
	if v.MyselfErr != nil {
		return s.Mark(false) + " not known without an identity"
	}
	if v.PermissionsErr != nil {
		return s.Mark(false) + " " + display.Clean(v.PermissionsErr.Message)
	}
	parts := make([]string, 0, len(access.Probed()))
	all := true
	for _, p := range access.Probed() {
		all = all && v.Grants[p.Key]
		parts = append(parts, s.Mark(v.Grants[p.Key])+" "+p.Label)
	}
	return s.Mark(all) + " " + app.Counts(v.Grants) + " · " + strings.Join(parts, "  ")
}
