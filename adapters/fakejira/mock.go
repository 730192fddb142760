package fakejira

import (
	"errors"
	"net/http"

	"github.com/jarcoal/httpmock"
)

// MockTransport returns a transport of its own that serves the fake at the base
// URLs (scheme, host and, where there is one, the context path) and at no other.
// A request to any other place is recorded, fails, and fails Check.
func (s *Server) MockTransport(bases ...string) *httpmock.MockTransport {
	m := httpmock.NewMockTransport()
	for _, base := range bases {
		s.Mount(m, base)
	}
	m.RegisterNoResponder(s.stray)
	return m
}

// Mount adds a base URL to a transport. Method, query and headers are judged as
// the requests arrive: see Check.
func (s *Server) Mount(m *httpmock.MockTransport, base string) {
	for _, route := range routes() {
		m.RegisterResponder(route.verb(), base+route.path, s.RoundTrip)
	}
}

// stray records a request that nothing serves.
func (s *Server) stray(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{Request: r, host: hostOf(r), path: r.URL.Path, secure: r.URL.Scheme == "https"}
	s.record(c)
	where := r.Method + " " + absolute(c)
	if r.Header.Get("Authorization") != "" || r.Header.Get("Cookie") != "" || r.Method != http.MethodGet {
		s.violations = append(s.violations, "a credential was sent to a strange place: "+where)
	}
	s.violations = append(s.violations, "nothing serves "+where)
	return nil, errors.New("fakejira: nothing serves " + where)
}
