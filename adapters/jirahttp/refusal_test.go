package jirahttp

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// answering opens a session whose every request gets one answer, and counts them.
func answering(t *testing.T, status int, header map[string]string, body string) (ports.JiraSession, *int) {
	t.Helper()
	site, err := profile.ParseSite("example")
	if err != nil {
		t.Fatal(err)
	}
	sent := 0
	transport := roundTripFunc(func(r *http.Request) (*http.Response, error) {
		sent++
		h := http.Header{}
		for name, value := range header {
			h.Set(name, value)
		}
		return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	})
	s := New(Options{Transport: transport}).Open(ports.Account{Site: site, Email: "john.doe@example.com", Secret: secret.New(secretText)})
	t.Cleanup(s.Close)
	return s, &sent
}

type roundTripFunc func(*http.Request) (*http.Response, error)

func (f roundTripFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestWhoRefuses: a 401 and a 403 are Jira's only where Jira wrote them.
func TestWhoRefuses(t *testing.T) {
	t.Parallel()
	trace := map[string]string{"Atl-Traceid": "1"}
	for name, c := range map[string]struct {
		status int
		header map[string]string
		body   string
		want   error // nil for a refusal of Jira's own
	}{
		"Jira's page":                 {403, trace, "<html><title>Forbidden (403)</title></html>", nil},
		"Jira's JSON behind a proxy":  {403, nil, `{"errorMessages":["no"],"errors":{}}`, nil},
		"Data Center's request id":    {403, map[string]string{"X-Arequestid": "600x1x1"}, "", nil},
		"a page of nobody's":          {403, nil, "<html><title>Access Denied</title></html>", ports.ErrFrontRefused},
		"nothing of nobody's":         {403, nil, "", ports.ErrFrontRefused},
		"a firewall's JSON":           {403, nil, `{"message":"Forbidden"}`, ports.ErrFrontRefused},
		"an IP allowlist at the edge": {403, trace, `{"errorMessages":["The IP address has been rejected because it is not on the allowed list. See your admin for more information."]}`, ports.ErrFrontRefused},
		"XSRF":                        {403, trace, "XSRF check failed", ports.ErrXSRF},
		"Jira's challenge":            {401, map[string]string{"Www-Authenticate": `OAuth realm="https%3A%2F%2Fexample.atlassian.net"`}, "", nil},
		"no challenge":                {401, nil, "", nil},
		"Basic":                       {401, map[string]string{"Www-Authenticate": `Basic realm="Restricted"`}, "", ports.ErrForeignChallenge},
		"Negotiate":                   {401, map[string]string{"Www-Authenticate": "Negotiate"}, "", ports.ErrForeignChallenge},
		"two in one line":             {401, map[string]string{"Www-Authenticate": "NTLM, Negotiate"}, "", ports.ErrForeignChallenge},
		"NTLM":                        {401, map[string]string{"Www-Authenticate": "NTLM"}, "", ports.ErrForeignChallenge},
		"Digest":                      {401, map[string]string{"Www-Authenticate": `Digest realm="intranet", nonce="x"`}, "", ports.ErrForeignChallenge},
		"Bearer":                      {401, map[string]string{"Www-Authenticate": `Bearer error="invalid_token"`}, "", ports.ErrForeignChallenge},
	} {
		s, _ := answering(t, c.status, c.header, c.body)
		_, err := s.Myself(t.Context())
		for _, known := range []error{ports.ErrFrontRefused, ports.ErrForeignChallenge, ports.ErrXSRF} {
			if errors.Is(err, known) != (known == c.want) {
				t.Errorf("%s: %v is %v: %v", name, err, known, errors.Is(err, known))
			}
		}
		if code := fault.CodeOf(err); code != fault.JiraUnauthorized && code != fault.JiraForbidden {
			t.Errorf("%s: %s", name, code)
		}
	}
}

// TestStatusesInWords: 402, 410 and 204 say what they mean.
func TestStatusesInWords(t *testing.T) {
	t.Parallel()
	for status, want := range map[int][2]string{
		http.StatusPaymentRequired: {"the site is suspended or was deleted: its subscription or trial has ended (HTTP 402)", "https://admin.atlassian.com"},
		http.StatusGone:            {"the site is suspended or was deleted: https://example.atlassian.net/rest/api/3/myself is gone (HTTP 410)", "base_url"},
		http.StatusNoContent:       {"the answer is not from Jira's API: /rest/api/3/myself has no content (HTTP 204)", "proxy"},
	} {
		s, _ := answering(t, status, nil, "")
		_, err := s.Myself(t.Context())
		f := fault.From(err)
		if f.Code != fault.JiraBadResponse || f.Message != want[0] || !strings.Contains(f.Hint, want[1]) || f.Details.HTTPStatus != status {
			t.Errorf("%d: %s %q, hint %q", status, f.Code, f.Message, f.Hint)
		}
	}
}

// TestNearLimit: what a good answer says of the rate limit is remembered, and of a
// refusal nothing, whose record has no warnings.
func TestNearLimit(t *testing.T) {
	t.Parallel()
	near := map[string]string{"X-RateLimit-NearLimit": "true", "Atl-Traceid": "1"}
	for status, want := range map[int]bool{http.StatusOK: true, http.StatusUnauthorized: false} {
		s, _ := answering(t, status, near, `{"accountId":"712020:1"}`)
		_, err := s.Myself(t.Context())
		if s.NearLimit() != want {
			t.Errorf("HTTP %d: %v, %v", status, s.NearLimit(), err)
		}
	}
}
