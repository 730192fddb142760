package memory_test

import (
	"testing"
	"time"

	"jira-cli/adapters/memory"
	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
	"jira-cli/ports/portstest"
)

func TestJira(t *testing.T) {
	t.Parallel()
	portstest.TestJira(t, newJiraHarness)
}

func newJiraHarness(t *testing.T) portstest.JiraHarness {
	site, err := profile.ParseSite("example")
	if err != nil {
		t.Fatal(err)
	}
	j := memory.NewJira()
	h := portstest.JiraHarness{
		Jira:          j,
		Account:       ports.Account{Site: site, Email: "john.doe@example.com", Secret: secret.New("ATATT3xFfGF0-first-ABCD")},
		Identity:      access.Identity{AccountID: "712020:00000000-0000-4000-8000-000000000000", AccountType: "atlassian", DisplayName: "John Doe", Email: "john.doe@example.com", TimeZone: "America/Los_Angeles"},
		Project:       "PROJ",
		Hidden:        "HIDDEN",
		Other:         ports.Account{Site: site, Email: "jane@example.com", Secret: secret.New("ATATT3xFfGF0-second-WXYZ")},
		OtherIdentity: access.Identity{AccountID: "712020:1", DisplayName: "Jane", Email: "jane@example.com"},
		Requests:      func() int { return len(j.Calls()) },
	}
	j.Add(h.Account, h.Identity)
	j.Add(h.Other, h.OtherIdentity)
	most := access.Grants{}
	for _, key := range access.ProbedKeys() {
		most[key] = key != "DELETE_ISSUES"
	}
	email := h.Account.Email
	j.Grant(site, email, h.Project, most)
	j.Hide(site, email, h.Hidden)
	h.Revoke = func() { j.Revoke(site, email) }
	h.HidePersonal = func() {
		id := h.Identity
		id.Email, id.TimeZone = "", ""
		j.SetIdentity(site, email, id)
	}
	h.Arrange = func(t *testing.T, c portstest.JiraCondition) ports.Account { return arrange(t, j, h.Account, c) }
	return h
}

// arrange gives each condition the fault that an adapter with a wire makes of
// it; a double has none to go wrong by itself.
func arrange(t *testing.T, j *memory.Jira, a ports.Account, c portstest.JiraCondition) ports.Account {
	with := func(code fault.Code, status int) *fault.Fault {
		f := fault.New(code, "%s", c)
		f.Details.HTTPStatus = status
		return f
	}
	number := func(n int) *int { return &n }
	limited := with(fault.JiraRateLimited, 429)
	limited.Details.RetryAfterSeconds, limited.Details.RateLimitRemaining = number(30), number(0)
	captcha := func(code fault.Code, status int) error {
		f := fault.Wrap(ports.ErrCaptcha, code, "%s", c)
		f.Details.HTTPStatus = status
		return f
	}
	because := func(cause error, code fault.Code, status int) error {
		f := with(code, status)
		f.Cause = cause
		return f
	}
	switch c {
	case portstest.JiraSilent, portstest.JiraSilentInTheMiddle:
		j.Stall(a.Site)
		return a
	case portstest.JiraNoSite:
		other, err := profile.ParseSite("no-such-site")
		if err != nil {
			t.Fatal(err)
		}
		a.Site = other
		return a
	}
	faults := map[portstest.JiraCondition]error{
		portstest.JiraRefuses: with(fault.JiraUnauthorized, 401), portstest.JiraForbids: with(fault.JiraForbidden, 403),
		portstest.JiraCaptcha401: captcha(fault.JiraUnauthorized, 401), portstest.JiraCaptcha403: captcha(fault.JiraForbidden, 403),
		portstest.JiraMissing: with(fault.JiraNotFound, 404),
		portstest.JiraLimits:  limited, portstest.JiraLimitsDate: limited, portstest.JiraLimitsSilently: with(fault.JiraRateLimited, 429),
		portstest.JiraFails: with(fault.JiraServerError, 500), portstest.JiraMaintenance: with(fault.JiraServerError, 503),
		portstest.JiraRedirectsAway: with(fault.JiraBadResponse, 0), portstest.JiraRedirectsScheme: with(fault.JiraBadResponse, 0),
		portstest.JiraRedirectsForEver: with(fault.JiraBadResponse, 0),
		portstest.JiraLoginPage:        because(ports.ErrLoginPage, fault.JiraBadResponse, 200),
		portstest.JiraRefusesToConnect: because(ports.ErrConnectionRefused, fault.NetworkUnreachable, 0), portstest.JiraResets: with(fault.NetworkUnreachable, 0),
		portstest.JiraBadCertificate: with(fault.TLSFailed, 0),
	}
	err, listed := faults[c]
	if !listed {
		err = with(fault.JiraBadResponse, 200)
	}
	j.Fail(a.Site, err)
	return a
}

