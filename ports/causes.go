package ports

import "errors"

// The causes below are in the chain of a fault whose code covers several of
// them, for those who must tell them apart without reading text. A fault has
// one of them at the most; without one the cause is not known.
var (
	// Of NetworkUnreachable.
	ErrDNS               = errors.New("the host's name could not be resolved")
	ErrConnectionRefused = errors.New("the host refused the connection")
	ErrProxyRefused      = errors.New("the proxy could not be used")
	ErrProxyLogin        = errors.New("the proxy wants a login")
	ErrProxyLoginRefused = errors.New("the proxy did not accept the login")
	ErrProxyDenied       = errors.New("the proxy does not allow the connection")

	// Of TLSFailed. ErrTLSIntercepted is an unknown authority that is known to
	// be a proxy's or a virus scanner's, or that signs for a Cloud site, whose
	// certificates are all public.
	ErrTLSUnknownAuthority  = errors.New("the certificate comes from an unknown authority")
	ErrTLSExpired           = errors.New("the certificate has expired")
	ErrTLSNotYetValid       = errors.New("the certificate is not valid yet")
	ErrTLSWrongHost         = errors.New("the certificate is for another host")
	ErrTLSIntercepted       = errors.New("something on the way intercepts TLS")
	ErrTLSClientCertificate = errors.New("the site wants a client certificate")

	// Of TLSFailed too: what only the administrator of the site or of the proxy
	// can change, and a client certificate that was given and not accepted.
	ErrTLSAuthorityExpired  = errors.New("the certificate of the authority has expired")
	ErrTLSIncompleteChain   = errors.New("the site does not send its intermediate certificate")
	ErrTLSWeakSignature     = errors.New("a certificate of the site has a weak signature")
	ErrTLSIncompatible      = errors.New("no TLS version, cipher suite or protocol in common")
	ErrTLSNotSpoken         = errors.New("the port does not speak TLS")
	ErrTLSClientCertRefused = errors.New("the site did not accept the client certificate")

	// Of JiraBadResponse: a login page answered, or a redirect to one.
	ErrLoginPage = errors.New("a login page answered in Jira's place")

	// Of JiraUnauthorized: the challenge is not one of Jira's, such as a proxy's
	// Basic realm, Negotiate or NTLM.
	ErrForeignChallenge = errors.New("the challenge is not one of Jira's")

	// Of JiraForbidden: the answer is not Jira's, but that of an allowlist, a CDN,
	// a bot check or a proxy in front of it.
	ErrFrontRefused = errors.New("something in front of jira refused the request")

	// Of JiraForbidden: Jira's check against forged requests refused it, not the
	// account.
	ErrXSRF = errors.New("jira's XSRF check refused the request")

	// Of JiraForbidden: Jira says beside it that the login failed.
	ErrLoginFailed = errors.New("jira says that the login failed")

	// Of JiraAuthMethodRefused: a secure administrator session is wanted.
	ErrWebsudo = errors.New("jira wants a secure administrator session")

	// Of JiraUnauthorized, and of JiraBadResponse where the answer names nobody:
	// the site ignored the credential and answered with 200 as it answers anybody.
	ErrAnonymous = errors.New("the site answered as to an anonymous caller")
)
