package cli

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"jira-cli/adapters/cli/render"
	"jira-cli/app"
	"jira-cli/domain/profile"
)

type listData struct {
	ActiveProfile string        `json:"active_profile"`
	Profiles      []listProfile `json:"profiles"`
}

type listProfile struct {
	Profile string `json:"profile"`
	BaseURL string `json:"base_url"`
	Email   string `json:"email"`
	Backend string `json:"backend"`
	Active  bool   `json:"active"`
}

func (a *App) profileList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the profiles",
		Args:  exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var list *app.List
			return a.run(cmd, &list, func(_ context.Context, session app.Session) (outcome, error) {
				out, err := list.Run(session)
				data := listData{ActiveProfile: string(out.Active), Profiles: []listProfile{}}
				for _, p := range out.Profiles {
					data.Profiles = append(data.Profiles, listProfile{string(p.Name), p.Site.String(), p.Email, backendOf(p), p.Name == out.Active})
				}
				return outcome{data: data, human: func(render.Style) string { return profileTable(data) }}, err
			})
		},
	}
}

func backendOf(p profile.Profile) string {
	if p.Credential == nil {
		return ""
	}
	return string(p.Credential.Backend)
}

func profileTable(data listData) string {
	rows := [][]string{{"PROFILE", "SITE", "EMAIL", "BACKEND", "ACTIVE"}}
	for _, p := range data.Profiles {
		active, backend := "", p.Backend
		if p.Active {
			active = "✓"
		}
		if backend == "" {
			backend = "-"
		}
		rows = append(rows, []string{p.Profile, p.BaseURL, p.Email, backend, active})
	}
	return render.Table(rows)
}

type showData struct {
	Profile     string           `json:"profile"`
	Active      bool             `json:"active"`
	BaseURL     string           `json:"base_url"`
	Email       string           `json:"email"`
	AuthType    string           `json:"auth_type"`
	AccountID   string           `json:"account_id"`
	Username    string           `json:"username,omitempty"`
	Deployment  string           `json:"deployment,omitempty"`
	CloudID     string           `json:"cloud_id,omitempty"`
	TokenKind   string           `json:"token_kind,omitempty"`
	TokenExpiry string           `json:"token_expiry,omitempty"`
	Network     *networkData     `json:"network,omitempty"`
	Credential  *referenceData   `json:"credential"`
	OnePassword *placeData       `json:"onepassword,omitempty"`
	Leftovers   []*referenceData `json:"leftovers,omitempty"`
}

type referenceData struct {
	Backend  string   `json:"backend"`
	Site     string   `json:"site,omitempty"`
	Service  string   `json:"service,omitempty"`
	Account  string   `json:"account,omitempty"`
	Vault    string   `json:"vault,omitempty"`
	Item     string   `json:"item,omitempty"`
	Field    string   `json:"field,omitempty"`
	Path     string   `json:"path,omitempty"`
	Variable string   `json:"variable,omitempty"`
	Argv     []string `json:"argv,omitempty"`
}

type networkData struct {
	CAFile     string                `json:"ca_file,omitempty"`
	ClientCert string                `json:"client_cert,omitempty"`
	ClientKey  string                `json:"client_key,omitempty"`
	Proxy      string                `json:"proxy,omitempty"`
	Headers    map[string]headerData `json:"headers,omitempty"`
	Insecure   bool                  `json:"insecure_skip_verify,omitempty"`
}

type headerData struct {
	Env     string   `json:"env,omitempty"`
	Command []string `json:"command,omitempty"`
}

type placeData struct {
	Account string `json:"account"`
	Vault   string `json:"vault"`
	Item    string `json:"item"`
	Field   string `json:"field"`
}

func (a *App) profileShow() *cobra.Command {
	return &cobra.Command{
		Use:               "show [NAME]",
		Short:             "Show what the config records for a profile",
		Args:              exactly("[NAME]"),
		ValidArgsFunction: a.completeProfiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			name, err := optionalName(cmd, args)
			if err != nil {
				return err
			}
			var list *app.List
			return a.run(cmd, &list, func(_ context.Context, session app.Session) (outcome, error) {
				out, err := list.Show(session, name)
				data := showRecord(out)
				return outcome{data: data, human: func(render.Style) string { return showText(data) }}, err
			})
		},
	}
}

func showRecord(out app.ShowOutput) showData {
	p := out.Profile
	data := showData{Profile: string(p.Name), Active: out.Active, BaseURL: p.Site.String(), Email: p.Email,
		AuthType: p.AuthType, AccountID: p.AccountID, Username: p.Username,
		Deployment: string(p.Deployment), CloudID: p.CloudID, TokenKind: p.TokenKind, Network: networkRecord(p.Network)}
	if !p.TokenExpiry.IsZero() {
		data.TokenExpiry = p.TokenExpiry.UTC().Format(time.RFC3339)
	}
	if p.Credential != nil {
		data.Credential = referenceRecord(*p.Credential)
	}
	if p.OnePassword != (profile.OnePasswordPlace{}) {
		place := placeData(p.OnePassword)
		data.OnePassword = &place
	}
	for _, left := range p.Leftovers {
		data.Leftovers = append(data.Leftovers, referenceRecord(left))
	}
	return data
}

