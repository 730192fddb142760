package profile

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"jira-cli/domain/fault"
)

// CloudSuffix is the domain of Atlassian's Cloud sites; a bare site name is
// completed with it.
const CloudSuffix = ".atlassian.net"

// Site is a normalised base URL: scheme, host, an optional port and an optional
// context path, without a trailing slash. The zero value is no site.
type Site struct {
	scheme string
	host   string // with its port where that is not the scheme's own
	path   string
}

// ParseSite accepts a bare site name ("example"), a host or a URL. Only https
// is taken, http for loopback hosts alone; user info, a query or a fragment are
// refused. The error is ArgumentInvalid and does not repeat a user info.
func ParseSite(text string) (Site, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return Site{}, siteFault("the site is empty")
	}
	lower := strings.ToLower(text)
	if isLabel(lower, "-") && lower != "localhost" {
		return Site{scheme: "https", host: lower + CloudSuffix}, nil
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Opaque != "" {
		return Site{}, siteFault("the site is not a URL")
	}
	switch {
	case u.User != nil:
		return Site{}, siteFault("the site's URL must not contain a user name or password")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.HasSuffix(text, "#"):
		return Site{}, siteFault("the site's URL must not contain a query or a fragment")
	}
	return assemble(u)
}

func assemble(u *url.URL) (Site, error) {
	scheme := strings.ToLower(u.Scheme)
	name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	addr, notAddress := netip.ParseAddr(name)
	if notAddress != nil && (!isHost(name) || len(name) > 253) || addr.Zone() != "" {
		return Site{}, siteFault("the site has no valid host name")
	}
	switch {
	case scheme == "https":
	case scheme != "http":
		return Site{}, siteFault("the site's URL must begin with https://")
	case !loopback(name):
		return Site{}, siteFault("plain http would send the token unencrypted; use https://%s", name)
	}
	port, ok := parsePort(u, scheme)
	if !ok {
		return Site{}, siteFault("the site's port is not a number from 1 to 65535")
	}
	path := strings.TrimRight(u.EscapedPath(), "/")
	if !isContextPath(path) {
		return Site{}, siteFault("the site's path is not a plain context path")
	}
	if addr.Is6() {
		name = "[" + addr.String() + "]" // one address has many spellings, an origin has one
	}
	return Site{scheme: scheme, host: name + port, path: path}, nil
}

// parsePort returns ":port", or "" for none and for the scheme's own.
func parsePort(u *url.URL, scheme string) (string, bool) {
	if u.Port() == "" {
		return "", !strings.HasSuffix(u.Host, ":")
	}
	n, err := strconv.Atoi(u.Port())
	if err != nil || n < 1 || n > 65535 {
		return "", false
	}
	if scheme == "https" && n == 443 || scheme == "http" && n == 80 {
		return "", true
	}
	return ":" + strconv.Itoa(n), true
}

// loopback does not trust names under .localhost: a resolver may send them
// anywhere.
func loopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

func siteFault(format string, args ...any) error {
	return fault.New(fault.ArgumentInvalid, format, args...).
		WithHint("give the site as example, example.atlassian.net or https://example.atlassian.net")
}

// String returns the base URL, "" for no site.
func (s Site) String() string {
	if s.IsZero() {
		return ""
	}
	return s.Origin() + s.path
}

// Origin returns scheme, host and port: what a credential is bound to.
func (s Site) Origin() string {
	if s.IsZero() {
		return ""
	}
	return s.scheme + "://" + s.host
}

// Host returns the host, with its port where one is given.
func (s Site) Host() string { return s.host }

// Path returns the context path, "" or beginning with a slash.
func (s Site) Path() string { return s.path }

// IsZero reports whether there is no site.
func (s Site) IsZero() bool { return s.host == "" }

// IsCloud reports whether the host is under .atlassian.net, on the port where
// Atlassian serves it.
func (s Site) IsCloud() bool { return strings.HasSuffix(s.host, CloudSuffix) }
