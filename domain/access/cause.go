package access

import (
	"fmt"
	"slices"
	"strings"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
)

// Cause is one verdict over a profile, of a closed list.
type Cause string

// The causes. Causes says what each means and what to do.
const (
	CauseOK              Cause = "ok"
	CauseNotProbed       Cause = "not_probed"
	CauseNoCredential    Cause = "no_credential"
	CauseMalformed       Cause = "malformed_credential"
	CauseStore           Cause = "store_unavailable"
	CauseSiteMismatch    Cause = "site_mismatch"
	CauseBadSetting      Cause = "bad_setting"
	CauseWrongSite       Cause = "wrong_site"
	CauseWrongPath       Cause = "wrong_path"
	CauseWrongEmail      Cause = "wrong_email"
	CauseBadToken        Cause = "bad_token"
	CauseBadTokenOrEmail Cause = "bad_token_or_email"
	CauseExpiredToken    Cause = "expired_token"
	CauseScopedToken     Cause = "scoped_token_on_site"
	CauseMissingScope    Cause = "missing_scope"
	CauseMethodRefused   Cause = "method_refused"
	CauseWebsudo         Cause = "websudo_required"
	CauseFrontRefuses    Cause = "refused_before_jira"
	CauseFrontLogin      Cause = "login_before_jira"
	CauseXSRF            Cause = "xsrf_refused"
	CauseCaptcha         Cause = "captcha"
	CauseAnonymous       Cause = "anonymous"
	CauseDataCenter      Cause = "data_center_not_cloud"
	CauseCloud           Cause = "cloud_not_data_center"
	CauseSuspended       Cause = "site_suspended"
	CauseLoginPage       Cause = "login_page_sso"
	CauseNotJira         Cause = "not_jira"
	CauseTLSIntercepted  Cause = "tls_interception"
	CauseTLSUntrusted    Cause = "tls_untrusted"
	CauseTLSExpired      Cause = "tls_expired"
	CauseTLSWrongHost    Cause = "tls_wrong_host"
	CauseTLSClientCert   Cause = "tls_client_certificate"
	CauseTLSFailed       Cause = "tls_failed"

	CauseProxyLogin        Cause = "proxy_login"
	CauseProxyLoginRefused Cause = "proxy_login_refused"
	CauseProxyDenied       Cause = "proxy_denied"

	CauseTLSNotYetValid       Cause = "tls_not_yet_valid"
	CauseTLSAuthorityExpired  Cause = "tls_authority_expired"
	CauseTLSIncompleteChain   Cause = "tls_incomplete_chain"
	CauseTLSWeakSignature     Cause = "tls_weak_signature"
	CauseTLSIncompatible      Cause = "tls_incompatible"
	CauseTLSNotSpoken         Cause = "not_tls"
	CauseTLSClientCertRefused Cause = "tls_client_certificate_refused"

	CauseProxyRefused       Cause = "proxy_refused"
	CauseDNS                Cause = "dns"
	CauseUnreachable        Cause = "unreachable"
	CauseTimeout            Cause = "timeout"
	CauseClockSkew          Cause = "clock_skew"
	CauseRateLimited        Cause = "rate_limited"
	CauseServerError        Cause = "server_error"
	CauseNoPermission       Cause = "no_licence_or_permission"
	CauseProjectHidden      Cause = "project_hidden"
	CausePermissionsUnknown Cause = "permissions_unknown"
	CauseUnknown            Cause = "unknown"
)

// CauseRow is what is said of a cause: the code of the errors that it goes with
// ("" where it goes with none, or with any of a store), what it means, what to do
// in words, and the command to type next.
type CauseRow struct {
	Cause   Cause
	Code    fault.Code
	Meaning string
	Advice  string
	Next    string
}

// About is the profile that a cause is about, as far as words depend on it. The
// zero AuthType is profile.AuthToken.
type About struct {
	Profile  string // "" where it is not known: blanks of package fault stay
	Site     string
	AuthType string
}

// Causes returns the closed list, in the order in which it is documented.
func Causes() []CauseRow { return append([]CauseRow(nil), causes...) }

// Row returns what is said of the cause about a profile.
func (c Cause) Row(a About) CauseRow {
	row := c.words(a)
	if a.Profile != "" {
		row.Advice = fault.FillIn(row.Advice, a.Profile, "")
		row.Next = fault.FillIn(row.Next, a.Profile, "")
	}
	return row
}

// words is the row with the words for the profile's auth type and site.
func (c Cause) words(a About) CauseRow {
	at := slices.IndexFunc(causes, func(row CauseRow) bool { return row.Cause == c })
	if at < 0 {
		return CauseUnknown.words(a)
	}
	row := causes[at]
	if other, found := ofPasswords[c]; found && (a.AuthType == profile.AuthBasic || a.AuthType == profile.AuthSession) {
		row.Meaning, row.Advice = other[0], other[1]
	}
	if a.Site != "" {
		row.Advice = strings.ReplaceAll(row.Advice, "{site}", a.Site)
	}
	row.Advice = strings.ReplaceAll(row.Advice, "{site}", "the site")
	return row
}

// Fault is the error of a cause in the words of its row. The detail follows what
// it means; the chain is what package ports tells it by, nil for none.
func (c Cause) Fault(a About, chain error, detail string, args ...any) *fault.Fault {
	row := c.words(a)
	return fault.Wrap(chain, row.Code, "%s%s", row.Meaning, fmt.Sprintf(detail, args...)).WithHint("%s", row.Hint())
}

// Hint is what to do in one line: the advice, and the command where that changes
// something and can be typed as it stands.
func (r CauseRow) Hint() string {
	for _, asks := range []string{"{test}", "{status}", "{explain}", "{whoami}"} {
		if strings.HasPrefix(r.Next, asks) {
			return r.Advice
		}
	}
	for _, open := range []string{"FILE", "METHOD", "SITE"} {
		if strings.Contains(r.Next, open) {
			return r.Advice
		}
	}
	if strings.Contains(r.Advice, "`") {
		return r.Advice
	}
	return r.Advice + ": `" + r.Next + "`"
}

// RejectedHint is what to do about a credential that Jira rejected, where it is
// not known which of the causes it is.
func RejectedHint(authType string) string {
	if authType == profile.AuthBasic || authType == profile.AuthSession {
		return "the user name or the password is wrong, or the password was changed; store the right ones with `{login} --force`"
	}
	return fault.Lookup(fault.JiraUnauthorized).Hint
}
