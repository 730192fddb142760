package jirahttp_test

import (
	"crypto/tls"
	"net"
	"os"
	"path/filepath"
	"testing"

	"jira-cli/adapters/fakejira"
	"jira-cli/adapters/jirahttp"
	"jira-cli/domain/access"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
	"jira-cli/ports/portstest"
)

const (
	userAgent = "jira-cli/test"
	token     = "ATATT3xFfGF0-the-first-token=0123ABCD"
	other     = "ATATT3xFfGF0-the-other-token=4567WXYZ"
)

// mounting is a way to reach the fake.
type mounting struct {
	fake    *fakejira.Server
	site    profile.Site
	options jirahttp.Options
	// elsewhere is a site that does not exist, or whose connection or
	// certificate is bad.
	elsewhere func(t *testing.T, c portstest.JiraCondition) profile.Site
}

func TestConformanceMocked(t *testing.T) {
	t.Parallel()
	portstest.TestJira(t, func(t *testing.T) portstest.JiraHarness { return harness(t, mocked(t)) })
}

func TestConformancePlain(t *testing.T) {
	t.Parallel()
	portstest.TestJira(t, func(t *testing.T) portstest.JiraHarness { return harness(t, onSocket(t, false, false)) })
}

func TestConformanceTLS(t *testing.T) {
	t.Parallel()
	portstest.TestJira(t, func(t *testing.T) portstest.JiraHarness { return harness(t, onSocket(t, true, false)) })
}

func TestConformanceTLSWithoutHTTP2(t *testing.T) {
	t.Parallel()
	portstest.TestJira(t, func(t *testing.T) portstest.JiraHarness { return harness(t, onSocket(t, true, true)) })
}

func newFake(t *testing.T, host string) *fakejira.Server {
	t.Helper()
	fake := fakejira.New(fakejira.Options{Users: []fakejira.User{
		{Email: fakejira.SampleEmail, Tokens: []string{token}},
		{Email: "jörg@example.com", Tokens: []string{other}, AccountID: "712020:other", AccountType: "app", DisplayName: "Jörg ⚙", TimeZone: "Europe/Berlin"},
	}})
	t.Cleanup(fake.Close)
	if host != "" {
		command(t, fake, "site add "+host)
	}
	command(t, fake, "deny "+fakejira.SampleEmail+" DELETE_ISSUES PROJ")
	command(t, fake, "project hide HIDDEN")
	return fake
}

func command(t *testing.T, fake *fakejira.Server, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if err := fake.Command(line); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
}

func parseSite(t *testing.T, text string) profile.Site {
	t.Helper()
	site, err := profile.ParseSite(text)
	if err != nil {
		t.Fatal(err)
	}
	return site
}

func mocked(t *testing.T) mounting {
	fake := newFake(t, "example.atlassian.net")
	transport := fake.MockTransport("https://example.atlassian.net", "https://no-such-site.atlassian.net")
	return mounting{
		fake:    fake,
		site:    parseSite(t, "example"),
		options: jirahttp.Options{UserAgent: userAgent, Transport: transport},
		elsewhere: func(t *testing.T, c portstest.JiraCondition) profile.Site {
			switch c {
			case portstest.JiraNoSite:
				return parseSite(t, "no-such-site")
			case portstest.JiraRefusesToConnect:
				command(t, fake, "fault * refused")
			case portstest.JiraBadCertificate:
				command(t, fake, "fault * tls-unknown")
			}
			return parseSite(t, "example")
		},
	}
}

// onSocket serves the fake on loopback, over TLS with an authority of its own
// that SSL_CERT_FILE names.
func onSocket(t *testing.T, secure, http1 bool) mounting {
	fake := newFake(t, "")
	socket := fakejira.Socket{HTTP1: http1}
	options := jirahttp.Options{UserAgent: userAgent}
	if secure {
		ca := newCA(t)
		socket.TLS = serverConfig(t, ca, fakejira.Leaf{})
		options.Lookup = certFile(t, ca)
	}
	endpoint := listen(t, fake, socket)
	return mounting{
		fake:    fake,
		site:    parseSite(t, endpoint.URL),
		options: options,
		elsewhere: func(t *testing.T, c portstest.JiraCondition) profile.Site {
			switch c {
			case portstest.JiraNoSite:
				command(t, fake, "site add example.atlassian.net")
			case portstest.JiraRefusesToConnect:
				return parseSite(t, refusing(t))
			case portstest.JiraBadCertificate:
				stranger := fakejira.Socket{TLS: serverConfig(t, newCA(t), fakejira.Leaf{})}
				return parseSite(t, listen(t, fake, stranger).URL)
			}
			return parseSite(t, endpoint.URL)
		},
	}
}

