package jirahttp_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"jira-cli/adapters/fakejira"
	"jira-cli/adapters/jirahttp"
	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/secret"
	"jira-cli/ports"

	"github.com/jarcoal/httpmock"
)

// open opens a session of the sample account at a base URL.
func open(t *testing.T, options jirahttp.Options, base string) ports.JiraSession {
	t.Helper()
	options.UserAgent = userAgent
	s := jirahttp.New(options).Open(ports.Account{Site: parseSite(t, base), Email: fakejira.SampleEmail, Secret: secret.New(token)})
	t.Cleanup(s.Close)
	return s
}

func bounded(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// probe asks both questions at once.
func probe(t *testing.T, s ports.JiraSession) {
	t.Helper()
	ctx := bounded(t)
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := s.Myself(ctx); err != nil {
			t.Errorf("Myself: %v", err)
		}
	})
	wg.Go(func() {
		if _, err := s.Permissions(ctx, "PROJ", access.ProbedKeys()); err != nil {
			t.Errorf("Permissions: %v", err)
		}
	})
	wg.Wait()
}

func TestOneConnectionPerSession(t *testing.T) {
	t.Parallel()
	ca := newCA(t)
	for name, socket := range map[string]fakejira.Socket{
		"HTTP/2":         {TLS: serverConfig(t, ca, fakejira.Leaf{})},
		"HTTP/1.1 + TLS": {TLS: serverConfig(t, ca, fakejira.Leaf{}), HTTP1: true},
		"HTTP/1.1":       {},
		"far away":       {TLS: serverConfig(t, ca, fakejira.Leaf{}), RTT: 5 * time.Millisecond},
		"far HTTP/1.1":   {RTT: 5 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := newFake(t, "")
			endpoint := listen(t, fake, socket)
			for n := 1; n <= 3; n++ {
				s := open(t, jirahttp.Options{Lookup: certFile(t, ca)}, endpoint.URL)
				probe(t, s)
				probe(t, s)
				if got := endpoint.Connections(); got != n {
					t.Errorf("%d sessions made %d connections", n, got)
				}
			}
			if err := fake.Check(); err == nil || strings.Contains(err.Error(), "missing") || strings.Count(err.Error(), "unexpected: GET") != 12 {
				t.Errorf("the fake saw %v", err)
			}
		})
	}
}

func TestTheRequestAsItIsSent(t *testing.T) {
	t.Parallel()
	transport := httpmock.NewMockTransport()
	var seen []string
	record := func(r *http.Request) (*http.Response, error) {
		email, password, _ := r.BasicAuth()
		if r.Header.Get("Accept") != "application/json" || r.UserAgent() != userAgent || r.Body != nil || len(r.Cookies()) != 0 {
			t.Errorf("the request has the headers %v", r.Header)
		}
		if email != fakejira.SampleEmail || password != token {
			t.Errorf("it authenticates as %s", email)
		}
		seen = append(seen, r.URL.RawQuery)
		return httpmock.NewStringResponse(200, `{"accountId":"712020:1","permissions":{"B":{"havePermission":true}}}`), nil
	}
	transport.RegisterResponder("GET", "https://jira.example.com/jira/rest/api/3/myself", record)
	transport.RegisterResponder("GET", "https://jira.example.com/jira/rest/api/3/mypermissions", record)
	s := open(t, jirahttp.Options{Transport: transport}, "https://jira.example.com/jira/")
	if _, err := s.Myself(t.Context()); err != nil {
		t.Error(err)
	}
	grants, err := s.Permissions(t.Context(), "A & B", []string{"B", "C"})
	if err != nil || !grants["B"] || grants["C"] || len(grants) != 2 {
		t.Errorf("Permissions = %v, %v", grants, err)
	}
	if len(seen) != 2 {
		t.Fatalf("%d requests were answered", len(seen))
	}
	query, _ := url.ParseQuery(seen[1])
	if seen[0] != "" || query.Get("permissions") != "B,C" || query.Get("projectKey") != "A & B" || len(query) != 2 {
		t.Errorf("the queries were %q", seen)
	}
}

func TestRedirectsWithinTheOrigin(t *testing.T) {
	t.Parallel()
	fake := newFake(t, "")
	endpoint := listen(t, fake, fakejira.Socket{})
	s := open(t, jirahttp.Options{}, endpoint.URL)
	command(t, fake, "fault * redirect to=self times=3")
	if _, err := s.Myself(bounded(t)); err != nil {
		t.Errorf("three hops: %v", err)
	}
	for _, r := range fake.Requests() {
		if !r.Accepted {
			t.Errorf("a hop went without the credential: %s", r)
		}
	}
	command(t, fake, "fault clear", "fault * redirect to=self times=4")
	if _, err := s.Myself(bounded(t)); fault.CodeOf(err) != fault.JiraBadResponse {
		t.Errorf("four hops: %v", err)
	}
	command(t, fake, "fault clear", "fault * redirect to=/rest/api/3/serverInfo times=1")
	if _, err := s.Myself(bounded(t)); fault.CodeOf(err) != fault.JiraBadResponse {
		t.Errorf("a hop to something else: %v", err)
	}
}

