package jirahttp

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// retryAfter reads Retry-After in seconds, nil for none. A date (RFC 9110,
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
		return nil
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
