// Package jirahttp owns how this program speaks to Jira: the requests, the one
// connection a session has, the bounds on what is read, and the translation of
// everything that can come back into the closed table of codes. It refuses to
// own what the answers mean together (domain/access) and when to ask. Nothing is
// tried twice unless Options.Retries says so, and a refusal never.
//
// Three rules hold throughout. The credential goes to the site's own origin
// only, or with a cloud id to Atlassian's gateway only. No text of a server's is
// believed: bodies are read up to a bound, and JSON is required where JSON is
// promised. No error, no hint and no trace line contains the secret, also where
// a server echoes it.
//
// Where to look: account.go for the auth types, login.go for cookies, gateway.go
// for scoped tokens, datacenter.go for what only Server and Data Center have,
// company.go for what a profile's network table says, network.go for the
// connections, status.go, tlserrors.go and transporterrors.go for failures.
package jirahttp

import (
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/scrub"
	"jira-cli/ports"
)

// Options are what a client is made of. The zero value works.
type Options struct {
	// UserAgent is sent with every request.
	UserAgent string

	// Transport answers the requests of every session in place of the network,
	// those to the gateway too. Nil means the network, with connections of each
	// session's own.
	Transport http.RoundTripper

	// Debug receives one line per request and answer, without any credential.
	// Nil means none.
	Debug io.Writer

	// Proxy says which proxy serves a request, as http.Transport.Proxy, where
	// the account names none. Nil means what Lookup's variables say; see
	// domain/proxy. Requests without TLS are never proxied.
	Proxy func(*http.Request) (*url.URL, error)

	// Lookup reads SSL_CERT_FILE, SSL_CERT_DIR and the variables of proxies. Nil
	// means that none is set.
	Lookup func(name string) (string, bool)

	// Now is the clock for a Retry-After that is a date, where the answer has
	// no Date of its own, and for the durations of the trace. Nil leaves both
	// out.
	Now func() time.Time

	// Retries is how often a question is asked again after 429, 502, 503, 504
	// or a connection that was reset; see retry.go. 0 means never.
	Retries int

	// Sleep passes the time between two attempts, as ports.Clock. Nil means a
	// timer.
	Sleep func(ctx context.Context, d time.Duration) error

	// Notifier tells a person what is waited for. Nil means nobody.
	Notifier ports.Notifier

	// Random gives the jitter of the waits, from [0, 1). Nil means a random one.
	Random func() float64
}

// Client implements ports.Jira.
type Client struct {
	opts  Options
	roots roots
	pins  pins
	trace *tracer
	scrub *scrub.Scrubber // knows the secrets of all sessions
}

// New returns a client. It reads nothing and connects to nothing.
func New(opts Options) *Client {
	if opts.Lookup == nil {
		opts.Lookup = func(string) (string, bool) { return "", false }
	}
	if opts.Sleep == nil {
		opts.Sleep = sleep
	}
	if opts.Random == nil {
		opts.Random = rand.Float64
	}
	return &Client{opts: opts, roots: roots{lookup: opts.Lookup}, trace: newTracer(opts.Debug, opts.Now), scrub: &scrub.Scrubber{}}
}

// Open implements ports.Jira. It reads the files that the account's network
// names. For a site with TLS it begins to read the system's certificates, so
// that they are there when the site's arrives.
func (c *Client) Open(account ports.Account) ports.JiraSession {
	s := &session{
		client:     c,
		site:       account.Site,
		base:       account.Site.String(),
		api:        api3,
		method:     authTypeOf(account),
		dataCenter: deploymentOf(account) == profile.DataCenter,
		gateway:    account.Site.IsGateway(),
		telling:    !account.Site.IsGateway() && (account.Site.IsAtlassian() || account.Deployment == profile.Cloud),
		agent:      c.opts.UserAgent,
		now:        c.opts.Now,
		scrub:      c.scrub,
		own:        &scrub.Scrubber{},
	}
	if s.dataCenter {
		s.api = api2
	}
	if account.Site.IsZero() {
		s.blocked = fault.New(fault.ArgumentInvalid, "the account has no site")
		return s
	}
	if s.refused = check(account); s.refused == nil {
		s.arm(account)
	}
	if account.CloudID != "" && s.refused == nil {
		s.gateway = true
		s.base = gatewayOf(account)
	}
	var how company
	if how, s.blocked = readCompany(account); s.blocked != nil {
		return s
	}
	proxy, err := c.proxyOf(how)
	if err == nil {
		err = checkCertificates(c.opts.Lookup)
	}
	if err != nil {
		s.blocked = fault.From(err)
		return s
	}
	s.headers = how.headers
	s.scrub.Learn(how.secrets...)
	s.wires = c.wire(s, how, proxy)
	s.http = &http.Client{Transport: c.trace.wrap(s.wires, s.scrub), CheckRedirect: checkRedirect}
	return s
}
