package jirahttp

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"jira-cli/domain/fault"
)

const (
	pathLogin = "/rest/auth/1/session"

	// The bounds on the cookies of a login; Jira sends two or three.
	maxCookies = 20
	maxCookie  = 4 << 10
)

// login is the one exchange of a password for cookies that a session makes. The
// cookies live here and nowhere else, and are forgotten with the process: to log
// out would take another request of every run, and Jira ends an unused session
// by itself.
type login struct {
	body []byte
	turn chan struct{} // taken by whoever reads or writes what follows

	done    bool
	cookies string
	failed  error
}

func newLogin(user, password string) *login {
	body, _ := json.Marshal(map[string]string{"username": user, "password": password}) // strings always marshal
	return &login{body: body, turn: make(chan struct{}, 1)}
}

// cookie returns the value of the Cookie header, logging in first where nobody
// has. A failure is kept: each attempt counts towards a CAPTCHA, so a password
// is not sent twice. Only where the caller's context ended is nothing known, and
// the next caller tries.
func (s *session) cookie(ctx context.Context) (string, error) {
	l := s.login
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
	defer func() { <-l.turn }()
	if !l.done {
		cookies, err := s.logIn(ctx)
		if err != nil && ctx.Err() != nil {
			return "", err
		}
		l.done, l.cookies, l.failed = true, cookies, err
	}
	return l.cookies, l.failed
}

// logIn sends POST /rest/auth/1/session.
// https://developer.atlassian.com/server/jira/platform/cookie-based-authentication/
func (s *session) logIn(ctx context.Context) (string, error) {
	q := question{method: http.MethodPost, path: pathLogin, body: s.login.body}
	a, err := s.once(ctx, q)
	if err != nil {
		return "", err
	}
	name, value, err := decodeSession(a.body)
	if err != nil {
		return "", err
	}
	s.scrub.Learn(value)
	cookies := name + "=" + value
	for i, c := range (&http.Response{Header: a.header}).Cookies() {
		// A load balancer keeps the session on its node by a cookie of its own.
		if i < maxCookies && c.Name != name && c.MaxAge >= 0 && plainCookie(c.Name, c.Value) {
			s.scrub.Learn(c.Value)
			cookies += "; " + c.Name + "=" + c.Value
		}
	}
	return cookies, nil
}

// decodeSession reads {"session":{"name":"JSESSIONID","value":"…"}}.
func decodeSession(body []byte) (name, value string, err error) {
	var answer struct {
		Session struct {
			Name  string `json:"name"`
			Value string `json:"value"`
		} `json:"session"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return "", "", unexpected("%s answered with JSON of another form", pathLogin)
	}
	if !plainCookie(answer.Session.Name, answer.Session.Value) {
		return "", "", unexpected("%s answered without a session", pathLogin)
	}
	return answer.Session.Name, answer.Session.Value, nil
}

// plainCookie reports whether a cookie can be sent as it is (RFC 6265, 4.1.1),
// and is one at all.
func plainCookie(name, value string) bool {
	return isToken(name) && value != "" && len(name)+len(value) <= maxCookie &&
		strings.IndexFunc(value, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`",;\`, r) }) < 0
}

// authenticate puts the credential on a request that is for private ears.
func (s *session) authenticate(ctx context.Context, req *http.Request) error {
	if s.login == nil {
		req.Header.Set("Authorization", s.authorization)
		return nil
	}
	cookies, err := s.cookie(ctx)
	if err != nil {
		return err
	}
	req.Header.Set("Cookie", cookies)
	return nil
}

// ignored finds the answers that Server and Data Center give anybody in place of
// a refusal: 200, and a header that says who asked.
func (s *session) ignored(q question, resp *http.Response) error {
	who := resp.Header.Get("X-Ausername")
	switch {
	case s.dataCenter && captcha(resp.Header):
		return s.captchaFault(fault.JiraUnauthorized, resp)
	case strings.EqualFold(who, "anonymous"), s.dataCenter && who == "" && failedLogin(resp.Header):
		return s.anonymous(q.path, resp.Header)
	}
	return nil
}

// failedLogin reads what Jira says of the login with which a request came.
func failedLogin(h http.Header) bool {
	reasons := strings.ToUpper(strings.Join(h.Values("X-Seraph-Loginreason"), ","))
	return strings.Contains(reasons, "AUTHENTICATED_FAILED") && !strings.Contains(reasons, "OK")
}

// reader is a request's body.
func (q question) reader() *bytes.Reader { return bytes.NewReader(q.body) }
