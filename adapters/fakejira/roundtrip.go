package fakejira

import (
	"io"
	"net/http"
	"strconv"
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
