package jirahttp_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"jira-cli/adapters/fakejira"
	"jira-cli/adapters/jirahttp"
	"jira-cli/adapters/memory"
	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

const (
	patText  = "NjM1MDQ0Mjk5OTQ3OuqeYyVeVlDHVPMTKgjm8MfkpNbi"
	password = "correct horse + battery:staple"
	center   = "https://jira.example.com/jira"
)

// newCenter is a Data Center at center, mounted without a wire.
func newCenter(t *testing.T, options string) (*fakejira.Server, jirahttp.Options) {
	t.Helper()
	fake := fakejira.New(fakejira.Options{Users: []fakejira.User{{Email: fakejira.SampleEmail, Name: "jdoe", Password: password, PATs: []string{patText}}}})
	t.Cleanup(fake.Close)
	command(t, fake, "datacenter jira.example.com context=/jira "+options)
	transport := fake.MockTransport(center, "https://example.atlassian.net", fakejira.Gateway(""))
	return fake, jirahttp.Options{UserAgent: userAgent, Transport: transport}
}

func centerAccount(t *testing.T, method, text string) ports.Account {
	t.Helper()
	return ports.Account{Site: parseSite(t, center), Email: "jdoe", Secret: secret.New(text), AuthType: method, Deployment: profile.DataCenter}
}

func opened(t *testing.T, o jirahttp.Options, a ports.Account) ports.JiraSession {
	t.Helper()
	s := jirahttp.New(o).Open(a)
	t.Cleanup(s.Close)
	return s
}

// TestAuthTypesOfDataCenter: each names the same person, by its own scheme.
func TestAuthTypesOfDataCenter(t *testing.T) {
	t.Parallel()
	for method, c := range map[string]struct{ text, scheme string }{
		profile.AuthPAT: {patText, "bearer"}, profile.AuthBasic: {password, "basic"}, profile.AuthSession: {password, "cookie"},
	} {
		fake, options := newCenter(t, "")
		s := opened(t, options, centerAccount(t, method, c.text))
		want := access.Identity{AccountID: "jdoe", DisplayName: "John Doe", Email: fakejira.SampleEmail, TimeZone: "America/Los_Angeles"}
		if got, err := s.Myself(bounded(t)); err != nil || got != want {
			t.Errorf("%s: %+v, %v", method, got, err)
		}
		probe(t, s)
		if method == profile.AuthSession {
			command(t, fake, "expect POST /rest/auth/1/session user=anonymous")
		}
		command(t, fake, "expect /rest/api/2/myself user=jdoe times=2 auth="+c.scheme, "expect /rest/api/2/mypermissions user=jdoe auth="+c.scheme)
		if err := fake.Check(); err != nil {
			t.Errorf("%s: %v", method, err)
		}
	}
}

// TestASessionLogsInOnce, also where it fails: each attempt counts towards a
// CAPTCHA.
func TestASessionLogsInOnce(t *testing.T) {
	t.Parallel()
	fake, options := newCenter(t, "")
	options.Retries, options.Sleep = 3, memory.NewClock(time.Time{}).Sleep
	good := opened(t, options, centerAccount(t, profile.AuthSession, password))
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() { probe(t, good) })
	}
	wg.Wait()
	command(t, fake, "session end "+fakejira.SampleEmail)
	if _, err := good.Myself(bounded(t)); fault.CodeOf(err) != fault.JiraUnauthorized {
		t.Errorf("an expired cookie: %v", err)
	}
	command(t, fake, "expect POST /rest/auth/1/session", "expect /rest/api/2/myself times=6", "expect /rest/api/2/mypermissions times=5")
	if err := fake.Check(); err != nil {
		t.Error(err)
	}
	for _, faulty := range []string{"", "fault /rest/auth/1/session 503", "fault /rest/auth/1/session captcha", "fault /rest/auth/1/session reset", "fault /rest/auth/1/session redirect to=/jira/rest/api/2/serverInfo status=307"} {
		if faulty != "" {
			command(t, fake, faulty)
		}
		bad := opened(t, options, centerAccount(t, profile.AuthSession, "wrong "+password))
		_, first := bad.Myself(bounded(t))
		_, second := bad.Permissions(bounded(t), "", access.ProbedKeys())
		if first == nil || first != second {
			t.Errorf("%s: %v, then %v", faulty, first, second)
		}
		command(t, fake, "expect POST /rest/auth/1/session")
		if err := fake.Check(); err != nil {
			t.Errorf("%s: %v", faulty, err)
		}
	}
}

