package jirahttp

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"strings"
	"time"

	"jira-cli/domain/fault"
)

// tlsFault translates a failed handshake, nil for any other error. What mends
// each kind is different, so each is worded apart.
func (s *session) tlsFault(err, cause error) *fault.Fault {
	host := s.site.Host()
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verdict *tls.CertificateVerificationError
	var alert tls.AlertError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &name):
		return fault.Wrap(cause, fault.TLSFailed, "the certificate of %s is for another host%s", host, namesOf(name.Certificate)).
			WithHint("check base_url; if it is right, something on the way answers in the site's place")
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return s.expired(cause, invalid)
	case errors.As(err, &unknown):
		return fault.Wrap(cause, fault.TLSFailed, "the certificate of %s comes from an unknown authority%s", host, issuerOf(unknown.Cert)).
			WithHint("if your company's proxy or site has its own authority, put its certificate into the system's store, or name the file with SSL_CERT_FILE")
	case errors.As(err, &invalid), errors.As(err, &verdict):
		return fault.Wrap(cause, fault.TLSFailed, "the certificate of %s was not accepted", host)
	case errors.Is(err, http.ErrSchemeMismatch), errors.As(err, &record):
		return fault.Wrap(cause, fault.TLSFailed, "%s does not speak TLS on this port", host).
			WithHint("check the port of base_url, and whether a proxy answers in the site's place")
	case errors.As(err, &alert), strings.Contains(err.Error(), "tls: "):
		// The refusals of the peer's or of this side's TLS have no common type;
		// the prefix is that of all errors of crypto/tls.
		return fault.Wrap(cause, fault.TLSFailed, "the TLS handshake with %s failed", host)
	}
	return nil
}

// expired tells a certificate that is over from one that is not yet valid,
// which is mostly a wrong clock.
func (s *session) expired(cause error, invalid x509.CertificateInvalidError) *fault.Fault {
	host := s.site.Host()
	if invalid.Cert == nil {
		return fault.Wrap(cause, fault.TLSFailed, "the certificate of %s has expired", host)
	}
	if strings.Contains(invalid.Detail, "is before") {
		return fault.Wrap(cause, fault.TLSFailed, "the certificate of %s is not valid before %s", host, day(invalid.Cert.NotBefore)).
			WithHint("check this machine's clock")
	}
	return fault.Wrap(cause, fault.TLSFailed, "the certificate of %s expired on %s", host, day(invalid.Cert.NotAfter)).
		WithHint("check this machine's clock; if it is right, the site must renew its certificate")
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// issuerOf names who signed, which gives an intercepting proxy away.
func issuerOf(c *x509.Certificate) string {
	if c == nil {
		return ""
	}
	name := c.Issuer.CommonName
	if name == "" && len(c.Issuer.Organization) > 0 {
		name = c.Issuer.Organization[0]
	}
	if name == "" {
		return ""
	}
	return " (" + shorten(oneLine(name), 80) + ")"
}

// namesOf names the hosts that a certificate is for, three at the most.
func namesOf(c *x509.Certificate) string {
	if c == nil || len(c.DNSNames) == 0 {
		return ""
	}
	names := c.DNSNames[:min(3, len(c.DNSNames))]
	return " (" + shorten(oneLine(strings.Join(names, ", ")), 120) + ")"
}
