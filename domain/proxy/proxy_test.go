package proxy_test

import (
	"net/url"
	"strings"
	"testing"

	"jira-cli/domain/fault"
	"jira-cli/domain/proxy"
)

func environment(pairs ...string) proxy.Lookup {
	return func(name string) (string, bool) {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

// TestWhatCannotBeParsed: each variable, in each wrong form, also where another
// one hides it; the value is not repeated.
func TestWhatCannotBeParsed(t *testing.T) {
	for _, name := range append(proxy.Variables(), proxy.Unused()...) {
		for _, value := range []string{
			"http//john:hunter22@proxy:80", "://hunter22", "http://", "http://:8080", "ftp://hunter22", "http://john:hunt?er22@proxy:80", "http://john:1/hunter22@proxy:80",
			"http://john:1#hunter22@proxy:80", "http://proxy:0?password=hunter22", "http://proxy:99999", "http://proxy:", "http://hunter22 proxy", "http://pro%zzhunter22", "http://proxy:80/hunter22",
			"http://proxy:80?", "hunter22:\x00",
		} {
			_, err := proxy.Read(environment("HTTPS_PROXY", "http://good.example.com:8080", name, value))
			if name == "HTTPS_PROXY" {
				_, err = proxy.Read(environment(name, value))
			}
			f := fault.From(err)
			if f == nil || f.Code != fault.ArgumentInvalid || !strings.Contains(f.Message, name) || strings.Contains(f.Message+f.Hint, "hunter22") {
				t.Errorf("%s=%q: %v", name, value, f)
			}
			if shown := proxy.Shown(value); strings.Contains(shown, "hunter22") || strings.Contains(shown, "hunt") {
				t.Errorf("%q is shown as %q", value, shown)
			}
		}
	}
}

func TestWhichProxy(t *testing.T) {
	for _, c := range []struct {
		pairs []string
		site  string
		want  string
	}{
		{nil, "https://example.atlassian.net", ""},
		{[]string{"HTTPS_PROXY", "http://a:1"}, "https://example.atlassian.net", "http://a:1"},
		{[]string{"https_proxy", "a:1"}, "https://example.atlassian.net", "http://a:1"},
		{[]string{"HTTPS_PROXY", "a:1", "https_proxy", "b:2"}, "https://example.atlassian.net", "http://a:1"},
		{[]string{"ALL_PROXY", "socks5h://a:1"}, "https://example.atlassian.net", "socks5h://a:1"},
		{[]string{"all_proxy", "http://john:secret@a:1/"}, "https://example.atlassian.net", "http://john:secret@a:1/"},
		{[]string{"ALL_PROXY", "a:1", "https_proxy", "b:2"}, "https://example.atlassian.net", "http://b:2"},
		{[]string{"HTTPS_PROXY", "", "ALL_PROXY", "a:1"}, "https://example.atlassian.net", "http://a:1"},
		{[]string{"HTTP_PROXY", "a:1", "http_proxy", "a:1"}, "https://example.atlassian.net", ""},
		{[]string{"ALL_PROXY", "a:1"}, "https://127.0.0.1:8443", ""},
		{[]string{"ALL_PROXY", "a:1"}, "https://[::1]:8443", ""},
		{[]string{"ALL_PROXY", "a:1"}, "http://jira.example.com", ""},
	} {
		e, err := proxy.Read(environment(c.pairs...))
		if got := shown(t, e, c.site); err != nil || got != c.want {
			t.Errorf("%q: %s is reached through %q, %v; want %q", c.pairs, c.site, got, err, c.want)
		}
	}
}

func shown(t *testing.T, e proxy.Environment, site string) string {
	t.Helper()
	u, err := url.Parse(site)
	if err != nil {
		t.Fatal(err)
	}
	if through := e.For(u); through != nil {
		return through.String()
	}
	return ""
}

func TestExceptions(t *testing.T) {
	for _, c := range []struct {
		list, site string
		direct     bool
	}{
		{"*", "https://jira.example.com", true},
		{"example.com", "https://jira.example.com", true},
		{"example.com", "https://example.com", true},
		{".example.com", "https://jira.example.com", true},
		{"*.Example.com", "https://JIRA.example.com", true},
		{"example.com", "https://notexample.com", false},
		{"other.org, jira.example.com", "https://jira.example.com", true},
		{"other.org jira.example.com.", "https://jira.example.com.", true},
		{"jira.example.com:8443", "https://jira.example.com:8443", true},
		{"jira.example.com:8443", "https://jira.example.com", false},
		{"jira.example.com:443", "https://jira.example.com", true},
		{"192.0.2.0/24", "https://192.0.2.7", true},
		{"192.0.2.0/24", "https://198.51.100.7", false},
		{"192.0.2.0/24", "https://jira.example.com", false},
		{"192.0.2.7", "https://192.0.2.7:8443", true},
		{"192.0.2.7:443", "https://192.0.2.7:8443", false},
		{"2001:db8::1", "https://[2001:db8::1]", true},
		{"[2001:db8::1]:443", "https://[2001:db8::1]", true},
		{"2001:db8::/32", "https://[2001:db8::1]", true},
		{"169.254/16,,:,.,*.", "https://jira.example.com", false},
	} {
		for _, name := range proxy.Exceptions() {
			e, err := proxy.Read(environment("HTTPS_PROXY", "a:1", name, c.list))
			if got := shown(t, e, c.site) == ""; err != nil || got != c.direct {
				t.Errorf("%s=%q: %s is reached directly: %v, %v", name, c.list, c.site, got, err)
			}
		}
	}
}

func TestShown(t *testing.T) {
	for text, want := range map[string]string{
		"":                                 "",
		"http://proxy.example.com:8080":    "http://proxy.example.com:8080",
		"proxy.example.com:8080":           "proxy.example.com:8080",
		"http://john:hunter22@proxy:80":    "http://***@proxy:80",
		"john:hunter22@proxy:80":           "http://***@proxy:80",
		"http://proxy:80?pass=hunter22":    "(not a proxy's URL; not shown)",
		"http//john:hunter22":              "(not a proxy's URL; not shown)",
		"https://token@proxy.example.com/": "https://***@proxy.example.com",
	} {
		if got := proxy.Shown(text); got != want {
			t.Errorf("Shown(%q) = %q, want %q", text, got, want)
		}
	}
}