// TestTheCredentialStays sends the client to another port of the same host, for
// which net/http would carry the credential along.
func TestTheCredentialStays(t *testing.T) {
	t.Parallel()
	fake, stranger := newFake(t, ""), newFake(t, "")
	endpoint, elsewhere := listen(t, fake, fakejira.Socket{}), listen(t, stranger, fakejira.Socket{})
	s := open(t, jirahttp.Options{}, endpoint.URL)
	for _, status := range []string{"301", "302", "303", "307", "308"} {
		command(t, fake, "fault clear", "fault * redirect to="+elsewhere.URL+"/rest/api/3/myself status="+status)
		_, err := s.Myself(bounded(t))
		if fault.CodeOf(err) != fault.JiraBadResponse || !strings.Contains(err.Error(), elsewhere.URL) {
			t.Errorf("%s: %v", status, err)
		}
	}
	if got := stranger.Dump(); got != "" {
		t.Errorf("the other place was asked: %s", got)
	}
}

func TestNoProperHTTP(t *testing.T) {
	t.Parallel()
	fake := newFake(t, "")
	s := open(t, jirahttp.Options{}, listen(t, fake, fakejira.Socket{}).URL)
	command(t, fake, "fault * nonhttp")
	if _, err := s.Myself(bounded(t)); fault.CodeOf(err) != fault.JiraBadResponse || strings.Contains(err.Error(), "SSH") {
		t.Errorf("SSH in place of HTTP: %v", err)
	}
	command(t, fake, "fault clear", `fault * redirect "to=http://[::bad" status=302`)
	if _, err := s.Myself(bounded(t)); fault.CodeOf(err) != fault.JiraBadResponse {
		t.Errorf("a malformed Location: %v", err)
	}
}

func TestOtherStatuses(t *testing.T) {
	t.Parallel()
	fake := newFake(t, "")
	s := open(t, jirahttp.Options{}, listen(t, fake, fakejira.Socket{}).URL)
	for status, code := range map[string]fault.Code{
		"201": fault.JiraBadResponse, "300": fault.JiraBadResponse, "400": fault.JiraBadResponse,
		"405": fault.JiraBadResponse, "410": fault.JiraBadResponse, "502": fault.JiraServerError, "599": fault.JiraServerError,
	} {
		command(t, fake, "fault clear", "fault * "+status)
		_, err := s.Myself(bounded(t))
		if fault.CodeOf(err) != code || !strings.Contains(err.Error(), "HTTP "+status) {
			t.Errorf("%s: %v", status, err)
		}
	}
	command(t, fake, "fault clear", "fault * 503 retry-after=7")
	_, err := s.Myself(bounded(t))
	if f := fault.From(err); f.Details.RetryAfterSeconds == nil || *f.Details.RetryAfterSeconds != 7 {
		t.Errorf("503 with Retry-After: %+v", f.Details)
	}
}

// TestUpstreamMessages: what Jira says of its refusal is passed on, in each of
// the forms in which it says so.
func TestUpstreamMessages(t *testing.T) {
	t.Parallel()
	fake := newFake(t, "")
	s := open(t, jirahttp.Options{}, listen(t, fake, fakejira.Socket{}).URL)
	for style, want := range map[string]string{
		"json":   "Client must be authenticated to access this resource.",
		"xml":    "Client must be authenticated to access this resource.",
		"errors": "You are not authenticated. Authentication required to perform this operation.",
		"text":   "Basic authentication with passwords is deprecated. For more information, see: https://developer.atlassian.com/cloud/confluence/deprecation-notice-basic-auth/",
		"html":   "Log in to continue - Log in with Atlassian account",
	} {
		command(t, fake, "fault clear", "fault * unauthorized style="+style)
		_, err := s.Myself(bounded(t))
		f := fault.From(err)
		if f.Code != fault.JiraUnauthorized || f.Message != "Jira rejected the credential (HTTP 401)" ||
			len(f.Details.UpstreamMessages) != 1 || f.Details.UpstreamMessages[0] != want || len(f.Details.UpstreamRequestID) != 32 {
			t.Errorf("%s: %v, %+v", style, f, f.Details)
		}
	}
}

