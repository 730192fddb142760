package jirahttp

import (
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"jira-cli/domain/scrub"
)

// tracer writes the trace of --debug: one line per request, with its outcome.
type tracer struct {
	mu  sync.Mutex
	out io.Writer // nil for none
	now func() time.Time
}

func newTracer(out io.Writer, now func() time.Time) *tracer { return &tracer{out: out, now: now} }

// wrap returns next, traced where there is a trace.
func (t *tracer) wrap(next http.RoundTripper, s *scrub.Scrubber) http.RoundTripper {
	if t.out == nil {
		return next
	}
	return &traced{tracer: t, next: next, scrub: s}
}

type traced struct {
	*tracer
	next  http.RoundTripper
	scrub *scrub.Scrubber
}

// RoundTrip implements http.RoundTripper. A redirect's hops are a line each.
func (t *traced) RoundTrip(req *http.Request) (*http.Response, error) {
	var began time.Time
	if t.now != nil {
		began = t.now()
	}
	resp, err := t.next.RoundTrip(req)
	values := map[string]string{"method": req.Method, "url": shown(req.URL)}
	if t.now != nil {
		values["duration"] = t.now().Sub(began).Round(time.Millisecond).String()
	}
	if err != nil {
		values["error"] = err.Error()
	}
	if resp != nil {
		values["proto"] = resp.Proto
		values["status"] = strconv.Itoa(resp.StatusCode)
		values["trace_id"] = resp.Header.Get("Atl-Traceid")
		values["login_reason"] = resp.Header.Get("X-Seraph-Loginreason")
	}
	t.write(values, t.scrub)
	return resp, err
}

// write makes one line of the values, by key, without the empty ones.
func (t *tracer) write(values map[string]string, s *scrub.Scrubber) {
	line := "DBG 🐞 http"
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if value := s.Text(oneLine(values[key])); value != "" {
			line += " " + key + "=" + quoted(value)
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	_, _ = io.WriteString(t.out, line+"\n")
}

// quoted quotes a value to ASCII where it could be taken for more than one, or
// a terminal for a command.
func quoted(value string) string {
	if q := strconv.QuoteToASCII(value); q != `"`+value+`"` || strings.ContainsAny(value, " =") {
		return q
	}
	return value
}

// shown is a URL without user info, which a redirect could bring.
func shown(u *url.URL) string {
	plain := *u
	plain.User = nil
	return plain.String()
}
