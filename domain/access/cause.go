package access

import "strings"

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
	CauseCaptcha         Cause = "captcha"
	CauseAnonymous       Cause = "anonymous"
	CauseDataCenter      Cause = "data_center_not_cloud"
	CauseCloud           Cause = "cloud_not_data_center"
	CauseLoginPage       Cause = "login_page_sso"
	CauseNotJira         Cause = "not_jira"
	CauseTLSIntercepted  Cause = "tls_interception"
	CauseTLSUntrusted    Cause = "tls_untrusted"
	CauseTLSExpired      Cause = "tls_expired"
	CauseTLSWrongHost    Cause = "tls_wrong_host"
	CauseTLSClientCert   Cause = "tls_client_certificate"
	CauseTLSFailed       Cause = "tls_failed"

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

// CauseRow is what is said of a cause: what it means, what to do about it in
// words, and the command to type next. In Next stand <profile> and <site> for
// those of the profile.
type CauseRow struct {
	Cause   Cause
	Meaning string
	Advice  string
	Next    string
}

const (
	nextLogin   = "jira auth login --profile-name <profile> --force"
	nextTest    = "jira auth test <profile>"
	nextBaseURL = "jira config set profiles.<profile>.base_url https://SITE.atlassian.net"
	nextEmail   = "jira config init --profile <profile> --force"
	nextStatus  = "jira auth status --profile <profile>"
)

// Causes returns the closed list, in the order in which it is documented.
func Causes() []CauseRow { return append([]CauseRow(nil), causes...) }

// Row returns what is said of the cause about a profile on a site.
func (c Cause) Row(profile, site string) CauseRow {
	for _, row := range causes {
		if row.Cause == c {
			row.Next = strings.NewReplacer("<profile>", profile, "<site>", site).Replace(row.Next)
			return row
		}
	}
	return CauseUnknown.Row(profile, site)
}

