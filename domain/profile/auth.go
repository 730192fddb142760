package profile

import (
	"slices"
	"strconv"
	"strings"

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
	return "", fault.New(fault.ArgumentInvalid, "there is no auth type %s", fault.Shown(text)).
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

// ParseDeployment checks a deployment as it stands in the config; the error is
// ArgumentInvalid.
func ParseDeployment(text string) (Deployment, error) {
	switch d := Deployment(text); d {
	case "", Cloud, DataCenter:
		return d, nil
	}
	return "", fault.New(fault.ArgumentInvalid, "there is no deployment %q", text).WithHint("the deployments are cloud and datacenter")
}

// ParseTokenKind checks a kind of token as it stands in the config; the error is
// ArgumentInvalid.
func ParseTokenKind(text string) (string, error) {
	switch text {
	case "", TokenClassic, TokenScoped:
		return text, nil
	}
	return "", fault.New(fault.ArgumentInvalid, "there is no token kind %q", text).WithHint("the kinds are classic and scoped")
}

// IsCloudID reports whether text can be the id of a Cloud site. It becomes a
// part of a URL's path.
func IsCloudID(text string) bool {
	return len(text) >= 8 && len(text) <= 64 && only(text, hexDigit, "-")
}

// CheckMethod refuses an auth type that the site cannot have: the error is
// ArgumentInvalid with the reason. The zero Deployment is not known and has all;
// version is the server's, "" where it is not known.
func CheckMethod(site Site, d Deployment, version, authType string) error {
	cloud := d == Cloud || site.IsAtlassian()
	switch {
	case cloud && authType == AuthPAT:
		return fault.New(fault.ArgumentInvalid, "%s is on Jira Cloud, which has no personal access tokens", site).
			WithHint("use an Atlassian API token: --auth-type token with --email")
	case cloud && authType != AuthToken:
		return fault.New(fault.ArgumentInvalid, "%s is on Jira Cloud, which takes no passwords", site).
			WithHint("use an Atlassian API token: --auth-type token with --email")
	case d != DataCenter:
		return nil
	case authType == AuthToken:
		f := fault.New(fault.ArgumentInvalid, "%s runs Jira Data Center, which has no Atlassian API tokens", site)
		if TooOldForPAT(version) {
			return f.WithHint("version %s has no personal access tokens either: use --auth-type basic with --username", version)
		}
		return f.WithHint("use a personal access token: --auth-type pat")
	case authType == AuthPAT && TooOldForPAT(version):
		return fault.New(fault.ArgumentInvalid, "%s runs Jira %s, which is too old for personal access tokens: they came with 8.14", site, version).
			WithHint("use --auth-type basic with --username")
	}
	return nil
}

// TooOldForPAT reports whether a Server or Data Center of this version lacks
// personal access tokens, which came with Jira 8.14. A version that cannot be
// read is not too old.
func TooOldForPAT(version string) bool {
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 2 {
		return false
	}
	major, err := strconv.Atoi(parts[0])
	minor, err2 := strconv.Atoi(parts[1])
	return err == nil && err2 == nil && (major < 8 || major == 8 && minor < 14)
}
