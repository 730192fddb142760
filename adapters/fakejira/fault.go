package fakejira

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// fault is a failure that waits for its requests.
type fault struct {
	path, host, user string // what it applies to; "*" and "" for all
	name             string
	status           int
	left             int // requests it still serves; negative for all
	skip             int // requests it lets pass before

	style, via, to    string
	alert             string // what crypto/tls calls the alert that ends a handshake
	by                string // the box of the kind "front"
	bare              bool   // without the headers of Jira's
	body, contentType *string
	header            http.Header
	retryAfter        string
	delay             time.Duration
}

// parseFault reads PATH KIND [key=value…].
func parseFault(args []string) (*fault, error) {
	if len(args) < 2 {
		return nil, fmt.Errorf("fault needs a path and a kind")
	}
	f := &fault{path: args[0], name: args[1], left: -1, header: http.Header{}}
	if n, err := strconv.Atoi(f.name); err == nil {
		if n < 100 || n > 599 {
			return nil, fmt.Errorf("%d is no status", n)
		}
		f.name, f.status = "status", n
	}
	switch f.name {
	case "redirect":
		f.status = http.StatusFound
	case "captcha":
		f.status, f.via = http.StatusForbidden, "denied"
	case "unauthorized":
		f.style = "json"
	case "method":
		f.via = "websudo"
	case "front":
		f.by = "nginx"
	}
	if f.kind().make == nil {
		return nil, fmt.Errorf("there is no fault %q", f.name)
	}
	for _, arg := range args[2:] {
		key, value, ok := strings.Cut(arg, "=")
		if !ok {
			return nil, fmt.Errorf("%q is not key=value", arg)
		}
		if err := f.option(key, value); err != nil {
			return nil, fmt.Errorf("%s: %w", arg, err)
		}
	}
	if f.name == "redirect" && f.to == "" {
		return nil, fmt.Errorf("redirect needs to=")
	}
	return f, nil
}

func (f *fault) option(key, value string) (err error) {
	switch key {
	case "times":
		f.left, err = strconv.Atoi(value)
	case "after":
		f.skip, err = strconv.Atoi(value)
	case "status":
		f.status, err = strconv.Atoi(value)
	case "host":
		f.host = value
	case "user":
		f.user = value
	case "to":
		f.to = value
	case "alert":
		f.alert = value
	case "style":
		f.style, err = oneOf(value, styles()...)
	case "via":
		f.via, err = oneOf(value, "denied", "seraph", "websudo", "token", "basic", "password")
	case "by":
		f.by, err = oneOf(value, frontNames()...)
	case "bare":
		f.bare, err = strconv.ParseBool(value)
	case "body":
		f.body = &value
	case "type":
		f.contentType = &value
	case "retry-after":
		f.retryAfter = value
	case "remaining":
		f.header.Set("X-Ratelimit-Remaining", value)
	case "delay":
		f.delay, err = time.ParseDuration(value)
	case "header":
		name, text, ok := strings.Cut(value, ":")
		if !ok {
			return fmt.Errorf("a header is Name:value")
		}
		f.header.Add(name, strings.TrimSpace(text))
	default:
		return fmt.Errorf("a fault has no %s", key)
	}
	return err
}

func oneOf(value string, allowed ...string) (string, error) {
	if !slices.Contains(allowed, value) {
		return "", fmt.Errorf("%q is none of %s", value, strings.Join(allowed, ", "))
	}
	return value, nil
}

func (f *fault) kind() kind {
	if f.name == "status" {
		return withStatus()
	}
	for _, k := range kinds() {
		if k.name == f.name {
			return k
		}
	}
	return kind{}
}

// fault takes the first fault that applies to a request, the newest first.
func (s *Server) fault(c *call) *fault {
	for i := len(s.faults) - 1; i >= 0; i-- {
		f := s.faults[i]
		switch {
		case f.path != "*" && f.path != c.path,
			f.host != "" && f.host != c.host,
			f.user != "" && f.user != c.user,
			f.left == 0:
			continue
		case f.skip > 0:
			f.skip--
			continue
		case f.left > 0:
			f.left--
		}
		return f
	}
	return nil
}

// decorate lays the fault's own body, headers and delay over an answer.
func (f *fault) decorate(s *Server, rep *reply) {
	if f.body != nil {
		rep.body = []byte(*f.body)
	}
	if f.contentType != nil {
		rep.header.Set("Content-Type", *f.contentType)
	}
	for name, values := range f.header {
		rep.header[name] = values
	}
	rep.delay += f.delay
	if f.retryAfter == "" {
		return
	}
	after, isDate := strings.CutPrefix(f.retryAfter, "date:")
	seconds, err := strconv.Atoi(after)
	if !isDate || err != nil {
		rep.header.Set("Retry-After", f.retryAfter)
		return
	}
	from := time.Date(2026, 5, 27, 0, 0, 0, 0, time.UTC)
	if s.now != nil {
		from = s.now().UTC()
	}
	rep.header.Set("Date", from.Format(http.TimeFormat))
	rep.header.Set("Retry-After", from.Add(time.Duration(seconds)*time.Second).Format(http.TimeFormat))
}
