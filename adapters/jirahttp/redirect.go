package jirahttp

import (
	"net/http"
	"net/url"
	"strings"

	"jira-cli/domain/profile"
)

// maxRedirects is how many hops within the origin are followed.
const maxRedirects = 3

// redirectError says why a redirect was not followed.
type redirectError struct{ reason string }

func (e *redirectError) Error() string { return e.reason }

// checkRedirect follows redirects within the site's origin, at most three and
// for GET alone. net/http would carry Authorization along to subdomains and to
// other ports and schemes of the host; a credential belongs to an origin.
func checkRedirect(site profile.Site) func(*http.Request, []*http.Request) error {
	return func(next *http.Request, via []*http.Request) error {
		switch {
		case origin(next.URL) != site.Origin():
			return &redirectError{"Jira redirects to another place, " + oneLine(origin(next.URL))}
		case next.Method != http.MethodGet:
			return &redirectError{"Jira redirects a request that is not a GET"}
		case len(via) > maxRedirects:
			return &redirectError{"Jira redirects more than three times"}
		}
		return nil
	}
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