func networkRecord(n profile.Network) *networkData {
	if n.IsZero() {
		return nil
	}
	data := &networkData{CAFile: n.CAFile, ClientCert: n.ClientCert, ClientKey: n.ClientKey, Proxy: n.Proxy, Insecure: n.Insecure}
	for name, source := range n.Headers {
		if data.Headers == nil {
			data.Headers = map[string]headerData{}
		}
		data.Headers[name] = headerData{source.Variable, source.Argv}
	}
	return data
}

func referenceRecord(r profile.Reference) *referenceData {
	return &referenceData{string(r.Backend), r.Site, r.Service, r.Account, r.Vault, r.Item, r.Field, r.Path, r.Variable, r.Argv}
}

func showText(data showData) string {
	rows := [][]string{}
	add := func(label, value string) {
		if value != "" {
			rows = append(rows, []string{label, value})
		}
	}
	title := data.Profile
	if data.Active {
		title += " (active)"
	}
	add("Profile:", title)
	add("Site:", data.BaseURL)
	add("Email:", data.Email)
	add("Auth type:", data.AuthType)
	add("Username:", data.Username)
	add("Account ID:", data.AccountID)
	add("Deployment:", data.Deployment)
	add("Cloud ID:", data.CloudID)
	add("Token kind:", data.TokenKind)
	add("Expires:", data.TokenExpiry)
	if n := data.Network; n != nil {
		add("Network:", render.Pairs(n))
		for _, name := range slices.Sorted(maps.Keys(n.Headers)) {
			add("Header:", name+" from "+render.Pairs(n.Headers[name]))
		}
	}
	if data.Credential == nil {
		add("Credential:", "none stored")
	} else {
		add("Credential:", render.Pairs(data.Credential))
	}
	if data.OnePassword != nil {
		add("1Password:", render.Pairs(data.OnePassword))
	}
	for _, left := range data.Leftovers {
		add("Leftover:", render.Pairs(left))
	}
	return render.Table(rows)
}

type renameData struct {
	Credential string `json:"credential"`
	IsDefault  bool   `json:"default"`
	Previous   string `json:"previous_profile"`
	Profile    string `json:"profile"`
}

func (a *App) profileRename() *cobra.Command {
	cmd := &cobra.Command{
		Use:               "rename OLD NEW",
		Short:             "Give a profile another name; its credential moves along",
		Args:              exactly("OLD", "NEW"),
		ValidArgsFunction: a.completeProfiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			names, err := parseNames(args)
			if err != nil {
				return err
			}
			keep := flagged(cmd, "keep-credential")
			var rename *app.Rename
			return a.run(cmd, &rename, func(ctx context.Context, session app.Session) (outcome, error) {
				out, err := rename.Run(ctx, app.RenameInput{Session: session, Old: names[0], New: names[1], Keep: keep})
				data := renameData{"unchanged", out.IsDefault, string(out.Old), string(out.New)}
				if out.Moved {
					data.Credential = "moved"
				}
				return outcome{message: "renamed", data: data, warnings: warnings(out.Warnings)}, err
			})
		},
	}
	cmd.Flags().Bool("keep-credential", false, "leave the stored credential where it is")
	return cmd
}

// optionalName is the profile that a command may be given as an argument or
// with --profile, checked.
func optionalName(cmd *cobra.Command, args []string) (app.Optional, error) {
	if len(args) == 0 && !given(cmd, "profile").Set {
		return app.Optional{}, nil
	}
	name, err := namedProfile(cmd, args)
	return app.Optional{Value: string(name), Set: true}, err
}

func parseNames(args []string) ([]profile.Name, error) {
	names := make([]profile.Name, len(args))
	for i, arg := range args {
		var err error
		if names[i], err = profile.ParseName(arg); err != nil {
			return nil, err
		}
	}
	return names, nil
}

type deleteData struct {
	Default string `json:"default_profile"`
	Profile string `json:"profile"`
	Secret  string `json:"secret"`
}

func (a *App) profileDelete() *cobra.Command {
	cmd := &cobra.Command{
		Use:               "delete NAME",
		Short:             "Delete a profile and its stored credential",
		Args:              exactly("NAME"),
		ValidArgsFunction: a.completeProfiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			names, err := parseNames(args)
			if err != nil {
				return err
			}
			force, keep := flagged(cmd, "force"), flagged(cmd, "keep-credential")
			var use *app.Delete
			return a.run(cmd, &use, func(ctx context.Context, session app.Session) (outcome, error) {
				out, err := use.Run(ctx, app.DeleteInput{Session: session, Name: names[0], Force: force, Keep: keep})
				return outcome{message: "deleted", data: deleteData{out.Default, string(out.Profile), out.Secret}, warnings: warnings(out.Warnings)}, err
			})
		},
	}
	cmd.Flags().Bool("force", false, "do not ask")
	cmd.Flags().Bool("keep-credential", false, "leave the stored credential where it is")
	return cmd
}
