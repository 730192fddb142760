package access

import "jira-cli/domain/fault"

// The commands to type next, with the blanks of package fault.
const (
	nextLogin  = "{login} --force"
	nextTest   = "{test}"
	nextStatus = "{status}"
	nextDebug  = "{test} --debug"
)

// causes is the one table of words: jira auth explain and the errors both take
// theirs from here. {site} is the profile's site.
var causes = []CauseRow{
	{CauseOK, "", "Jira accepts the credential", "nothing to do", "{whoami}"},
	{CauseNotProbed, "", "Jira was not asked", "leave out --no-probe to ask it", "{explain}"},

	{CauseNoCredential, fault.CredentialNotFound, "neither the environment nor a backend has a credential", "store one", "{login}"},
	{CauseMalformed, fault.SecretInvalid, "the credential cannot be a token", "copy the token again, without quotes, spaces or line breaks, and store it", nextLogin},
	{CauseStore, "", "the backend that keeps the credential does not work on this machine", "see what the backend lacks, or keep the credential in another one", "jira auth backends"},
	{CauseSiteMismatch, fault.CredentialSiteMismatch, "the credential was stored for another site; nothing was sent", "put base_url back, or log in to this site", nextLogin},
	{CauseBadSetting, fault.ArgumentInvalid, "a setting of the profile is not valid; nothing was sent", "correct it", "{show}"},

	{CauseWrongSite, fault.JiraSiteNotFound, "no Atlassian site has this name", "check the site's name: it is the part before .atlassian.net in the browser's address bar", "{base_url} https://SITE.atlassian.net"},
	{CauseWrongPath, fault.JiraNotFound, "there is no Jira at this address", "compare base_url with the browser's address bar, including the path before /browse or /secure", "{init}"},
	{CauseDataCenter, fault.ArgumentInvalid, "the site runs Server or Data Center, and the profile is set up for Cloud", "log in with a personal access token of that server", nextLogin + " --auth-type pat"},
	{CauseCloud, fault.ArgumentInvalid, "the site is a Cloud site, and the profile is set up for Server or Data Center", "log in with an Atlassian API token", nextLogin + " --auth-type token"},

	{CauseWrongEmail, fault.JiraUnauthorized, "the token works on this site with another email", "set the email that the token belongs to", "{init}"},
	{CauseBadToken, fault.JiraUnauthorized, "Jira rejected the token: it is revoked, expired, mistyped or cut off", "create a new token and store it", nextLogin},
	{CauseBadTokenOrEmail, fault.JiraUnauthorized, "Jira rejected the email and token, and does not say which is wrong", "compare the email with your Atlassian account, then store a new token", nextLogin},
	{CauseExpiredToken, fault.JiraUnauthorized, "the token has expired", "create a new token and store it", nextLogin},
	{CauseScopedToken, fault.JiraUnauthorized, "the token has scopes and works only through Atlassian's gateway", "log in again, which detects and records that", nextLogin},
	{CauseMissingScope, fault.JiraScopeMissing, "the token lacks a scope", "create a token with that scope at https://id.atlassian.com/manage-profile/security/api-tokens and store it", nextLogin},
	{CauseMethodRefused, fault.JiraAuthMethodRefused, "Jira refuses this auth type, not the credential", "log in with another auth type: token on Cloud; pat, basic or session on Server and Data Center", nextLogin + " --auth-type METHOD"},
	{CauseWebsudo, fault.JiraAuthMethodRefused, "Jira requires a secure administrator session (websudo), which this program cannot open", "do it in a browser, or ask a Jira administrator to turn off secure administrator sessions", nextTest},
	{CauseXSRF, fault.JiraForbidden, "Jira's XSRF check refused the request, not the credential", "remove headers of the profile that only browsers send (User-Agent, Origin, Referer), or ask the proxy's administrator to", nextDebug},
	{CauseCaptcha, fault.JiraForbidden, "Jira requires a CAPTCHA before it checks the credential again", "log in at {site} in a browser and answer the CAPTCHA before the next attempt: each one prolongs the lockout", nextTest},
	{CauseAnonymous, fault.JiraUnauthorized, "the site ignores the credential and answers as to an anonymous caller", "check whether a proxy strips the Authorization header", nextTest},
	{CauseNoPermission, fault.JiraForbidden, "Jira knows the account, but it has no license or permission here", "ask a Jira administrator of the site for access", nextStatus},
	{CauseProjectHidden, fault.JiraNotFound, "the credential works, but the project does not exist or is hidden from the account", "check the project's key, or ask its administrator for access", nextStatus},
	{CausePermissionsUnknown, "", "the credential works, but its permissions could not be read", "try again", nextStatus},

	{CauseFrontRefuses, fault.JiraForbidden, "something in front of Jira refused the request, such as an IP allowlist, a bot check or a proxy's rule", "ask the administrator of the site or of the network to allow this machine's address", nextTest},
	{CauseFrontLogin, fault.JiraUnauthorized, "something in front of Jira requires its own login, such as a proxy or a single sign-on gateway", "give the profile a header that it accepts (`{login} --force` with --header), or reach the site without it", nextDebug},
	{CauseSuspended, fault.JiraBadResponse, "the site is suspended or was deleted", "ask the site's administrator to check its billing at https://admin.atlassian.com, or correct base_url if the site has moved", nextTest},
	{CauseLoginPage, fault.JiraBadResponse, "a login page answered in place of Jira", "check base_url; if single sign-on or a proxy requires a login, give the profile a header for it or reach the site without it", nextTest},
	{CauseNotJira, fault.JiraBadResponse, "the answer is not from Jira's API", "check base_url, and whether a proxy answers in place of Jira", nextDebug},
	{CauseTLSIntercepted, fault.TLSFailed, "a proxy is intercepting TLS", "ask your network administrator for its CA certificate and pass it with --ca-file", nextLogin + " --ca-file FILE"},
	{CauseTLSUntrusted, fault.TLSFailed, "the site's certificate was issued by an authority that this machine does not trust", "ask the site's administrator for the CA certificate and pass it with --ca-file, or add it to the system's store", nextLogin + " --ca-file FILE"},
	{CauseTLSExpired, fault.TLSFailed, "the site's certificate has expired", "ask the site's administrator to renew it", nextTest},
	{CauseTLSNotYetValid, fault.TLSFailed, "the site's certificate is not valid yet, and this machine's clock is right", "ask the site's administrator for a certificate that is valid now", nextTest},
	{CauseTLSAuthorityExpired, fault.TLSFailed, "the certificate of the authority that issued the site's has expired", "replace it where it comes from: on the site, in the CA file, or in this system's CA certificates", nextTest},
	{CauseTLSIncompleteChain, fault.TLSFailed, "the site does not send the intermediate certificate that its own was issued with", "ask the site's administrator to install the full chain; until then, add the intermediate to the CA file", nextLogin + " --ca-file FILE"},
	{CauseTLSWeakSignature, fault.TLSFailed, "a certificate of the site is signed with an algorithm that is no longer secure, such as SHA-1", "ask the site's administrator for a certificate signed with SHA-256 or better", nextTest},
	{CauseTLSWrongHost, fault.TLSFailed, "the site's certificate is for another host", "check base_url; if it is right, something else answers in place of the site", "{base_url} https://SITE.atlassian.net"},
	{CauseTLSClientCert, fault.TLSFailed, "the site requires a client certificate", "pass the certificate and its key with --client-cert and --client-key", nextLogin + " --client-cert FILE --client-key FILE"},
	{CauseTLSClientCertRefused, fault.TLSFailed, "the site does not accept the profile's client certificate", "check that it has not expired, and that the site knows the authority that issued it", nextDebug},
	{CauseTLSIncompatible, fault.TLSFailed, "the site and this program have no TLS version, cipher suite or protocol in common", "ask the site's administrator to enable TLS 1.2 or later with ECDHE and AES-GCM", nextTest},
	{CauseTLSNotSpoken, fault.TLSFailed, "the port of the site does not speak TLS", "correct the port of base_url", "{init}"},
	{CauseTLSFailed, fault.TLSFailed, "no TLS connection could be made", "check the port of base_url, and whether a proxy answers in place of the site", nextDebug},
	{CauseProxyLogin, fault.NetworkUnreachable, "the proxy wants a login", "put the login into HTTPS_PROXY, as http://USER:PASSWORD@HOST:PORT", nextTest},
	{CauseProxyLoginRefused, fault.NetworkUnreachable, "the proxy does not accept the user name and the password of the proxy variable", "correct the user name and the password in HTTPS_PROXY; write @, :, / and % in them as %40, %3A, %2F and %25", nextTest},
	{CauseProxyDenied, fault.NetworkUnreachable, "the proxy does not allow connections to the site", "ask your network administrator to allow the site, or list the host in NO_PROXY if it needs no proxy", nextTest},
	{CauseProxyRefused, fault.NetworkUnreachable, "the proxy could not be used", "check the profile's proxy and HTTPS_PROXY, or list the host in NO_PROXY if it needs no proxy", nextTest},
	{CauseDNS, fault.NetworkUnreachable, "the host's name could not be resolved", "check base_url, the network and the VPN", nextTest},
	{CauseUnreachable, fault.NetworkUnreachable, "the site could not be reached", "check the network, the VPN and the proxy variables", nextTest},
	{CauseTimeout, fault.Timeout, "the site did not answer in time", "allow more time with --timeout", "{test} --timeout 2m"},
	{CauseClockSkew, fault.TLSFailed, "this machine's clock is wrong", "set the clock: certificates and the expiry of tokens depend on it", "date -u"},
	{CauseRateLimited, fault.JiraRateLimited, "Jira is rate limiting requests", "wait a while, then try again", nextTest},
	{CauseServerError, fault.JiraServerError, "Jira failed", "try again later, and check https://status.atlassian.com or ask the site's administrator", nextTest},
	{CauseUnknown, "", "the cause is not known", "report it with this output", nextDebug},
}

// ofPasswords are the words, what it means and what to do, where the credential
// is a password and not a token.
var ofPasswords = map[Cause][2]string{
	CauseMalformed:       {"the credential cannot be a password", "store the password again, without line breaks"},
	CauseWrongEmail:      {"the password works on this site with another user name", "set the user name that the password belongs to"},
	CauseBadToken:        {"Jira rejected the password: it is wrong or was changed", "log in to {site} in a browser to check it, then store the right one"},
	CauseBadTokenOrEmail: {"Jira rejected the user name and password, and does not say which is wrong", "log in to {site} in a browser to check both, then store the right ones"},
	CauseExpiredToken:    {"the password has expired", "change it at {site} in a browser, then store the new one"},
}
