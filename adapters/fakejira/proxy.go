package fakejira

import (
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// ProxyOptions say what a proxy does.
type ProxyOptions struct {
	Address string // loopback, empty: 127.0.0.1:0

	// Target is the host and port to which every tunnel leads, whatever host is
	// asked for, so that example.atlassian.net can be reached without a name
	// server.
	Target string

	// Status refuses every tunnel with that status where it is not 0, and with
	// 407 names the schemes of Authenticate.
	Status       int
	Authenticate []string

	// User and Password are asked for where they are not empty: with 407 and the
	// challenge Basic, or as RFC 1929 has it.
	User, Password string

	// Header is added to every refusal, such as Squid's X-Squid-Error.
	Header http.Header

	// Socks makes it a SOCKS5 proxy; a Status refuses by a rule.
	Socks bool
}

// Proxy is a company's proxy: it opens tunnels and does nothing else. It is safe
// for concurrent use.
type Proxy struct {
	URL      string
	opts     ProxyOptions
	listener net.Listener
	server   *http.Server

	mu     sync.Mutex
	asked  []string
	wrongs []string
	conns  []net.Conn
}

// ListenProxy opens a proxy on loopback.
func ListenProxy(o ProxyOptions) (*Proxy, error) {
	if o.Address == "" {
		o.Address = "127.0.0.1:0"
	}
	host, _, err := net.SplitHostPort(o.Address)
	if err != nil {
		return nil, err
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("%s is not a loopback address", host)
	}
	listener, err := net.Listen("tcp", o.Address)
	if err != nil {
		return nil, err
	}
	p := &Proxy{opts: o, listener: listener, URL: "http://" + listener.Addr().String()}
	if o.Socks {
		p.URL = "socks5://" + listener.Addr().String()
		go p.serveSocks()
		return p, nil
	}
	p.server = &http.Server{Handler: p, ReadHeaderTimeout: time.Minute}
	go func() { _ = p.server.Serve(listener) }()
	return p, nil
}

// Asked returns the hosts with their ports for which a tunnel was asked.
func (p *Proxy) Asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.asked)
}

// Violations returns what a client should not have told the proxy.
func (p *Proxy) Violations() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.wrongs)
}

// Close ends the proxy and its tunnels.
func (p *Proxy) Close() {
	_ = p.listener.Close()
	if p.server != nil {
		_ = p.server.Close()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, conn := range p.conns {
		_ = conn.Close()
	}
}

func (p *Proxy) note(host string, wrong ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, host)
	p.wrongs = append(p.wrongs, wrong...)
}

// ServeHTTP serves CONNECT.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var wrong []string
	if r.Method != http.MethodConnect {
		wrong = append(wrong, "it was sent "+r.Method+" "+r.URL.String())
	}
	for name := range r.Header {
		if name != "User-Agent" && name != "Proxy-Authorization" {
			wrong = append(wrong, "it was sent the header "+name)
		}
	}
	p.note(r.Host, wrong...)
	if p.opts.Status != 0 || r.Method != http.MethodConnect {
		maps.Copy(w.Header(), p.opts.Header)
		w.Header()["Proxy-Authenticate"] = p.opts.Authenticate
		w.WriteHeader(max(p.opts.Status, http.StatusBadRequest))
		return
	}
	if p.opts.User != "" && r.Header.Get("Proxy-Authorization") != "Basic "+base64.StdEncoding.EncodeToString([]byte(p.opts.User+":"+p.opts.Password)) {
		maps.Copy(w.Header(), p.opts.Header)
		w.Header().Set("Proxy-Authenticate", `Basic realm="proxy"`)
		w.WriteHeader(http.StatusProxyAuthRequired)
		return
	}
	far, err := net.Dial("tcp", p.opts.Target)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	w.WriteHeader(http.StatusOK)
	near, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		_ = far.Close()
		return
	}
	p.tunnel(near, buffered, far)
}

// tunnel copies both ways until either side ends.
func (p *Proxy) tunnel(near net.Conn, first io.Reader, far net.Conn) {
	p.mu.Lock()
	p.conns = append(p.conns, near, far)
	p.mu.Unlock()
	go func() {
		_, _ = io.Copy(far, first)
		_ = far.Close()
	}()
	_, _ = io.Copy(near, far)
	_ = near.Close()
}
