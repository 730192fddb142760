package ports

import (
	"context"
	"errors"
	"time"

	"jira-cli/domain/access"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
)

// Account is what it takes to speak to a site as somebody. The zero AuthType is
// profile.AuthToken; the zero Deployment is the one that has the auth type.
type Account struct {
	Site       profile.Site
	Email      string // on Server and Data Center the user name; unused with AuthPAT
	Secret     secret.Secret
	AuthType   string
	Deployment profile.Deployment
	// CloudID, where set, sends every authenticated request through Atlassian's
	// gateway instead of the site. For API tokens and sites under .atlassian.net
	// only.
	CloudID string
	Network profile.Network
	// Headers are sent with every request to the site's own origin and to no
	// other, their values resolved from Network.Headers. They may not stand in for
	// what the program or HTTP sets: ArgumentInvalid.
	Headers map[string]secret.Secret
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
// The credential goes to the site's own origin, with a CloudID to Atlassian's
// gateway alone, and nowhere else. Nothing is tried twice unless the
// implementation was told to, and then never a refusal. Codes, for every method:
// JiraUnauthorized (401, or an answer that ignores the credential),
// JiraForbidden (403), JiraScopeMissing (the gateway's 401 for a scope, the
// message names those that would do), JiraAuthMethodRefused (401 or 403 that is
// about the way of authenticating), JiraNotFound (404), JiraSiteNotFound (404 of
// an unknown Atlassian site, the message shows the URL), JiraRateLimited (429,
// with Retry-After in seconds), JiraServerError (5xx), JiraBadResponse (anything
// that is not the promised JSON, a redirect elsewhere, a body that is cut or too
// large), NetworkUnreachable, TLSFailed. HTTP statuses, messages and request ids
// of Jira's are in the fault's details. A refusal for want of a CAPTCHA is an
// ErrCaptcha too. A refusal that something in front of Jira wrote is an
// ErrForeignChallenge (401, with a challenge that Jira does not have) or an
// ErrFrontRefused (403), and nothing else is to be sent after it; one in which
// Jira says beside a 403 that the login failed is an ErrLoginFailed; one for want
// of a secure administrator session an ErrWebsudo, one of its check against
// forged requests an ErrXSRF; causes.go lists what else a chain can tell. An account that
// cannot be put on the wire is refused before anything is sent: ArgumentInvalid
// for a colon or a control character in the email, for an auth type or a CloudID
// that the site cannot have, for a Network that cannot be used; CredentialNotFound
// without a secret.
//
// With profile.AuthSession the first question that needs it logs in, once for
// the session: its failure is every later question's too, a password is not sent
// twice. A cookie that expires is a JiraUnauthorized like any other.
type JiraSession interface {
	// Myself asks who the account is.
	Myself(ctx context.Context) (access.Identity, error)

	// Permissions asks which of the keys the account holds, in the project or,
	// with "", in any. Keys that Jira does not answer are false. It answers
	// anonymous callers too: see access.Judge.
	Permissions(ctx context.Context, project string, keys []string) (access.Grants, error)

	// Server asks what the site runs and what time it is there. It needs no
	// credential, not even in the account, and sends none; it answers anybody, so
	// it proves nothing.
	Server(ctx context.Context) (access.Server, error)

	// CloudID asks for the id by which the gateway knows the site. It needs no
	// credential, not even in the account, and sends none. For sites on Cloud that
	// are not themselves at the gateway: ArgumentInvalid.
	CloudID(ctx context.Context) (string, error)

	// Expiry asks when the personal access token that the session uses ends; the
	// zero time where the token never ends or the server does not say, which is
	// also where it lists several tokens with different ends: it tells nobody
	// which of them asks. With any other AuthType it sends nothing.
	Expiry(ctx context.Context) (time.Time, error)

	// NearLimit reports whether a good answer so far said that little is left of
	// the rate limit.
	NearLimit() bool

	// Close ends the session's connections.
	Close()
}
