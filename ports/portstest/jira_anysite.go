package portstest

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// AnySiteHarness is one implementation of ports.Jira before two sites: one on
// Cloud, under .atlassian.net, and one that runs Data Center. Each test has its
// own.
type AnySiteHarness struct {
	Jira ports.Jira

	// Center is a good account of Person on Data Center for each of
	// profile.AuthPAT, AuthBasic and AuthSession. It holds every probed
	// permission. Its one personal access token ends at End.
	Center  map[string]ports.Account
	Person  access.Identity
	Version string
	End     time.Time

	// Classic is an account on Cloud whose token works on the site. Scoped is
	// one of the same site with a scoped token that may ask both questions, and
	// HalfScoped one that may not ask Permissions; both have the CloudID of the
	// site.
	Classic, Scoped, HalfScoped ports.Account

	// EndSessions makes every cookie invalid.
	EndSessions func()

	// SecondPAT gives Person another personal access token, with another end.
	SecondPAT func()

	// Arrange makes every authenticated request meet the condition from now on.
	Arrange func(t *testing.T, c AnySiteCondition)

	// Requests is how many requests have arrived so far, logins included.
	Requests func() int
}

// AnySiteCondition is something that Data Center, or a gateway, does.
type AnySiteCondition string

// The conditions that a harness must be able to arrange.
const (
	AnySiteWebSudo       AnySiteCondition = "secure administrator sessions"
	AnySiteAnonymous     AnySiteCondition = "200 as to an anonymous caller"
	AnySiteCaptcha       AnySiteCondition = "CAPTCHA"
	AnySiteSilentLogin   AnySiteCondition = "a login that is not answered"
	AnySiteGatewayFails  AnySiteCondition = "a gateway that fails with 500"
	AnySiteTokensRefused AnySiteCondition = "a list of tokens that may not be read"
)

// TestAnySite demands what ports.Jira promises beyond classic tokens on Cloud.
func TestAnySite(t *testing.T, newHarness func(t *testing.T) AnySiteHarness) {
	run := func(name string, test func(t *testing.T, h AnySiteHarness)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newHarness(t))
		})
	}
	for _, method := range []string{profile.AuthPAT, profile.AuthBasic, profile.AuthSession} {
		run(method+"/Person and grants", func(t *testing.T, h AnySiteHarness) { testCenterPerson(t, h, method) })
		run(method+"/Concurrent use", func(t *testing.T, h AnySiteHarness) { testCenterConcurrent(t, h, method) })
		run(method+"/Wrong secret", func(t *testing.T, h AnySiteHarness) { testCenterWrongSecret(t, h, method) })
		run(method+"/Refusals", func(t *testing.T, h AnySiteHarness) { testCenterRefusals(t, h, method) })
	}
	run("A session that is over", testSessionOver)
	run("A login that is given up", testLoginGivenUp)
	run("Expiry", testExpiry)
	run("Expiry that is not told", testExpiryUntold)
	run("Public questions", testPublic)
	run("Scoped tokens", testScoped)
	run("A gateway that fails", testGatewayFails)
	run("Accounts that no site has", testImpossibleAccounts)
	run("Ended before", testAnySiteEnded)
}

func anySession(t *testing.T, h AnySiteHarness, a ports.Account) ports.JiraSession {
	s := h.Jira.Open(a)
	t.Cleanup(s.Close)
	return s
}

// logins is how many requests a session of the method sends before its first
// question.
func logins(method string) int {
	if method == profile.AuthSession {
		return 1
	}
	return 0
}

// wantAnyFault is wantJiraFault for these accounts.
func wantAnyFault(t *testing.T, h AnySiteHarness, err error, code fault.Code) *fault.Fault {
	t.Helper()
	var f *fault.Fault
	for _, a := range append(slices.Collect(maps.Values(h.Center)), h.Classic, h.Scoped, h.HalfScoped) {
		f = wantJiraFault(t, JiraHarness{Account: a, Other: a}, err, code)
		if f == nil {
			return nil
		}
	}
	return f
}