// TestASessionSurvivesAnImpatientCaller: a login that was given up says nothing.
func TestASessionSurvivesAnImpatientCaller(t *testing.T) {
	t.Parallel()
	fake, options := newCenter(t, "")
	command(t, fake, "fault /rest/auth/1/session stall times=1")
	s := opened(t, options, centerAccount(t, profile.AuthSession, password))
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, err := s.Myself(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the impatient caller got %v", err)
	}
	if _, err := s.Myself(bounded(t)); err != nil {
		t.Errorf("the next caller got %v", err)
	}
}

// TestNothingOfASessionIsShown: the cookie and the password, where Jira echoes
// them.
func TestNothingOfASessionIsShown(t *testing.T) {
	t.Parallel()
	var trace strings.Builder
	fake, options := newCenter(t, "")
	options.Debug = &trace
	s := opened(t, options, centerAccount(t, profile.AuthSession, password))
	if _, err := s.Myself(bounded(t)); err != nil {
		t.Fatal(err)
	}
	var cookie string
	for _, credential := range fake.Tokens() {
		if credential != password && credential != patText {
			cookie = credential
		}
	}
	command(t, fake, `fault * 401 'body={"message":"you sent `+cookie+` for `+password+`"}' 'header=Atl-Traceid: `+cookie+`'`)
	_, err := s.Myself(bounded(t))
	f := fault.From(err)
	all := fmt.Sprintf("%v %+v %s", f, f.Details, &trace)
	if len(cookie) != 32 || strings.Contains(all, cookie) || strings.Contains(all, password) || strings.Count(all, "[credential]") < 3 {
		t.Errorf("the cookie %q is in %s", cookie, all)
	}
}

