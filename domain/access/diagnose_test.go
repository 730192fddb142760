package access_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
)

// refused is the evidence of a probe that failed with a code, of a token that
// looks whole.
func refused(code fault.Code, change ...func(*access.Evidence)) access.Evidence {
	v := access.Judge(access.Identity{}, fault.New(code, "refused"), nil, nil)
	e := access.Evidence{Form: secret.FormAtlassian, Verdict: &v}
	for _, c := range change {
		c(&e)
	}
	return e
}

// let is the evidence of a probe that Jira answered.
func let(held access.Grants, err error, change ...func(*access.Evidence)) access.Evidence {
	v := access.Judge(john, nil, held, err)
	e := access.Evidence{Form: secret.FormAtlassian, Verdict: &v}
	for _, c := range change {
		c(&e)
	}
	return e
}

func sign(s access.Sign) func(*access.Evidence) {
	return func(e *access.Evidence) { e.Sign = s }
}

func runs(d profile.Deployment) func(*access.Evidence) {
	return func(e *access.Evidence) { e.Server = &access.Server{Deployment: d, Version: "1"} }
}

func method(authType string) func(*access.Evidence) {
	return func(e *access.Evidence) { e.AuthType = authType }
}

func gateway(err *fault.Fault) func(*access.Evidence) {
	return func(e *access.Evidence) { e.Gateway = access.Gateway{Tried: true, Err: err} }
}

func ahead(d time.Duration) func(*access.Evidence) {
	return func(e *access.Evidence) { e.Skew, e.SkewKnown = d, true }
}

func elsewhere(d time.Duration) func(*access.Evidence) {
	return func(e *access.Evidence) { e.Elsewhere, e.ElsewhereKnown = d, true }
}

func proven(e *access.Evidence)  { e.EmailProven = true }
func worksAs(e *access.Evidence) { e.WorksAs = true }
func cut(e *access.Evidence)     { e.Form = secret.FormCut }
func other(e *access.Evidence)   { e.Form = secret.FormOther }
func says(text string) func(*access.Evidence) {
	return func(e *access.Evidence) { e.Verdict.MyselfErr.Details.UpstreamMessages = []string{text} }
}

// silent is a site that does not say what it runs.
func silent(f *fault.Fault) func(*access.Evidence) {
	return func(e *access.Evidence) { e.ServerErr = f }
}

// version is a Data Center of a version.
func version(v string) func(*access.Evidence) {
	return func(e *access.Evidence) { e.Server = &access.Server{Deployment: profile.DataCenter, Version: v} }
}

func unresolved(code fault.Code) access.Evidence {
	return access.Evidence{CredentialErr: fault.New(code, "no")}
}

