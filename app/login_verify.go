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
	server, err := l.server(ctx, req.draft, account)
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
		return found, l.accounts.expiring(req.profile, found.expiry), err
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

// server says what the site runs. Hosts under .atlassian.net are not asked. A
// site that does not say is taken for what has the auth type.
func (l *Login) server(ctx context.Context, d draft, account ports.Account) (access.Server, error) {
	if account.Site.IsCloud() {
		return access.Server{}, nil
	}
	if d.server != nil && d.serverSite == account.Site {
		return *d.server, nil
	}
	account.Secret = secret.Secret{}
	session := l.jira.Open(account)
	defer session.Close()
	server, err := session.Server(ctx)
	switch fault.CodeOf(err) {
	case fault.JiraUnauthorized, fault.JiraForbidden, fault.JiraNotFound, fault.JiraBadResponse, fault.JiraAuthMethodRefused:
		return access.Server{}, nil
	}
	return server, err
}

// expiry asks when a personal access token ends. A server that does not tell is
// no failure.
func expiry(ctx context.Context, session ports.JiraSession, authType string) (time.Time, error) {
	if authType != profile.AuthPAT {
		return time.Time{}, nil
	}
	end, err := session.Expiry(ctx)
	if ctx.Err() != nil {
		return time.Time{}, context.Cause(ctx)
	}
	if err != nil {
		return time.Time{}, nil
	}
	return end, nil
}

// refusedLogin is the documented record of a 401. A 403, a CAPTCHA and the
// credentials of a Data Center are of the same family and say what is different
// about them.
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
	case errors.Is(f, ports.ErrLoginFailed):
		what = strings.Replace(what, "(HTTP 401)", "(HTTP 403)", 1)
	case f.Code == fault.JiraForbidden:
		what = "access was refused (HTTP 403)" + inQuotes(f.Details.UpstreamMessages) +
			"; check that the account may use Jira on this site, and that no IP allowlist, proxy or bot check keeps this machine out"
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
