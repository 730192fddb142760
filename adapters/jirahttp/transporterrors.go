package jirahttp

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"jira-cli/domain/fault"
)

// transportFault translates an error of net/http: no answer came, or none that
// is HTTP. The error's own text is never shown, for it can quote the server.
func (s *session) transportFault(ctx context.Context, err error) error {
	if endedWith(ctx, err) {
		return context.Cause(ctx)
	}
	var redirect *redirectError
	if errors.As(err, &redirect) {
		return fault.New(fault.JiraBadResponse, "%s", s.scrub.text(redirect.reason)).
			WithHint("check base_url; a redirect elsewhere is often the login page of single sign-on, and the credential is not sent there")
	}
	cause := s.scrub.err(err)
	if f := s.tlsFault(err, cause); f != nil {
		return f
	}
	if reason := unreachable(err); reason != "" {
		f := fault.Wrap(cause, fault.NetworkUnreachable, "%s could not be reached: %s", s.site.Host(), reason)
		return withProxyHint(f, err)
	}
	return fault.Wrap(cause, fault.JiraBadResponse, "%s answered with something that is not proper HTTP", s.site.Host())
}

// endedWith reports whether the end of ctx is why err came. The dialler keeps
// the deadline of ctx by a timer of its own, which can be a moment early.
func endedWith(ctx context.Context, err error) bool {
	if ctx.Err() != nil {
		return true
	}
	if _, has := ctx.Deadline(); !has || !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, os.ErrDeadlineExceeded) {
		return false
	}
	grace := time.NewTimer(100 * time.Millisecond)
	defer grace.Stop()
	select {
	case <-ctx.Done():
		return true
	case <-grace.C:
		return false
	}
}

// unreachable words an error of the network, "" for one that is none.
func unreachable(err error) string {
	var proxy *proxyError
	var dns *net.DNSError
	var op *net.OpError
	var timeout net.Error
	switch {
	case errors.As(err, &proxy):
		return oneLine(proxy.Error())
	case errors.As(err, &dns) && dns.IsNotFound:
		return "no host has the name " + oneLine(dns.Name)
	case errors.As(err, &dns):
		return "the name " + oneLine(dns.Name) + " could not be looked up"
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return "the proxy: " + broken(op.Err)
	case errors.As(err, &op), brokeOff(err):
		return broken(err)
	case errors.As(err, &timeout) && timeout.Timeout():
		return "it took too long"
	}
	return ""
}

// streamError has the shape of the HTTP/2 error of net/http, which fills any
// struct of its shape in errors.As (net/http/h2_error.go).
type streamError struct {
	StreamID uint32
	Code     uint32
	Cause    error
}

// Error implements error, as errors.As demands of its target.
func (e streamError) Error() string { return "the HTTP/2 stream was reset" }

// brokeOff reports whether the connection ended before the answer began.
func brokeOff(err error) bool {
	var stream streamError
	return errors.As(err, &stream) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

func broken(err error) string {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection was refused"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return "there is no route to it"
	case errors.Is(err, syscall.ETIMEDOUT), errors.Is(err, os.ErrDeadlineExceeded):
		return "it took too long"
	case brokeOff(err):
		return "the connection broke off before the answer"
	}
	return "the connection failed"
}

func withProxyHint(f *fault.Fault, err error) *fault.Fault {
	var proxy *proxyError
	var op *net.OpError
	if errors.As(err, &proxy) || errors.As(err, &op) && op.Op == "proxyconnect" {
		return f.WithHint("check HTTPS_PROXY, and list the host in NO_PROXY if it needs no proxy")
	}
	return f
}