// TestDiagnose has each cause at least once, and the neighbours that must not be
// taken for it.
func TestDiagnose(t *testing.T) {
	scope := fault.New(fault.JiraScopeMissing, "scope")
	no := fault.New(fault.JiraUnauthorized, "no")
	cases := []struct {
		name string
		e    access.Evidence
		want access.Cause
	}{
		{"good", let(grants(true), nil), access.CauseOK},
		{"good in some", let(grants(false, "BROWSE_PROJECTS"), nil), access.CauseOK},
		{"good, the clock nearly right", let(grants(true), nil, ahead(-4*time.Minute)), access.CauseOK},
		{"good, another site's clock is of no interest", let(grants(true), nil, elsewhere(time.Hour)), access.CauseOK},
		{"good, the clock ahead", let(grants(true), nil, ahead(6*time.Minute)), access.CauseClockSkew},
		{"good, the clock behind", let(grants(true), nil, ahead(-6*time.Minute)), access.CauseClockSkew},
		{"not asked", access.Evidence{Form: secret.FormAtlassian}, access.CauseNotProbed},
		{"none", unresolved(fault.CredentialNotFound), access.CauseNoCredential},
		{"malformed", unresolved(fault.SecretInvalid), access.CauseMalformed},
		{"mismatch", unresolved(fault.CredentialSiteMismatch), access.CauseSiteMismatch},
		{"half an environment", unresolved(fault.InputRequired), access.CauseBadSetting},
		{"no keyring", unresolved(fault.KeyringUnavailable), access.CauseStore},
		{"no CGO", unresolved(fault.BackendUnsupported), access.CauseStore},

		{"no permission at all", let(grants(false), nil), access.CauseNoPermission},
		{"no permission at all, the clock wrong too", let(grants(false), nil, ahead(time.Hour)), access.CauseNoPermission},
		{"hidden project", let(nil, fault.New(fault.JiraNotFound, "hidden")), access.CauseProjectHidden},
		{"permissions forbidden", let(nil, fault.New(fault.JiraForbidden, "no")), access.CauseNoPermission},
		{"permissions out of scope", let(nil, scope), access.CauseMissingScope},
		{"permissions limited", let(nil, fault.New(fault.JiraRateLimited, "slow")), access.CauseRateLimited},
		{"permissions failed", let(nil, fault.New(fault.JiraServerError, "no")), access.CausePermissionsUnknown},

		{"401", refused(fault.JiraUnauthorized), access.CauseBadTokenOrEmail},
		{"401, a clock that is wrong is not why", refused(fault.JiraUnauthorized, ahead(time.Hour)), access.CauseBadTokenOrEmail},
		{"401, the gateway too", refused(fault.JiraUnauthorized, gateway(no)), access.CauseBadTokenOrEmail},
		{"401, the gateway unreachable", refused(fault.JiraUnauthorized, gateway(fault.New(fault.NetworkUnreachable, "no"))), access.CauseBadTokenOrEmail},
		{"401, the email proven", refused(fault.JiraUnauthorized, proven), access.CauseBadToken},
		{"401, cut off", refused(fault.JiraUnauthorized, cut), access.CauseBadToken},
		{"401, a password", refused(fault.JiraUnauthorized, other), access.CauseBadToken},
		{"401, cut off, yet works as somebody", refused(fault.JiraUnauthorized, cut, worksAs), access.CauseWrongEmail},
		{"401, works as somebody", refused(fault.JiraUnauthorized, worksAs), access.CauseWrongEmail},
		{"401, a personal token", refused(fault.JiraUnauthorized, method(profile.AuthPAT), other, runs(profile.DataCenter)), access.CauseBadToken},
		{"401, a user's password", refused(fault.JiraUnauthorized, method(profile.AuthBasic), other, runs(profile.DataCenter)), access.CauseBadTokenOrEmail},
		{"401, expired", refused(fault.JiraUnauthorized, says("The token has Expired")), access.CauseExpiredToken},
		{"401, past its recorded end", refused(fault.JiraUnauthorized, func(e *access.Evidence) { e.Expired = true }, method(profile.AuthPAT), runs(profile.DataCenter)), access.CauseExpiredToken},
		{"good, past a recorded end that was wrong", let(grants(true), nil, func(e *access.Evidence) { e.Expired = true }), access.CauseOK},
		{"401, scoped", refused(fault.JiraUnauthorized, gateway(nil)), access.CauseScopedToken},
		{"401, scoped and without the scope", refused(fault.JiraUnauthorized, gateway(scope)), access.CauseMissingScope},
		{"401 of the gateway", refused(fault.JiraScopeMissing), access.CauseMissingScope},
		{"403", refused(fault.JiraForbidden), access.CauseNoPermission},
		{"403, scoped", refused(fault.JiraForbidden, gateway(nil)), access.CauseScopedToken},
		{"403, the gateway too", refused(fault.JiraForbidden, gateway(no)), access.CauseNoPermission},
		{"403, serverInfo too", refused(fault.JiraForbidden, silent(no)), access.CauseFrontRefuses},
		{"403, serverInfo fails otherwise", refused(fault.JiraForbidden, silent(fault.New(fault.JiraServerError, "no"))), access.CauseNoPermission},
		{"403, the login failed", refused(fault.JiraForbidden, sign(access.SignLoginFailed), silent(no)), access.CauseBadTokenOrEmail},
		{"403, a CAPTCHA", refused(fault.JiraForbidden, sign(access.SignCaptcha), silent(no)), access.CauseCaptcha},
		{"401, a proxy's challenge, serverInfo too", refused(fault.JiraUnauthorized, sign(access.SignForeignChallenge), silent(no)), access.CauseFrontLogin},
		{"401, a proxy's challenge, serverInfo answers", refused(fault.JiraUnauthorized, sign(access.SignForeignChallenge), runs(profile.Cloud)), access.CauseBadTokenOrEmail},
		{"401, Jira's challenge, serverInfo too", refused(fault.JiraUnauthorized, silent(no)), access.CauseBadTokenOrEmail},
		{"a personal token on Jira 8.13", refused(fault.JiraUnauthorized, method(profile.AuthPAT), version("8.13.4")), access.CauseMethodRefused},
		{"a personal token on Jira 8.14", refused(fault.JiraUnauthorized, method(profile.AuthPAT), other, version("8.14.0")), access.CauseBadToken},
		{"the method", refused(fault.JiraAuthMethodRefused), access.CauseMethodRefused},
		{"websudo", refused(fault.JiraAuthMethodRefused, sign(access.SignWebsudo)), access.CauseWebsudo},
		{"captcha", refused(fault.JiraForbidden, sign(access.SignCaptcha)), access.CauseCaptcha},
		{"captcha of a Data Center", refused(fault.JiraUnauthorized, sign(access.SignCaptcha), runs(profile.DataCenter)), access.CauseCaptcha},
		{"anonymous, a Data Center", refused(fault.JiraBadResponse, sign(access.SignAnonymous), runs(profile.DataCenter)), access.CauseDataCenter},
		{"anonymous, and known to the gateway", refused(fault.JiraUnauthorized, sign(access.SignAnonymous), gateway(nil)), access.CauseScopedToken},
		{"anonymous, and unknown to the gateway", refused(fault.JiraUnauthorized, sign(access.SignAnonymous), gateway(no)), access.CauseAnonymous},
		{"anonymous", refused(fault.JiraUnauthorized, sign(access.SignAnonymous)), access.CauseAnonymous},
		{"Data Center", refused(fault.JiraNotFound, runs(profile.DataCenter)), access.CauseDataCenter},
		{"Data Center, 401", refused(fault.JiraUnauthorized, runs(profile.DataCenter), method(profile.AuthToken)), access.CauseDataCenter},
		{"Data Center that fails", refused(fault.JiraServerError, runs(profile.DataCenter)), access.CauseServerError},
		{"Cloud", refused(fault.JiraUnauthorized, runs(profile.Cloud), method(profile.AuthPAT)), access.CauseCloud},
		{"Cloud as it should be", refused(fault.JiraUnauthorized, runs(profile.Cloud), method(profile.AuthToken)), access.CauseBadTokenOrEmail},

		{"no such site", refused(fault.JiraSiteNotFound), access.CauseWrongSite},
		{"no such path", refused(fault.JiraNotFound), access.CauseWrongPath},
		{"no such path of a Cloud site", refused(fault.JiraNotFound, runs(profile.Cloud)), access.CauseWrongPath},
		{"login page", refused(fault.JiraBadResponse, sign(access.SignLoginPage)), access.CauseLoginPage},
		{"garbage", refused(fault.JiraBadResponse), access.CauseNotJira},
		{"intercepted", refused(fault.TLSFailed, sign(access.SignTLSIntercepted)), access.CauseTLSIntercepted},
		{"unknown authority", refused(fault.TLSFailed, sign(access.SignTLSUntrusted)), access.CauseTLSUntrusted},
		{"expired certificate", refused(fault.TLSFailed, sign(access.SignTLSExpired)), access.CauseTLSExpired},
		{"expired certificate, the clock right", refused(fault.TLSFailed, sign(access.SignTLSExpired), elsewhere(time.Minute)), access.CauseTLSExpired},
		{"expired certificate, the clock wrong", refused(fault.TLSFailed, sign(access.SignTLSExpired), elsewhere(time.Hour)), access.CauseClockSkew},
		{"tomorrow's certificate", refused(fault.TLSFailed, sign(access.SignTLSNotYetValid)), access.CauseClockSkew},
		{"tomorrow's certificate, the clock right", refused(fault.TLSFailed, sign(access.SignTLSNotYetValid), elsewhere(time.Minute)), access.CauseTLSNotYetValid},
		{"expired authority", refused(fault.TLSFailed, sign(access.SignTLSAuthorityExpired)), access.CauseTLSAuthorityExpired},
		{"expired authority, the clock wrong", refused(fault.TLSFailed, sign(access.SignTLSAuthorityExpired), elsewhere(time.Hour)), access.CauseClockSkew},
		{"no intermediate", refused(fault.TLSFailed, sign(access.SignTLSIncompleteChain)), access.CauseTLSIncompleteChain},
		{"SHA-1", refused(fault.TLSFailed, sign(access.SignTLSWeakSignature)), access.CauseTLSWeakSignature},
		{"old TLS", refused(fault.TLSFailed, sign(access.SignTLSIncompatible)), access.CauseTLSIncompatible},
		{"plain HTTP", refused(fault.TLSFailed, sign(access.SignTLSNotSpoken)), access.CauseTLSNotSpoken},
		{"another's client certificate", refused(fault.TLSFailed, sign(access.SignTLSClientCertRefused)), access.CauseTLSClientCertRefused},
		{"another host's certificate", refused(fault.TLSFailed, sign(access.SignTLSWrongHost)), access.CauseTLSWrongHost},
		{"client certificate", refused(fault.TLSFailed, sign(access.SignTLSClientCert)), access.CauseTLSClientCert},
		{"TLS", refused(fault.TLSFailed), access.CauseTLSFailed},
		{"proxy", refused(fault.NetworkUnreachable, sign(access.SignProxyRefused)), access.CauseProxyRefused},
		{"a proxy's login", refused(fault.NetworkUnreachable, sign(access.SignProxyLogin)), access.CauseProxyLogin},
		{"a proxy's login, refused", refused(fault.NetworkUnreachable, sign(access.SignProxyLoginRefused)), access.CauseProxyLoginRefused},
		{"a proxy's rule", refused(fault.NetworkUnreachable, sign(access.SignProxyDenied)), access.CauseProxyDenied},
		{"DNS", refused(fault.NetworkUnreachable, sign(access.SignDNS)), access.CauseDNS},
		{"refused connection", refused(fault.NetworkUnreachable, sign(access.SignRefused)), access.CauseUnreachable},
		{"unreachable", refused(fault.NetworkUnreachable), access.CauseUnreachable},
		{"timeout", refused(fault.Timeout), access.CauseTimeout},
		{"429", refused(fault.JiraRateLimited), access.CauseRateLimited},
		{"503", refused(fault.JiraServerError), access.CauseServerError},
		{"colon in the email", refused(fault.ArgumentInvalid), access.CauseBadSetting},
		{"allowlist", refused(fault.JiraForbidden, sign(access.SignFrontRefused)), access.CauseFrontRefuses},
		{"allowlist before a site that says what it runs", refused(fault.JiraForbidden, sign(access.SignFrontRefused), runs(profile.Cloud)), access.CauseFrontRefuses},
		{"XSRF", refused(fault.JiraForbidden, sign(access.SignXSRF)), access.CauseXSRF},
		{"suspended", refused(fault.JiraBadResponse, func(e *access.Evidence) { e.Verdict.MyselfErr.Details.HTTPStatus = 402 }), access.CauseSuspended},
		{"gone", refused(fault.JiraBadResponse, func(e *access.Evidence) { e.Verdict.MyselfErr.Details.HTTPStatus = 410 }), access.CauseSuspended},
		{"defect", refused(fault.InternalError), access.CauseUnknown},
	}
	reached := map[access.Cause]bool{}
	for _, c := range cases {
		got := access.Diagnose(c.e)
		reached[got] = true
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	for _, row := range access.Causes() {
		if !reached[row.Cause] {
			t.Errorf("no evidence leads to %s", row.Cause)
		}
	}
}

func TestCausesAreClosedAndComplete(t *testing.T) {
	name := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	seen := map[access.Cause]bool{}
	for _, row := range access.Causes() {
		if seen[row.Cause] || !name.MatchString(string(row.Cause)) {
			t.Errorf("%q stands twice or is not snake_case", row.Cause)
		}
		seen[row.Cause] = true
		for _, text := range []string{row.Meaning, row.Advice, row.Next} {
			if text == "" || strings.HasSuffix(text, ".") || strings.Contains(text, "\n") {
				t.Errorf("%s: %q", row.Cause, text)
			}
		}
		for _, authType := range profile.AuthTypes() {
			about := access.About{Profile: "work", Site: "https://example.atlassian.net", AuthType: authType}
			got, f := row.Cause.Row(about), row.Cause.Fault(about, nil, " (HTTP %d)", 403)
			if got.Cause != row.Cause || strings.ContainsAny(got.Meaning+got.Advice+got.Next+f.HintFor("work", ""), "<>{}") {
				t.Errorf("%s: %+v, %s", row.Cause, got, f.Hint)
			}
			if f.Code != row.Code || f.Message != got.Meaning+" (HTTP 403)" || !strings.HasPrefix(f.HintFor("work", ""), got.Advice) {
				t.Errorf("%s: the error says %q, hint %q, and explain %+v", row.Cause, f.Message, f.Hint, got)
			}
		}
	}
	if access.Cause("no_such").Row(access.About{Profile: "work"}).Cause != access.CauseUnknown {
		t.Error("a cause that does not exist is not unknown")
	}
}

// TestPasswordsAreNotTokens: whoever logs in with a password reads of passwords
// and user names, and nobody else does.
func TestPasswordsAreNotTokens(t *testing.T) {
	said := func(c access.Cause, authType string) string {
		row := c.Row(access.About{Profile: "work", Site: "https://jira.example.com", AuthType: authType})
		return row.Meaning + "; " + row.Advice
	}
	for _, c := range []access.Cause{access.CauseMalformed, access.CauseWrongEmail, access.CauseBadToken, access.CauseBadTokenOrEmail, access.CauseExpiredToken} {
		for _, authType := range []string{profile.AuthBasic, profile.AuthSession} {
			if text := said(c, authType); strings.Contains(text, "token") || strings.Contains(text, "email") || !strings.Contains(text, "password") {
				t.Errorf("%s of %s: %s", c, authType, text)
			}
		}
		if text := said(c, profile.AuthPAT); strings.Contains(text, "password") || !strings.Contains(text, "token") {
			t.Errorf("%s of pat: %s", c, text)
		}
	}
	if hint := access.RejectedHint(profile.AuthSession); strings.Contains(hint, "token") || !strings.Contains(hint, "user name") {
		t.Error(hint)
	}
	if hint := access.RejectedHint(profile.AuthToken); hint != fault.Lookup(fault.JiraUnauthorized).Hint {
		t.Error(hint)
	}
}

// TestTheTablesAgree: of a code that one cause alone has, both tables say the
// same.
func TestTheTablesAgree(t *testing.T) {
	for code, cause := range map[fault.Code]access.Cause{
		fault.JiraSiteNotFound: access.CauseWrongSite, fault.JiraRateLimited: access.CauseRateLimited, fault.JiraServerError: access.CauseServerError,
		fault.JiraScopeMissing: access.CauseMissingScope, fault.Timeout: access.CauseTimeout, fault.CredentialSiteMismatch: access.CauseSiteMismatch,
	} {
		row := cause.Row(access.About{})
		if row.Code != code || row.Hint() != fault.Lookup(code).Hint {
			t.Errorf("%s goes with %s; hints %q and %q", cause, row.Code, row.Hint(), fault.Lookup(code).Hint)
		}
	}
}
