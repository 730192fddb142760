package fakejira

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// call is one request with what it means to the fake.
type call struct {
	*http.Request
	host     string
	path     string      // below the context path, or the gateway's prefix
	user     string      // of the credential, accepted or not: email, or name; "?" where it names nobody
	scheme   string      // basic, bearer or cookie; "" for none
	password bool        // on Cloud: the credential is the account's password
	who      *account    // nil for anonymous callers and for refused credentials
	scopes   []string    // of the token; nil for all
	center   *DataCenter // nil on Cloud
	gateway  bool
	cloudID  string // that the gateway is asked for
	serial   int
	secure   bool
}

// reply is an answer and how it is delivered.
type reply struct {
	status int
	header http.Header
	body   []byte
	wire   string        // how it goes wrong on the wire, "" for not at all
	delay  time.Duration // before it begins

	foreign bool // something in front of Jira wrote it
}

// route is one endpoint. The server's lock is held while it serves.
type route struct {
	method string // empty: GET
	path   string
	query  []string // the parameters that a client may send
	open   bool     // answers anonymous callers
	on     where
	scopes [][]string // of which a scoped token needs all of one list
	serve  func(*Server, *call) reply
}

// where is which deployments have an endpoint.
type where int

const (
	everywhere where = iota
	onCloud
	onCenter
)

func (r route) verb() string {
	if r.method == "" {
		return http.MethodGet
	}
	return r.method
}

func (r route) has(c *call) bool {
	return r.on == everywhere || (r.on == onCenter) == (c.center != nil)
}

// routes lists every endpoint; an API is a function of its own.
func routes() []route { return slices.Concat(api3(), api2(), edge(), sessions(), pats()) }

// answer decides what a request gets, and records it.
func (s *Server) answer(r *http.Request, secure bool) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	c := &call{Request: r, host: hostOf(r), serial: s.serial, secure: secure}
	below := s.locate(c)
	if c.center != nil {
		s.authenticateByName(c)
	} else {
		s.authenticate(c)
	}
	s.record(c)
	f := s.fault(c)
	if f != nil && !f.kind().keeps {
		return s.finish(c, f.kind().make(f, c, reply{}), f)
	}
	rep := s.natural(c, below)
	if f != nil {
		rep = f.kind().make(f, c, rep)
	}
	return s.finish(c, rep, f)
}

// locate finds which deployment is asked, and for what; false where the path is
// not below the site's.
func (s *Server) locate(c *call) bool {
	if s.atGateway(c) {
		return true
	}
	context := s.contextPath
	if center, is := s.center(c.host); is {
		c.center = &center
		if center.ContextPath != "" {
			context = center.ContextPath
		}
	}
	path, below := strings.CutPrefix(c.URL.Path, context)
	c.path = path
	return below
}

// natural is the answer of a Jira without faults.
func (s *Server) natural(c *call, below bool) reply {
	if c.gateway && c.cloudID != s.cloudID {
		return gatewayFailure(http.StatusNotFound, "No tenant")
	}
	if !c.gateway && len(s.sites) > 0 && !slices.Contains(s.sites, c.host) {
		return unknownSite()
	}
	found := false
	for _, route := range routes() {
		if !below || route.path != c.path || !route.has(c) {
			continue
		}
		if found = true; route.verb() == c.Method {
			return s.serve(route, c)
		}
	}
	if found {
		return jsonReply(http.StatusMethodNotAllowed, map[string]any{"message": "HTTP 405 Method Not Allowed", "status-code": 405})
	}
	return jsonReply(http.StatusNotFound, map[string]any{"message": "null for uri: " + absolute(c), "status-code": 404})
}

// serve answers at an endpoint, if the caller may ask there.
func (s *Server) serve(r route, c *call) reply {
	switch {
	case c.gateway:
		if refusal := gatewayRefusal(r, c); refusal != nil {
			return *refusal
		}
	case c.center != nil && c.who == nil && c.scheme != "" && !c.center.Lenient:
		return s.refused(c)
	case c.who == nil && !r.open:
		return s.refused(c)
	}
	return r.serve(s, c)
}

// refused is a natural 401.
func (s *Server) refused(c *call) reply {
	if c.password {
		return unauthorized("text", c)
	}
	return unauthorized(s.unauthorized, c)
}

// finish adds the headers that every answer has; those of a fault stay.
func (s *Server) finish(c *call, rep reply, f *fault) reply {
	rep.foreign = rep.foreign || f != nil && f.bare
	for name, value := range s.common(c) {
		if rep.header.Get(name) == "" && (!rep.foreign || name == "Date") {
			rep.header.Set(name, value)
		}
	}
	rep.delay += s.latency
	if f != nil {
		f.decorate(s, &rep)
	}
	return rep
}

// common are the headers of Atlassian's edge and of Jira.
func (s *Server) common(c *call) map[string]string {
	h := map[string]string{
		"Server":                    "AtlassianEdge",
		"Cache-Control":             "no-cache, no-store, no-transform",
		"Atl-Traceid":               fmt.Sprintf("%032x", c.serial),
		"X-Arequestid":              fmt.Sprintf("%032x", 0xa0000000+c.serial),
		"X-Content-Type-Options":    "nosniff",
		"Strict-Transport-Security": "max-age=63072000; includeSubDomains; preload",
		"X-Ratelimit-Limit":         "350",
		"X-Ratelimit-Remaining":     "349",
		"X-Ratelimit-Nearlimit":     "false",
	}
	switch {
	case c.center != nil:
		centerHeaders(h, c)
	case c.who != nil:
		h["X-Seraph-Loginreason"] = "OK"
		h["X-Aaccountid"] = c.who.AccountID
	case c.user != "":
		h["X-Seraph-Loginreason"] = "AUTHENTICATED_FAILED"
	}
	switch {
	case s.now != nil:
		h["Date"] = s.now().Add(s.skew).UTC().Format(http.TimeFormat)
	case s.skew != 0:
		h["Date"] = time.Now().Add(s.skew).UTC().Format(http.TimeFormat)
	}
	return h
}

func absolute(c *call) string {
	scheme := "http"
	if c.secure {
		scheme = "https"
	}
	return scheme + "://" + c.host + c.URL.RequestURI()
}

func jsonReply(status int, document any) reply {
	body, err := json.Marshal(document)
	if err != nil {
		panic(err) // documents are literals of this package
	}
	return textReply(status, "application/json;charset=UTF-8", string(body))
}

func textReply(status int, contentType, body string) reply {
	return reply{status: status, header: http.Header{"Content-Type": {contentType}}, body: []byte(body)}
}

// failure is Jira's own form of an error.
func failure(status int, messages ...string) reply {
	return jsonReply(status, map[string]any{"errorMessages": messages, "errors": map[string]string{}})
}
