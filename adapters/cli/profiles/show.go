package profiles

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"jira-cli/adapters/cli/command"
	"jira-cli/adapters/cli/output"
	"jira-cli/app"
	"jira-cli/domain/profile"
)

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

// Show returns the command that shows one profile.
func Show(a *command.App) *cobra.Command {
	return &cobra.Command{
		Use:               "show [NAME]",
		Short:             "Show what the config records for a profile",
		Args:              command.Exactly("[NAME]"),
		ValidArgsFunction: a.CompleteProfiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			name, err := command.OptionalName(cmd, args)
			if err != nil {
				return err
			}
			var list *app.List
			return a.Do(cmd, &list, func(_ context.Context, session app.Session) (command.Outcome, error) {
				out, err := list.Show(session, name)
				data := showRecord(out)
				return command.Outcome{Data: data, Human: func(output.Style) string { return showText(data) }}, err
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
		add("Network:", output.Pairs(n))
		for _, name := range slices.Sorted(maps.Keys(n.Headers)) {
			add("Header:", name+" from "+output.Pairs(n.Headers[name]))
		}
	}
	if data.Credential == nil {
		add("Credential:", "none stored")
	} else {
		add("Credential:", output.Pairs(data.Credential))
	}
	if data.OnePassword != nil {
		add("1Password:", output.Pairs(data.OnePassword))
	}
	for _, left := range data.Leftovers {
		add("Leftover:", output.Pairs(left))
	}
	return output.Table(rows)
}
