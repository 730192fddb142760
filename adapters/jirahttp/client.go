// Package jirahttp owns how this program speaks to Jira: the requests, the one
// connection a session has, the bounds on what is read, and the translation of
// everything that can come back into the closed table of codes. It refuses to
// own what the answers mean together (domain/access), when to ask, and whether
// to ask again: nothing is tried twice.
//
// Three rules hold throughout. The credential goes to the site's own origin
// only. No text of a server's is believed: bodies are read up to a bound, and
// JSON is required where JSON is promised. No error, no hint and no trace line
// contains the secret, also where a server echoes it.
package jirahttp

import (
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"jira-cli/domain/fault"
	"jira-cli/ports"
)

// Options are what a client is made of. The zero value works.
type Options struct {
	// UserAgent is sent with every request.
	UserAgent string

	// Transport answers the requests of every session in place of the network.
	// Nil means the network, with connections of each session's own.
	Transport http.RoundTripper

	// Debug receives one line per request and answer, without any credential.
	// Nil means none.
	Debug io.Writer

	// Proxy says which proxy serves a request, as http.Transport.Proxy. Nil
	// means http.ProxyFromEnvironment, which never proxies loopback.
	Proxy func(*http.Request) (*url.URL, error)

	// Lookup reads SSL_CERT_FILE and SSL_CERT_DIR. Nil means that neither is
	// set.
	Lookup func(name string) (string, bool)

	// Now is the clock for a Retry-After that is a date, where the answer has
	// no Date of its own, and for the durations of the trace. Nil leaves both
	// out.
	Now func() time.Time
}

// Client implements ports.Jira.
type Client struct {
	opts  Options
	roots roots
	trace *tracer
}

// New returns a client. It reads nothing and connects to nothing.
func New(opts Options) *Client {
	if opts.Proxy == nil {
		opts.Proxy = http.ProxyFromEnvironment
	}
	if opts.Lookup == nil {
		opts.Lookup = func(string) (string, bool) { return "", false }
	}
	return &Client{opts: opts, roots: roots{lookup: opts.Lookup}, trace: newTracer(opts.Debug, opts.Now)}
}

// Warm begins to read the system's certificates, for a caller who knows that a
// session will be opened and has other things to do first. It returns at once.
func (c *Client) Warm() {
	if c.opts.Transport == nil {
		c.roots.load()
	}
}

// Open implements ports.Jira. For a site with TLS it begins to read the
// system's certificates, so that they are there when the site's arrives.
func (c *Client) Open(account ports.Account) ports.JiraSession {
	s := &session{
		site:    account.Site,
		agent:   c.opts.UserAgent,
		now:     c.opts.Now,
		refused: check(account),
	}
	if s.refused != nil {
		return s
	}
	basic := base64.StdEncoding.EncodeToString([]byte(account.Email + ":" + account.Secret.Reveal()))
	s.authorization = "Basic " + basic
	s.scrub = newScrubber(account.Secret.Reveal(), basic)
	var wire http.RoundTripper
	if c.opts.Transport != nil {
		wire = c.opts.Transport
	} else {
		n := newNetwork(&c.roots, c.opts.Proxy, strings.HasPrefix(account.Site.Origin(), "https:"))
		wire, s.closeIdle = n, n.CloseIdleConnections
	}
	s.http = &http.Client{Transport: c.trace.wrap(wire, s.scrub), CheckRedirect: checkRedirect(account.Site)}
	return s
}

// check refuses an account that cannot be put on the wire as what it is: Basic
// authentication ends the user name at the first colon.
func check(a ports.Account) *fault.Fault {
	switch {
	case a.Site.IsZero():
		return fault.New(fault.ArgumentInvalid, "the account has no site")
	case a.Secret.IsZero():
		return fault.New(fault.CredentialNotFound, "there is no credential to send to %s", a.Site)
	case a.Email == "":
		return fault.New(fault.ArgumentInvalid, "the account has no email").
			WithHint("set the account's email with --email")
	case strings.Contains(a.Email, ":"), strings.IndexFunc(a.Email, unicode.IsControl) >= 0:
		return fault.New(fault.ArgumentInvalid, "the email contains a colon or a control character").
			WithHint("set the account's email with --email")
	}
	return nil
}
