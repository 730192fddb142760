package profile

import (
	"maps"
	"slices"

	"jira-cli/domain/fault"
)

// The auth types. AuthToken is an Atlassian API token, sent as a password
// beside the email; AuthPAT a personal access token of a Server or Data Center,
// sent as a bearer; AuthBasic and AuthSession a user's password there, the
// first sent with every request, the second exchanged for a cookie.
const (
	AuthToken   = "token"
	AuthPAT     = "pat"
	AuthBasic   = "basic"
	AuthSession = "session"
)

// AuthTypes lists the auth types in the order in which they are shown.
func AuthTypes() []string { return []string{AuthToken, AuthPAT, AuthBasic, AuthSession} }

// ParseAuthType checks an auth type; the error is ArgumentInvalid.
func ParseAuthType(text string) (string, error) {
	if slices.Contains(AuthTypes(), text) {
		return text, nil
	}
	return "", fault.New(fault.ArgumentInvalid, "there is no auth type %q", text).
		WithSuggestions(fault.Suggest(text, AuthTypes())).
		WithHint("the auth types are token on Cloud, and pat, basic and session on Server and Data Center")
}

// Deployment is which Jira a site runs. The zero value is not known yet.
type Deployment string

// The deployments, as they stand in the config.
const (
	Cloud      Deployment = "cloud"
	DataCenter Deployment = "datacenter" // Server too: the same API
)

// The kinds of Cloud tokens, as they stand in the config. A scoped token works
// through Atlassian's gateway only.
const (
	TokenClassic = "classic"
	TokenScoped  = "scoped"
)

// Network is how a profile's site is reached. Paths and names only: a header's
// value comes from a variable or a program and is never in the file.
type Network struct {
	CAFile     string // PEM bundle, added to the system's authorities
	ClientCert string // PEM
	ClientKey  string // PEM
	Proxy      string // URL, without user info
	Headers    map[string]HeaderSource
	Insecure   bool // any certificate is taken, with a warning on every run
}

// HeaderSource says where a header's value comes from: a variable, or a program
// run without a shell.
type HeaderSource struct {
	Variable string
	Argv     []string
}

// IsZero reports whether the network is the plain one.
func (n Network) IsZero() bool { return n.Equal(Network{}) }

// Equal reports whether both say the same.
func (n Network) Equal(o Network) bool {
	same := func(a, b HeaderSource) bool { return a.Variable == b.Variable && slices.Equal(a.Argv, b.Argv) }
	return n.CAFile == o.CAFile && n.ClientCert == o.ClientCert && n.ClientKey == o.ClientKey && n.Proxy == o.Proxy &&
		n.Insecure == o.Insecure && maps.EqualFunc(n.Headers, o.Headers, same)
}
