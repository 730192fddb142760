package jirahttp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

// network is the transport to one host: one connection, its own pool, and on
// Linux the certificate bundle before the system's whole set.
type network struct {
	host            string
	how             company
	proxy           func(*http.Request) (*url.URL, error)
	asked, answered atomic.Bool // whether the host asked for a client certificate, and answered
	current         atomic.Pointer[http.Transport]

	mu    sync.Mutex
	later []func(error) *http.Transport // what may take over when a certificate is refused
	pin   *pin                          // nil where certificates are verified
}

// newNetwork returns the transport to a host. The roots are read while the
// connection is made; for plain http they are not read at all.
func newNetwork(r *roots, proxy func(*http.Request) (*url.URL, error), how company, at *url.URL, p *pin) *network {
	n := &network{host: at.Hostname(), how: how, proxy: proxy}
	if at.Scheme != "https" {
		n.current.Store(n.transport(nil, nil))
		return n
	}
	if how.insecure {
		n.pin = p
		if leaf := p.leaf.Load(); leaf != nil {
			n.current.Store(n.pinnedTo(leaf))
			return n
		}
	}
	pool, ready := r.load()
	whole := pool == nil // the pool is all there is
	if len(how.authorities) > 0 {
		pool, ready = extended(pool, ready, how.authorities)
	}
	n.current.Store(n.transport(pool, ready))
	if !whole {
		n.later = append(n.later, n.withSystem)
	}
	if how.insecure {
		n.later = append(n.later, n.pinned)
	}
	return n
}

// transport returns a transport with one connection. Without MaxConnsPerHost
// net/http dials once per concurrent first request, before it knows that the
// site speaks HTTP/2.
func (n *network) transport(pool *x509.CertPool, ready <-chan struct{}) *http.Transport {
	config := &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12, GetClientCertificate: n.clientCertificate}
	if n.pin != nil {
		config.VerifyConnection = n.pin.check
	}
	return &http.Transport{
		Proxy:                  n.proxy,
		DialContext:            dial(ready),
		TLSClientConfig:        config,
		ForceAttemptHTTP2:      true,
		MaxConnsPerHost:        1,
		MaxIdleConnsPerHost:    1,
		DisableCompression:     true,
		MaxResponseHeaderBytes: 64 << 10,
		OnProxyConnectResponse: checkProxy,
	}
}

// clientCertificate answers a host that asks for one; an empty one is none.
func (n *network) clientCertificate(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
	n.asked.Store(true)
	if n.how.certificate != nil {
		return n.how.certificate, nil
	}
	return &tls.Certificate{}, nil
}

// RoundTrip sends a request. Before a certificate is refused, the handshake is
// made again with what else the certificate may be judged by. The request itself
// has not been sent by then, so it is not sent twice.
func (n *network) RoundTrip(req *http.Request) (*http.Response, error) {
	t := n.current.Load()
	for {
		resp, err := t.RoundTrip(req)
		if err == nil {
			n.answered.Store(true)
			return resp, nil
		}
		next := n.after(t, err)
		if next == nil {
			return nil, n.unpinned(err)
		}
		if t = next; req.GetBody != nil { // the failed attempt has closed the body
			req = req.Clone(req.Context())
			if req.Body, err = req.GetBody(); err != nil {
				return nil, err
			}
		}
	}
}

// after returns the transport that takes over from t, nil where err is final.
func (n *network) after(t *http.Transport, err error) *http.Transport {
	var verdict *tls.CertificateVerificationError
	if !errors.As(err, &verdict) {
		return nil
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if now := n.current.Load(); now != t {
		return now // another request was here first
	}
	for len(n.later) > 0 {
		next := n.later[0](err)
		n.later = n.later[1:]
		if next != nil {
			t.CloseIdleConnections()
			n.current.Store(next)
			return next
		}
	}
	return nil
}

// withSystem trusts the system's whole set: a company's authority may be in the
// directory alone. The host's name is no matter of roots.
func (n *network) withSystem(err error) *http.Transport {
	var host x509.HostnameError
	if errors.As(err, &host) {
		return nil
	}
	if len(n.how.authorities) == 0 {
		return n.transport(nil, nil)
	}
	pool, ready := extended(nil, nil, n.how.authorities)
	return n.transport(pool, ready)
}

// pinned trusts the one certificate that was presented and refused, and nothing
// else, for as long as the run lasts. This is what Network.Insecure means here; a
// certificate without any name is refused all the same.
func (n *network) pinned(err error) *http.Transport {
	var verdict *tls.CertificateVerificationError
	if !errors.As(err, &verdict) || len(verdict.UnverifiedCertificates) == 0 {
		return nil
	}
	if leaf := verdict.UnverifiedCertificates[0]; n.pin.take(leaf) {
		return n.pinnedTo(leaf)
	}
	return nil
}

// unpinned says so where err refuses another certificate than the pinned one.
func (n *network) unpinned(err error) error {
	var verdict *tls.CertificateVerificationError
	if n.pin == nil || !errors.As(err, &verdict) || len(verdict.UnverifiedCertificates) == 0 {
		return err
	}
	if first := n.pin.leaf.Load(); first != nil && !first.Equal(verdict.UnverifiedCertificates[0]) {
		return because(errOtherCertificate, err)
	}
	return err
}

// pinnedTo returns the transport that trusts one certificate, whenever it is
// valid and whatever it is for.
func (n *network) pinnedTo(leaf *x509.Certificate) *http.Transport {
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	t := n.transport(pool, nil)
	middle := leaf.NotBefore.Add(leaf.NotAfter.Sub(leaf.NotBefore) / 2)
	t.TLSClientConfig.Time = func() time.Time { return middle }
	if leaf.VerifyHostname(n.host) != nil {
		t.TLSClientConfig.ServerName = nameOn(leaf)
	}
	return t
}

// nameOn is a name that the certificate is for, "" for none.
func nameOn(leaf *x509.Certificate) string {
	for _, name := range leaf.DNSNames {
		if len(name) > 2 && name[:2] == "*." {
			name = "any" + name[1:]
		}
		if leaf.VerifyHostname(name) == nil {
			return name
		}
	}
	if len(leaf.IPAddresses) > 0 {
		return leaf.IPAddresses[0].String()
	}
	return ""
}

// CloseIdleConnections closes the connection.
func (n *network) CloseIdleConnections() { n.current.Load().CloseIdleConnections() }

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
