package jirahttp

import (
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// tracer writes the trace of --debug: one line per request, with its outcome.
type tracer struct {
	mu  sync.Mutex
	out io.Writer // nil for none
	now func() time.Time
}

func newTracer(out io.Writer, now func() time.Time) *tracer { return &tracer{out: out, now: now} }

// wrap returns next, traced where there is a trace.
func (t *tracer) wrap(next http.RoundTripper, s *scrubber) http.RoundTripper {
	if t.out == nil {
		return next
	}
	return &traced{tracer: t, next: next, scrub: s}
}

type traced struct {
	*tracer
	next  http.RoundTripper
	scrub *scrubber
}

// RoundTrip implements http.RoundTripper. A redirect's hops are a line each.
func (t *traced) RoundTrip(req *http.Request) (*http.Response, error) {
	var began time.Time
	if t.now != nil {
		began = t.now()
	}
	resp, err := t.next.RoundTrip(req)
	fields := []string{}
	if t.now != nil {
		fields = append(fields, field("duration", t.now().Sub(began).Round(time.Millisecond).String()))
	}
	if err != nil {
		fields = append(fields, field("error", t.scrub.text(oneLine(err.Error()))))
	}
	fields = append(fields, field("method", req.Method))
	if resp != nil {
		fields = append(fields, field("proto", resp.Proto), field("status", strconv.Itoa(resp.StatusCode)))
		for _, name := range []string{"Atl-Traceid", "X-Seraph-Loginreason"} {
			if value := resp.Header.Get(name); value != "" {
				fields = append(fields, field(strings.ToLower(name), t.scrub.text(oneLine(value))))
			}
		}
	}
	fields = append(fields, field("url", t.scrub.text(shown(req.URL))))
	t.mu.Lock()
	defer t.mu.Unlock()
	_, _ = io.WriteString(t.out, "DBG 🐞 http "+strings.Join(fields, " ")+"\n")
	return resp, err
}

// field writes key=value, quoted to ASCII wherever the value could be taken for
// anything else or for more than one.
func field(key, value string) string {
	quoted := strconv.QuoteToASCII(value)
	if quoted != `"`+value+`"` || value == "" || strings.ContainsAny(value, " =") && key != "url" {
		value = quoted
	}
	return key + "=" + value
}

// shown is a URL without user info, which a redirect could bring.
func shown(u *url.URL) string {
	plain := *u
	plain.User = nil
	return plain.String()
}
