package jirahttp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
)

// network is one session's transport: one connection, its own pool, and on
// Linux the certificate bundle before the system's whole set.
type network struct {
	first  *http.Transport
	second *http.Transport // with the system's whole set; nil where first has it
	moved  atomic.Bool     // whether second has taken over
}

// newNetwork returns the transport of a session. The roots are read while the
// connection is made; for plain http they are not read at all.
func newNetwork(r *roots, proxy func(*http.Request) (*url.URL, error), secure bool) *network {
	if !secure {
		return &network{first: newTransport(nil, nil, proxy)}
	}
	pool, ready := r.load()
	n := &network{first: newTransport(pool, ready, proxy)}
	if pool != nil {
		n.second = newTransport(nil, nil, proxy)
	}
	return n
}

// newTransport returns a transport with one connection. Without MaxConnsPerHost
// net/http dials once per concurrent first request, before it knows that the
// site speaks HTTP/2.
func newTransport(pool *x509.CertPool, ready <-chan struct{}, proxy func(*http.Request) (*url.URL, error)) *http.Transport {
	return &http.Transport{
		Proxy:                  proxy,
		DialContext:            dial(ready),
		TLSClientConfig:        &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:      true,
		MaxConnsPerHost:        1,
		MaxIdleConnsPerHost:    1,
		DisableCompression:     true,
		MaxResponseHeaderBytes: 64 << 10,
		OnProxyConnectResponse: checkProxy,
	}
}

// RoundTrip sends a request. Before a certificate is refused on the bundle's
// word, the handshake is made once more with the system's whole set: a company's
// authority may be in the directory alone. The request itself has not been sent
// by then, so it is not sent twice.
func (n *network) RoundTrip(req *http.Request) (*http.Response, error) {
	if n.moved.Load() {
		return n.second.RoundTrip(req)
	}
	resp, err := n.first.RoundTrip(req)
	if err == nil || n.second == nil || !rootsMayMatter(err) {
		return resp, err
	}
	n.moved.Store(true)
	n.first.CloseIdleConnections()
	return n.second.RoundTrip(req)
}

// rootsMayMatter reports whether err is a verdict over a certificate that more
// roots could change. The host's name is not one.
func rootsMayMatter(err error) bool {
	var verdict *tls.CertificateVerificationError
	var host x509.HostnameError
	return errors.As(err, &verdict) && !errors.As(err, &host)
}

// CloseIdleConnections closes the session's connection.
func (n *network) CloseIdleConnections() {
	n.first.CloseIdleConnections()
	if n.second != nil {
		n.second.CloseIdleConnections()
	}
}

// dial returns the dialler of a transport. Its connections deliver nothing
// before the roots are there: the site's certificate cannot come earlier, and
// the first round trips are not spent waiting for a disk.
func dial(ready <-chan struct{}) func(ctx context.Context, network, addr string) (net.Conn, error) {
	dialer := &net.Dialer{}
	if ready == nil {
		return dialer.DialContext
	}
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dialer.DialContext(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return &gatedConn{Conn: conn, ready: ready}, nil
	}
}

// gatedConn holds back what it has read until ready is closed.
type gatedConn struct {
	net.Conn
	ready <-chan struct{}
}

// Read implements net.Conn.
func (c *gatedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	<-c.ready
	return n, err
}

// proxyError is a proxy's refusal to connect. net/http would return its status
// text alone.
type proxyError struct{ status int }

func (e *proxyError) Error() string { return fmt.Sprintf("the proxy answered HTTP %d", e.status) }

func checkProxy(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode != http.StatusOK {
		return &proxyError{resp.StatusCode}
	}
	return nil
}
