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
	host   string
	path   string   // below the context path
	email  string   // of the credential, accepted or not
	who    *account // nil for anonymous callers and for refused credentials
	serial int
	secure bool
}

// reply is an answer and how it is delivered.
type reply struct {
	status int
	header http.Header
	body   []byte
	wire   string        // how it goes wrong on the wire, "" for not at all
	delay  time.Duration // before it begins
}

// route is one endpoint. The server's lock is held while it serves.
type route struct {
	path  string
	query []string // the parameters that a client may send
	open  bool     // answers anonymous callers
	serve func(*Server, *call) reply
}

// routes lists every endpoint; an API is a function of its own.
func routes() []route { return slices.Concat(api3(), edge()) }

// answer decides what a request gets, and records it.
func (s *Server) answer(r *http.Request, secure bool) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	c := &call{Request: r, host: hostOf(r), serial: s.serial, secure: secure}
	c.who, c.email = s.authenticate(r)
	path, below := strings.CutPrefix(r.URL.Path, s.contextPath)
	c.path = path
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

// natural is the answer of a Jira without faults.
func (s *Server) natural(c *call, below bool) reply {
	if len(s.sites) > 0 && !slices.Contains(s.sites, c.host) {
		return unknownSite()
	}
	for _, route := range routes() {
		switch {
		case !below || route.path != c.path:
			continue
		case c.Method != http.MethodGet:
			return jsonReply(http.StatusMethodNotAllowed, map[string]any{"message": "HTTP 405 Method Not Allowed", "status-code": 405})
		case c.who == nil && !route.open:
			return unauthorized(s.unauthorized, c)
		}
		return route.serve(s, c)
	}
	return jsonReply(http.StatusNotFound, map[string]any{"message": "null for uri: " + absolute(c), "status-code": 404})
}

// finish adds the headers that every answer has; those of a fault stay.
func (s *Server) finish(c *call, rep reply, f *fault) reply {
	for name, value := range s.common(c) {
		if rep.header.Get(name) == "" {
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
	case c.who != nil:
		h["X-Seraph-Loginreason"] = "OK"
		h["X-Aaccountid"] = c.who.AccountID
	case c.email != "":
		h["X-Seraph-Loginreason"] = "AUTHENTICATED_FAILED"
	}
	if s.now != nil {
		h["Date"] = s.now().UTC().Format(http.TimeFormat)
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
