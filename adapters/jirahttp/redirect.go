package jirahttp

import (
	"net/http"
	"net/url"
	"strings"
)

// maxRedirects is how many hops within the origin are followed.
const maxRedirects = 3

// redirectError says why a redirect was not followed.
type redirectError struct {
	reason string
	login  bool // whether it seems to lead to a login page
}

func (e *redirectError) Error() string { return e.reason }

// checkRedirect follows redirects within the origin that was asked first, at
// most three and for GET alone. net/http would carry Authorization along to
// subdomains and to other ports and schemes of the host; a credential belongs to
// an origin.
func checkRedirect(next *http.Request, via []*http.Request) error {
	switch {
	case origin(next.URL) != origin(via[0].URL):
		return &redirectError{"Jira redirects to another place, " + oneLine(origin(next.URL)), looksLikeLogin(next.URL)}
	case next.Method != http.MethodGet || via[0].Method != http.MethodGet:
		return &redirectError{"Jira redirects a request that is not a GET", false}
	case len(via) > maxRedirects:
		return &redirectError{"Jira redirects more than three times", looksLikeLogin(next.URL)}
	}
	return nil
}

// looksLikeLogin guesses from a URL whether it leads to where people log in.
func looksLikeLogin(u *url.URL) bool {
	where := strings.ToLower(u.Hostname() + u.Path)
	for _, word := range []string{"login", "logon", "signin", "sign-in", "sso", "saml", "oauth", "openid", "adfs", "idp", "okta", "auth", "id.atlassian.com"} {
		if strings.Contains(where, word) {
			return true
		}
	}
	return false
}

// origin is the normalised scheme, host and port of a URL, as profile.Site
// writes them.
func origin(u *url.URL) string {
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	switch scheme {
	case "https":
		host = strings.TrimSuffix(host, ":443")
	case "http":
		host = strings.TrimSuffix(host, ":80")
	}
	return scheme + "://" + strings.TrimSuffix(host, ".")
}

// originOf is the origin of a URL of this package's own making.
func originOf(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	return origin(u)
}
