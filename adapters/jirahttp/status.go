package jirahttp

import (
	"net/http"
	"strings"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/ports"
)

// statusFault translates an answer that is not a 200.
func (s *session) statusFault(resp *http.Response, body []byte) *fault.Fault {
	f := s.judge(resp)
	f.Details.HTTPStatus = resp.StatusCode
	f.Details.UpstreamRequestID = s.requestID(resp.Header)
	f.Details.UpstreamMessages = s.scrub.texts(upstreamMessages(resp.Header.Get("Content-Type"), body))
	if resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode >= 500 {
		f.Details.RetryAfterSeconds = retryAfter(resp.Header, s.now)
	}
	if resp.StatusCode == http.StatusTooManyRequests {
		f.Details.RateLimitRemaining = count(resp.Header.Get("X-RateLimit-Remaining"))
	}
	if wait := f.Details.RetryAfterSeconds; wait != nil && *wait > 0 {
		f = f.WithHint("wait %s, then try again", time.Duration(*wait)*time.Second)
	}
	return f
}

func (s *session) judge(resp *http.Response) *fault.Fault {
	status := resp.StatusCode
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return s.refusal(resp)
	case status == http.StatusNotFound && resp.Header.Get("Atl-Missing-Tcs") == "true":
		return fault.New(fault.JiraSiteNotFound, "there is no Atlassian site at %s (HTTP 404)", s.site)
	case status == http.StatusNotFound:
		return fault.New(fault.JiraNotFound, "there is nothing at %s (HTTP 404)", s.tried(resp)).
			WithHint("check base_url, with its context path where the site has one")
	case status == http.StatusTooManyRequests:
		return fault.New(fault.JiraRateLimited, "Jira asks to slow down (HTTP 429)")
	case status >= 500:
		return fault.New(fault.JiraServerError, "Jira failed (HTTP %d)", status)
	case status >= 300 && status < 400:
		return fault.New(fault.JiraBadResponse, "Jira answered with a redirect that leads nowhere (HTTP %d)", status)
	case status < 300:
		return fault.New(fault.JiraBadResponse, "Jira answered without the promised content (HTTP %d)", status)
	}
	return fault.New(fault.JiraBadResponse, "Jira did not accept the request (HTTP %d)", status)
}

// refusal translates 401 and 403. A CAPTCHA is not a verdict over the
// credential: Jira wants it answered in a browser before it looks at the
// credential again.
func (s *session) refusal(resp *http.Response) *fault.Fault {
	code, message := fault.JiraUnauthorized, "Jira rejected the credential (HTTP 401)"
	if resp.StatusCode == http.StatusForbidden {
		code, message = fault.JiraForbidden, "Jira forbids this to the account (HTTP 403)"
	}
	if !captcha(resp.Header) {
		return fault.New(code, "%s", message)
	}
	return fault.Wrap(ports.ErrCaptcha, code, "Jira wants a CAPTCHA answered before it accepts the credential (HTTP %d); log in once by browser", resp.StatusCode).
		WithHint("open %s in a browser, log in, answer the CAPTCHA, then run the command again; more attempts before that prolong the lockout", s.site)
}

// captcha reads the two headers by which Jira says so.
// https://developer.atlassian.com/cloud/jira/platform/basic-auth-for-rest-apis/#captcha
func captcha(h http.Header) bool {
	for _, reason := range h.Values("X-Seraph-LoginReason") {
		if strings.Contains(strings.ToUpper(reason), "AUTHENTICATION_DENIED") {
			return true
		}
	}
	for _, reason := range h.Values("X-Authentication-Denied-Reason") {
		if strings.HasPrefix(strings.ToUpper(strings.TrimSpace(reason)), "CAPTCHA_CHALLENGE") {
			return true
		}
	}
	return false
}

// tried is the URL that was asked last, without its query.
func (s *session) tried(resp *http.Response) string {
	if resp.Request == nil || resp.Request.URL == nil {
		return s.site.String()
	}
	u := resp.Request.URL
	return shorten(s.scrub.text(oneLine(origin(u)+u.EscapedPath())), maxMessage)
}

// requestID is the trace id by which Atlassian's support finds a request.
func (s *session) requestID(h http.Header) string {
	for _, name := range []string{"Atl-Traceid", "X-Arequestid"} {
		if id := oneLine(h.Get(name)); id != "" {
			return shorten(s.scrub.text(id), 100)
		}
	}
	return ""
}
