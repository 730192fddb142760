package jirahttp

import (
	"encoding/base64"
	"strings"
	"unicode"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// The prefixes of the REST API. Server and Data Center have no version 3.
const (
	api2 = "/rest/api/2"
	api3 = "/rest/api/3"
)

// authTypeOf fills in the zero auth type.
func authTypeOf(a ports.Account) string {
	if a.AuthType == "" {
		return profile.AuthToken
	}
	return a.AuthType
}

// deploymentOf fills in the zero deployment: each auth type has but one.
func deploymentOf(a ports.Account) profile.Deployment {
	switch {
	case a.Deployment != "":
		return a.Deployment
	case authTypeOf(a) == profile.AuthToken:
		return profile.Cloud
	}
	return profile.DataCenter
}

// check refuses an account that cannot be put on the wire as what it is.
func check(a ports.Account) *fault.Fault {
	if f := checkMethod(a); f != nil {
		return f
	}
	if a.Secret.IsZero() {
		return fault.New(fault.CredentialNotFound, "there is no credential to send to %s", a.Site)
	}
	if authTypeOf(a) == profile.AuthPAT {
		return checkBearer(a.Secret.Reveal())
	}
	return checkUser(a)
}

// checkUser refuses what cannot be a user name: Basic authentication ends it at
// the first colon.
func checkUser(a ports.Account) *fault.Fault {
	what := "email"
	if deploymentOf(a) == profile.DataCenter {
		what = "user name"
	}
	switch {
	case a.Email == "":
		return fault.New(fault.ArgumentInvalid, "the account has no %s", what).
			WithHint("set the account's %s with --email", what)
	case strings.Contains(a.Email, ":"), strings.IndexFunc(a.Email, unicode.IsControl) >= 0:
		return fault.New(fault.ArgumentInvalid, "the %s contains a colon or a control character", what).
			WithHint("set the account's %s with --email", what)
	}
	return nil
}

// checkBearer refuses what a header cannot carry (RFC 6750, 2.1).
func checkBearer(token string) *fault.Fault {
	if strings.IndexFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) >= 0 {
		return fault.New(fault.SecretInvalid, "the personal access token contains characters that no token has")
	}
	return nil
}

// checkMethod refuses an auth type that the site cannot have. A password is not
// even tried on Cloud, nor an API token on Server and Data Center.
func checkMethod(a ports.Account) *fault.Fault {
	method := authTypeOf(a)
	cloud := deploymentOf(a) == profile.Cloud || a.Site.IsAtlassian()
	if _, err := profile.ParseAuthType(method); err != nil {
		return fault.From(err)
	}
	switch {
	case a.Site.IsZero():
		return fault.New(fault.ArgumentInvalid, "the account has no site")
	case method == profile.AuthToken && !cloud:
		return fault.New(fault.ArgumentInvalid, "%s runs Server or Data Center, which has no API tokens", a.Site.Host()).
			WithHint("use a personal access token with --auth-type pat, or a password with basic or session")
	case method == profile.AuthPAT && cloud:
		return fault.New(fault.ArgumentInvalid, "%s is on Cloud, which has no personal access tokens", a.Site.Host()).
			WithHint("use an API token with --auth-type token")
	case method != profile.AuthToken && cloud:
		return fault.New(fault.ArgumentInvalid, "%s is on Cloud, which takes no passwords", a.Site.Host()).
			WithHint("use an API token with --auth-type token")
	case a.CloudID == "":
		return nil
	case method != profile.AuthToken || !a.Site.IsCloud():
		return fault.New(fault.ArgumentInvalid, "only API tokens of sites under %s go through Atlassian's gateway", profile.CloudSuffix).
			WithHint("take cloud_id out of the profile")
	case !profile.IsCloudID(a.CloudID):
		return fault.New(fault.ArgumentInvalid, "the cloud id of %s is malformed", a.Site.Host()).
			WithHint("run `{login} --force` to look it up again")
	}
	return nil
}

// arm gives the session what it authenticates with, and its scrubber what must
// not be shown.
func (s *session) arm(a ports.Account) {
	secret := a.Secret.Reveal()
	basic := base64.StdEncoding.EncodeToString([]byte(a.Email + ":" + secret))
	s.user = a.Email
	s.scrub.LearnLogin(a.Email, secret)
	s.own.LearnLogin(a.Email, secret)
	switch s.method {
	case profile.AuthPAT:
		s.authorization = "Bearer " + secret
	case profile.AuthSession:
		s.login = newLogin(a.Email, secret)
	default:
		s.authorization = "Basic " + basic
	}
	// All new API tokens of Cloud begin so: for telling a password from one.
	s.tokenLike = strings.HasPrefix(secret, "AT") && len(secret) > 20
}
