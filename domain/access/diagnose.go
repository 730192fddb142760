package access

import (
	"strings"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
)

// Sign is what an error's chain tells beyond its code.
type Sign int

// The signs. They mirror the sentinels of package ports, which the domain does
// not know.
const (
	NoSign Sign = iota
	SignCaptcha
	SignAnonymous
	SignLoginPage
	SignDNS
	SignRefused
	SignProxyRefused
	SignForeignChallenge
	SignFrontRefused
	SignXSRF
	SignLoginFailed
	SignWebsudo
	SignTLSUntrusted
	SignTLSExpired
	SignTLSNotYetValid
	SignTLSWrongHost
	SignTLSIntercepted
	SignTLSClientCert
	SignTLSClientCertRefused
	SignTLSAuthorityExpired
	SignTLSIncompleteChain
	SignTLSWeakSignature
	SignTLSIncompatible
	SignTLSNotSpoken
	SignProxyLogin
	SignProxyLoginRefused
	SignProxyDenied
)

// MaxSkew is from where on a clock counts as wrong: what Kerberos, TOTP and
// token services allow at the most.
const MaxSkew = 5 * time.Minute

// Gateway is what became of the second way in, which scoped tokens need.
type Gateway struct {
	Tried bool
	Err   *fault.Fault // nil where the gateway named the account, or was not tried
}

// Evidence is everything that is known of a profile. Nothing in it is a secret.
type Evidence struct {
	AuthType      string
	CredentialErr *fault.Fault // why there is no credential
	Form          secret.Form
	Verdict       *Verdict     // nil where Jira was not asked
	Sign          Sign         // of the verdict's error
	Server        *Server      // nil where the site did not say what it runs
	ServerErr     *fault.Fault // why it did not
	Gateway       Gateway
	Skew          time.Duration // by how much this machine's clock is ahead
	SkewKnown     bool
	// Expired says that the recorded end of the token is over.
	Expired bool
	// EmailProven says that the email once worked on this site: a cached account
	// id, or another profile with it works now.
	EmailProven bool
	// WorksAs says that another profile of the site works with the same token
	// and another email.
	WorksAs bool
	// Elsewhere is the skew that another profile's site showed, where this one
	// could not be asked for the time.
	Elsewhere      time.Duration
	ElsewhereKnown bool
}

// Diagnose returns the one cause that the evidence supports. Where it supports
// several equally, the cause is the one that says so.
func Diagnose(e Evidence) Cause {
	switch {
	case e.CredentialErr != nil:
		return unresolved(e.CredentialErr)
	case e.Verdict == nil:
		return CauseNotProbed
	case e.Verdict.MyselfErr != nil:
		return e.failed(e.Verdict.MyselfErr)
	case e.Verdict.PermissionsErr != nil:
		return permissions(e.Verdict.PermissionsErr)
	case none(e.Verdict.Grants):
		return CauseNoPermission
	case e.SkewKnown && e.Skew.Abs() > MaxSkew:
		return CauseClockSkew
	}
	return CauseOK
}

func unresolved(f *fault.Fault) Cause {
	switch f.Code {
	case fault.CredentialNotFound:
		return CauseNoCredential
	case fault.CredentialSiteMismatch:
		return CauseSiteMismatch
	case fault.SecretInvalid:
		return CauseMalformed
	case fault.InputRequired, fault.ArgumentInvalid, fault.ConfigInvalid:
		return CauseBadSetting
	}
	return CauseStore
}

// permissions is about an account that Jira named.
func permissions(f *fault.Fault) Cause {
	switch f.Code {
	case fault.JiraNotFound:
		return CauseProjectHidden
	case fault.JiraForbidden:
		return CauseNoPermission
	case fault.JiraScopeMissing:
		return CauseMissingScope
	case fault.JiraRateLimited:
		return CauseRateLimited
	}
	return CausePermissionsUnknown
}

func none(g Grants) bool {
	for _, held := range g {
		if held {
			return false
		}
	}
	return true
}

// failed is about a probe to which nobody was named.
func (e Evidence) failed(f *fault.Fault) Cause {
	if cause, found := e.inFront(f); found {
		return cause
	}
	if cause, found := e.otherDeployment(f); found && e.Sign != SignCaptcha {
		return cause
	}
	if cause, found := e.signed(); found {
		return cause
	}
	switch f.Code {
	case fault.JiraUnauthorized:
		return e.unauthorized(f)
	case fault.JiraForbidden:
		return e.forbidden(f)
	case fault.JiraServerError:
		return CauseServerError
	case fault.JiraBadResponse:
		if f.Details.HTTPStatus == 402 || f.Details.HTTPStatus == 410 {
			return CauseSuspended
		}
	}
	for code, cause := range map[fault.Code]Cause{
		fault.JiraSiteNotFound: CauseWrongSite, fault.JiraNotFound: CauseWrongPath, fault.JiraRateLimited: CauseRateLimited,
		fault.JiraScopeMissing: CauseMissingScope, fault.JiraAuthMethodRefused: CauseMethodRefused,
		fault.JiraBadResponse: CauseNotJira, fault.TLSFailed: CauseTLSFailed, fault.NetworkUnreachable: CauseUnreachable,
		fault.Timeout: CauseTimeout, fault.ArgumentInvalid: CauseBadSetting, fault.ConfigInvalid: CauseBadSetting,
	} {
		if f.Code == code {
			return cause
		}
	}
	return CauseUnknown
}