func testCenterPerson(t *testing.T, h AnySiteHarness, method string) {
	s := anySession(t, h, h.Center[method])
	if got, err := s.Myself(jiraContext(t)); err != nil || got != h.Person || got.AccountType != "" {
		t.Errorf("Myself = %+v, %v; want %+v", got, err, h.Person)
	}
	got, err := s.Permissions(jiraContext(t), "", access.ProbedKeys())
	if err != nil || len(got) != len(access.ProbedKeys()) || slices.Contains(slices.Collect(maps.Values(got)), false) {
		t.Errorf("Permissions = %v, %v", got, err)
	}
	if n := h.Requests(); n != 2+logins(method) {
		t.Errorf("two questions sent %d requests", n)
	}
}

func testCenterConcurrent(t *testing.T, h AnySiteHarness, method string) {
	s := anySession(t, h, h.Center[method])
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
	if n := h.Requests(); n != 16+logins(method) {
		t.Errorf("16 questions sent %d requests", n)
	}
}

// testCenterWrongSecret: refused, and with a login only once.
func testCenterWrongSecret(t *testing.T, h AnySiteHarness, method string) {
	a := h.Center[method]
	a.Secret = secret.New("another-secret-altogether")
	s := anySession(t, h, a)
	for name, ask := range jiraQuestions() {
		if f := wantAnyFault(t, h, ask(jiraContext(t), s), fault.JiraUnauthorized); f != nil && f.Details.HTTPStatus != 401 {
			t.Errorf("%s: the status is %d", name, f.Details.HTTPStatus)
		}
	}
	if n := h.Requests(); n != 2-logins(method) {
		t.Errorf("two questions sent %d requests", n)
	}
}

func testCenterRefusals(t *testing.T, h AnySiteHarness, method string) {
	for condition, want := range map[AnySiteCondition]struct {
		code  fault.Code
		cause error
	}{
		AnySiteWebSudo:   {fault.JiraAuthMethodRefused, nil},
		AnySiteAnonymous: {fault.JiraUnauthorized, ports.ErrAnonymous},
		AnySiteCaptcha:   {fault.JiraForbidden, ports.ErrCaptcha},
	} {
		h.Arrange(t, condition)
		s := anySession(t, h, h.Center[method])
		for name, ask := range jiraQuestions() {
			err := ask(jiraContext(t), s)
			wantAnyFault(t, h, err, want.code)
			for _, cause := range []error{ports.ErrAnonymous, ports.ErrCaptcha} {
				if errors.Is(err, cause) != (cause == want.cause) {
					t.Errorf("%s, %s: is it %q? %v", condition, name, cause, err)
				}
			}
		}
	}
}

func testSessionOver(t *testing.T, h AnySiteHarness) {
	s := anySession(t, h, h.Center[profile.AuthSession])
	if _, err := s.Myself(jiraContext(t)); err != nil {
		t.Fatal(err)
	}
	h.EndSessions()
	_, err := s.Myself(jiraContext(t))
	wantAnyFault(t, h, err, fault.JiraUnauthorized)
	if n := h.Requests(); n != 3 {
		t.Errorf("a login and two questions sent %d requests: a refusal is not tried again", n)
	}
	if _, err := anySession(t, h, h.Center[profile.AuthSession]).Myself(jiraContext(t)); err != nil {
		t.Errorf("another session: %v", err)
	}
}

func testLoginGivenUp(t *testing.T, h AnySiteHarness) {
	h.Arrange(t, AnySiteSilentLogin)
	s := anySession(t, h, h.Center[profile.AuthSession])
	cause := errors.New("the caller gave up")
	ctx, cancel := context.WithCancelCause(jiraContext(t))
	results := make(chan error, 2)
	for _, ask := range jiraQuestions() {
		go func() { results <- ask(ctx, s) }()
	}
	for h.Requests() == 0 && ctx.Err() == nil {
		time.Sleep(time.Millisecond)
	}
	cancel(cause)
	for range 2 {
		select {
		case err := <-results:
			if !errors.Is(err, cause) {
				t.Errorf("a question returned %v, want the cause", err)
			}
		case <-time.After(20 * time.Second):
			t.Fatal("a question hangs after its context has ended")
		}
	}
	if n := h.Requests(); n != 1 {
		t.Errorf("%d requests were sent", n)
	}
}

