package fakejira

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// Socket says how the fake listens.
type Socket struct {
	Address string        // empty: 127.0.0.1:0
	TLS     *tls.Config   // nil: plain HTTP
	HTTP1   bool          // no HTTP/2 over TLS
	RTT     time.Duration // round-trip time of the network that is played
	Control bool          // serve POST /_fake/control and GET /_fake/requests
}

// Endpoint is a listening fake.
type Endpoint struct {
	URL         string // scheme, host and port
	http        *http.Server
	connections atomic.Int64
}

// Listen serves the fake on a loopback address; any other is refused.
func (s *Server) Listen(o Socket) (*Endpoint, error) {
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
	e := &Endpoint{URL: "http://" + listener.Addr().String()}
	var handler http.Handler = s
	if o.Control {
		handler = s.withControl()
	}
	e.http = &http.Server{
		Handler:  handler,
		ErrorLog: log.New(io.Discard, "", 0), // aborted handlers and refused handshakes are meant
		ConnState: func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				e.connections.Add(1)
			}
		},
	}
	if o.HTTP1 {
		e.http.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){}
	}
	if o.RTT > 0 {
		listener = &farListener{Listener: listener, rtt: o.RTT}
	}
	serve := func() { _ = e.http.Serve(listener) }
	if o.TLS != nil {
		e.URL = "https://" + listener.Addr().String()
		e.http.TLSConfig = o.TLS
		serve = func() { _ = e.http.ServeTLS(listener, "", "") }
	}
	go serve()
	return e, nil
}

// Connections returns how many connections have been accepted.
func (e *Endpoint) Connections() int { return int(e.connections.Load()) }

// Close ends the endpoint and every connection.
func (e *Endpoint) Close() { _ = e.http.Close() }

// withControl serves the control beside the fake, on paths that Jira has not.
func (s *Server) withControl() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /_fake/control", func(w http.ResponseWriter, r *http.Request) {
		if err := s.Script(http.MaxBytesReader(w, r.Body, 1<<20)); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		_, _ = io.WriteString(w, "ok\n")
	})
	mux.HandleFunc("GET /_fake/requests", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, s.Dump()) })
	mux.Handle("/", s)
	return mux
}

// Script runs the commands of r, one a line; empty lines and those that begin
// with # are skipped. It stops at the first error, which names the line.
func (s *Server) Script(r io.Reader) error {
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := s.Command(line); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	return lines.Err()
}

// ServeControl serves Script to each connection of a listener, such as one on a
// Unix socket, until ctx ends: commands in, "ok" or "error: …" out, a line for
// a line. The command requests prints them first.
func (s *Server) ServeControl(ctx context.Context, l net.Listener) error {
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer stop()
	for {
		conn, err := l.Accept()
		if err != nil {
			if ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
				return nil
			}
			return err
		}
		go s.converse(ctx, conn)
	}
}

func (s *Server) converse(ctx context.Context, conn net.Conn) {
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		answer := "ok\n"
		if line := strings.TrimSpace(lines.Text()); line == "requests" {
			answer = s.Dump() + answer
		} else if err := s.Command(line); err != nil {
			answer = "error: " + strings.ReplaceAll(err.Error(), "\n", "; ") + "\n"
		}
		if _, err := io.WriteString(conn, answer); err != nil {
			return
		}
	}
}
