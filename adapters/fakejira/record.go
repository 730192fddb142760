package fakejira

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Request is one request as it arrived. It holds no credential.
type Request struct {
	Method   string
	URL      string // absolute, with the query as it was sent
	Host     string
	Path     string // below the context path
	User     string // the email or name of the credential, accepted or not, "?" where it has none; "" without one
	Scheme   string // basic, bearer or cookie; "" without a credential
	Accepted bool   // whether the credential was a valid one
	Header   http.Header
}

// String is the request in one line, as in dumps and errors.
func (r Request) String() string {
	who := "anonymous"
	if r.User != "" {
		who = r.User
		if !r.Accepted {
			who += " (refused)"
		}
	}
	return r.Method + " " + r.URL + " as " + who
}

// record notes a request and what is wrong with how it was made.
func (s *Server) record(c *call) {
	header := c.Header.Clone()
	header.Del("Authorization")
	header.Del("Cookie")
	r := Request{
		Method: c.Method, URL: absolute(c), Host: c.host, Path: c.path,
		User: c.user, Scheme: c.scheme, Accepted: c.who != nil, Header: header,
	}
	s.log = append(s.log, r)
	for _, wrong := range misconduct(c) {
		s.violations = append(s.violations, r.String()+": "+wrong)
	}
}

// misconduct is what a well-made client of this project never does.
func misconduct(c *call) []string {
	var wrong []string
	say := func(bad bool, text string) {
		if bad {
			wrong = append(wrong, text)
		}
	}
	agent := c.UserAgent()
	say(c.Header.Get("Accept") != "application/json", "it does not accept application/json")
	say(agent == "" || strings.HasPrefix(agent, "Go-http-client"), "it has no User-Agent of its own")
	say(c.Method == http.MethodGet && c.ContentLength != 0, "a GET has a body")
	say(c.URL.User != nil, "the URL has user info")
	say(c.Method != http.MethodGet && c.Header.Get("Content-Type") != "application/json", "its body is not said to be JSON")
	for _, route := range routes() {
		if route.path != c.path {
			continue
		}
		for name := range c.URL.Query() {
			say(!slices.Contains(route.query, name), "the parameter "+name+" is unknown")
		}
	}
	return wrong
}

// Requests returns what arrived since the start or the last Reset.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.log)
}

// Dump returns the requests, a line each.
func (s *Server) Dump() string {
	var b strings.Builder
	for _, r := range s.Requests() {
		b.WriteString(r.String() + "\n")
	}
	return b.String()
}

// Reset forgets the requests and the expectations, not the state.
func (s *Server) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log, s.expected, s.violations = nil, nil, nil
}

// expectation is a kind of request that must happen so many times.
type expectation struct {
	method, path, host, user, scheme string
	anonymous                        bool
	left                             int
}

// parseExpect reads [METHOD] PATH [user=EMAIL|NAME|anonymous] [auth=basic|bearer|cookie]
// [host=HOST] [times=N].
func parseExpect(args []string) (*expectation, error) {
	e := &expectation{method: http.MethodGet, left: 1}
	if len(args) > 0 && !strings.HasPrefix(args[0], "/") {
		e.method, args = args[0], args[1:]
	}
	if len(args) == 0 {
		return nil, errors.New("expect needs a path")
	}
	e.path = args[0]
	for _, arg := range args[1:] {
		key, value, _ := strings.Cut(arg, "=")
		switch key {
		case "user":
			e.user, e.anonymous = value, value == "anonymous"
		case "host":
			e.host = value
		case "auth":
			e.scheme = value
		case "times":
			n, err := strconv.Atoi(value)
			if err != nil {
				return nil, fmt.Errorf("%s is no number", value)
			}
			e.left = n
		default:
			return nil, fmt.Errorf("expect has no %s", key)
		}
	}
	return e, nil
}

func (e *expectation) takes(r Request) bool {
	user := e.user == "" || e.user == r.User || e.anonymous && r.User == ""
	return e.left > 0 && user && (e.scheme == "" || e.scheme == r.Scheme) && e.method == r.Method && e.path == r.Path && (e.host == "" || e.host == r.Host)
}

// Check compares what arrived since the last Reset with what was expected, and
// returns an error that names every request too many, every one missing and
// every one made badly. It forgets both. Without an expectation any request is
// one too many.
func (s *Server) Check() error {
	defer s.Reset()
	s.mu.Lock()
	defer s.mu.Unlock()
	wrong := slices.Clone(s.violations)
	for _, r := range s.log {
		i := slices.IndexFunc(s.expected, func(e *expectation) bool { return e.takes(r) })
		if i < 0 {
			wrong = append(wrong, "unexpected: "+r.String())
			continue
		}
		s.expected[i].left--
	}
	for _, e := range s.expected {
		if e.left > 0 {
			wrong = append(wrong, fmt.Sprintf("missing %d times: %s %s", e.left, e.method, e.path))
		}
	}
	if len(wrong) > 0 {
		return errors.New(strings.Join(wrong, "\n"))
	}
	return nil
}
