package fakejira

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"syscall"
	"time"
)

// RoundTrip delivers answers without a socket: it is an http.RoundTripper and,
// as a method value, a responder of a mocked transport. Faults of the wire
// become the errors that net/http reports for them.
func (s *Server) RoundTrip(r *http.Request) (*http.Response, error) {
	rep := s.answer(r, r.URL.Scheme == "https")
	if !s.wait(r, rep.delay) || rep.wire == "stall" {
		s.hold(r)
		return nil, ended(r)
	}
	if err := wireError(rep.wire, r.URL.Hostname()); err != nil {
		return nil, err
	}
	resp := &http.Response{
		Status: strconv.Itoa(rep.status) + " " + http.StatusText(rep.status), StatusCode: rep.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: rep.header, ContentLength: int64(len(rep.body)), Request: r,
		Body: &mockBody{s: s, r: r, wire: rep.wire, rest: rep.body},
	}
	if rep.wire != "" {
		resp.Body = &mockBody{s: s, r: r, wire: rep.wire, rest: rep.body[:len(rep.body)/2]}
	}
	return resp, nil
}

func ended(r *http.Request) error {
	if err := r.Context().Err(); err != nil {
		return err
	}
	return io.EOF // the fake was closed
}

// mockBody is a body that ends as its fault demands.
type mockBody struct {
	s    *Server
	r    *http.Request
	wire string
	rest []byte
}

// Read implements io.Reader.
func (b *mockBody) Read(p []byte) (int, error) {
	if err := b.r.Context().Err(); err != nil {
		return 0, err
	}
	if len(b.rest) > 0 {
		n := copy(p, b.rest)
		b.rest = b.rest[n:]
		return n, nil
	}
	switch b.wire {
	case "truncate":
		return 0, io.ErrUnexpectedEOF
	case "stall-body":
		b.s.hold(b.r)
		return 0, ended(b.r)
	case "endless":
		return copy(p, blanks()), nil
	}
	return 0, io.EOF
}

// Close implements io.Closer.
func (b *mockBody) Close() error { return nil }

// wireError is what net/http reports where no answer comes, nil where one does.
func wireError(wire, host string) error {
	op := func(name string, err error) error {
		return &net.OpError{Op: name, Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 443}, Err: err}
	}
	verdict := func(err error) error { return &tls.CertificateVerificationError{Err: err} }
	switch wire {
	case "reset":
		return op("read", os.NewSyscallError("read", syscall.ECONNRESET))
	case "refused":
		return op("dial", os.NewSyscallError("connect", syscall.ECONNREFUSED))
	case "dns":
		return op("dial", &net.DNSError{Err: "no such host", Name: host, IsNotFound: true})
	case "nonhttp":
		return errors.New(`net/http: HTTP/1.x transport connection broken: malformed HTTP response "SSH-2.0-OpenSSH_9.6"`)
	case "tls-unknown":
		return verdict(x509.UnknownAuthorityError{Cert: &x509.Certificate{}})
	case "tls-expired":
		over := &x509.Certificate{NotAfter: time.Date(2020, 1, 2, 0, 0, 0, 0, time.UTC)}
		return verdict(x509.CertificateInvalidError{Cert: over, Reason: x509.Expired, Detail: "current time is after 2020-01-02T00:00:00Z"})
	case "tls-future":
		future := &x509.Certificate{NotBefore: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)}
		return verdict(x509.CertificateInvalidError{Cert: future, Reason: x509.Expired, Detail: "current time is before 2100-01-01T00:00:00Z"})
	case "tls-intercepted":
		signed := &x509.Certificate{Issuer: pkix.Name{CommonName: "Zscaler Intermediate Root CA", Organization: []string{"Zscaler Inc."}}}
		return verdict(x509.UnknownAuthorityError{Cert: signed})
	case "tls-client":
		return op("remote error", errors.New("tls: certificate required"))
	case "proxy-refused":
		return &net.OpError{Op: "proxyconnect", Net: "tcp", Err: op("dial", os.NewSyscallError("connect", syscall.ECONNREFUSED))}
	case "tls-host":
		return verdict(x509.HostnameError{Certificate: &x509.Certificate{DNSNames: []string{"proxy.example"}}, Host: host})
	}
	return nil
}
