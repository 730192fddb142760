package jirahttp_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"jira-cli/adapters/fakejira"
	"jira-cli/adapters/jirahttp"
	"jira-cli/domain/fault"
)

// connectProxy tunnels CONNECT to target, whatever host is asked for, or answers
// with status where that is not 200.
func connectProxy(t *testing.T, target string, status int, tunnels *atomic.Int64) *url.URL {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || r.Header.Get("Authorization") != "" {
			t.Errorf("the proxy was sent %s with %v", r.Method, r.Header)
		}
		if status != http.StatusOK {
			w.WriteHeader(status)
			return
		}
		far, err := net.Dial("tcp", target)
		if err != nil {
			t.Error(err)
			return
		}
		w.WriteHeader(http.StatusOK)
		near, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		tunnels.Add(1)
		go func() {
			_, _ = io.Copy(far, buffered)
			_ = far.Close()
		}()
		_, _ = io.Copy(near, far)
		_ = near.Close()
	}))
	t.Cleanup(server.Close)
	proxy, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return proxy
}

// TestThroughAProxy: the same roots, the same single connection, and the second
// look at the system's roots, behind CONNECT.
func TestThroughAProxy(t *testing.T) {
	t.Parallel()
	ca := newCA(t)
	fake := newFake(t, "")
	endpoint := listen(t, fake, fakejira.Socket{TLS: serverConfig(t, ca, fakejira.Leaf{Hosts: []string{"jira.example.com"}})})
	var tunnels atomic.Int64
	proxy := connectProxy(t, strings.TrimPrefix(endpoint.URL, "https://"), http.StatusOK, &tunnels)
	through := func(*http.Request) (*url.URL, error) { return proxy, nil }

	s := open(t, jirahttp.Options{Lookup: certFile(t, ca), Proxy: through}, "https://jira.example.com")
	probe(t, s)
	if n := tunnels.Load(); n != 1 {
		t.Errorf("%d tunnels were opened", n)
	}
	s = open(t, jirahttp.Options{Lookup: certFile(t, newCA(t)), Proxy: through}, "https://jira.example.com")
	if _, err := s.Myself(bounded(t)); fault.CodeOf(err) != fault.TLSFailed {
		t.Errorf("an unknown authority behind the proxy: %v", err)
	}
	if n := tunnels.Load(); n != 3 {
		t.Errorf("%d tunnels were opened, want one more for each set of roots", n)
	}
}

func TestProxyFailures(t *testing.T) {
	t.Parallel()
	down, err := url.Parse(refusing(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		proxy *url.URL
		want  string
	}{
		"it wants a password": {connectProxy(t, "", http.StatusProxyAuthRequired, nil), "the proxy wants a login"},
		"it does not connect": {connectProxy(t, "", http.StatusBadGateway, nil), "it could not reach the host (HTTP 502)"},
		"it is down":          {down, ": the connection was refused"},
	} {
		through := func(*http.Request) (*url.URL, error) { return c.proxy, nil }
		_, err := open(t, jirahttp.Options{Proxy: through}, "https://jira.example.com").Myself(bounded(t))
		f := fault.From(err)
		if f.Code != fault.NetworkUnreachable || !strings.Contains(f.Message, c.want) || !strings.Contains(f.Hint, "_PROXY") {
			t.Errorf("%s: %v, hint %q", name, err, f.Hint)
		}
	}
}
