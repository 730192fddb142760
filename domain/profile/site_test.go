package profile_test

import (
	"net/url"
	"strings"
	"testing"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
)

func TestParseSite(t *testing.T) {
	for text, want := range map[string]string{
		// bare site names
		"example":               "https://example.atlassian.net",
		"Example":               "https://example.atlassian.net",
		"  example\t\n":         "https://example.atlassian.net",
		"my-team-2":             "https://my-team-2.atlassian.net",
		"123":                   "https://123.atlassian.net",
		strings.Repeat("a", 63): "https://" + strings.Repeat("a", 63) + ".atlassian.net",
		// hosts
		"example.atlassian.net":  "https://example.atlassian.net",
		"EXAMPLE.Atlassian.NET":  "https://example.atlassian.net",
		"example.atlassian.net.": "https://example.atlassian.net",
		"example.atlassian.net/": "https://example.atlassian.net",
		"jira.example.com:8443":  "https://jira.example.com:8443",
		"jira.example.com/jira":  "https://jira.example.com/jira",
		"jira_dev.example.com":   "https://jira_dev.example.com",
		"xn--bcher-kva.example":  "https://xn--bcher-kva.example",
		"localhost":              "https://localhost",
		"localhost:8080":         "https://localhost:8080",
		"192.0.2.7":              "https://192.0.2.7",
		"[2001:db8::1]":          "https://[2001:db8::1]",
		// URLs
		"https://example.atlassian.net":        "https://example.atlassian.net",
		"HTTPS://example.atlassian.net":        "https://example.atlassian.net",
		"https://example.atlassian.net/":       "https://example.atlassian.net",
		"https://example.atlassian.net///":     "https://example.atlassian.net",
		"https://example.atlassian.net:443":    "https://example.atlassian.net",
		"https://example.atlassian.net:0443/":  "https://example.atlassian.net",
		"https://jira.example.com:80":          "https://jira.example.com:80",
		"https://jira.example.com/jira/":       "https://jira.example.com/jira",
		"https://jira.example.com/a/b-c_d.e~f": "https://jira.example.com/a/b-c_d.e~f",
		"https://intranet":                     "https://intranet",
		"https://[2001:DB8:0:0::1]:8443/jira":  "https://[2001:db8::1]:8443/jira",
		"https://[0:0:0:0:0:0:0:1]":            "https://[::1]",
		// plain http on loopback
		"http://localhost":         "http://localhost",
		"http://localhost:80":      "http://localhost",
		"http://localhost:443":     "http://localhost:443",
		"http://LOCALHOST:8080/x/": "http://localhost:8080/x",
		"http://127.0.0.1:8080":    "http://127.0.0.1:8080",
		"http://127.9.9.9":         "http://127.9.9.9",
		"http://[::1]:8080":        "http://[::1]:8080",
	} {
		site, err := profile.ParseSite(text)
		if err != nil || site.String() != want {
			t.Errorf("ParseSite(%q) = %q, %v, want %q", text, site, err, want)
		}
	}
}

func TestParseSiteRefuses(t *testing.T) {
	for text, why := range map[string]string{
		"":                                      "no host",
		"   ":                                   "no host",
		"-example":                              "bad name",
		"example-":                              "bad name",
		strings.Repeat("a", 64):                 "label too long",
		strings.Repeat("a.", 127) + "example":   "host too long",
		"exa mple":                              "blank",
		"example.atlassian.net evil":            "blank",
		"exa\nmple":                             "control",
		"https://":                              "no host",
		"https:///path":                         "no host",
		"https://.example.com":                  "empty label",
		"https://example..com":                  "empty label",
		"https://example.com..":                 "two dots",
		"https://bücher.example":                "not ASCII",
		"https://exa%6dple.com":                 "escaped host",
		"https://example.com:":                  "empty port",
		"https://example.com:0":                 "port 0",
		"https://example.com:65536":             "port too large",
		"https://example.com:99999999999999999": "port too large",
		"https://example.com:http":              "port not a number",
		"https://[fe80::1%25eth0]":              "zone",
		"https://[::1":                          "open bracket",
		"https://::1":                           "no brackets",
		"ftp://example.com":                     "scheme",
		"file:///etc/passwd":                    "scheme",
		"javascript://example.com":              "scheme",
		"//example.com":                         "no scheme",
		"http:example":                          "opaque",
		"http://example.atlassian.net":          "plain http",
		"http://10.0.0.1":                       "plain http",
		"http://0.0.0.0":                        "plain http",
		"http://localhost.example.com":          "plain http",
		"http://evil.localhost":                 "plain http, a name that a resolver may send anywhere",
		"http://127.0.0.1.example.com":          "plain http",
		"http://127.1":                          "plain http, an address only to some resolvers",
		"http://2130706433":                     "plain http, an address only to some resolvers",
		"http://[::ffff:10.0.0.1]":              "plain http",
		"https://user@example.com":              "user info",
		"https://user:s3cret@example.com":       "user info",
		"https://:s3cret@example.com":           "user info",
		"https://@example.com":                  "user info",
		"user:s3cret@example.com":               "user info",
		"https://example.com\\@evil.example":    "backslash",
		"https://example.com?token=s3cret":      "query",
		"https://example.com/?":                 "empty query",
		"https://example.com/#":                 "empty fragment",
		"https://example.com/#s3cret":           "fragment",
		"example.com/?u=https://other.example":  "query",
		"https://example.com/a/../b":            "dot segment",
		"https://example.com/./a":               "dot segment",
		"https://example.com/.hidden":           "dot segment",
		"https://example.com/a//b":              "empty segment",
		"https://example.com/a%2fb":             "escape",
		"https://example.com/a b":               "blank",
		"https://example.com/é":                 "not ASCII",
		"https://example.com/a;b":               "reserved character",
	} {
		site, err := profile.ParseSite(text)
		if fault.CodeOf(err) != fault.ArgumentInvalid || !site.IsZero() {
			t.Errorf("ParseSite(%q) = %q, %v, want a refusal: %s", text, site, err, why)
			continue
		}
		if f := fault.From(err); f.Hint == "" || strings.Contains(f.Message+f.Hint, "s3cret") {
			t.Errorf("ParseSite(%q) says %q, hint %q", text, f.Message, f.Hint)
		}
	}
}

