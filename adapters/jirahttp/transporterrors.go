package jirahttp

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"
	"time"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/ports"
)

// reasoned is an error with one of the causes of ports beside its chain.
type reasoned struct {
	reason error
	chain  error // nil for none
}

// because puts a cause beside a chain.
func because(reason, chain error) error {
	if reason == nil {
		return chain
	}
	return &reasoned{reason, chain}
}

// Error implements error.
func (e *reasoned) Error() string {
	if e.chain == nil {
		return e.reason.Error()
	}
	return e.chain.Error()
}

// Unwrap gives errors.Is and errors.As both.
func (e *reasoned) Unwrap() []error {
	if e.chain == nil {
		return []error{e.reason}
	}
	return []error{e.reason, e.chain}
}

// transportFault translates an error of net/http: no answer came, or none that
// is HTTP. The error's own text is never shown, for it can quote the server.
func (s *session) transportFault(ctx context.Context, req *http.Request, err error) error {
	if endedWith(ctx, err) {
		return context.Cause(ctx)
	}
	var redirect *redirectError
	if errors.As(err, &redirect) {
		f := fault.New(fault.JiraBadResponse, "%s", s.quote(redirect.reason, maxMessage)).
			WithHint("check base_url; a redirect elsewhere is often the login page of single sign-on, and the credential is not sent there")
		if redirect.login {
			f.Cause = ports.ErrLoginPage
		}
		return f
	}
	cause := s.scrub.Error(err)
	proxy := s.wires.nameOf(req)
	if f := s.proxyFault(proxy, req.URL.Host, cause); f != nil {
		return f
	}
	if f := s.tlsFault(req.URL.Host, err, cause); f != nil {
		return f
	}
	if reason, known := unreachable(err); reason != "" {
		if known == ports.ErrDNS {
			return access.CauseDNS.Fault(s.about(), because(known, cause), ": %s", reason)
		}
		return access.CauseUnreachable.Fault(s.about(), because(known, cause), ": %s: %s", req.URL.Host, reason)
	}
	return access.CauseNotJira.Fault(s.about(), cause, ": %s answered with something that is not HTTP", req.URL.Host)
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

// unreachable words an error of the network, "" for one that is none, and says
// which of the causes of ports it is.
func unreachable(err error) (string, error) {
	var dns *net.DNSError
	var op *net.OpError
	var timeout net.Error
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return "no host has the name " + oneLine(dns.Name), ports.ErrDNS
	case errors.As(err, &dns):
		return "the name " + oneLine(dns.Name) + " could not be looked up", ports.ErrDNS
	case errors.As(err, &op), brokeOff(err):
		return broken(err)
	case errors.As(err, &timeout) && timeout.Timeout():
		return "it took too long", nil
	}
	return "", nil
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

func broken(err error) (string, error) {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection was refused", ports.ErrConnectionRefused
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return "there is no route to it", nil
	case errors.Is(err, syscall.ETIMEDOUT), errors.Is(err, os.ErrDeadlineExceeded):
		return "it took too long", nil
	case brokeOff(err):
		return "the connection broke off before the answer", nil
	}
	return "the connection failed", nil
}
