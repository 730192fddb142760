package memory_test

import (
	"testing"

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
		portstest.JiraRefusesToConnect: with(fault.NetworkUnreachable, 0), portstest.JiraResets: with(fault.NetworkUnreachable, 0),
		portstest.JiraBadCertificate: with(fault.TLSFailed, 0),
	}
	err, listed := faults[c]
	if !listed {
		err = with(fault.JiraBadResponse, 200)
	}
	j.Fail(a.Site, err)
	return a
}