func testExpiry(t *testing.T, h AnySiteHarness) {
	if got, err := anySession(t, h, h.Center[profile.AuthPAT]).Expiry(jiraContext(t)); err != nil || !got.Equal(h.End) {
		t.Errorf("Expiry = %v, %v; want %v", got, err, h.End)
	}
	before := h.Requests()
	for _, a := range []ports.Account{h.Center[profile.AuthBasic], h.Center[profile.AuthSession], h.Classic, h.Scoped} {
		if got, err := anySession(t, h, a).Expiry(jiraContext(t)); err != nil || !got.IsZero() {
			t.Errorf("Expiry of %q = %v, %v", a.AuthType, got, err)
		}
	}
	if n := h.Requests() - before; n != 0 {
		t.Errorf("%d requests were sent for what has no end to ask for", n)
	}
	wrong := h.Center[profile.AuthPAT]
	wrong.Secret = secret.New("another-secret-altogether")
	_, err := anySession(t, h, wrong).Expiry(jiraContext(t))
	wantAnyFault(t, h, err, fault.JiraUnauthorized)
}

func testExpiryUntold(t *testing.T, h AnySiteHarness) {
	s := anySession(t, h, h.Center[profile.AuthPAT])
	h.SecondPAT()
	if got, err := s.Expiry(jiraContext(t)); err != nil || !got.IsZero() {
		t.Errorf("of two tokens: %v, %v", got, err)
	}
	h.Arrange(t, AnySiteTokensRefused)
	if got, err := s.Expiry(jiraContext(t)); err != nil || !got.IsZero() {
		t.Errorf("of a list that may not be read: %v, %v", got, err)
	}
}

// testPublic asks without any credential.
func testPublic(t *testing.T, h AnySiteHarness) {
	for want, a := range map[profile.Deployment]ports.Account{profile.DataCenter: h.Center[profile.AuthPAT], profile.Cloud: h.Classic} {
		s := anySession(t, h, ports.Account{Site: a.Site})
		got, err := s.Server(jiraContext(t))
		if err != nil || got.Deployment != want || got.Version == "" || want == profile.DataCenter && got.Version != h.Version {
			t.Errorf("Server = %+v, %v; want %s", got, err, want)
		}
	}
	cloud := anySession(t, h, ports.Account{Site: h.Classic.Site})
	if got, err := cloud.CloudID(jiraContext(t)); err != nil || got != h.Scoped.CloudID {
		t.Errorf("CloudID = %q, %v; want %q", got, err, h.Scoped.CloudID)
	}
	_, err := cloud.Myself(jiraContext(t))
	wantAnyFault(t, h, err, fault.CredentialNotFound)
	before := h.Requests()
	_, err = anySession(t, h, h.Center[profile.AuthPAT]).CloudID(jiraContext(t))
	wantAnyFault(t, h, err, fault.ArgumentInvalid)
	if n := h.Requests() - before; n != 0 {
		t.Errorf("%d requests were sent for a cloud id that there cannot be", n)
	}
}

func testScoped(t *testing.T, h AnySiteHarness) {
	direct := h.Scoped
	direct.CloudID = ""
	_, err := anySession(t, h, direct).Myself(jiraContext(t))
	wantAnyFault(t, h, err, fault.JiraUnauthorized)
	s := anySession(t, h, h.Scoped)
	for name, ask := range jiraQuestions() {
		if err := ask(jiraContext(t), s); err != nil {
			t.Errorf("%s through the gateway: %v", name, err)
		}
	}
	if _, err := s.Server(jiraContext(t)); err != nil {
		t.Errorf("Server beside the gateway: %v", err)
	}
	half := anySession(t, h, h.HalfScoped)
	if _, err := half.Myself(jiraContext(t)); err != nil {
		t.Errorf("a scope that is there: %v", err)
	}
	_, err = half.Permissions(jiraContext(t), "", access.ProbedKeys())
	if f := wantAnyFault(t, h, err, fault.JiraScopeMissing); f != nil && !strings.Contains(f.Message, "read:jira-work") {
		t.Errorf("%q does not name the scope", f.Message)
	}
	if _, err := anySession(t, h, h.Classic).Myself(jiraContext(t)); err != nil {
		t.Errorf("a classic token on the site: %v", err)
	}
}

