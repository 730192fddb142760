package jirahttp

import (
	"bytes"
	"net/http"
	"strings"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/ports"
)

// about is what the words of a cause depend on.
func (s *session) about() access.About {
	return access.About{Site: s.site.String(), AuthType: s.method}
}

// fromJira reports whether an answer is Jira's, or its edge's, and not one of a
// box in front of it: every answer of Cloud has a trace id, and every one of
// Server and Data Center a request id. A proxy may take those away; what is
// left then are the forms in which Jira writes its failures.
func fromJira(h http.Header, body []byte) bool {
	for _, name := range []string{"Atl-Traceid", "Atl-Request-Id", "X-Arequestid", "X-Anodeid", "X-Asessionid", "X-Ausername", "X-Aaccountid", "X-Seraph-Loginreason", "X-Authentication-Denied-Reason", "X-Failure-Category", "Atl-Missing-Tcs"} {
		if h.Get(name) != "" {
			return true
		}
	}
	body = bytes.TrimSpace(body)
	for _, member := range []string{`"errorMessages"`, `"status-code"`, `"code":40`, `<status-code>`} {
		if bytes.Contains(body[:min(len(body), maxError)], []byte(member)) {
			return true
		}
	}
	return false
}

// blockedAddress are the words of Atlassian's IP allowlist, which its edge says
// in Jira's own form.
// https://confluence.atlassian.com/pages/viewpage.action?pageId=1384133808
func blockedAddress(messages []string) bool {
	return says(messages, "ip address has been rejected", "not on the allowed list", "ip allowlist")
}

// forbidden is a 403 that is about neither the login nor the auth type.
func (s *session) forbidden(resp *http.Response, messages []string, body []byte) *fault.Fault {
	switch {
	case says(messages, "xsrf check failed"):
		return access.CauseXSRF.Fault(s.about(), ports.ErrXSRF, " (HTTP 403)")
	case blockedAddress(messages), !fromJira(resp.Header, body):
		return access.CauseFrontRefuses.Fault(s.about(), ports.ErrFrontRefused, " (HTTP 403)")
	}
	return access.CauseNoPermission.Fault(s.about(), nil, " (HTTP 403)")
}

// loginPage is where people log in to the site.
func (s *session) loginPage() access.About {
	a := s.about()
	if s.dataCenter {
		a.Site += "/login.jsp"
	}
	return a
}

// rejected is a refused credential, in the words for its kind.
func (s *session) rejected(code fault.Code, chain error, status int) *fault.Fault {
	return fault.Wrap(chain, code, "Jira rejected the credential (HTTP %d)", status).WithHint("%s", access.RejectedHint(s.method))
}

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
		scheme = strings.TrimRight(scheme, ",")
		switch {
		case scheme == "oauth", strings.Contains(lower, "atlassian"), strings.Contains(lower, "jira"):
			return false
		case scheme == "basic", scheme == "bearer", scheme == "digest", scheme == "negotiate", scheme == "ntlm", scheme == "kerberos":
			foreign = true
		}
	}
	return foreign
}
