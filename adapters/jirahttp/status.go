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
	messages := s.texts(upstreamMessages(resp.Header.Get("Content-Type"), body))
	f := s.judge(q, resp, messages, body)
	f.Details.HTTPStatus = resp.StatusCode
	f.Details.UpstreamRequestID = s.requestID(resp.Header)
	f.Details.UpstreamMessages = messages
	f.Details.UpstreamForeign = !fromJira(resp.Header, body)
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
		return s.refusal(q, resp, messages, body)
	case status == http.StatusNotFound:
		return s.notFound(q, resp)
	case status == http.StatusTooManyRequests:
		return access.CauseRateLimited.Fault(s.about(), nil, " (HTTP 429)")
	case status >= 500:
		return access.CauseServerError.Fault(s.about(), nil, " (HTTP %d)", status)
	case status >= 300 && status < 400:
		return fault.New(fault.JiraBadResponse, "Jira answered with a redirect without a Location (HTTP %d)", status)
	case status == http.StatusNoContent:
		return access.CauseNotJira.Fault(s.about(), nil, ": %s has no content (HTTP 204)", q.path)
	case status == http.StatusPaymentRequired:
		return access.CauseSuspended.Fault(s.about(), nil, ": its subscription or trial has ended (HTTP 402)")
	case status == http.StatusGone:
		return access.CauseSuspended.Fault(s.about(), nil, ": %s is gone (HTTP 410)", s.tried(resp))
	case status < 300:
		return access.CauseNotJira.Fault(s.about(), nil, ": HTTP %d in place of 200", status)
	case status == http.StatusBadRequest && says(messages, "no required ssl certificate", "the ssl certificate error"):
		// A web server before Jira that asks within HTTP (nginx).
		return s.clientCertFault(s.site.Host(), "", nil)
	}
	return fault.New(fault.JiraBadResponse, "Jira did not accept the request (HTTP %d)", status)
}

func (s *session) notFound(q question, resp *http.Response) *fault.Fault {
	switch {
	case resp.Header.Get("Atl-Missing-Tcs") == "true":
		return access.CauseWrongSite.Fault(s.about(), nil, ": %s (HTTP 404)", s.site)
	case q.private && s.gateway:
		return fault.New(fault.JiraNotFound, "there is nothing at %s (HTTP 404)", s.tried(resp)).
			WithHint("run `{login} --force`: the site may have another cloud id by now")
	}
	return access.CauseWrongPath.Fault(s.about(), nil, ": %s (HTTP 404)", s.tried(resp))
}

// refusal translates 401 and 403. Not each is a verdict over the credential.
func (s *session) refusal(q question, resp *http.Response, messages []string, body []byte) *fault.Fault {
	code := fault.JiraUnauthorized
	if resp.StatusCode == http.StatusForbidden {
		code = fault.JiraForbidden
	}
	reason := loginReason(resp.Header, body)
	switch {
	case captcha(resp.Header), strings.Contains(reason, "AUTHENTICATION_DENIED"):
		return s.captchaFault(code, resp)
	case !q.private && q.path != pathLogin:
		return s.closed(code, q, resp, messages, body)
	}
	if s.gateway {
		if f := scopeMissing(s.about(), q, messages); f != nil {
			return f
		}
	}
	if f := s.methodRefused(resp, messages); f != nil {
		return f
	}
	switch {
	case code == fault.JiraForbidden && strings.Contains(reason, "AUTHENTICATED_FAILED"):
		return s.rejected(code, ports.ErrLoginFailed, resp.StatusCode)
	case code == fault.JiraForbidden:
		return s.forbidden(resp, messages, body)
	case foreignChallenge(resp.Header):
		return access.CauseFrontLogin.Fault(s.about(), ports.ErrForeignChallenge, " (HTTP 401)")
	}
	return s.rejected(code, nil, resp.StatusCode)
}

// closed is a refusal of what a site tells anybody.
func (s *session) closed(code fault.Code, q question, resp *http.Response, messages []string, body []byte) *fault.Fault {
	chain := error(nil)
	switch {
	case foreignChallenge(resp.Header):
		chain = ports.ErrForeignChallenge
	case code == fault.JiraForbidden && (blockedAddress(messages) || !fromJira(resp.Header, body)):
		chain = ports.ErrFrontRefused
	}
	what := "requires a login"
	if code == fault.JiraForbidden {
		what = "was refused"
	}
	return fault.Wrap(chain, code, "%s %s (HTTP %d)", q.path, what, resp.StatusCode).
		WithHint("check base_url, and whether single sign-on or a proxy stands in front of the site")
}

// methodRefused tells a refusal of the way of authenticating by its words or,
// for secure administrator sessions (websudo), by a header.
// https://confluence.atlassian.com/adminjiraserver/configuring-secure-administrator-sessions-938847886.html
func (s *session) methodRefused(resp *http.Response, messages []string) *fault.Fault {
	sudo := resp.Header.Get("X-Atlassian-Websudo")
	refused := func(why string) *fault.Fault {
		return access.CauseMethodRefused.Fault(s.about(), nil, ": %s (HTTP %d)", why, resp.StatusCode)
	}
	switch {
	case sudo != "" && sudo != "Has-Authentication", says(messages, "websudo", "secure administrator session"):
		return access.CauseWebsudo.Fault(s.about(), ports.ErrWebsudo, " (HTTP %d)", resp.StatusCode)
	case says(messages, "not available with token authentication", "token authentication is disabled", "personal access tokens are disabled"):
		return refused("it takes no personal access token for this").
			WithHint("log in with a password: `{login} --force --auth-type basic`")
	case says(messages, "basic authentication has been disabled", "basic authentication is disabled", "basic auth is disabled", "basic authentication is not allowed"):
		return refused("it takes no passwords with each request").
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
	f := access.CauseCaptcha.Fault(s.loginPage(), ports.ErrCaptcha, " (HTTP %d); log in once by browser", resp.StatusCode)
	f.Code = code
	f.Details.HTTPStatus = resp.StatusCode
	f.Details.UpstreamRequestID = s.requestID(resp.Header)
	return f
}

// anonymous is a 200 that ignores the credential.
func (s *session) anonymous(path string, h http.Header) *fault.Fault {
	f := access.CauseAnonymous.Fault(s.about(), ports.ErrAnonymous, ": %s (HTTP 200)", path)
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
	return s.quote(origin(u)+u.EscapedPath(), maxMessage)
}

// requestID is the trace id by which Atlassian's support finds a request.
func (s *session) requestID(h http.Header) string {
	for _, name := range []string{"Atl-Traceid", "X-Arequestid"} {
		if id := s.quote(h.Get(name), 100); id != "" {
			return id
		}
	}
	return ""
}