var causes = []CauseRow{
	{CauseOK, "Jira accepts the credential", "nothing to do", "jira auth whoami --profile <profile>"},
	{CauseNotProbed, "Jira was not asked", "leave --no-probe out to ask it", "jira auth explain --profile <profile>"},

	{CauseNoCredential, "neither the environment nor a store has a credential", "store one", "jira auth login --profile-name <profile>"},
	{CauseMalformed, "the credential cannot be a token", "store it again, without quotes, blanks or line breaks", nextLogin},
	{CauseStore, "the store that keeps the credential does not work here and now", "see what the store lacks, or keep the credential in another one", "jira auth backends"},
	{CauseSiteMismatch, "the credential was stored for another site; nothing was sent", "log in to this site, or put base_url back", nextLogin},
	{CauseBadSetting, "a setting of the profile cannot be used; nothing was sent", "correct it", "jira config profile show <profile>"},

	{CauseWrongSite, "no Atlassian site has this name", "take the part before .atlassian.net from the browser's address bar", nextBaseURL},
	{CauseWrongPath, "something answers, but has no Jira at this address", "compare base_url with the browser's address bar, with the path before /browse or /secure", "jira config init --profile <profile> --force"},
	{CauseDataCenter, "the site runs Server or Data Center, and the profile is set up for Cloud", "log in with a personal access token of that server", nextLogin + " --auth-type pat"},
	{CauseCloud, "the site is a Cloud site, and the profile is set up for Server or Data Center", "log in with an Atlassian API token", nextLogin + " --auth-type token"},

	{CauseWrongEmail, "the token works on this site with another email", "set the email that the token belongs to", nextEmail},
	{CauseBadToken, "Jira refuses the token: it is revoked, expired, mistyped or cut off", "make a new one and store it", nextLogin},
	{CauseBadTokenOrEmail, "Jira refuses the email and the token together, and does not say which is wrong", "compare the email with your Atlassian account, then store a new token", nextLogin},
	{CauseExpiredToken, "the token has expired", "make a new one and store it", nextLogin},
	{CauseScopedToken, "the token has scopes and works only through Atlassian's gateway", "log in again, which finds that out and records it", nextLogin},
	{CauseMissingScope, "the token lacks a scope that the request needs", "make a token with that scope and store it", nextLogin},
	{CauseMethodRefused, "Jira refuses the way of authenticating, not the credential", "log in another way: token on Cloud; pat, basic or session on Server and Data Center", nextLogin + " --auth-type METHOD"},
	{CauseWebsudo, "Jira wants a secure administrator session (websudo), which no credential can open here", "do it in a browser, or ask an administrator to turn off secure administrator sessions", nextTest},
	{CauseCaptcha, "Jira wants a CAPTCHA answered before it looks at the credential again", "log in to <site> once by browser, then test; every attempt before that prolongs the lockout", nextTest},
	{CauseAnonymous, "the site ignores the credential and answers as to anybody", "check whether a proxy strips the Authorization header", nextTest},
	{CauseNoPermission, "the credential is good, but the account has no licence or no permission here", "ask a Jira administrator of the site for access", nextStatus},
	{CauseProjectHidden, "the credential is good; the project does not exist, or is hidden from the account", "check the project's key, or ask its administrator for access", nextStatus},
	{CausePermissionsUnknown, "the credential is good; its permissions could not be asked for", "try again", nextStatus},

	{CauseFrontRefuses, "something in front of Jira refuses requests from here, such as an IP allowlist, a bot check or a proxy's rule", "ask the site's or the network's administrator to allow this machine's address", nextTest},
	{CauseFrontLogin, "something in front of Jira wants a login of its own, such as a proxy or a single sign-on gateway", "give the profile a header that it accepts with `jira auth login --header`, or reach the site without it", "jira auth test <profile> --debug"},
	{CauseLoginPage, "a login page answers in Jira's place, as with single sign-on before the site", "check base_url; if a proxy asks for a login, give it a header or reach the site past it", nextTest},
	{CauseNotJira, "something answers that is not Jira's API", "check base_url, and what stands between here and the site", "jira auth test <profile> --debug"},
	{CauseTLSIntercepted, "something on the way intercepts TLS with a certificate of its own", "ask who runs the network for its authority, and name the file", nextLogin + " --ca-file FILE"},
	{CauseTLSUntrusted, "the site's certificate comes from an authority that this machine does not know", "get the authority's certificate from who runs the site, and name the file", nextLogin + " --ca-file FILE"},
	{CauseTLSExpired, "the site's certificate has expired", "ask the site's administrator to renew it", nextTest},
	{CauseTLSNotYetValid, "the site's certificate is not valid yet, and this machine's clock is right", "ask the site's administrator for a certificate that is valid now", nextTest},
	{CauseTLSAuthorityExpired, "the certificate of the authority that issued the site's has expired", "replace it where it comes from: on the site, in the CA file, or in this system's CA certificates", nextTest},
	{CauseTLSIncompleteChain, "the site does not send the intermediate certificate that its own was issued with", "ask the site's administrator to install the full chain; until then, add the intermediate to the CA file", nextLogin + " --ca-file FILE"},
	{CauseTLSWeakSignature, "a certificate of the site is signed with an algorithm that is no longer secure, such as SHA-1", "ask the site's administrator for a certificate signed with SHA-256 or better", nextTest},
	{CauseTLSWrongHost, "the site's certificate is for another host", "check base_url; if it is right, something else answers in the site's place", nextBaseURL},
	{CauseTLSClientCert, "the site wants a client certificate", "give the profile one", nextLogin + " --client-cert FILE --client-key FILE"},
	{CauseTLSClientCertRefused, "the site does not accept the profile's client certificate", "check that it has not expired, and that the site knows the authority that issued it", nextTest + " --debug"},
	{CauseTLSIncompatible, "the site and this program have no TLS version, cipher suite or protocol in common", "ask the site's administrator to enable TLS 1.2 or later with ECDHE and AES-GCM", nextTest},
	{CauseTLSNotSpoken, "the port of the site does not speak TLS", "correct the port of base_url", nextEmail},
	{CauseTLSFailed, "no TLS connection could be made", "check the port of base_url, and what stands between here and the site", "jira auth test <profile> --debug"},
	{CauseProxyRefused, "the proxy could not be used", "check HTTPS_PROXY, or list the host in NO_PROXY", nextTest},
	{CauseDNS, "the host's name cannot be resolved", "check base_url, the network and the VPN", nextTest},
	{CauseUnreachable, "the site could not be reached", "check the network, the VPN and the proxy variables", nextTest},
	{CauseTimeout, "the site did not answer in time", "try again with more time", "jira auth test <profile> --timeout 2m"},
	{CauseClockSkew, "this machine's clock is wrong", "set the clock; certificates are judged by it, and the ends of tokens", "date -u"},
	{CauseRateLimited, "Jira asks to slow down", "wait, then try again", nextTest},
	{CauseServerError, "Jira failed", "look at https://status.atlassian.com or ask who runs the server, then try again", nextTest},
	{CauseUnknown, "none of the known causes fits", "report it, with what stands here", "jira auth test <profile> --debug"},
}