func TestSiteParts(t *testing.T) {
	site, err := profile.ParseSite("https://Jira.example.com:8443/jira/")
	if err != nil {
		t.Fatal(err)
	}
	if site.Origin() != "https://jira.example.com:8443" || site.Host() != "jira.example.com:8443" || site.Path() != "/jira" || site.IsCloud() {
		t.Errorf("parts: %q %q %q", site.Origin(), site.Host(), site.Path())
	}
	var none profile.Site
	if !none.IsZero() || none.String() != "" || none.Origin() != "" || none.Host() != "" || none.IsCloud() {
		t.Error("the zero site says something")
	}
	for text, cloud := range map[string]bool{
		"example": true, "a.b.atlassian.net": true, "https://example.atlassian.net:443": true,
		"https://example.atlassian.net:8443": false, "example.atlassian.net.evil.example": false, "evilatlassian.net": false,
	} {
		site, err := profile.ParseSite(text)
		if err != nil || site.IsCloud() != cloud {
			t.Errorf("%q is of the cloud: %v, %v", text, site.IsCloud(), err)
		}
	}
}

// FuzzParseSite: what is accepted is normal already, has no part that could
// carry a secret, and is encrypted or stays on this machine.
func FuzzParseSite(f *testing.F) {
	for _, seed := range []string{
		"example", "example.atlassian.net", "https://example.atlassian.net:443/jira/", "http://localhost:8080", "http://[::1]",
		"https://user:pw@example.com", "https://example.com/?q#f", "HTTP://127.0.0.1", "https://[::ffff:127.0.0.1]", "a://b://c", "example/",
		"http://[::ffff:127.0.0.1%25x]", "https://h/a/browse/X-1?q", "https://h/secure/jira/software/x.jspa", "https://example.atlassian.net/wiki?x#y", "https://EXAMPLE.com.", "\u212Aube",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		site, err := profile.ParseSite(text)
		if err != nil {
			if fault.CodeOf(err) != fault.ArgumentInvalid || !site.IsZero() {
				t.Fatalf("ParseSite(%q) = %q, %v", text, site, err)
			}
			return
		}
		again, err := profile.ParseSite(site.String())
		if err != nil || again != site {
			t.Fatalf("%q becomes %q and that %q, %v", text, site, again, err)
		}
		u, err := url.Parse(site.String())
		if err != nil || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
			t.Fatalf("%q becomes %q: %v", text, site, err)
		}
		if u.Host != site.Host() || u.Path != site.Path() || u.Scheme+"://"+u.Host != site.Origin() {
			t.Fatalf("%q becomes %q, host %q, path %q", text, site, site.Host(), site.Path())
		}
		host := u.Hostname()
		local := host == "localhost" || strings.HasPrefix(host, "127.") || host == "::1" || strings.HasPrefix(host, "::ffff:127.")
		if u.Scheme != "https" && (u.Scheme != "http" || !local) {
			t.Fatalf("%q becomes %q, which is not encrypted", text, site)
		}
		if strings.HasSuffix(site.String(), "/") || strings.ContainsAny(site.String(), "?#@\\ %") {
			t.Fatalf("%q becomes %q", text, site)
		}
	})
}

// TestSitesAtTheGateway: a site at Atlassian's gateway is named by its cloud id, and
// the gateway without one is no site.
func TestSitesAtTheGateway(t *testing.T) {
	const id = "11111111-2222-4333-8444-555555555555"
	for text, want := range map[string]string{
		"https://api.atlassian.com/ex/jira/" + id:                         "https://api.atlassian.com/ex/jira/" + id,
		"api.atlassian.com/ex/jira/" + id + "/rest/api/3/myself?expand=x": "https://api.atlassian.com/ex/jira/" + id,
		"https://api.atlassian-us-gov-mod.com/ex/jira/" + id + "/":        "https://api.atlassian-us-gov-mod.com/ex/jira/" + id,
		"https://api.atlassian.com":                                       "",
		"https://api.atlassian.com/ex/jira":                               "",
		"https://api.atlassian.com/ex/jira/example":                       "",
		"https://api.atlassian.com/ex/confluence/" + id:                   "",
		"https://api.atlassian-us-gov-mod.com":                            "",
	} {
		site, err := profile.ParseSite(text)
		if site.String() != want || (err == nil) != (want != "") || err != nil && fault.CodeOf(err) != fault.ArgumentInvalid {
			t.Errorf("ParseSite(%q) = %q, %v", text, site, err)
		}
		if err == nil && (!site.IsGateway() || !site.IsAtlassian() || site.IsCloud()) {
			t.Errorf("%s is not at the gateway", site)
		}
	}
	for text, want := range map[string]string{
		"jira.example.com": "https://api.atlassian.com/ex/jira/" + id, "example.atlassian-us-gov-mod.net": "https://api.atlassian-us-gov-mod.com/ex/jira/" + id,
	} {
		if site, err := profile.ParseSite(text); err != nil || site.AtGateway(id) != want {
			t.Errorf("%s at the gateway is %s, %v", text, site.AtGateway(id), err)
		}
	}
}
