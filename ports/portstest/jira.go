package portstest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// JiraHarness is one implementation of ports.Jira before a site with accounts,
// each test its own.
type JiraHarness struct {
	Jira ports.Jira

	// Account is a good account that holds every probed permission, but in
	// Project not DELETE_ISSUES, and for which Hidden does not exist.
	Account  ports.Account
	Identity access.Identity
	Project  string
	Hidden   string

	// Other is another good account.
	Other         ports.Account
	OtherIdentity access.Identity

	// Revoke ends the credential of Account.
	Revoke func()

	// HidePersonal hides the email and the time zone of Account.
	HidePersonal func()

	// Arrange makes every request meet the condition from now on, and returns
	// the account with which to meet it: Account, but for the site.
	Arrange func(t *testing.T, c JiraCondition) ports.Account

	// Requests is how many requests have arrived so far.
	Requests func() int
}

// JiraCondition is something that goes wrong with a site.
type JiraCondition string

// The conditions that a harness must be able to arrange.
const (
	JiraRefuses           JiraCondition = "refuses"                    // 401
	JiraForbids           JiraCondition = "forbids"                    // 403
	JiraCaptcha401        JiraCondition = "CAPTCHA with 401"           //
	JiraCaptcha403        JiraCondition = "CAPTCHA with 403"           //
	JiraMissing           JiraCondition = "404"                        //
	JiraNoSite            JiraCondition = "no such site"               //
	JiraLimits            JiraCondition = "429 with seconds"           // 30, 0 remaining
	JiraLimitsDate        JiraCondition = "429 with a date"            // 30 from its Date
	JiraLimitsSilently    JiraCondition = "429 without numbers"        //
	JiraFails             JiraCondition = "500"                        //
	JiraMaintenance       JiraCondition = "maintenance page with 503"  //
	JiraLoginPage         JiraCondition = "login page with 200"        //
	JiraGarbage           JiraCondition = "garbage with 200"           //
	JiraNothing           JiraCondition = "empty body with 200"        //
	JiraFieldsMissing     JiraCondition = "JSON without the fields"    //
	JiraWrongTypes        JiraCondition = "JSON with wrong types"      //
	JiraCut               JiraCondition = "cut body"                   //
	JiraEndless           JiraCondition = "endless body"               //
	JiraRedirectsAway     JiraCondition = "redirect to another origin" //
	JiraRedirectsScheme   JiraCondition = "redirect to another scheme" //
	JiraRedirectsForEver  JiraCondition = "redirect loop"              //
	JiraRefusesToConnect  JiraCondition = "connection refused"         //
	JiraResets            JiraCondition = "connection reset"           //
	JiraBadCertificate    JiraCondition = "untrusted certificate"      //
	JiraSilent            JiraCondition = "no answer"                  // until the caller gives up
	JiraSilentInTheMiddle JiraCondition = "half an answer"             // likewise
)

// jiraOutcome is what a condition must be translated to.
type jiraOutcome struct {
	condition JiraCondition
	code      fault.Code
	status    int // in the details; 0 where no answer came
	sent      int // requests that reach the site; -1: any number
	check     func(*fault.Fault) error
}

func jiraOutcomes() []jiraOutcome {
	return []jiraOutcome{
		{JiraRefuses, fault.JiraUnauthorized, 401, 1, noCaptcha},
		{JiraForbids, fault.JiraForbidden, 403, 1, noCaptcha},
		{JiraCaptcha401, fault.JiraUnauthorized, 401, 1, isCaptcha},
		{JiraCaptcha403, fault.JiraForbidden, 403, 1, isCaptcha},
		{JiraMissing, fault.JiraNotFound, 404, 1, nil},
		{JiraNoSite, fault.JiraSiteNotFound, 404, -1, showsURL},
		{JiraLimits, fault.JiraRateLimited, 429, 1, retry(30, 0)},
		{JiraLimitsDate, fault.JiraRateLimited, 429, 1, retry(30, 0)},
		{JiraLimitsSilently, fault.JiraRateLimited, 429, 1, retry(-1, -1)},
		{JiraFails, fault.JiraServerError, 500, 1, nil},
		{JiraMaintenance, fault.JiraServerError, 503, 1, nil},
		{JiraLoginPage, fault.JiraBadResponse, 200, 1, hasCause(ports.ErrLoginPage)},
		{JiraGarbage, fault.JiraBadResponse, 200, 1, hasCause(nil)},
		{JiraNothing, fault.JiraBadResponse, 200, 1, nil},
		{JiraFieldsMissing, fault.JiraBadResponse, 200, 1, nil},
		{JiraWrongTypes, fault.JiraBadResponse, 200, 1, nil},
		{JiraCut, fault.JiraBadResponse, 200, 1, nil},
		{JiraEndless, fault.JiraBadResponse, 200, 1, nil},
		{JiraRedirectsAway, fault.JiraBadResponse, 0, 1, nil},
		{JiraRedirectsScheme, fault.JiraBadResponse, 0, 1, nil},
		{JiraRedirectsForEver, fault.JiraBadResponse, 0, -1, nil},
		{JiraRefusesToConnect, fault.NetworkUnreachable, 0, -1, hasCause(ports.ErrConnectionRefused)},
		{JiraResets, fault.NetworkUnreachable, 0, -1, hasCause(nil)},
		{JiraBadCertificate, fault.TLSFailed, 0, -1, nil},
	}
}