// signed is what the sign alone decides.
func (e Evidence) signed() (Cause, bool) {
	switch e.Sign {
	case SignAnonymous:
		if e.Gateway.Tried && e.Gateway.Err == nil {
			return CauseScopedToken, true
		}
	case SignTLSExpired, SignTLSAuthorityExpired:
		if e.ElsewhereKnown && e.Elsewhere.Abs() > MaxSkew {
			return CauseClockSkew, true
		}
		if e.Sign == SignTLSAuthorityExpired {
			return CauseTLSAuthorityExpired, true
		}
		return CauseTLSExpired, true
	case SignTLSNotYetValid: // few sites serve tomorrow's certificate
		if e.ElsewhereKnown && e.Elsewhere.Abs() <= MaxSkew {
			return CauseTLSNotYetValid, true
		}
		return CauseClockSkew, true
	}
	cause, found := map[Sign]Cause{
		SignCaptcha: CauseCaptcha, SignAnonymous: CauseAnonymous, SignLoginPage: CauseLoginPage,
		SignWebsudo: CauseWebsudo, SignFrontRefused: CauseFrontRefuses, SignXSRF: CauseXSRF, SignDNS: CauseDNS, SignRefused: CauseUnreachable, SignProxyRefused: CauseProxyRefused,
		SignTLSUntrusted: CauseTLSUntrusted, SignTLSWrongHost: CauseTLSWrongHost,
		SignTLSIntercepted: CauseTLSIntercepted, SignTLSClientCert: CauseTLSClientCert,
		SignTLSClientCertRefused: CauseTLSClientCertRefused,
		SignTLSIncompleteChain:   CauseTLSIncompleteChain, SignTLSWeakSignature: CauseTLSWeakSignature,
		SignTLSIncompatible: CauseTLSIncompatible, SignTLSNotSpoken: CauseTLSNotSpoken,
		SignProxyLogin: CauseProxyLogin, SignProxyLoginRefused: CauseProxyLoginRefused, SignProxyDenied: CauseProxyDenied,
	}[e.Sign]
	return cause, found
}

// otherDeployment tells a site that runs something else than the profile is for
// from one that refuses the credential.
func (e Evidence) otherDeployment(f *fault.Fault) (Cause, bool) {
	switch f.Code {
	case fault.JiraUnauthorized, fault.JiraForbidden, fault.JiraNotFound, fault.JiraBadResponse, fault.JiraAuthMethodRefused:
	default:
		return "", false
	}
	cloud := e.AuthType == "" || e.AuthType == profile.AuthToken
	switch {
	case e.Server == nil:
		return "", false
	case e.AuthType == profile.AuthPAT && e.Server.Deployment == profile.DataCenter && profile.TooOldForPAT(e.Server.Version):
		return CauseMethodRefused, true
	case cloud && e.Server.Deployment == profile.DataCenter:
		return CauseDataCenter, true
	case !cloud && e.Server.Deployment == profile.Cloud:
		return CauseCloud, true
	}
	return "", false
}

// unauthorized splits a 401 as far as the evidence goes. Jira itself says the
// same of a wrong email and of a bad token.
func (e Evidence) unauthorized(f *fault.Fault) Cause {
	switch {
	case e.Gateway.Tried && e.Gateway.Err == nil:
		return CauseScopedToken
	case e.Gateway.Tried && e.Gateway.Err.Code == fault.JiraScopeMissing:
		return CauseMissingScope
	case e.Expired, saysExpired(f):
		return CauseExpiredToken
	case e.WorksAs:
		return CauseWrongEmail
	case e.AuthType == profile.AuthPAT, e.EmailProven, e.cloudToken() && e.Form != secret.FormAtlassian:
		return CauseBadToken
	}
	return CauseBadTokenOrEmail
}

// inFront tells a refusal of Jira's from one of something that stands before it:
// Jira answers anybody who asks what it runs.
func (e Evidence) inFront(f *fault.Fault) (Cause, bool) {
	refuses := func(f *fault.Fault) bool {
		return f != nil && (f.Code == fault.JiraUnauthorized || f.Code == fault.JiraForbidden)
	}
	switch {
	case !refuses(f) || !refuses(e.ServerErr) || e.Sign == SignCaptcha || e.Sign == SignLoginFailed || e.Sign == SignAnonymous:
		return "", false
	case e.Sign == SignForeignChallenge:
		return CauseFrontLogin, true
	case f.Code == fault.JiraForbidden:
		return CauseFrontRefuses, true
	}
	return "", false
}

func (e Evidence) forbidden(f *fault.Fault) Cause {
	if e.Sign == SignLoginFailed {
		return e.unauthorized(f)
	}
	if e.Gateway.Tried && e.Gateway.Err == nil {
		return CauseScopedToken
	}
	return CauseNoPermission
}

func (e Evidence) cloudToken() bool {
	return (e.AuthType == "" || e.AuthType == profile.AuthToken) && (e.Server == nil || e.Server.Deployment == profile.Cloud)
}

func saysExpired(f *fault.Fault) bool {
	for _, m := range f.Details.UpstreamMessages {
		if strings.Contains(strings.ToLower(m), "expired") {
			return true
		}
	}
	return false
}
