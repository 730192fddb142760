package jirahttp

import (
	"net/http"
	"strings"
	"time"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/ports"
)

// statusFault translates an answer that is not a 200.
func (s *session) statusFault(q question, resp *http.Response, body []byte) *fault.Fault {
	messages := s.scrub.texts(upstreamMessages(resp.Header.Get("Content-Type"), body))
	f := s.judge(q, resp, messages, body)
	f.Details.HTTPStatus = resp.StatusCode
	f.Details.UpstreamRequestID = s.requestID(resp.Header)
	f.Details.UpstreamMessages = messages
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

func (s *session) judge(q question, resp *http.Response, messages []string, body []byte) *fault.Fault {
	status := resp.StatusCode
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return s.refusal(q, resp, messages, loginReason(resp.Header, body))
	case status == http.StatusNotFound && resp.Header.Get("Atl-Missing-Tcs") == "true":
		return fault.New(fault.JiraSiteNotFound, "there is no Atlassian site at %s (HTTP 404)", s.site)
	case status == http.StatusNotFound && q.private && s.gateway:
		return fault.New(fault.JiraNotFound, "there is nothing at %s (HTTP 404)", s.tried(resp)).
			WithHint("run `{login} --force`: the site may have another cloud id by now")
	case status == http.StatusNotFound:
		return fault.New(fault.JiraNotFound, "there is nothing at %s (HTTP 404)", s.tried(resp)).
			WithHint("check base_url, with its context path where the site has one")
	case status == http.StatusTooManyRequests:
		return fault.New(fault.JiraRateLimited, "Jira asks to slow down (HTTP 429)")
	case status >= 500:
		return fault.New(fault.JiraServerError, "Jira failed (HTTP %d)", status)
	case status >= 300 && status < 400:
		return fault.New(fault.JiraBadResponse, "Jira answered with a redirect that leads nowhere (HTTP %d)", status)
	case status == http.StatusNoContent:
		return fault.New(fault.JiraBadResponse, "%s answered without content (HTTP 204)", q.path).
			WithHint("check base_url, and whether a proxy answers in Jira's place")
	case status == http.StatusPaymentRequired:
		return fault.New(fault.JiraBadResponse, "the site is suspended: its subscription or trial has ended (HTTP 402)").
			WithHint("ask the site's administrator to check its billing at https://admin.atlassian.com")
	case status == http.StatusGone:
		return fault.New(fault.JiraBadResponse, "%s has been removed (HTTP 410)", s.tried(resp)).
			WithHint("check base_url: the site may have moved, or been deleted")
	case status < 300:
		return fault.New(fault.JiraBadResponse, "Jira answered without the promised content (HTTP %d)", status)
	case status == http.StatusBadRequest && says(messages, "no required ssl certificate", "the ssl certificate error"):
		// A web server before Jira that asks within HTTP (nginx).
		return s.clientCertFault(s.site.Host(), "", nil)
	}
	return fault.New(fault.JiraBadResponse, "Jira did not accept the request (HTTP %d)", status)
}

// refusal translates 401 and 403. Not each is a verdict over the credential.
// reason is what Jira says of the login, in upper case.
func (s *session) refusal(q question, resp *http.Response, messages []string, reason string) *fault.Fault {
	code, message := fault.JiraUnauthorized, "Jira rejected the credential (HTTP 401)"
	if resp.StatusCode == http.StatusForbidden {
		code, message = fault.JiraForbidden, "Jira forbids this to the account (HTTP 403)"
	}
	switch {
	case captcha(resp.Header), strings.Contains(reason, "AUTHENTICATION_DENIED"):
		return s.captchaFault(code, resp)
	case !q.private && q.path != pathLogin:
		return fault.New(code, "%s answers nobody without a login (HTTP %d)", q.path, resp.StatusCode).
			WithHint("check base_url, and whether single sign-on or a proxy stands before the site")
	}
	if s.gateway {
		if f := scopeMissing(q, messages); f != nil {
			return f
		}
	}
	if f := s.methodRefused(resp, messages); f != nil {
		return f
	}
	switch {
	case code == fault.JiraForbidden && strings.Contains(reason, "AUTHENTICATED_FAILED"):
		return fault.Wrap(ports.ErrLoginFailed, code, "Jira rejected the credential (HTTP 403)").
			WithHint("%s", fault.Lookup(fault.JiraUnauthorized).Hint)
	case code == fault.JiraUnauthorized && foreignChallenge(resp.Header):
		return fault.Wrap(ports.ErrForeignChallenge, code, "%s", message)
	}
	return fault.New(code, "%s", message)
}

// methodRefused tells a refusal of the way of authenticating by its words or,
// for secure administrator sessions (websudo), by a header.
// https://confluence.atlassian.com/adminjiraserver/configuring-secure-administrator-sessions-938847886.html
func (s *session) methodRefused(resp *http.Response, messages []string) *fault.Fault {
	sudo := resp.Header.Get("X-Atlassian-Websudo")
	refused := func(format string, args ...any) *fault.Fault {
		return fault.New(fault.JiraAuthMethodRefused, format+" (HTTP %d)", append(args, resp.StatusCode)...)
	}
	switch {
	case sudo != "" && sudo != "Has-Authentication", says(messages, "websudo", "secure administrator session"):
		row := access.CauseWebsudo.Row("", "")
		f := refused("%s", row.Meaning).WithHint("%s", row.Advice)
		f.Cause = ports.ErrWebsudo
		return f
	case says(messages, "not available with token authentication", "token authentication is disabled", "personal access tokens are disabled"):
		return refused("Jira does not take a personal access token for this").
			WithHint("log in with a password: `{login} --force --auth-type basic`")
	case says(messages, "basic authentication has been disabled", "basic authentication is disabled", "basic auth is disabled", "basic authentication is not allowed"):
		return refused("Jira does not take passwords with each request").
			WithHint("use a personal access token: `{login} --force --auth-type pat`")
	case !s.dataCenter && !s.tokenLike && says(messages, "basic authentication with passwords", "basic auth with password"):
		// Cloud says so of every bad token too, as it cannot tell it from a
		// password; here one can.
		return refused("Cloud takes no passwords").
			WithHint("create an API token at https://id.atlassian.com/manage-profile/security/api-tokens and store it with `{login} --force`")
	}
	return nil
}

// captchaFault is a refusal that is no verdict over the credential: Jira wants a
// CAPTCHA answered in a browser before it looks at the credential again.
func (s *session) captchaFault(code fault.Code, resp *http.Response) *fault.Fault {
	where := s.site.String()
	if s.dataCenter {
		where += "/login.jsp"
	}
	f := fault.Wrap(ports.ErrCaptcha, code, "Jira wants a CAPTCHA answered before it accepts the credential (HTTP %d); log in once by browser", resp.StatusCode).
		WithHint("open %s in a browser, log in, answer the CAPTCHA, then run the command again; more attempts before that prolong the lockout", where)
	f.Details.HTTPStatus = resp.StatusCode
	f.Details.UpstreamRequestID = s.requestID(resp.Header)
	return f
}

// anonymous is a 200 that ignores the credential.
func (s *session) anonymous(path string, h http.Header) *fault.Fault {
	f := fault.Wrap(ports.ErrAnonymous, fault.JiraUnauthorized, "%s answered as to an anonymous caller: the credential was ignored (HTTP 200)", path)
	f.Details.HTTPStatus = http.StatusOK
	f.Details.UpstreamRequestID = s.requestID(h)
	return f
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
