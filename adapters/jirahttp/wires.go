package jirahttp

import (
	"crypto/x509"
	"errors"
	"net/http"
	"net/url"

	"jira-cli/domain/proxy"
)

// errStray is a request to a place that is neither the site nor the gateway. No
// code of this package makes one; were it to, the request would not leave.
var errStray = errors.New("a request to a place that is not the site")

// wires are a session's ways out: one to the site, and with a cloud id one to
// the gateway, which a company's client certificate is not shown to.
type wires struct {
	site, gateway   string // origins
	toSite, toGates http.RoundTripper
	networks        []*network
	given           bool                // there is a client certificate for the site
	ownProxy        bool                // the proxy is the profile's
	authorities     []*x509.Certificate // of the profile's file
	proxy           func(*http.Request) (*url.URL, error)
}

// wire makes the ways out of a session.
func (c *Client) wire(s *session, how company, proxy func(*http.Request) (*url.URL, error)) *wires {
	w := &wires{site: s.site.Origin(), proxy: proxy, given: how.certificate != nil, authorities: how.authorities, ownProxy: how.proxy != nil}
	if s.gateway && s.refused == nil {
		w.gateway = originOf(s.base)
	}
	if c.opts.Transport != nil {
		w.toSite, w.toGates = c.opts.Transport, c.opts.Transport
		return w
	}
	open := func(origin string, how company) http.RoundTripper {
		at, err := url.Parse(origin)
		if err != nil { // an origin is a URL
			at = &url.URL{}
		}
		n := newNetwork(&c.roots, w.proxy, how, at, c.pins.of(origin))
		w.networks = append(w.networks, n)
		return n
	}
	w.toSite = open(w.site, how)
	if w.gateway != "" {
		w.toGates = open(w.gateway, company{authorities: how.authorities})
	}
	return w
}

// RoundTrip implements http.RoundTripper.
func (w *wires) RoundTrip(req *http.Request) (*http.Response, error) {
	switch to := origin(req.URL); {
	case to == w.site:
		return w.toSite.RoundTrip(req)
	case w.gateway != "" && to == w.gateway:
		return w.toGates.RoundTrip(req)
	}
	return nil, errStray
}

// wanted reports whether a host asked for a client certificate and has not
// answered since: whether that may be why.
func (w *wires) wanted() bool {
	for _, n := range w.networks {
		if n.asked.Load() && !n.answered.Load() {
			return true
		}
	}
	return false
}

func (w *wires) closeIdle() {
	for _, n := range w.networks {
		n.CloseIdleConnections()
	}
}

// proxyOf returns which proxy serves a request: the profile's, or what the
// options or the environment say, whose variables must be well-formed whether or
// not they are used. Without TLS a proxy would read the credential, and only
// loopback goes without.
func (c *Client) proxyOf(how company) (func(*http.Request) (*url.URL, error), error) {
	environment, err := proxy.Read(c.opts.Lookup)
	if err != nil {
		return nil, err
	}
	return func(req *http.Request) (*url.URL, error) {
		switch {
		case req.URL.Scheme != "https":
			return nil, nil
		case how.proxy != nil:
			return how.proxy, nil
		case c.opts.Proxy != nil:
			return c.opts.Proxy(req)
		}
		found := environment.For(req.URL)
		return found, usable(found)
	}, nil
}

// nameOf names the proxy of a request without its user info, "" for none.
func (w *wires) nameOf(req *http.Request) string {
	proxy, err := w.proxy(req)
	if err != nil || proxy == nil {
		return ""
	}
	return oneLine(proxy.Host)
}
