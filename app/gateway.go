package app

import (
	"context"
	"errors"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// mayBeScoped reports whether a refusal is one that a scoped API token gets at
// the site itself. Only sites under .atlassian.net have the gateway, and what is
// no refusal never leads there. A CAPTCHA is not asked for a second time, and after
// a refusal by something in front of Jira nothing more is sent.
func mayBeScoped(account ports.Account, err error) bool {
	code := fault.CodeOf(err)
	return account.Site.IsCloud() && account.CloudID == "" && (account.AuthType == "" || account.AuthType == profile.AuthToken) &&
		(code == fault.JiraUnauthorized || code == fault.JiraForbidden) && !stops(err)
}

// stops reports whether nothing more is to be sent after a refusal: it would
// prolong a lockout, or show the credential again to something that is not Jira.
func stops(err error) bool {
	for _, cause := range []error{ports.ErrCaptcha, ports.ErrLoginFailed, ports.ErrForeignChallenge, ports.ErrFrontRefused, ports.ErrXSRF} {
		if errors.Is(err, cause) {
			return true
		}
	}
	return false
}

// throughGateway asks Atlassian's gateway who the account is, and returns the
// account whose requests go there. The site's own answer is known by then, so a
// gateway that stalls is an error in a bound of its own.
func throughGateway(ctx context.Context, jira ports.Jira, account ports.Account) (ports.Account, access.Identity, error) {
	ctx, cancel := optional(ctx)
	defer cancel()
	site := jira.Open(account)
	defer site.Close()
	id, err := site.CloudID(ctx)
	if err != nil {
		f := *fault.From(err)
		f.Message = "the site's cloud id could not be looked up: " + f.Message
		return account, access.Identity{}, &f
	}
	account.CloudID, account.Deployment = id, profile.Cloud
	gateway := jira.Open(account)
	defer gateway.Close()
	identity, err := gateway.Myself(ctx)
	return account, identity, err
}

// ambientRoute finds another way for an account of the environment, which has no
// profile that could remember one: an API token may be a scoped one, and the
// site may be one that takes none. It returns the account to go on with, or the
// error that stays.
func ambientRoute(ctx context.Context, jira ports.Jira, account ports.Account, refused *fault.Fault) (ports.Account, error) {
	if mayBeScoped(account, refused) {
		through, _, err := throughGateway(ctx, jira, account)
		switch {
		case ctx.Err() != nil:
			return account, context.Cause(ctx)
		case err == nil:
			return through, nil
		}
		return account, refused
	}
	switch refused.Code {
	case fault.JiraUnauthorized, fault.JiraForbidden, fault.JiraNotFound, fault.JiraBadResponse, fault.JiraAuthMethodRefused:
	default:
		return account, refused
	}
	if account.Site.IsAtlassian() || account.AuthType != profile.AuthToken {
		return account, refused
	}
	session := jira.Open(account)
	defer session.Close()
	asked, cancel := optional(ctx)
	defer cancel()
	if server, err := session.Server(asked); err == nil && server.Deployment == profile.DataCenter {
		err := profile.CheckMethod(account.Site, server.Deployment, server.Version, account.AuthType)
		return account, fault.From(err).WithHint("set %s to a personal access token", PATVariable)
	}
	return account, refused
}

// identify asks who an account is. The environment's finds its way first.
func identify(ctx context.Context, jira ports.Jira, name profile.Name, account ports.Account) (access.Identity, error) {
	id, err := myself(ctx, jira, account)
	if err == nil {
		return id, nil
	}
	if name != profile.Ambient {
		return id, withoutPATs(ctx, jira, account, fault.From(err))
	}
	through, err := ambientRoute(ctx, jira, account, fault.From(err))
	if err != nil {
		return id, err
	}
	return myself(ctx, jira, through)
}

// withoutPATs tells a refused personal access token from a site that has none:
// before 8.14 Jira takes it for no credential at all. It returns the error to
// report.
func withoutPATs(ctx context.Context, jira ports.Jira, account ports.Account, refused *fault.Fault) *fault.Fault {
	if account.AuthType != profile.AuthPAT || refused.Code != fault.JiraUnauthorized || stops(refused) || ctx.Err() != nil {
		return refused
	}
	account.Secret = secret.Secret{}
	session := jira.Open(account)
	defer session.Close()
	asked, cancel := optional(ctx)
	defer cancel()
	server, err := session.Server(asked)
	if err != nil || server.Deployment != profile.DataCenter || !profile.TooOldForPAT(server.Version) {
		return refused
	}
	f := access.CauseMethodRefused.Fault(access.About{Site: account.Site.String(), AuthType: account.AuthType}, refused.Cause,
		": Jira %s has no personal access tokens, which came with 8.14", server.Version).
		WithHint("log in with a password: `{login} --force --auth-type basic`")
	f.Details = refused.Details
	return f
}

func myself(ctx context.Context, jira ports.Jira, account ports.Account) (access.Identity, error) {
	session := jira.Open(account)
	defer session.Close()
	return session.Myself(ctx)
}