func isCaptcha(f *fault.Fault) error {
	if !errors.Is(f, ports.ErrCaptcha) || !strings.Contains(f.Message, "CAPTCHA") {
		return fmt.Errorf("nothing tells that it is about a CAPTCHA")
	}
	return nil
}

func noCaptcha(f *fault.Fault) error {
	if errors.Is(f, ports.ErrCaptcha) {
		return fmt.Errorf("it speaks of a CAPTCHA")
	}
	return nil
}

// hasCause demands a cause of ports in the chain, or with nil that there is none.
func hasCause(want error) func(*fault.Fault) error {
	return func(f *fault.Fault) error {
		for _, cause := range []error{ports.ErrDNS, ports.ErrConnectionRefused, ports.ErrProxyRefused, ports.ErrLoginPage, ports.ErrAnonymous, ports.ErrTLSIntercepted} {
			if errors.Is(f, cause) != (cause == want) {
				return fmt.Errorf("is it %q? %v", cause, errors.Is(f, cause))
			}
		}
		return nil
	}
}

func showsURL(f *fault.Fault) error {
	if !strings.Contains(f.Message, "://") {
		return fmt.Errorf("the message does not show the URL")
	}
	return nil
}

// retry demands the numbers of a 429, none where they are negative.
func retry(after, remaining int) func(*fault.Fault) error {
	return func(f *fault.Fault) error {
		show := func(n *int) int {
			if n == nil {
				return -1
			}
			return *n
		}
		if a, r := show(f.Details.RetryAfterSeconds), show(f.Details.RateLimitRemaining); a != after || r != remaining {
			return fmt.Errorf("retry after %d, %d remaining; want %d, %d", a, r, after, remaining)
		}
		return nil
	}
}

// TestJira demands what ports.Jira and ports.JiraSession promise.
func TestJira(t *testing.T, newHarness func(t *testing.T) JiraHarness) {
	run := func(name string, test func(t *testing.T, h JiraHarness)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newHarness(t))
		})
	}
	run("Open sends nothing", testJiraOpen)
	run("Identity", testJiraIdentity)
	run("Hidden identity", testJiraHidden)
	run("Grants", testJiraGrants)
	run("Hidden project", testJiraHiddenProject)
	run("Revoked", testJiraRevoked)
	run("Accounts that cannot be sent", testJiraRefusedAccounts)
	run("Sessions are apart", testJiraSessions)
	run("Concurrent use", testJiraConcurrent)
	run("Ended before", testJiraEndedBefore)
	for _, o := range jiraOutcomes() {
		run("Condition/"+string(o.condition), func(t *testing.T, h JiraHarness) { testJiraOutcome(t, h, o) })
	}
	for _, c := range []JiraCondition{JiraSilent, JiraSilentInTheMiddle} {
		run("Ended during/"+string(c), func(t *testing.T, h JiraHarness) { testJiraEndedDuring(t, h, c) })
	}
}