func TestJiraAnywhere(t *testing.T) {
	t.Parallel()
	portstest.TestAnySite(t, newAnySiteHarness)
}

func newAnySiteHarness(t *testing.T) portstest.AnySiteHarness {
	cloud, err := profile.ParseSite("example")
	if err != nil {
		t.Fatal(err)
	}
	center, err := profile.ParseSite("https://jira.example.com/jira")
	if err != nil {
		t.Fatal(err)
	}
	j := memory.NewJira()
	by := func(method, text string) ports.Account {
		return ports.Account{Site: center, Email: "jdoe", Secret: secret.New(text), AuthType: method, Deployment: profile.DataCenter}
	}
	h := portstest.AnySiteHarness{
		Jira:    j,
		Center:  map[string]ports.Account{profile.AuthPAT: by(profile.AuthPAT, "a-personal-access-token"), profile.AuthBasic: by(profile.AuthBasic, "a-pass-word"), profile.AuthSession: by(profile.AuthSession, "a-pass-word")},
		Person:  access.Identity{AccountID: "jdoe", DisplayName: "John Doe", Email: "john.doe@example.com"},
		Version: "9.12.4",
		End:     time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC),
		Classic: ports.Account{Site: cloud, Email: "john.doe@example.com", Secret: secret.New("ATATT3xFfGF0-classic-ABCD")},
		Scoped:  ports.Account{Site: cloud, Email: "bot@serviceaccount.atlassian.com", Secret: secret.New("ATATT3xFfGF0-scoped-EFGH"), CloudID: memory.MemoryCloudID},
		HalfScoped: ports.Account{Site: cloud, Email: "half@serviceaccount.atlassian.com", Secret: secret.New("ATATT3xFfGF0-half-IJKL"),
			CloudID: memory.MemoryCloudID},
		EndSessions: j.EndSessions,
		Requests:    func() int { return len(j.Calls()) },
	}
	for _, a := range h.Center {
		j.Add(a, h.Person)
	}
	for _, a := range []ports.Account{h.Classic, h.Scoped, h.HalfScoped} {
		j.Add(a, access.Identity{AccountID: "712020:1"})
	}
	j.SetExpiry(center, "jdoe", h.End)
	j.SetScopes(cloud, h.HalfScoped.Email, "read:jira-user")
	h.SecondPAT = func() {
		second := by(profile.AuthPAT, "another-personal-access-token")
		second.Email = "jdoe2" // tells the accounts of one person apart
		j.Add(second, h.Person)
	}
	h.Arrange = func(t *testing.T, c portstest.AnySiteCondition) {
		with := func(cause error, code fault.Code, status int) *fault.Fault {
			f := fault.Wrap(cause, code, "%s", c)
			f.Details.HTTPStatus = status
			return f
		}
		j.FailMethod(center, "LogIn", nil)
		switch c {
		case portstest.AnySiteWebSudo:
			j.Fail(center, nil)
			for _, method := range []string{"Myself", "Permissions"} {
				j.FailMethod(center, method, with(nil, fault.JiraAuthMethodRefused, 401))
			}
		case portstest.AnySiteAnonymous:
			j.Fail(center, nil)
			for _, method := range []string{"Myself", "Permissions"} {
				j.FailMethod(center, method, with(ports.ErrAnonymous, fault.JiraUnauthorized, 200))
			}
		case portstest.AnySiteCaptcha:
			for _, method := range []string{"Myself", "Permissions", "LogIn"} {
				j.FailMethod(center, method, with(ports.ErrCaptcha, fault.JiraForbidden, 403))
			}
		case portstest.AnySiteSilentLogin:
			j.Stall(center)
		case portstest.AnySiteGatewayFails:
			j.FailGateway(cloud, with(nil, fault.JiraServerError, 500))
		case portstest.AnySiteTokensRefused:
			j.FailMethod(center, "Expiry", with(nil, fault.JiraForbidden, 403))
		}
	}
	return h
}