func TestExpiry(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		options string
		setup   []string
		want    time.Time
	}{
		"one token":                       {"", []string{"pat add john.doe@example.com " + patText + " expires=2026-08-01T12:00:00Z"}, end},
		"one token for ever":              {"", nil, time.Time{}},
		"two tokens with two ends":        {"", []string{"pat add john.doe@example.com " + patText + " expires=2026-08-01T12:00:00Z", "pat add john.doe@example.com another expires=2026-09-01T12:00:00Z"}, time.Time{}},
		"two tokens, one for ever":        {"", []string{"pat add john.doe@example.com another expires=2026-09-01T12:00:00Z"}, time.Time{}},
		"two tokens with one end":         {"", []string{"pat add john.doe@example.com " + patText + " expires=2026-08-01T12:00:00Z", "pat add john.doe@example.com another expires=2026-08-01T12:00:00Z"}, end},
		"another token that is over":      {"", []string{"clock 2026-05-27T00:00:00Z", "pat add john.doe@example.com " + patText + " expires=2026-08-01T12:00:00Z", "pat add john.doe@example.com another expires=2026-01-01T12:00:00Z"}, end},
		"not allowed":                     {"", []string{"fault /rest/pat/latest/tokens 403"}, time.Time{}},
		"not there":                       {"", []string{"fault /rest/pat/latest/tokens 404"}, time.Time{}},
		"not with a personal token":       {"", []string{"fault /rest/pat/latest/tokens method via=token"}, time.Time{}},
		"an old Jira, served anonymously": {"version=8.13.2 bad=anonymous", nil, time.Time{}},
	} {
		fake, options := newCenter(t, c.options)
		command(t, fake, c.setup...)
		got, err := opened(t, options, centerAccount(t, profile.AuthPAT, patText)).Expiry(bounded(t))
		if c.options != "" {
			if fault.CodeOf(err) != fault.JiraNotFound && fault.CodeOf(err) != fault.JiraUnauthorized && err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil || !got.Equal(c.want) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	fake, options := newCenter(t, "")
	for _, a := range []ports.Account{centerAccount(t, profile.AuthBasic, password), {Site: parseSite(t, "example"), Email: "a@example.com", Secret: secret.New(token)}} {
		if got, err := opened(t, options, a).Expiry(bounded(t)); err != nil || !got.IsZero() {
			t.Errorf("%s: %v, %v", a.AuthType, got, err)
		}
	}
	if err := fake.Check(); err != nil {
		t.Error(err)
	}
	command(t, fake, "pat revoke john.doe@example.com")
	if _, err := opened(t, options, centerAccount(t, profile.AuthPAT, patText)).Expiry(bounded(t)); fault.CodeOf(err) != fault.JiraUnauthorized {
		t.Errorf("a revoked token: %v", err)
	}
}

// TestAnIgnoredCredential: Data Center serves a bad token as it serves anybody.
func TestAnIgnoredCredential(t *testing.T) {
	t.Parallel()
	fake, options := newCenter(t, "bad=anonymous")
	s := opened(t, options, centerAccount(t, profile.AuthPAT, "NoSuchToken1234"))
	_, err := s.Permissions(bounded(t), "", access.ProbedKeys())
	if fault.CodeOf(err) != fault.JiraUnauthorized || !errors.Is(err, ports.ErrAnonymous) || fault.From(err).Details.HTTPStatus != 200 {
		t.Errorf("grants for nobody: %v", err)
	}
	command(t, fake, "fault /rest/api/2/myself anonymous")
	if _, err := s.Myself(bounded(t)); !errors.Is(err, ports.ErrAnonymous) {
		t.Errorf("nobody's name: %v", err)
	}
	// The public questions are answered to anybody, and that is right.
	if got, err := s.Server(bounded(t)); err != nil || got.Deployment != profile.DataCenter || got.Version != "9.12.4" {
		t.Errorf("Server = %+v, %v", got, err)
	}
	command(t, fake, "fault clear", "fault * headers header=X-Seraph-LoginReason:AUTHENTICATION_DENIED")
	if _, err := opened(t, options, centerAccount(t, profile.AuthPAT, patText)).Myself(bounded(t)); !errors.Is(err, ports.ErrCaptcha) {
		t.Errorf("a CAPTCHA on a 200: %v", err)
	}
	cloud := opened(t, options, ports.Account{Site: parseSite(t, "example"), Email: "a@example.com", Secret: secret.New(token)})
	command(t, fake, "fault clear", "fault * anonymous")
	if _, err := cloud.Myself(bounded(t)); fault.CodeOf(err) != fault.JiraUnauthorized || !errors.Is(err, ports.ErrAnonymous) {
		t.Errorf("nobody on Cloud: %v", err)
	}
}

func TestRefusalsOfTheMethod(t *testing.T) {
	t.Parallel()
	fake, options := newCenter(t, "")
	cloud := ports.Account{Site: parseSite(t, "example"), Email: fakejira.SampleEmail}
	withToken, withPassword := cloud, cloud
	withToken.Secret, withPassword.Secret = secret.New(token), secret.New(password)
	for _, c := range []struct {
		via     string
		account ports.Account
		code    fault.Code
		words   string
	}{
		{"websudo", centerAccount(t, profile.AuthPAT, patText), fault.JiraAuthMethodRefused, "which this program cannot open (HTTP 401)"},
		{"token", centerAccount(t, profile.AuthPAT, patText), fault.JiraAuthMethodRefused, "(HTTP 403)"},
		{"basic", centerAccount(t, profile.AuthBasic, password), fault.JiraAuthMethodRefused, "passwords"},
		{"password", withPassword, fault.JiraAuthMethodRefused, "Cloud takes no passwords"},
		{"password", withToken, fault.JiraUnauthorized, "rejected"},
	} {
		command(t, fake, "fault clear", "fault * method via="+c.via)
		_, err := opened(t, options, c.account).Myself(bounded(t))
		f := fault.From(err)
		if f.Code != c.code || !strings.Contains(f.Message, c.words) || len(f.Details.UpstreamMessages) != 1 || f.Hint == "" {
			t.Errorf("%s: %s %q %+v", c.via, f.Code, f.Message, f.Details)
		}
	}
}

// TestWhatASiteCannotHave is refused before anything is sent.
func TestWhatASiteCannotHave(t *testing.T) {
	t.Parallel()
	fake, options := newCenter(t, "")
	cloud := ports.Account{Site: parseSite(t, "example"), Email: "a@example.com", Secret: secret.New(token)}
	with := func(change func(*ports.Account)) ports.Account {
		a := cloud
		change(&a)
		return a
	}
	for name, a := range map[string]ports.Account{
		"a password on Cloud":              with(func(a *ports.Account) { a.AuthType = profile.AuthBasic }),
		"a session on Cloud":               with(func(a *ports.Account) { a.AuthType = profile.AuthSession }),
		"a personal access token on Cloud": with(func(a *ports.Account) { a.AuthType = profile.AuthPAT }),
		"an API token on Data Center":      centerAccount(t, profile.AuthToken, token),
		"an unknown auth type":             with(func(a *ports.Account) { a.AuthType = "oauth" }),
		"a cloud id elsewhere": with(func(a *ports.Account) {
			a.Site, a.CloudID = parseSite(t, "https://jira.example.com"), fakejira.SampleCloudID
		}),
		"a cloud id that is a path":         with(func(a *ports.Account) { a.CloudID = "../../evil" }),
		"a colon in a user name":            func() ports.Account { a := centerAccount(t, profile.AuthBasic, password); a.Email = "a:b"; return a }(),
		"a session without a user name":     func() ports.Account { a := centerAccount(t, profile.AuthSession, password); a.Email = ""; return a }(),
		"no certificates verified on Cloud": with(func(a *ports.Account) { a.Network.Insecure = true }),
		"a header of the program's":         with(func(a *ports.Account) { a.Headers = map[string]secret.Secret{"authorization": secret.New("x")} }),
		"a cookie":                          with(func(a *ports.Account) { a.Headers = map[string]secret.Secret{"COOKIE": secret.New("x")} }),
		"another host":                      with(func(a *ports.Account) { a.Headers = map[string]secret.Secret{"Host": secret.New("x")} }),
		"a header with a line break":        with(func(a *ports.Account) { a.Headers = map[string]secret.Secret{"X-Extra": secret.New("x\r\nHost: y")} }),
		"a malformed header":                with(func(a *ports.Account) { a.Headers = map[string]secret.Secret{"X Extra": secret.New("x")} }),
		"a proxy with a password":           with(func(a *ports.Account) { a.Network.Proxy = "http://user:" + password + "@proxy.example:3128" }),
		"a proxy of another kind":           with(func(a *ports.Account) { a.Network.Proxy = "ftp://proxy.example" }),
	} {
		s := opened(t, options, a)
		_, err := s.Myself(bounded(t))
		f := fault.From(err)
		if f.Code != fault.ArgumentInvalid || f.Hint == "" || strings.Contains(f.Error()+f.Hint, "horse") {
			t.Errorf("%s: %s %v", name, f.Code, err)
		}
	}
	bad := centerAccount(t, profile.AuthPAT, "two words")
	if _, err := opened(t, options, bad).Myself(bounded(t)); fault.CodeOf(err) != fault.SecretInvalid {
		t.Errorf("a token with a blank: %v", err)
	}
	if got := fake.Dump(); got != "" {
		t.Errorf("it was sent: %s", got)
	}
	// The deployment follows from the auth type where it is not known yet.
	unknown := centerAccount(t, profile.AuthPAT, patText)
	unknown.Deployment = ""
	if _, err := opened(t, options, unknown).Myself(bounded(t)); err != nil {
		t.Errorf("a personal access token without a deployment: %v", err)
	}
}

// TestScopedTokens go to the gateway, and to nobody else.
func TestScopedTokens(t *testing.T) {
	t.Parallel()
	fake, options := newCenter(t, "")
	command(t, fake, "token add john.doe@example.com ATATT3x-scoped-whole scopes=read:jira-user,read:jira-work",
		"token add john.doe@example.com ATATT3x-scoped-half scopes=read:jira-user", "token add john.doe@example.com ATATT3x-granular scopes=read:permission:jira")
	account := ports.Account{Site: parseSite(t, "example"), Email: fakejira.SampleEmail, Secret: secret.New("ATATT3x-scoped-whole"),
		Headers: map[string]secret.Secret{"X-Sso": secret.New("for-the-site-alone")}}
	s := opened(t, options, account)
	if _, err := s.Myself(bounded(t)); fault.CodeOf(err) != fault.JiraUnauthorized {
		t.Errorf("on the site's own URL: %v", err)
	}
	id, err := s.CloudID(bounded(t))
	if err != nil || id != fakejira.SampleCloudID {
		t.Fatalf("CloudID = %q, %v", id, err)
	}
	account.CloudID = id
	s = opened(t, options, account)
	if got, err := s.Myself(bounded(t)); err != nil || got.AccountID != fakejira.SampleAccountID {
		t.Errorf("through the gateway: %+v, %v", got, err)
	}
	probe(t, s)
	if _, err := s.Server(bounded(t)); err != nil {
		t.Errorf("Server: %v", err)
	}
	for _, r := range fake.Requests() {
		if has := r.Header.Get("X-Sso") != ""; has != (r.Host == "example.atlassian.net") {
			t.Errorf("the site's header with %s: %v", r, has)
		}
	}
	command(t, fake, "expect /rest/api/3/myself host=example.atlassian.net auth=basic", "expect /_edge/tenant_info user=anonymous",
		"expect /rest/api/3/myself host=api.atlassian.com times=2", "expect /rest/api/3/mypermissions host=api.atlassian.com",
		"expect /rest/api/2/serverInfo user=anonymous host=example.atlassian.net")
	if err := fake.Check(); err != nil {
		t.Error(err)
	}
	account.Secret = secret.New("ATATT3x-scoped-half")
	_, err = opened(t, options, account).Permissions(bounded(t), "", access.ProbedKeys())
	if fault.CodeOf(err) != fault.JiraScopeMissing || !strings.Contains(err.Error(), "read:jira-work") || !strings.Contains(err.Error(), "read:permission:jira") {
		t.Errorf("without the scope: %v", err)
	}
	account.Secret = secret.New("ATATT3x-granular")
	if _, err = opened(t, options, account).Permissions(bounded(t), "", access.ProbedKeys()); err != nil {
		t.Errorf("with the granular scope: %v", err)
	}
	_, err = opened(t, options, account).Myself(bounded(t))
	if fault.CodeOf(err) != fault.JiraScopeMissing || !strings.Contains(err.Error(), "read:jira-user") || !strings.Contains(err.Error(), "read:user:jira") {
		t.Errorf("without the other scope: %v", err)
	}
	account.Secret = secret.New("wrong")
	if _, err = opened(t, options, account).Myself(bounded(t)); fault.CodeOf(err) != fault.JiraUnauthorized {
		t.Errorf("a bad token at the gateway: %v", err)
	}
	account.CloudID = "99999999-2222-4333-8444-555555555555"
	o := options
	o.Transport = fake.MockTransport(fakejira.Gateway(account.CloudID))
	if _, err = opened(t, o, account).Myself(bounded(t)); fault.CodeOf(err) != fault.JiraNotFound {
		t.Errorf("another cloud id: %v", err)
	}
}

// TestTheGatewayIsWhereItIs, whatever the environment says, with TLS of an
// authority that is trusted; its redirects are not followed elsewhere. The fake
// stands behind a proxy, as in front of a process.
func TestTheGatewayIsWhereItIs(t *testing.T) {
	t.Parallel()
	ca := newCA(t)
	fake, stranger := newFake(t, ""), newFake(t, "")
	endpoint := listen(t, fake, fakejira.Socket{TLS: serverConfig(t, ca, fakejira.Leaf{Hosts: []string{"api.atlassian.com"}})})
	elsewhere := listen(t, stranger, fakejira.Socket{})
	proxy, err := fakejira.ListenProxy(fakejira.ProxyOptions{Target: strings.TrimPrefix(endpoint.URL, "https://")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Close)
	account := ports.Account{Site: parseSite(t, "example"), Email: fakejira.SampleEmail, Secret: secret.New(token), CloudID: fakejira.SampleCloudID,
		Network: profile.Network{Proxy: proxy.URL}}
	trusted := certFile(t, ca)
	options := jirahttp.Options{UserAgent: userAgent, Lookup: func(name string) (string, bool) {
		if strings.Contains(name, "GATEWAY") {
			return elsewhere.URL, true
		}
		return trusted(name)
	}}
	s := opened(t, options, account)
	if got, err := s.Myself(bounded(t)); err != nil || got.AccountID != fakejira.SampleAccountID {
		t.Errorf("through the gateway: %+v, %v", got, err)
	}
	if asked := proxy.Asked(); len(asked) != 1 || asked[0] != "api.atlassian.com:443" {
		t.Errorf("the proxy was asked for %q", asked)
	}
	for _, to := range []string{elsewhere.URL, "https://example.atlassian.net", "https://api.atlassian.com:8443"} {
		command(t, fake, "fault clear", "fault * redirect to="+to+"/rest/api/3/myself")
		if _, err := s.Myself(bounded(t)); fault.CodeOf(err) != fault.JiraBadResponse {
			t.Errorf("a redirect to %s: %v", to, err)
		}
	}
	if got := stranger.Dump(); got != "" {
		t.Errorf("the other place was asked: %s", got)
	}
}

// TestPublicQuestionsNeedNoCredential, and tell when a login is wanted.
func TestPublicQuestionsNeedNoCredential(t *testing.T) {
	t.Parallel()
	fake, options := newCenter(t, "")
	command(t, fake, "clock 2026-05-27T10:00:00Z", "skew -2h")
	s := opened(t, options, ports.Account{Site: parseSite(t, center)})
	got, err := s.Server(bounded(t))
	if err != nil || got.Deployment != profile.DataCenter || !got.Time.Equal(time.Date(2026, 5, 27, 8, 0, 0, 0, time.UTC)) {
		t.Errorf("Server = %+v, %v", got, err)
	}
	if _, err := s.Myself(bounded(t)); fault.CodeOf(err) != fault.ArgumentInvalid && fault.CodeOf(err) != fault.CredentialNotFound {
		t.Errorf("Myself without a credential: %v", err)
	}
	if _, err := s.CloudID(bounded(t)); fault.CodeOf(err) != fault.ArgumentInvalid {
		t.Errorf("CloudID off Cloud: %v", err)
	}
	command(t, fake, "fault * 401")
	if _, err := s.Server(bounded(t)); fault.CodeOf(err) != fault.JiraUnauthorized || strings.Contains(err.Error(), "credential") {
		t.Errorf("Server behind a login: %v", err)
	}
	if slices.ContainsFunc(fake.Requests(), func(r fakejira.Request) bool { return r.Scheme != "" }) {
		t.Error("a credential was sent")
	}
}