func testGatewayFails(t *testing.T, h AnySiteHarness) {
	h.Arrange(t, AnySiteGatewayFails)
	_, err := anySession(t, h, h.Scoped).Myself(jiraContext(t))
	wantAnyFault(t, h, err, fault.JiraServerError)
	if _, err := anySession(t, h, h.Classic).Myself(jiraContext(t)); err != nil {
		t.Errorf("the site itself: %v", err)
	}
}

// testImpossibleAccounts are refused before anything is sent.
func testImpossibleAccounts(t *testing.T, h AnySiteHarness) {
	change := func(a ports.Account, change func(*ports.Account)) ports.Account {
		change(&a)
		return a
	}
	for name, a := range map[string]ports.Account{
		"a password on Cloud":              change(h.Classic, func(a *ports.Account) { a.AuthType = profile.AuthBasic }),
		"a session on Cloud":               change(h.Classic, func(a *ports.Account) { a.AuthType = profile.AuthSession }),
		"a personal access token on Cloud": change(h.Classic, func(a *ports.Account) { a.AuthType = profile.AuthPAT }),
		"an API token on Data Center":      change(h.Center[profile.AuthPAT], func(a *ports.Account) { a.AuthType = profile.AuthToken }),
		"an unknown auth type":             change(h.Classic, func(a *ports.Account) { a.AuthType = "telepathy" }),
		"a cloud id of Data Center":        change(h.Center[profile.AuthPAT], func(a *ports.Account) { a.CloudID = h.Scoped.CloudID }),
		"a malformed cloud id":             change(h.Scoped, func(a *ports.Account) { a.CloudID = "../x" }),
		"no user name":                     change(h.Center[profile.AuthBasic], func(a *ports.Account) { a.Email = "" }),
		"a colon in the user name":         change(h.Center[profile.AuthSession], func(a *ports.Account) { a.Email = "a:b" }),
		"no verification on Cloud":         change(h.Classic, func(a *ports.Account) { a.Network.Insecure = true }),
		"a header of HTTP's": change(h.Classic, func(a *ports.Account) {
			a.Headers = map[string]secret.Secret{"Authorization": secret.New("Basic nonsense")}
		}),
	} {
		s := anySession(t, h, a)
		for _, ask := range jiraQuestions() {
			if err := ask(jiraContext(t), s); fault.CodeOf(err) != fault.ArgumentInvalid {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if n := h.Requests(); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
	// A personal access token needs no user name, and tells the deployment.
	for name, a := range map[string]ports.Account{
		"no user name":  change(h.Center[profile.AuthPAT], func(a *ports.Account) { a.Email = "" }),
		"no deployment": change(h.Center[profile.AuthPAT], func(a *ports.Account) { a.Deployment = "" }),
	} {
		if got, err := anySession(t, h, a).Myself(jiraContext(t)); err != nil || got != h.Person {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func testAnySiteEnded(t *testing.T, h AnySiteHarness) {
	cause := errors.New("the caller gave up")
	ctx, cancel := context.WithCancelCause(jiraContext(t))
	cancel(cause)
	center, cloud := anySession(t, h, h.Center[profile.AuthPAT]), anySession(t, h, h.Scoped)
	_, first := center.Server(ctx)
	_, second := cloud.CloudID(ctx)
	_, third := center.Expiry(ctx)
	_, fourth := cloud.Expiry(ctx)
	_, fifth := anySession(t, h, h.Center[profile.AuthSession]).Myself(ctx)
	for i, err := range []error{first, second, third, fourth, fifth} {
		if !errors.Is(err, cause) {
			t.Errorf("question %d returned %v, want the cause", i+1, err)
		}
	}
	if n := h.Requests(); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}
