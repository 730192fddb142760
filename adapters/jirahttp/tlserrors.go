package jirahttp

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"strings"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/ports"
)

// tlsFault translates a failed handshake, nil for any other error. What mends
// each kind is different, so each is worded apart.
func (s *session) tlsFault(host string, err, cause error) *fault.Fault {
	if f := s.certificateFault(host, err, cause); f != nil {
		return f
	}
	return s.handshakeFault(host, err, cause)
}

// certificateFault is a certificate of the site that was not accepted.
func (s *session) certificateFault(host string, err, cause error) *fault.Fault {
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verdict *tls.CertificateVerificationError
	served := servedChain(err)
	switch {
	case errors.Is(err, errOtherCertificate):
		return otherCertificate(host, cause)
	case errors.As(err, &name) && name.Certificate != nil && len(name.Certificate.DNSNames)+len(name.Certificate.IPAddresses) == 0:
		return fault.Wrap(because(ports.ErrTLSWrongHost, cause), fault.TLSFailed, "the certificate of %s names no host: it has no subjectAltName", host).
			WithHint("the site needs a certificate with a subjectAltName; nothing on this side can stand in for it")
	case errors.As(err, &name):
		return fault.Wrap(because(ports.ErrTLSWrongHost, cause), fault.TLSFailed, "the certificate of %s is for another host%s", host, s.namesOf(name.Certificate)).
			WithHint("check base_url; if it is right, something on the way answers in the site's place")
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return s.outOfDate(host, served, cause, invalid)
	case weaklySigned(served, err):
		return fault.Wrap(because(ports.ErrTLSWeakSignature, cause), fault.TLSFailed, "the certificate of %s has a weak signature%s", host, s.algorithmOf(served)).
			WithHint("ask the site's administrator for a certificate signed with SHA-256 or better; jira accepts no weaker one")
	case errors.As(err, new(x509.UnknownAuthorityError)):
		return s.unknownAuthority(host, served, err, cause)
	case errors.As(err, &invalid), errors.As(err, &verdict):
		return fault.Wrap(cause, fault.TLSFailed, "the certificate of %s was not accepted%s", host, invalidity(invalid)).
			WithHint("ask the site's administrator to replace the certificate")
	}
	return nil
}

// servedChain is what the site presented, its own certificate first.
func servedChain(err error) []*x509.Certificate {
	var verdict *tls.CertificateVerificationError
	if errors.As(err, &verdict) {
		return verdict.UnverifiedCertificates
	}
	return nil
}

// invalidity words the reasons that a certificate itself gives.
func invalidity(invalid x509.CertificateInvalidError) string {
	if invalid.Cert == nil {
		return ""
	}
	switch invalid.Reason {
	case x509.NotAuthorizedToSign:
		return ": it was issued with a certificate that is not an authority's"
	case x509.IncompatibleUsage:
		return ": it was not issued for a server"
	case x509.CANotAuthorizedForThisName, x509.NameConstraintsWithoutSANs, x509.UnconstrainedName:
		return ": its authority may not issue certificates for this name"
	case x509.CANotAuthorizedForExtKeyUsage:
		return ": its authority may not issue certificates for servers"
	}
	return ""
}

// outOfDate tells a certificate that has expired from one that is not valid yet,
// and the site's own from one of an authority. The clock is not blamed: nothing
// here says that it is wrong. Its date stands in the hint for people to judge.
func (s *session) outOfDate(host string, served []*x509.Certificate, cause error, invalid x509.CertificateInvalidError) *fault.Fault {
	c, own := invalid.Cert, "the certificate of "+host
	if c == nil {
		return fault.Wrap(because(ports.ErrTLSExpired, cause), fault.TLSFailed, "%s has expired", own).
			WithHint("ask the site's administrator to renew it%s", s.today())
	}
	reason, hint := ports.ErrTLSExpired, "ask the site's administrator to renew it"
	if len(served) > 0 && !served[0].Equal(c) {
		own = "the certificate of the authority" + s.nameIn(c.Subject) + " that issued that of " + host
		reason, hint = ports.ErrTLSAuthorityExpired, s.staleAuthority(served, c)
	}
	if strings.Contains(invalid.Detail, "is before") {
		return fault.Wrap(because(ports.ErrTLSNotYetValid, cause), fault.TLSFailed, "%s is not valid before %s", own, day(c.NotBefore)).
			WithHint("set this machine's clock if it is wrong%s; if it is right, ask the site's administrator for a certificate that is valid now", s.today())
	}
	return fault.Wrap(because(reason, cause), fault.TLSFailed, "%s expired on %s", own, day(c.NotAfter)).WithHint("%s%s", hint, s.today())
}

// staleAuthority says who can replace an authority's certificate: that depends
// on where it comes from.
func (s *session) staleAuthority(served []*x509.Certificate, c *x509.Certificate) string {
	for _, sent := range served {
		if sent.Equal(c) {
			return "ask the site's administrator to install the authority's current certificate"
		}
	}
	for _, given := range s.wires.authorities {
		if given.Equal(c) {
			return "replace it in the file of --ca-file by the authority's current certificate"
		}
	}
	if variable := s.trustVariable(); variable != "" {
		return "replace it by the authority's current certificate, where " + variable + " says"
	}
	return "update this machine's CA certificates"
}

// today is the date that certificates were compared with, for the end of a hint.
func (s *session) today() string {
	if s.now == nil {
		return ""
	}
	return " (this machine's date is " + day(s.now()) + ")"
}

// weaklySigned reports whether a certificate of the chain has a signature that
// crypto/x509 does not accept. It does not say so where it also looks for the
// authority: the error is one of an unknown authority then. A root's signature
// of itself is never looked at.
func weaklySigned(served []*x509.Certificate, err error) bool {
	if errors.As(err, new(x509.InsecureAlgorithmError)) {
		return true
	}
	return weakest(served) != nil && errors.As(err, new(x509.UnknownAuthorityError))
}

func weakest(served []*x509.Certificate) *x509.Certificate {
	for _, c := range served {
		switch c.SignatureAlgorithm {
		case x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1:
			if !selfSigned(c) {
				return c
			}
		}
	}
	return nil
}

func (s *session) algorithmOf(served []*x509.Certificate) string {
	c := weakest(served)
	switch {
	case c == nil:
		return ""
	case c.Equal(served[0]):
		return " (" + c.SignatureAlgorithm.String() + ")"
	}
	return " in its chain (" + c.SignatureAlgorithm.String() + ", of" + s.nameIn(c.Subject) + ")"
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// issuerOf names who signed, which gives an intercepting proxy away.
func (s *session) issuerOf(c *x509.Certificate) string {
	if c == nil {
		return ""
	}
	return s.nameIn(c.Issuer)
}

func (s *session) nameIn(who pkix.Name) string {
	name := who.CommonName
	if name == "" && len(who.Organization) > 0 {
		name = who.Organization[0]
	}
	if name == "" {
		return ""
	}
	return " (" + s.quote(name, 80) + ")"
}

// namesOf names the hosts that a certificate is for, three at the most.
func (s *session) namesOf(c *x509.Certificate) string {
	if c == nil || len(c.DNSNames) == 0 {
		return ""
	}
	names := c.DNSNames[:min(3, len(c.DNSNames))]
	return " (" + s.quote(strings.Join(names, ", "), 120) + ")"
}
