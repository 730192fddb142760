package fakejira_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jira-cli/adapters/fakejira"
)

const token = "ATATT3xFfGF0-fake=0123ABCD"

// get asks the fake without a socket, as somebody or, with "", as nobody.
func get(t *testing.T, s *fakejira.Server, email, secret, path string) (int, http.Header, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://example.atlassian.net"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "test")
	if email != "" {
		req.SetBasicAuth(email, secret)
	}
	resp, err := s.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(body)
}

func do(t *testing.T, s *fakejira.Server, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if err := s.Command(line); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
}

func holds(t *testing.T, body, key string) bool {
	t.Helper()
	var answer struct {
		Permissions map[string]struct{ HavePermission bool }
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return answer.Permissions[key].HavePermission
}

func TestItRemembers(t *testing.T) {
	t.Parallel()
	s := fakejira.Sample(token)
	const myself, browse = "/rest/api/3/myself", "/rest/api/3/mypermissions?permissions=BROWSE_PROJECTS"
	status, header, body := get(t, s, fakejira.SampleEmail, token, myself)
	if status != 200 || !strings.Contains(body, fakejira.SampleAccountID) || header.Get("X-Seraph-LoginReason") != "OK" || header.Get("Atl-Traceid") == "" || header.Get("X-ARequestId") == "" {
		t.Errorf("myself: %d %v %s", status, header, body)
	}
	if status, header, _ := get(t, s, fakejira.SampleEmail, "another", myself); status != 401 || header.Get("X-Seraph-LoginReason") != "AUTHENTICATED_FAILED" {
		t.Errorf("a wrong token: %d %v", status, header)
	}
	if status, _, body := get(t, s, "", "", myself); status != 401 || body != `{"message":"Client must be authenticated to access this resource.","status-code":401}` {
		t.Errorf("anonymous: %d %s", status, body)
	}
	if status, _, body := get(t, s, "", "", browse); status != 200 || holds(t, body, "BROWSE_PROJECTS") {
		t.Errorf("anonymous permissions: %d %s", status, body)
	}
	do(t, s, "grant anonymous BROWSE_PROJECTS")
	if _, _, body := get(t, s, fakejira.SampleEmail, "another", browse); !holds(t, body, "BROWSE_PROJECTS") {
		t.Errorf("a wrong token does not count as anonymous: %s", body)
	}
	do(t, s, "deny "+fakejira.SampleEmail+" all")
	if _, _, body := get(t, s, fakejira.SampleEmail, token, browse); holds(t, body, "BROWSE_PROJECTS") {
		t.Errorf("after deny: %s", body)
	}
	do(t, s, "grant "+fakejira.SampleEmail+" BROWSE_PROJECTS PROJ")
	for query, want := range map[string]bool{"": true, "&projectKey=PROJ": true, "&projectKey=OTHER": false} {
		if _, _, body := get(t, s, fakejira.SampleEmail, token, browse+query); holds(t, body, "BROWSE_PROJECTS") != want {
			t.Errorf("granted in one project, asked%s: %s", query, body)
		}
	}
	do(t, s, "project hide PROJ")
	if status, _, body := get(t, s, fakejira.SampleEmail, token, browse+"&projectKey=PROJ"); status != 404 || body != `{"errorMessages":["No project could be found with key 'PROJ'."],"errors":{}}` {
		t.Errorf("a hidden project: %d %s", status, body)
	}
	do(t, s, "project hide PROJ jane@example.com")
	if status, _, _ := get(t, s, fakejira.SampleEmail, token, browse+"&projectKey=PROJ"); status != 200 {
		t.Errorf("a project hidden from another: %d", status)
	}
	do(t, s, "token revoke "+fakejira.SampleEmail, "token add "+fakejira.SampleEmail+" new")
	if status, _, _ := get(t, s, fakejira.SampleEmail, token, myself); status != 401 {
		t.Errorf("a revoked token: %d", status)
	}
	if status, _, _ := get(t, s, fakejira.SampleEmail, "new", myself); status != 200 {
		t.Errorf("a new token: %d", status)
	}
	if got := s.Tokens(); len(got) != 1 || got[0] != "new" {
		t.Errorf("the tokens are %q", got)
	}
}

func TestSmallEndpoints(t *testing.T) {
	t.Parallel()
	s := fakejira.New(fakejira.Options{ContextPath: "/jira", Sites: []string{"example.atlassian.net"}, Now: func() time.Time { return time.Unix(0, 0) }})
	for path, want := range map[string]string{
		"/jira/_edge/tenant_info":                        `200 {"cloudId":"` + fakejira.SampleCloudID + `"}`,
		"/jira/rest/api/3/mypermissions":                 `400 {"errorMessages":["The 'permissions' query parameter is required."],"errors":{}}`,
		"/jira/rest/api/3/mypermissions?permissions=FLY": `400 {"errorMessages":["Unrecognized permission: FLY"],"errors":{}}`,
		"/rest/api/3/serverInfo":                         `404 {"message":"null for uri: https://example.atlassian.net/rest/api/3/serverInfo","status-code":404}`,
	} {
		status, header, body := get(t, s, "", "", path)
		if got := http.StatusText(status); got == "" || itoa(status)+" "+body != want || header.Get("Date") != "Thu, 01 Jan 1970 00:00:00 GMT" {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	if _, _, body := get(t, s, "", "", "/jira/rest/api/3/serverInfo"); !strings.Contains(body, `"deploymentType":"Cloud"`) {
		t.Errorf("serverInfo: %s", body)
	}
	do(t, s, "site remove example.atlassian.net", "site add other.atlassian.net")
	if status, header, _ := get(t, s, "", "", "/jira/rest/api/3/serverInfo"); status != 404 || header.Get("Atl-Missing-Tcs") != "true" {
		t.Errorf("a site that is gone: %d %v", status, header)
	}
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }

func TestFaultsApplyToTheirRequests(t *testing.T) {
	t.Parallel()
	s := fakejira.Sample(token)
	status := func() int {
		n, _, _ := get(t, s, fakejira.SampleEmail, token, "/rest/api/3/myself")
		return n
	}
	do(t, s, "fault /rest/api/3/myself 503 times=1 after=1")
	if a, b, c := status(), status(), status(); a != 200 || b != 503 || c != 200 {
		t.Errorf("after=1 times=1 gave %d, %d, %d", a, b, c)
	}
	do(t, s, "fault * 500 user=jane@example.com", "fault * 500 host=other.atlassian.net", "fault /rest/api/3/serverInfo 500")
	if n := status(); n != 200 {
		t.Errorf("faults for others gave %d", n)
	}
	do(t, s, "fault * 500", "fault * 502 times=1")
	if a, b := status(), status(); a != 502 || b != 500 {
		t.Errorf("the newest first: %d, %d", a, b)
	}
	do(t, s, "fault clear", `fault * 429 retry-after=date:30 remaining=0 type=text/plain "body=slow down" "header=RateLimit-Reason: jira-burst-based"`)
	n, header, body := get(t, s, fakejira.SampleEmail, token, "/rest/api/3/myself")
	if n != 429 || body != "slow down" || header.Get("Content-Type") != "text/plain" || header.Get("Ratelimit-Reason") != "jira-burst-based" ||
		header.Get("Retry-After") != "Wed, 27 May 2026 00:00:30 GMT" || header.Get("Date") != "Wed, 27 May 2026 00:00:00 GMT" || header.Get("X-RateLimit-Remaining") != "0" {
		t.Errorf("%d %v %s", n, header, body)
	}
	do(t, s, "fault clear", "fault * headers header=X-Extra:1")
	if n, header, _ := get(t, s, fakejira.SampleEmail, token, "/rest/api/3/myself"); n != 200 || header.Get("X-Extra") != "1" {
		t.Errorf("headers: %d %v", n, header)
	}
}

func TestControlRefuses(t *testing.T) {
	t.Parallel()
	s := fakejira.Sample(token)
	for _, line := range []string{
		"", "nonsense", "user", "user add", "user hide nobody@example.com email", "user hide john.doe@example.com phone",
		"user add a@example.com size=1", "token add nobody@example.com t", "token revoke john.doe@example.com unknown", "token",
		"grant nobody@example.com all", "grant john.doe@example.com FLY", "project hide", "site add", "unauthorized loudly",
		"latency soon", "fault", "fault *", "fault * nonsense", "fault * 99", "fault * 200 times", "fault * 200 times=x",
		"fault * 200 size=1", "fault * redirect", "fault * captcha via=pigeon", "fault * 200 header=x", "expect", "expect / size=1",
		"expect / times=x", `fault "* 200`, "project show",
	} {
		if err := s.Command(line); err == nil {
			t.Errorf("%q was taken", line)
		}
	}
	if err := s.Script(strings.NewReader("# a comment\n\nlatency 0s\nnonsense\n")); err == nil || !strings.Contains(err.Error(), "line 4") {
		t.Errorf("a script with a mistake: %v", err)
	}
	if n, _, _ := get(t, s, fakejira.SampleEmail, token, "/rest/api/3/myself"); n != 200 {
		t.Errorf("a refused command changed something: %d", n)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	s := fakejira.Sample(token)
	ask := func() { get(t, s, fakejira.SampleEmail, token, "/rest/api/3/myself") }
	if err := s.Check(); err != nil {
		t.Errorf("nothing happened: %v", err)
	}
	do(t, s, "expect /rest/api/3/myself user=john.doe@example.com host=example.atlassian.net times=2", "expect GET /rest/api/3/serverInfo user=anonymous")
	ask()
	ask()
	get(t, s, "", "", "/rest/api/3/serverInfo")
	if err := s.Check(); err != nil {
		t.Errorf("all as expected: %v", err)
	}
	ask()
	if err := s.Check(); err == nil || !strings.Contains(err.Error(), "unexpected: GET https://example.atlassian.net/rest/api/3/myself as john.doe@example.com") {
		t.Errorf("one too many: %v", err)
	}
	do(t, s, "expect /rest/api/3/myself times=2")
	ask()
	if err := s.Check(); err == nil || !strings.Contains(err.Error(), "missing 1 times: GET /rest/api/3/myself") {
		t.Errorf("one missing: %v", err)
	}
	get(t, s, "", "", "/rest/api/3/serverInfo?token=1")
	if err := s.Control([]string{"check"}); err == nil || !strings.Contains(err.Error(), "the parameter token is unknown") {
		t.Errorf("a parameter that is unknown: %v", err)
	}
	bare, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://id.atlassian.com/login", nil)
	if err != nil {
		t.Fatal(err)
	}
	bare.SetBasicAuth(fakejira.SampleEmail, token)
	if resp, err := s.MockTransport("https://example.atlassian.net").RoundTrip(bare); err == nil {
		_ = resp.Body.Close()
		t.Error("another origin was served")
	}
	dump := s.Dump()
	err = s.Check()
	for _, want := range []string{"a credential was sent to a strange place", "nothing serves GET https://id.atlassian.com/login", "User-Agent", "accept"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("a stray request: %v, want %s", err, want)
		}
	}
	if strings.Contains(dump, token) || strings.Contains(err.Error(), token) {
		t.Error("the token is in the dump")
	}
}

func TestLoopbackOnly(t *testing.T) {
	t.Parallel()
	s := fakejira.Sample(token)
	for _, address := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0", "localhost:0", "nonsense"} {
		if e, err := s.Listen(fakejira.Socket{Address: address}); err == nil {
			e.Close()
			t.Errorf("it listens on %s", address)
		}
	}
}

func TestControlOverSockets(t *testing.T) {
	t.Parallel()
	s := fakejira.Sample(token)
	e, err := s.Listen(fakejira.Socket{Control: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	post := func(text string) int {
		resp, err := http.Post(e.URL+"/_fake/control", "text/plain", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		return resp.StatusCode
	}
	if a, b := post("latency 0s\nfault * 503 times=1\n"), post("nonsense"); a != 200 || b != 400 {
		t.Errorf("POST gave %d, %d", a, b)
	}
	listener, err := net.Listen("unix", filepath.Join(t.TempDir(), "c.sock"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- s.ServeControl(ctx, listener) }()
	conn, err := net.Dial("unix", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	answers := bufio.NewReader(conn)
	for line, want := range map[string]string{"token revoke " + fakejira.SampleEmail: "ok\n", "nonsense": "error: ", "requests": "ok\n"} {
		if _, err := io.WriteString(conn, line+"\n"); err != nil {
			t.Fatal(err)
		}
		if got, err := answers.ReadString('\n'); err != nil || !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, %v", line, got, err)
		}
	}
	cancel()
	if err := <-served; err != nil {
		t.Errorf("ServeControl ended with %v", err)
	}
	if n, _, _ := get(t, s, "", "", "/rest/api/3/serverInfo"); n != 503 {
		t.Errorf("the fault did not wait: %d", n)
	}
}