// jiraContext bounds what a broken implementation may hang.
func jiraContext(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func jiraOpen(t *testing.T, h JiraHarness, a ports.Account) ports.JiraSession {
	s := h.Jira.Open(a)
	t.Cleanup(s.Close)
	return s
}

// jiraQuestions are the methods, for what holds of each.
func jiraQuestions() map[string]func(context.Context, ports.JiraSession) error {
	return map[string]func(context.Context, ports.JiraSession) error{
		"Myself": func(ctx context.Context, s ports.JiraSession) error {
			_, err := s.Myself(ctx)
			return err
		},
		"Permissions": func(ctx context.Context, s ports.JiraSession) error {
			_, err := s.Permissions(ctx, "", access.ProbedKeys())
			return err
		},
	}
}

func testJiraOpen(t *testing.T, h JiraHarness) {
	s := h.Jira.Open(h.Account)
	s.Close()
	s.Close()
	if n := h.Requests(); n != 0 {
		t.Errorf("Open and Close sent %d requests", n)
	}
}

func testJiraIdentity(t *testing.T, h JiraHarness) {
	s := jiraOpen(t, h, h.Account)
	for range 2 {
		got, err := s.Myself(jiraContext(t))
		if err != nil || got != h.Identity {
			t.Errorf("Myself = %+v, %v; want %+v", got, err, h.Identity)
		}
	}
	if n := h.Requests(); n != 2 {
		t.Errorf("two questions sent %d requests", n)
	}
}

func testJiraHidden(t *testing.T, h JiraHarness) {
	h.HidePersonal()
	got, err := jiraOpen(t, h, h.Account).Myself(jiraContext(t))
	want := h.Identity
	want.Email, want.TimeZone = "", ""
	if err != nil || got != want {
		t.Errorf("Myself = %+v, %v; want %+v", got, err, want)
	}
}

func testJiraGrants(t *testing.T, h JiraHarness) {
	s := jiraOpen(t, h, h.Account)
	for project, deletes := range map[string]bool{"": true, h.Project: false} {
		got, err := s.Permissions(jiraContext(t), project, access.ProbedKeys())
		want := access.Grants{}
		for _, key := range access.ProbedKeys() {
			want[key] = key != "DELETE_ISSUES" || deletes
		}
		if err != nil || !maps.Equal(got, want) {
			t.Errorf("Permissions(%q) = %v, %v; want %v", project, got, err, want)
		}
	}
	got, err := s.Permissions(jiraContext(t), "", []string{"BROWSE_PROJECTS"})
	if err != nil || !maps.Equal(got, access.Grants{"BROWSE_PROJECTS": true}) {
		t.Errorf("Permissions of one key = %v, %v", got, err)
	}
	got, err = s.Permissions(jiraContext(t), "", nil)
	if err != nil || len(got) != 0 {
		t.Errorf("Permissions of no key = %v, %v", got, err)
	}
	if n := h.Requests(); n != 3 {
		t.Errorf("three questions that need an answer sent %d requests", n)
	}
}

func testJiraHiddenProject(t *testing.T, h JiraHarness) {
	s := jiraOpen(t, h, h.Account)
	_, err := s.Permissions(jiraContext(t), h.Hidden, access.ProbedKeys())
	wantJiraFault(t, h, err, fault.JiraNotFound)
	if err != nil && !strings.Contains(err.Error(), h.Hidden) {
		t.Errorf("%q does not name the project", err)
	}
	if _, err := s.Myself(jiraContext(t)); err != nil {
		t.Errorf("Myself beside a hidden project: %v", err)
	}
}

func testJiraRevoked(t *testing.T, h JiraHarness) {
	s := jiraOpen(t, h, h.Account)
	if _, err := s.Myself(jiraContext(t)); err != nil {
		t.Fatal(err)
	}
	h.Revoke()
	id, idErr := s.Myself(jiraContext(t))
	f := wantJiraFault(t, h, idErr, fault.JiraUnauthorized)
	if f != nil && f.Details.HTTPStatus != 401 {
		t.Errorf("the status is %d", f.Details.HTTPStatus)
	}
	grants, grantsErr := s.Permissions(jiraContext(t), "", access.ProbedKeys())
	v := access.Judge(id, idErr, grants, grantsErr)
	if v.Err() == nil || v.Grants != nil {
		t.Errorf("a revoked credential has the verdict %+v", v)
	}
}

func testJiraRefusedAccounts(t *testing.T, h JiraHarness) {
	for name, change := range map[string]func(*ports.Account) fault.Code{
		"colon":     func(a *ports.Account) fault.Code { a.Email = "john:doe@example.com"; return fault.ArgumentInvalid },
		"control":   func(a *ports.Account) fault.Code { a.Email = "john\r\ndoe@example.com"; return fault.ArgumentInvalid },
		"no email":  func(a *ports.Account) fault.Code { a.Email = ""; return fault.ArgumentInvalid },
		"no secret": func(a *ports.Account) fault.Code { a.Secret = secret.Secret{}; return fault.CredentialNotFound },
	} {
		account := h.Account
		code := change(&account)
		s := jiraOpen(t, h, account)
		for question, ask := range jiraQuestions() {
			if err := ask(jiraContext(t), s); fault.CodeOf(err) != code {
				t.Errorf("%s, %s: %v, want %s", name, question, err, code)
			}
		}
	}
	if n := h.Requests(); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func testJiraSessions(t *testing.T, h JiraHarness) {
	first, second := jiraOpen(t, h, h.Account), jiraOpen(t, h, h.Other)
	if got, err := first.Myself(jiraContext(t)); err != nil || got != h.Identity {
		t.Errorf("the first session is %+v, %v", got, err)
	}
	if got, err := second.Myself(jiraContext(t)); err != nil || got != h.OtherIdentity {
		t.Errorf("the second session is %+v, %v", got, err)
	}
	first.Close()
	if got, err := second.Myself(jiraContext(t)); err != nil || got != h.OtherIdentity {
		t.Errorf("after the first was closed, the second session is %+v, %v", got, err)
	}
	mixed := h.Account
	mixed.Secret = h.Other.Secret
	_, err := jiraOpen(t, h, mixed).Myself(jiraContext(t))
	wantJiraFault(t, h, err, fault.JiraUnauthorized)
}

func testJiraConcurrent(t *testing.T, h JiraHarness) {
	s := jiraOpen(t, h, h.Account)
	ctx := jiraContext(t)
	var wg sync.WaitGroup
	for range 8 {
		for name, ask := range jiraQuestions() {
			wg.Go(func() {
				if err := ask(ctx, s); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
	}
	wg.Wait()
	if n := h.Requests(); n != 16 {
		t.Errorf("16 questions sent %d requests", n)
	}
}

func testJiraEndedBefore(t *testing.T, h JiraHarness) {
	s := jiraOpen(t, h, h.Account)
	cause := errors.New("the caller gave up")
	ctx, cancel := context.WithCancelCause(jiraContext(t))
	cancel(cause)
	for name, ask := range jiraQuestions() {
		if err := ask(ctx, s); !errors.Is(err, cause) {
			t.Errorf("%s returned %v, want the cause", name, err)
		}
	}
	if n := h.Requests(); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

// testJiraEndedDuring ends the context once the request has arrived.
func testJiraEndedDuring(t *testing.T, h JiraHarness, c JiraCondition) {
	s := jiraOpen(t, h, h.Arrange(t, c))
	for name, ask := range jiraQuestions() {
		cause := fault.New(fault.Timeout, "the caller gave up")
		ctx, cancel := context.WithCancelCause(jiraContext(t))
		before := h.Requests()
		result := make(chan error, 1)
		go func() { result <- ask(ctx, s) }()
		for h.Requests() == before && ctx.Err() == nil {
			time.Sleep(time.Millisecond)
		}
		cancel(cause)
		select {
		case err := <-result:
			if !errors.Is(err, error(cause)) {
				t.Errorf("%s returned %v, want the cause", name, err)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("%s hangs after its context has ended", name)
		}
	}
}

func testJiraOutcome(t *testing.T, h JiraHarness, o jiraOutcome) {
	s := jiraOpen(t, h, h.Arrange(t, o.condition))
	for name, ask := range jiraQuestions() {
		before := h.Requests()
		f := wantJiraFault(t, h, ask(jiraContext(t), s), o.code)
		if f == nil {
			continue
		}
		if f.Details.HTTPStatus != o.status {
			t.Errorf("%s: the status is %d, want %d", name, f.Details.HTTPStatus, o.status)
		}
		if sent := h.Requests() - before; o.sent >= 0 && sent != o.sent {
			t.Errorf("%s sent %d requests, want %d: nothing is tried twice", name, sent, o.sent)
		}
		if o.check != nil {
			if err := o.check(f); err != nil {
				t.Errorf("%s: %q: %v", name, f, err)
			}
		}
	}
}

// wantJiraFault demands a fault of the code, well worded and without the secret.
func wantJiraFault(t *testing.T, h JiraHarness, err error, code fault.Code) *fault.Fault {
	t.Helper()
	var f *fault.Fault
	if !errors.As(err, &f) || f.Code != code {
		t.Errorf("the error is %v (%s), want %s", err, fault.CodeOf(err), code)
		return nil
	}
	if f.Message == "" || strings.ContainsAny(f.Message, "\r\n") || strings.HasSuffix(f.Message, ".") {
		t.Errorf("the message %q is not one line without a period", f.Message)
	}
	if f.Hint == "" {
		t.Errorf("%q has no hint", f.Message)
	}
	for e := err; e != nil; e = errors.Unwrap(e) {
		for _, account := range []ports.Account{h.Account, h.Other} {
			if text := fmt.Sprintf("%v %+v", e, f); strings.Contains(text, account.Secret.Reveal()) {
				t.Errorf("the error shows the secret")
			}
		}
	}
	return f
}
