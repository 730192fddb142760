package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// proof is what a verified login found out. The zero proof is that of an
// unverified one.
type proof struct {
	identity   access.Identity
	verified   bool
	deployment profile.Deployment // "" for hosts of which it is known by their name
	cloudID    string             // of a scoped token
	expiry     time.Time
}

// verify asks Jira who the credential belongs to. A refusal is the documented
// auth_failed, without a warning about what the gateway answered: jira auth
// explain and --debug show that. Everything else keeps its own code.
func (l *Login) verify(ctx context.Context, req loginRequest, value secret.Secret) (proof, []Warning, error) {
	account, err := l.accounts.Of(ctx, req.profile, value)
	if err != nil {
		return proof{}, nil, err
	}
	account.CloudID = "" // found out anew: a new token may be of another kind
	server, warnings, err := l.server(ctx, req.draft, account)
	if err != nil {
		return proof{}, nil, err
	}
	if err := profile.CheckMethod(account.Site, server.Deployment, server.Version, account.AuthType); err != nil {
		return proof{}, nil, fault.From(err).WithFlag("auth-type")
	}
	account.Deployment = server.Deployment
	found := proof{verified: true, deployment: server.Deployment}
	session := l.jira.Open(account)
	defer session.Close()
	if found.identity, err = session.Myself(ctx); err == nil {
		found.expiry, err = expiry(ctx, session, account.AuthType)
		switch {
		case ctx.Err() != nil:
			return proof{}, nil, context.Cause(ctx)
		case err != nil:
			warnings = append(warnings, unanswered(expiryUnknown, err, string(req.profile.Name)))
		}
		return found, append(warnings, l.accounts.expiring(req.profile, found.expiry)...), nil
	}
	if mayBeScoped(account, err) {
		through, id, second := throughGateway(ctx, l.jira, account)
		switch {
		case ctx.Err() != nil:
			return proof{}, nil, context.Cause(ctx)
		case second == nil:
			found.identity, found.cloudID = id, through.CloudID
			return found, nil, nil
		}
	}
	return proof{}, nil, refusedLogin(req.profile, err)
}

// server says what the site runs. Hosts under .atlassian.net are not asked. For a
// site that does not say, the auth type decides; the error is that the site cannot
// be reached at all.
func (l *Login) server(ctx context.Context, d draft, account ports.Account) (access.Server, []Warning, error) {
	if account.Site.IsAtlassian() {
		return access.Server{}, nil, nil
	}
	if d.server != nil && d.serverSite == account.Site {
		return *d.server, nil, nil
	}
	account.Secret = secret.Secret{}
	session := l.jira.Open(account)
	defer session.Close()
	asked, cancel := optional(ctx)
	defer cancel()
	server, err := session.Server(asked)
	switch code := fault.CodeOf(err); {
	case err == nil:
		return server, nil, nil
	case ctx.Err() != nil:
		return access.Server{}, nil, context.Cause(ctx)
	case code == fault.NetworkUnreachable || code == fault.TLSFailed:
		return access.Server{}, nil, err
	case answered(fault.From(err)):
		return access.Server{}, nil, nil // the site has the last word: it does not say
	}
	return access.Server{}, []Warning{unanswered("what the site runs could not be determined", err, d.name)}, nil
}

// expiryUnknown begins the warning about an expiry that could not be asked for.
const expiryUnknown = "the token's expiry could not be determined"

// expiry asks when a personal access token expires. The identity is known beside
// it, so an error here is no failure of the command.
func expiry(ctx context.Context, session ports.JiraSession, authType string) (time.Time, error) {
	if authType != profile.AuthPAT {
		return time.Time{}, nil
	}
	asked, cancel := optional(ctx)
	defer cancel()
	return session.Expiry(asked)
}

// refusedLogin is the documented record of a 401 of Jira's. A 403, a CAPTCHA, a
// refusal by something in front of Jira and the credentials of a Data Center are
// of the same family and say what is different about them.
func refusedLogin(p profile.Profile, err error) error {
	f := fault.From(err)
	if f.Code != fault.JiraUnauthorized && f.Code != fault.JiraForbidden {
		return err
	}
	const orSkip = ", or pass --skip-verify to store it without checking"
	what := "invalid Atlassian account email or API token, Jira rejected the credential (HTTP 401)" +
		"; check the email and that the API token is current at id.atlassian.com"
	switch p.AuthType {
	case profile.AuthPAT:
		what = "invalid personal access token, Jira rejected the credential (HTTP 401)" +
			"; check that the token is current under Personal Access Tokens in the Jira profile"
	case profile.AuthBasic, profile.AuthSession:
		what = "invalid user name or password, Jira rejected the credential (HTTP 401)" +
			"; check both by logging in to " + p.Site.String() + " in a browser"
	}
	switch {
	case errors.Is(f, ports.ErrCaptcha):
		return fault.Wrap(f, fault.AuthFailed, "%s", f.Message).WithHint("%s", f.Hint)
	case errors.Is(f, ports.ErrForeignChallenge), errors.Is(f, ports.ErrFrontRefused), errors.Is(f, ports.ErrXSRF):
		return fault.Wrap(f, fault.AuthFailed, "%s%s", f.Message, inQuotes(f.Details.UpstreamMessages)).WithHint("%s", f.Hint)
	case errors.Is(f, ports.ErrLoginFailed):
		what = strings.Replace(what, "(HTTP 401)", "(HTTP 403)", 1)
	case f.Code == fault.JiraForbidden:
		what = "access was refused (HTTP 403)" + inQuotes(f.Details.UpstreamMessages) +
			"; check that the account may use Jira on this site"
	}
	return fault.Wrap(f, fault.AuthFailed, "%s%s", what, orSkip)
}

// inQuotes is what the other side said, as a part of a message.
func inQuotes(messages []string) string {
	if len(messages) == 0 {
		return ""
	}
	return ": \"" + messages[0] + "\""
}
