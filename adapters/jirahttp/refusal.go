package jirahttp

import (
	"net/http"
	"strings"
)

// loginReason is why a login failed, in upper case: the header of Jira's
// authentication library or, where a proxy took that away, the sentence on its
// page, "Basic Authentication Failure - Reason : AUTHENTICATION_DENIED".
// https://github.com/gioboa/jira-plugin/issues/173 has such a page.
func loginReason(h http.Header, body []byte) string {
	_, said, _ := strings.Cut(strings.ToUpper(string(body)), "AUTHENTICATION FAILURE - REASON : ")
	said, _, _ = strings.Cut(said, "<")
	return strings.ToUpper(strings.Join(h.Values("X-Seraph-Loginreason"), ",")) + " " + said
}

// foreignChallenge reports whether a 401 asks for a login that Jira does not
// have. Jira's own are OAuth and, of the log-in resource, "JIRA REST POST".
func foreignChallenge(h http.Header) bool {
	foreign := false
	for _, value := range h.Values("Www-Authenticate") {
		lower := strings.ToLower(value)
		scheme, _, _ := strings.Cut(lower, " ")
		switch {
		case scheme == "oauth", strings.Contains(lower, "atlassian"), strings.Contains(lower, "jira"):
			return false
		case scheme == "basic", scheme == "bearer", scheme == "digest", scheme == "negotiate", scheme == "ntlm", scheme == "kerberos":
			foreign = true
		}
	}
	return foreign
}
