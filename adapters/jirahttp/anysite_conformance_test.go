package jirahttp_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"jira-cli/adapters/fakejira"
	"jira-cli/adapters/jirahttp"
	"jira-cli/domain/access"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
	"jira-cli/ports/portstest"
)

const (
	scoped     = "ATATT3xFfGF0-a-scoped-token=89ABEFGH"
	halfScoped = "ATATT3xFfGF0-half-a-scoped-token=CDEFIJKL"
)

func TestAnySiteMocked(t *testing.T) {
	t.Parallel()
	portstest.TestAnySite(t, func(t *testing.T) portstest.AnySiteHarness {
		fake, options := newCenter(t, "")
		return anySite(t, fake, options)
	})
}

// TestAnySiteOnSockets reaches the hosts by their names through a tunnel.
func TestAnySiteOnSockets(t *testing.T) {
	t.Parallel()
	for name, http1 := range map[string]bool{"HTTP/2": false, "HTTP/1.1": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			portstest.TestAnySite(t, func(t *testing.T) portstest.AnySiteHarness {
				fake, _ := newCenter(t, "")
				ca := newCA(t)
				leaf := fakejira.Leaf{Hosts: []string{"example.atlassian.net", "api.atlassian.com", "jira.example.com"}}
				endpoint := listen(t, fake, fakejira.Socket{TLS: serverConfig(t, ca, leaf), HTTP1: http1})
				p, err := fakejira.ListenProxy(fakejira.ProxyOptions{Target: strings.TrimPrefix(endpoint.URL, "https://")})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(p.Close)
				tunnel, err := url.Parse(p.URL)
				if err != nil {
					t.Fatal(err)
				}
				return anySite(t, fake, jirahttp.Options{UserAgent: userAgent, Lookup: certFile(t, ca),
					Proxy: func(*http.Request) (*url.URL, error) { return tunnel, nil }})
			})
		})
	}
}

func anySite(t *testing.T, fake *fakejira.Server, options jirahttp.Options) portstest.AnySiteHarness {
	const user = fakejira.SampleEmail
	command(t, fake, "pat add "+user+" "+patText+" expires=2030-01-02T03:04:05Z", "token add "+user+" "+token,
		"token add "+user+" "+scoped+" scopes=read:jira-user,read:jira-work", "token add "+user+" "+halfScoped+" scopes=read:jira-user")
	cloud := ports.Account{Site: parseSite(t, "example"), Email: user, Secret: secret.New(token)}
	whole, half := cloud, cloud
	whole.Secret, half.Secret = secret.New(scoped), secret.New(halfScoped)
	whole.CloudID, half.CloudID = fakejira.SampleCloudID, fakejira.SampleCloudID
	conditions := map[portstest.AnySiteCondition][]string{
		portstest.AnySiteWebSudo:       {"fault /rest/api/2/myself method", "fault /rest/api/2/mypermissions method"},
		portstest.AnySiteAnonymous:     {"fault /rest/api/2/myself anonymous", "fault /rest/api/2/mypermissions anonymous"},
		portstest.AnySiteCaptcha:       {"fault * captcha"},
		portstest.AnySiteSilentLogin:   {"fault /rest/auth/1/session stall"},
		portstest.AnySiteGatewayFails:  {"fault * 500 host=api.atlassian.com"},
		portstest.AnySiteTokensRefused: {"fault /rest/pat/latest/tokens 403"},
	}
	return portstest.AnySiteHarness{
		Jira: jirahttp.New(options),
		Center: map[string]ports.Account{
			profile.AuthPAT:     centerAccount(t, profile.AuthPAT, patText),
			profile.AuthBasic:   centerAccount(t, profile.AuthBasic, password),
			profile.AuthSession: centerAccount(t, profile.AuthSession, password),
		},
		Person:      access.Identity{AccountID: "jdoe", DisplayName: "John Doe", Email: user, TimeZone: "America/Los_Angeles"},
		Version:     "9.12.4",
		End:         time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC),
		Classic:     cloud,
		Scoped:      whole,
		HalfScoped:  half,
		EndSessions: func() { command(t, fake, "session end "+user) },
		SecondPAT:   func() { command(t, fake, "pat add "+user+" another-token expires=2031-01-02T03:04:05Z") },
		Arrange: func(t *testing.T, c portstest.AnySiteCondition) {
			command(t, fake, append([]string{"fault clear"}, conditions[c]...)...)
		},
		Requests: func() int { return len(fake.Requests()) },
	}
}
