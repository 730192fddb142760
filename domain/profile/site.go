package profile

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"jira-cli/domain/fault"
	"jira-cli/domain/secret"
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

// ParseSite accepts a bare site name ("example"), a host or a URL, also one that
// was copied from a browser. Only https is taken, http for loopback hosts alone;
// user info, and a query or fragment that is not a page's, are refused. The error
// is ArgumentInvalid and repeats neither a user info nor what looks like a token.
func ParseSite(text string) (Site, error) {
	site, _, err := ParseAddress(text)
	return site, err
}

// ParseAddress is ParseSite for what a person gives: page says that the text was
// the address of a page of the site, and that something of it was cut.
func ParseAddress(text string) (site Site, page bool, err error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return Site{}, false, siteFault("the site is empty")
	}
	if pastedSecret(text) {
		return Site{}, false, fault.NotASecret(fault.ArgumentInvalid, "a site", "example.atlassian.net")
	}
	if lower := strings.TrimRight(strings.ToLower(text), "/"); isLabel(lower, "-") && lower != "localhost" {
		return Site{scheme: "https", host: lower + CloudSuffix}, false, nil
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Opaque != "" {
		return Site{}, false, siteFault("the site is not a URL")
	}
	if u.User != nil {
		return Site{}, false, siteFault("the site's URL must not contain a user name or password")
	}
	if site, err = origin(u); err != nil {
		return Site{}, false, err
	}
	site.path, page, err = contextPath(site.IsAtlassian(), u)
	if err == nil && strings.HasSuffix(text, "#") && !page && !site.IsAtlassian() {
		err = siteFault("the site's URL must not contain a query or a fragment")
	}
	if err != nil {
		return Site{}, false, err
	}
	return site, page, nil
}

// pastedSecret reports whether a token stands where a site's host belongs.
func pastedSecret(text string) bool {
	_, rest, found := strings.Cut(text, "://")
	if !found {
		rest = text
	}
	host := rest
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		host = rest[:end]
	}
	return secret.Looks(host) || !strings.Contains(rest, ".") && secret.Looks(rest)
}

// origin returns scheme, host and port of an address.
func origin(u *url.URL) (Site, error) {
	scheme := strings.ToLower(u.Scheme)
	name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if strings.ContainsFunc(name, func(r rune) bool { return r > unicode.MaxASCII }) {
		return Site{}, foreignHost(name)
	}
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
	if err := checkHost(name); err != nil {
		return Site{}, err
	}
	port, ok := parsePort(u, scheme)
	if !ok {
		return Site{}, siteFault("the site's port is not a number from 1 to 65535")
	}
	if addr.Is6() {
		name = "[" + addr.String() + "]" // one address has many spellings, an origin has one
	}
	return Site{scheme: scheme, host: name + port}, nil
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

func siteFault(format string, args ...any) *fault.Fault {
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
// Atlassian serves it: a site whose tokens with scopes the gateway takes.
func (s Site) IsCloud() bool { return strings.HasSuffix(s.host, CloudSuffix) }
