package fakejira_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"jira-cli/adapters/fakejira"
)

const (
	center  = "https://jira.example.com/jira"
	patText = "NjM1MDQ0Mjk5OTQ3OuqeYyVeVlDHVPMTKgjm8MfkpNbi"
)

// newCenter is a Data Center beside Cloud.
func newCenter(t *testing.T, options string) *fakejira.Server {
	t.Helper()
	s := fakejira.New(fakejira.Options{Users: []fakejira.User{{Email: fakejira.SampleEmail, Name: "jdoe", Password: "pass word", PATs: []string{patText}, Tokens: []string{token}}}})
	t.Cleanup(s.Close)
	do(t, s, "datacenter jira.example.com context=/jira "+options)
	return s
}

// send sends a request with an Authorization or Cookie header, "" for none.
func send(t *testing.T, s *fakejira.Server, method, url, credential, body string) (int, http.Header, string) {
	t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, url, reader)
	if err != nil {
		t.Fatal(err)
	}
	name, value, _ := strings.Cut(credential, ": ")
	if credential != "" {
		req.Header.Set(name, value)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "test")
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := s.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(text)
}

func TestDataCenter(t *testing.T) {
	t.Parallel()
	s := newCenter(t, "version=8.13.2")
	const bearer = "Authorization: Bearer " + patText
	if status, header, _ := send(t, s, "GET", center+"/rest/api/2/myself", bearer, ""); status != 401 || header.Get("X-Ausername") != "anonymous" {
		t.Errorf("a personal access token before 8.14: %d %v", status, header)
	}
	do(t, s, "datacenter jira.example.com context=/jira")
	status, header, body := send(t, s, "GET", center+"/rest/api/2/myself", bearer, "")
	if status != 200 || !strings.Contains(body, `"name":"jdoe"`) || strings.Contains(body, "accountId") || header.Get("X-Ausername") != "jdoe" || header.Get("Atl-Traceid") != "" || header.Get("X-Ratelimit-Interval-Seconds") == "" {
		t.Errorf("myself: %d %v %s", status, header, body)
	}
	if status, _, _ := send(t, s, "GET", center+"/rest/api/3/myself", bearer, ""); status != 404 {
		t.Errorf("version 3: %d", status)
	}
	if status, _, _ := send(t, s, "GET", "https://jira.example.com/rest/api/2/myself", bearer, ""); status != 404 {
		t.Errorf("without the context path: %d", status)
	}
	if status, _, body := send(t, s, "GET", center+"/rest/api/2/serverInfo", "", ""); status != 200 || !strings.Contains(body, `"deploymentType":"Server"`) || !strings.Contains(body, `"versionNumbers":[9,12,4]`) {
		t.Errorf("serverInfo: %d %s", status, body)
	}
	if status, _, _ := send(t, s, "GET", center+"/rest/api/2/mypermissions", "Authorization: Bearer nonsense", ""); status != 401 {
		t.Errorf("a bad token: %d", status)
	}
	do(t, s, "datacenter jira.example.com context=/jira bad=anonymous")
	if status, header, _ := send(t, s, "GET", center+"/rest/api/2/mypermissions", "Authorization: Bearer nonsense", ""); status != 200 || header.Get("X-Ausername") != "anonymous" {
		t.Errorf("a bad token that is ignored: %d %v", status, header)
	}
	do(t, s, "clock 2026-05-27T00:00:00Z", "skew 3h", "pat add john.doe@example.com "+patText+" name=ci expires=2026-05-26T00:00:00Z")
	if status, header, _ := send(t, s, "GET", center+"/rest/api/2/myself", bearer, ""); status != 401 || header.Get("Date") != "Wed, 27 May 2026 03:00:00 GMT" {
		t.Errorf("a token that is over: %d %v", status, header)
	}
	do(t, s, "clock off", "skew 0s", "cloud jira.example.com")
	if status, _, _ := send(t, s, "GET", "https://jira.example.com/rest/api/2/myself", bearer, ""); status != 404 {
		t.Errorf("on Cloud again: %d", status)
	}
}