func listen(t *testing.T, fake *fakejira.Server, socket fakejira.Socket) *fakejira.Endpoint {
	t.Helper()
	endpoint, err := fake.Listen(socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(endpoint.Close)
	return endpoint
}

func newCA(t *testing.T) *fakejira.CA {
	t.Helper()
	ca, err := fakejira.NewCA()
	if err != nil {
		t.Fatal(err)
	}
	return ca
}

// refusing is the URL of a port that refuses connections: the local end of a
// connection that is kept, so that nobody else comes to listen there.
func refusing(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return "http://" + conn.LocalAddr().String()
}

func serverConfig(t *testing.T, ca *fakejira.CA, leaf fakejira.Leaf) *tls.Config {
	t.Helper()
	config, err := ca.Config(leaf)
	if err != nil {
		t.Fatal(err)
	}
	return config
}

func harness(t *testing.T, m mounting) portstest.JiraHarness {
	account := ports.Account{Site: m.site, Email: fakejira.SampleEmail, Secret: secret.New(token)}
	h := portstest.JiraHarness{
		Jira:    jirahttp.New(m.options),
		Account: account,
		Identity: access.Identity{AccountID: fakejira.SampleAccountID, AccountType: "atlassian", DisplayName: "John Doe",
			Email: fakejira.SampleEmail, TimeZone: "America/Los_Angeles"},
		Project: "PROJ",
		Hidden:  "HIDDEN",
		Other:   ports.Account{Site: m.site, Email: "jörg@example.com", Secret: secret.New(other)},
		OtherIdentity: access.Identity{AccountID: "712020:other", AccountType: "app", DisplayName: "Jörg ⚙",
			Email: "jörg@example.com", TimeZone: "Europe/Berlin"},
		Revoke: func() { command(t, m.fake, "token revoke "+fakejira.SampleEmail) },
		HidePersonal: func() {
			command(t, m.fake, "user hide "+fakejira.SampleEmail+" email", "user hide "+fakejira.SampleEmail+" timezone")
		},
		Requests: func() int { return len(m.fake.Requests()) },
	}
	h.Arrange = func(t *testing.T, c portstest.JiraCondition) ports.Account {
		if fault, listed := faults()[c]; listed {
			command(t, m.fake, "fault * "+fault)
		} else {
			account.Site = m.elsewhere(t, c)
		}
		return account
	}
	return h
}

// faults are the conditions that the fake makes by itself.
func faults() map[portstest.JiraCondition]string {
	return map[portstest.JiraCondition]string{
		portstest.JiraRefuses:           "unauthorized",
		portstest.JiraForbids:           "403",
		portstest.JiraCaptcha401:        "captcha status=401 via=seraph",
		portstest.JiraCaptcha403:        "captcha",
		portstest.JiraMissing:           "404",
		portstest.JiraLimits:            "429 retry-after=30 remaining=0",
		portstest.JiraLimitsDate:        "429 retry-after=date:30 remaining=0",
		portstest.JiraLimitsSilently:    "429 remaining=unknown",
		portstest.JiraFails:             "500",
		portstest.JiraMaintenance:       "html-maintenance",
		portstest.JiraLoginPage:         "html-login",
		portstest.JiraGarbage:           "garbage",
		portstest.JiraNothing:           "empty",
		portstest.JiraFieldsMissing:     "fields",
		portstest.JiraWrongTypes:        "types",
		portstest.JiraCut:               "truncate",
		portstest.JiraEndless:           "endless",
		portstest.JiraRedirectsAway:     "redirect to=https://id.atlassian.com/login",
		portstest.JiraRedirectsScheme:   "redirect to=scheme status=307",
		portstest.JiraRedirectsForEver:  "redirect to=self",
		portstest.JiraResets:            "reset",
		portstest.JiraSilent:            "stall",
		portstest.JiraSilentInTheMiddle: "stall-body",
	}
}

func certFile(t *testing.T, ca *fakejira.CA) func(string) (string, bool) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, ca.PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	return func(name string) (string, bool) {
		if name == "SSL_CERT_FILE" {
			return file, true
		}
		return "", false
	}
}