// TestEchoesAreScrubbed has the server say the credential in every form.
func TestEchoesAreScrubbed(t *testing.T) {
	t.Parallel()
	var trace strings.Builder
	echo := func(r *http.Request) (*http.Response, error) {
		resp := httpmock.NewStringResponse(401, `{"errorMessages":["you sent `+r.Header.Get("Authorization")+`","that is `+token+`","or `+url.QueryEscape(token)+`"],"errors":{"`+token+`":"x"},"message":"`+strings.Repeat("y", 290)+token+`"}`)
		resp.Header.Set("Atl-Traceid", token)
		resp.Header.Set("X-Seraph-LoginReason", "\x1b[31m"+token)
		return resp, nil
	}
	transport := httpmock.NewMockTransport()
	transport.RegisterNoResponder(echo)
	s := open(t, jirahttp.Options{Transport: transport, Debug: &trace}, "example")
	_, err := s.Myself(t.Context())
	f := fault.From(err)
	all := strings.Join(append(f.Details.UpstreamMessages, f.Details.UpstreamRequestID, f.Message, f.Hint, trace.String()), "\n")
	if len(f.Details.UpstreamMessages) != 5 || strings.Count(all, "[credential]") < 6 {
		t.Errorf("the fault is %+v", f.Details)
	}
	if strings.Contains(all, token[:12]) || strings.Contains(all, "QVRBVF") || strings.Contains(all, "am9obi5kb2VA") || strings.Contains(trace.String(), "\x1b") {
		t.Errorf("the credential is shown: %s", all)
	}
}

// TestHiddenEchoesAreScrubbed: between the letters of the echo stands what is
// not shown to a person, who would then see the credential.
func TestHiddenEchoesAreScrubbed(t *testing.T) {
	t.Parallel()
	for _, unseen := range []string{"\u200b", "\u00ad", "\x01", "\x1b[1m", "\x1b]0;x\x07", "\u009b0m"} {
		transport := httpmock.NewMockTransport()
		transport.RegisterNoResponder(httpmock.NewStringResponder(401, "said "+token[:9]+unseen+token[9:]))
		_, err := open(t, jirahttp.Options{Transport: transport}, "example").Myself(t.Context())
		if got := fault.From(err).Details.UpstreamMessages; len(got) != 1 || got[0] != "said [credential]" {
			t.Errorf("%q: Jira's words are %q", unseen, got)
		}
	}
}

func TestTrace(t *testing.T) {
	t.Parallel()
	var trace strings.Builder
	fake := newFake(t, "example.atlassian.net")
	clock := time.Date(2026, 5, 27, 0, 0, 0, 0, time.UTC)
	s := open(t, jirahttp.Options{
		Transport: fake.MockTransport("https://example.atlassian.net"), Debug: &trace,
		Now: func() time.Time { clock = clock.Add(12 * time.Millisecond); return clock },
	}, "example")
	_, _ = s.Myself(t.Context())
	command(t, fake, "fault * reset")
	_, _ = s.Permissions(t.Context(), "PROJ", []string{"BROWSE_PROJECTS"})
	want := "DBG 🐞 http duration=12ms login_reason=OK method=GET proto=HTTP/1.1 status=200 trace_id=00000000000000000000000000000001 url=https://example.atlassian.net/rest/api/3/myself\n" +
		"DBG 🐞 http duration=12ms error=\"read tcp 127.0.0.1:443: read: connection reset by peer\" method=GET url=\"https://example.atlassian.net/rest/api/3/mypermissions?permissions=BROWSE_PROJECTS&projectKey=PROJ\"\n"
	if trace.String() != want {
		t.Errorf("the trace is\n%swant\n%s", trace.String(), want)
	}
}

// TestDeadline: the context's own deadline is reported as such, wherever it
// strikes.
func TestDeadline(t *testing.T) {
	t.Parallel()
	fake := newFake(t, "")
	endpoint := listen(t, fake, fakejira.Socket{})
	for _, kind := range []string{"stall", "stall-body", "latency delay=1h"} {
		command(t, fake, "fault clear", "fault * "+kind)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		if _, err := open(t, jirahttp.Options{}, endpoint.URL).Myself(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", kind, err)
		}
		cancel()
	}
}

// TestBrokenHandshake: a port that hangs up, and one that never says a word.
func TestBrokenHandshake(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = io.ReadFull(conn, make([]byte, 32))
			_ = conn.Close()
		}
	}()
	s := open(t, jirahttp.Options{}, "https://"+listener.Addr().String())
	if _, err := s.Myself(bounded(t)); fault.CodeOf(err) != fault.NetworkUnreachable {
		t.Errorf("a connection that breaks off in the handshake: %v", err)
	}
}
