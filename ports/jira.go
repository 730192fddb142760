package ports

import (
	"context"
	"errors"

	"jira-cli/domain/access"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
)

// Account is what it takes to speak to a site as somebody.
type Account struct {
	Site   profile.Site
	Email  string
	Secret secret.Secret
}

// ErrCaptcha is in the chain of a JiraUnauthorized or JiraForbidden whose reason
// is that Jira wants a CAPTCHA answered: the credential may be good, and trying
// again only prolongs the lockout.
var ErrCaptcha = errors.New("jira wants a CAPTCHA answered in a browser")

// Jira opens sessions with sites.
type Jira interface {
	// Open prepares a session. It sends nothing. Sessions share no connection,
	// so that one profile's credential never travels on another's.
	Open(account Account) JiraSession
}

// JiraSession speaks to one site as one account. It is safe for concurrent use.
//
// The credential goes to the site's own origin and nowhere else. Nothing is
// tried twice. Codes, for every method: JiraUnauthorized (401), JiraForbidden
// (403), JiraNotFound (404), JiraSiteNotFound (404 of an unknown Atlassian
// site, the message shows the URL), JiraRateLimited (429, with Retry-After in
// seconds), JiraServerError (5xx), JiraBadResponse (anything that is not the
// promised JSON, a redirect elsewhere, a body that is cut or too large),
// NetworkUnreachable, TLSFailed. HTTP statuses, messages and request ids of
// Jira's are in the fault's details. A refusal for want of a CAPTCHA is an
// ErrCaptcha too. An account that cannot be put on the wire is refused before
// anything is sent: ArgumentInvalid for a colon or a control character in the
// email, CredentialNotFound without a secret.
type JiraSession interface {
	// Myself asks who the account is.
	Myself(ctx context.Context) (access.Identity, error)

	// Permissions asks which of the keys the account holds, in the project or,
	// with "", in any. Keys that Jira does not answer are false. It answers
	// anonymous callers too: see access.Judge.
	Permissions(ctx context.Context, project string, keys []string) (access.Grants, error)

	// Close ends the session's connections.
	Close()
}
