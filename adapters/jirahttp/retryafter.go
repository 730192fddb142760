package jirahttp

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// retryAfter reads Retry-After in seconds, or what else names the wait where it
// is missing; nil for none. A date (RFC 9110,
// 10.2.3) counts from the answer's own Date, so that this machine's clock does
// not matter; without one it counts from now. A date that is over is 0.
func retryAfter(h http.Header, now func() time.Time) *int {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if seconds := count(text); seconds != nil {
		return seconds
	}
	until, err := http.ParseTime(text)
	if err != nil {
		if text == "" && count(h.Get("X-RateLimit-FillRate")) != nil {
			return count(h.Get("X-RateLimit-Interval-Seconds"))
		}
		if until, err = reset(h.Get("X-RateLimit-Reset")); text != "" || err != nil {
			return nil
		}
	}
	from, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		if now == nil {
			return nil
		}
		from = now()
	}
	wait := until.Sub(from)
	seconds := max(0, int((wait+time.Second-1)/time.Second))
	return &seconds
}

// reset reads X-RateLimit-Reset, the time at which Cloud's limit ends, as ISO
// 8601 without seconds ("2024-01-15T10:30Z") or with them.
// https://developer.atlassian.com/cloud/jira/platform/rate-limiting/
func reset(text string) (time.Time, error) {
	text = strings.TrimSpace(text)
	if t, err := time.Parse("2006-01-02T15:04Z07:00", text); err == nil {
		return t, nil
	}
	return time.Parse(time.RFC3339, text)
}

// count reads a number that is not negative and fits 31 bits, nil for anything
// else.
func count(text string) *int {
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 31)
	if err != nil {
		return nil
	}
	value := int(n)
	return &value
}
