package profile

import (
	"net/url"
	"slices"
	"strings"

	"jira-cli/domain/fault"
)

// contextPath returns the path below which a site's Jira is, of an address that
// may be copied from a browser, and whether that was the address of a page. A
// Cloud site has no path. Elsewhere the pages that are Jira's own are cut, and
// what stands before them is the context path.
func contextPath(cloud bool, u *url.URL) (path string, page bool, err error) {
	path = strings.TrimRight(u.EscapedPath(), "/")
	more := u.RawQuery != "" || u.ForceQuery || u.Fragment != ""
	switch {
	case isGatewayHost(strings.ToLower(u.Hostname())):
		return pathAtGateway(u)
	case cloud:
		return "", path != "" || more, nil
	}
	segments := strings.Split(u.EscapedPath(), "/")
	for i := range segments {
		if isPage(segments[i:], more) {
			path, page = strings.TrimRight(strings.Join(segments[:i], "/"), "/"), true
			break
		}
	}
	switch {
	case more && !page:
		return "", false, siteFault("the site's URL must not contain a query or a fragment")
	case !isContextPath(path):
		return "", false, siteFault("the site's path is not a plain context path")
	}
	return path, page, nil
}

// isPage reports whether Jira's own pages begin with the first of these
// segments. A context path may have the name of one; it is taken for a page only
// with something behind it, more being a query or a fragment.
func isPage(segments []string, more bool) bool {
	first, next := segments[0], ""
	if len(segments) > 1 {
		next = segments[1]
	}
	switch first {
	case "browse", "secure", "projects", "issues", "rest", "servicedesk":
		return len(segments) > 1 || more
	case "plugins":
		return next == "servlet"
	case "jira": // of a Cloud site with a domain of its own
		return slices.Contains([]string{"software", "core", "dashboards", "your-work", "for-you", "people", "plans"}, next) ||
			next == "servicedesk" && len(segments) > 2 && segments[2] == "projects"
	}
	return strings.HasSuffix(first, ".jspa") || strings.HasSuffix(first, ".jsp")
}

// notJira are the hosts of Atlassian that people copy an address from and that
// are never a Jira.
var notJira = []struct{ host, is string }{
	{"id.atlassian.com", "manages Atlassian accounts"},
	{"admin.atlassian.com", "administers Atlassian organizations"},
	{"home.atlassian.com", "is the start page of Atlassian accounts"},
	{"start.atlassian.com", "is the start page of Atlassian accounts"},
	{"team.atlassian.com", "is the directory of Atlassian teams"},
	{"auth.atlassian.com", "is Atlassian's login page"},
	{"my.atlassian.com", "manages Atlassian licenses"},
	{"support.atlassian.com", "is Atlassian's support"},
	{"community.atlassian.com", "is Atlassian's forum"},
	{"developer.atlassian.com", "is Atlassian's documentation"},
	{"marketplace.atlassian.com", "is Atlassian's marketplace"},
	{"atlassian.com", "is Atlassian's own home page"},
	{"www.atlassian.com", "is Atlassian's own home page"},
	{"atlassian.net", "is the domain of all sites"},
	{"www.atlassian.net", "is the domain of all sites"},
	{"bitbucket.org", "is Bitbucket"},
	{"www.bitbucket.org", "is Bitbucket"},
	{"trello.com", "is Trello"},
	{"www.trello.com", "is Trello"},
}

// checkHost refuses hosts that cannot be a Jira.
func checkHost(host string) error {
	for _, row := range notJira {
		if host == row.host {
			return fault.New(fault.ArgumentInvalid, "%s %s and has no Jira", host, row.is).
				WithHint("open Jira in a browser and copy the address from there, such as https://example%s", CloudSuffix)
		}
	}
	return nil
}

// foreignHost says how a host name with letters outside ASCII is written.
func foreignHost(host string) error {
	f := siteFault("the site's host name has characters outside ASCII")
	if ascii, ok := asciiHost(host); ok && strings.Contains(host, ".") {
		return f.WithHint("write it as DNS does: https://%s", ascii)
	}
	return f.WithHint("write the host name in its ASCII form, which begins with xn--; a Cloud site's name has only a-z, 0-9 and -")
}