func TestDataCenterSessions(t *testing.T) {
	t.Parallel()
	s := newCenter(t, "")
	const path = center + "/rest/auth/1/session"
	if status, _, _ := send(t, s, "POST", path, "", `{"username":"jdoe","password":"wrong"}`); status != 401 {
		t.Errorf("a wrong password: %d", status)
	}
	if status, _, _ := send(t, s, "POST", path, "", `nonsense`); status != 400 {
		t.Errorf("nonsense: %d", status)
	}
	if status, _, _ := send(t, s, "GET", path, "", ""); status != 405 {
		t.Errorf("GET: %d", status)
	}
	status, header, body := send(t, s, "POST", path, "", `{"username":"jdoe","password":"pass word"}`)
	var answer struct{ Session struct{ Name, Value string } }
	if err := json.Unmarshal([]byte(body), &answer); err != nil || status != 200 || len(header.Values("Set-Cookie")) != 3 {
		t.Fatalf("%d %v %s: %v", status, header, body, err)
	}
	cookie := "Cookie: " + answer.Session.Name + "=" + answer.Session.Value
	if status, _, _ := send(t, s, "GET", center+"/rest/api/2/myself", cookie, ""); status != 200 {
		t.Errorf("with the cookie: %d", status)
	}
	do(t, s, "session end john.doe@example.com")
	if status, _, _ := send(t, s, "GET", center+"/rest/api/2/myself", cookie, ""); status != 401 {
		t.Errorf("with a cookie that is over: %d", status)
	}
	if strings.Contains(s.Dump(), answer.Session.Value) {
		t.Error("the cookie is in the dump")
	}
	s.Reset()
	send(t, s, "GET", center+"/rest/api/2/myself", "Authorization: Bearer "+patText, "")
	do(t, s, "expect /rest/api/2/myself user=jdoe auth=basic")
	if err := s.Check(); err == nil {
		t.Error("a bearer is taken for a password")
	}
}

func TestGatewayOfTheFake(t *testing.T) {
	t.Parallel()
	s := newCenter(t, "")
	do(t, s, "site add example.atlassian.net", "token add john.doe@example.com scoped scopes=read:jira-user", "token add john.doe@example.com granular scopes=read:permission:jira")
	ask := func(base, secret, path string) (int, string) {
		req, _ := http.NewRequest(http.MethodGet, base+path, nil)
		req.SetBasicAuth(fakejira.SampleEmail, secret)
		status, _, body := send(t, s, "GET", base+path, "Authorization: "+req.Header.Get("Authorization"), "")
		return status, body
	}
	const myself, grants = "/rest/api/3/myself", "/rest/api/3/mypermissions?permissions=BROWSE_PROJECTS"
	for _, c := range []struct {
		base, secret, path string
		status             int
		body               string
	}{
		{"https://example.atlassian.net", "scoped", myself, 401, ""},
		{fakejira.Gateway(""), "scoped", myself, 200, "accountId"},
		{fakejira.Gateway(""), "scoped", grants, 401, `{"code":401,"message":"Unauthorized; scope does not match"}`},
		{fakejira.Gateway(""), "granular", grants, 200, "havePermission"},
		{fakejira.Gateway(""), "granular", myself, 401, "scope does not match"},
		{fakejira.Gateway(""), token, myself, 200, "accountId"},
		{fakejira.Gateway(""), "wrong", grants, 401, `{"code":401,"message":"Unauthorized"}`},
		{fakejira.Gateway("99999999-0000-4000-8000-000000000000"), "scoped", myself, 404, "No tenant"},
	} {
		if status, body := ask(c.base, c.secret, c.path); status != c.status || !strings.Contains(body, c.body) {
			t.Errorf("%s%s with %s: %d %s", c.base, c.path, c.secret, status, body)
		}
	}
	if status, _, _ := send(t, s, "GET", fakejira.Gateway("")+grants, "", ""); status != 401 {
		t.Errorf("an anonymous caller at the gateway: %d", status)
	}
}

func TestControlOfDataCenterRefuses(t *testing.T) {
	t.Parallel()
	s := newCenter(t, "")
	for _, line := range []string{
		"pat add nobody@example.com x", "pat add john.doe@example.com", "pat add john.doe@example.com x expires=soon", "pat add john.doe@example.com x size=1",
		"pat revoke john.doe@example.com unknown", "token add john.doe@example.com x size=1", "token add john.doe@example.com", "token burn john.doe@example.com",
		"session begin john.doe@example.com", "datacenter", "datacenter * size=1", "datacenter * bad=luck", "clock noon", "skew far", "user password john.doe@example.com",
		"fault * method via=pigeon",
	} {
		if err := s.Command(line); err == nil {
			t.Errorf("%q was taken", line)
		}
	}
}

func TestProxyKeepsToLoopback(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"0.0.0.0:0", "nonsense", "192.0.2.1:0"} {
		if p, err := fakejira.ListenProxy(fakejira.ProxyOptions{Address: address}); err == nil {
			p.Close()
			t.Errorf("it listens on %s", address)
		}
	}
}
