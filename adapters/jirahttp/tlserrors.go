package jirahttp

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// tlsFault translates a failed handshake, nil for any other error. What mends
// each kind is different, so each is worded apart.
func (s *session) tlsFault(host string, err, cause error) *fault.Fault {
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verdict *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &name) && name.Certificate != nil && len(name.Certificate.DNSNames)+len(name.Certificate.IPAddresses) == 0:
		return fault.Wrap(because(ports.ErrTLSWrongHost, cause), fault.TLSFailed, "the certificate of %s names no host: it has no subjectAltName", host).
			WithHint("the site needs a certificate with a subjectAltName; nothing on this side can stand in for it")
	case errors.As(err, &name):
		return fault.Wrap(because(ports.ErrTLSWrongHost, cause), fault.TLSFailed, "the certificate of %s is for another host%s", host, namesOf(name.Certificate)).
			WithHint("check base_url; if it is right, something on the way answers in the site's place")
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return expired(host, cause, invalid)
	case errors.As(err, new(x509.UnknownAuthorityError)):
		return unknownAuthority(host, err, cause)
	case errors.As(err, &invalid), errors.As(err, &verdict):
		return fault.Wrap(cause, fault.TLSFailed, "the certificate of %s was not accepted", host)
	case errors.Is(err, http.ErrSchemeMismatch), errors.As(err, &record):
		return fault.Wrap(cause, fault.TLSFailed, "%s does not speak TLS on this port", host).
			WithHint("check the port of base_url, and whether a proxy answers in the site's place")
	}
	// The refusals of the peer's or of this side's TLS have no common type that
	// is exported; the prefix is that of all errors of crypto/tls.
	handshake := strings.Contains(err.Error(), "tls: ")
	asked := s.wires.wanted() || strings.Contains(err.Error(), "tls: certificate required")
	if asked && (handshake || hungUp(err)) {
		return s.clientCertFault(host, cause)
	}
	if handshake {
		return fault.Wrap(cause, fault.TLSFailed, "the TLS handshake with %s failed", host)
	}
	return nil
}

// hungUp reports whether the peer may have gone before it could be read why: in
// TLS 1.3 it judges the client's certificate when the client has begun to speak.
func hungUp(err error) bool {
	var op *net.OpError
	return brokeOff(err) || errors.As(err, &op) && op.Op == "write" || strings.Contains(err.Error(), "http2: client conn could not be established")
}

// clientCertFault is a site that wants a client certificate: it got none, or
// none that it takes.
func (s *session) clientCertFault(host string, cause error) *fault.Fault {
	cause = because(ports.ErrTLSClientCertificate, cause)
	if s.wires.given {
		return fault.Wrap(cause, fault.TLSFailed, "%s did not accept the client certificate", host).
			WithHint("check that the certificate of --client-cert is the one that the site was told of, and has not expired")
	}
	return fault.Wrap(cause, fault.TLSFailed, "%s wants a client certificate", host).
		WithHint("name the certificate and its key with --client-cert and --client-key")
}

// expired tells a certificate that is over from one that is not yet valid,
// which is mostly a wrong clock.
func expired(host string, cause error, invalid x509.CertificateInvalidError) *fault.Fault {
	over := because(ports.ErrTLSExpired, cause)
	if invalid.Cert == nil {
		return fault.Wrap(over, fault.TLSFailed, "the certificate of %s has expired", host)
	}
	if strings.Contains(invalid.Detail, "is before") {
		return fault.Wrap(because(ports.ErrTLSNotYetValid, cause), fault.TLSFailed, "the certificate of %s is not valid before %s", host, day(invalid.Cert.NotBefore)).
			WithHint("check this machine's clock")
	}
	return fault.Wrap(over, fault.TLSFailed, "the certificate of %s expired on %s", host, day(invalid.Cert.NotAfter)).
		WithHint("check this machine's clock; if it is right, the site must renew its certificate")
}

// unknownAuthority tells a company's own authority from something on the way
// that signs in the site's name.
func unknownAuthority(host string, err, cause error) *fault.Fault {
	var unknown x509.UnknownAuthorityError
	var verdict *tls.CertificateVerificationError
	_ = errors.As(err, &unknown)
	chain := []*x509.Certificate{unknown.Cert}
	if errors.As(err, &verdict) {
		chain = append(chain, verdict.UnverifiedCertificates...)
	}
	if who := interceptor(chain); who != "" {
		return fault.Wrap(because(ports.ErrTLSIntercepted, cause), fault.TLSFailed, "the certificate of %s comes from an unknown authority%s: %s intercepts TLS", host, issuerOf(unknown.Cert), who).
			WithHint("get the authority's certificate from whoever runs it, as a PEM file, and name it with --ca-file")
	}
	if strings.HasSuffix(host, profile.CloudSuffix) {
		return fault.Wrap(because(ports.ErrTLSIntercepted, cause), fault.TLSFailed, "the certificate of %s comes from an unknown authority%s: something on the way intercepts TLS", host, issuerOf(unknown.Cert)).
			WithHint("Atlassian's own certificates are public: if your company's proxy intercepts TLS, name its authority's PEM file with --ca-file")
	}
	return fault.Wrap(because(ports.ErrTLSUnknownAuthority, cause), fault.TLSFailed, "the certificate of %s comes from an unknown authority%s", host, issuerOf(unknown.Cert)).
		WithHint("if your company's site has its own authority, name its PEM file with --ca-file, or put it into the system's store")
}

// interceptors are words in the names of authorities of products that read along
// on TLS, and what to call them.
func interceptors() [][2]string {
	return [][2]string{
		{"zscaler", "Zscaler"}, {"netskope", "Netskope"}, {"goskope", "Netskope"}, {"fortinet", "Fortinet"}, {"fortigate", "Fortinet"},
		{"palo alto", "Palo Alto"}, {"globalprotect", "Palo Alto"}, {"blue coat", "Blue Coat"}, {"bluecoat", "Blue Coat"}, {"symantec web security", "Symantec"},
		{"cisco umbrella", "Cisco Umbrella"}, {"cisco secure access", "Cisco"}, {"check point", "Check Point"}, {"checkpoint", "Check Point"},
		{"forcepoint", "Forcepoint"}, {"websense", "Forcepoint"}, {"sophos", "Sophos"}, {"mcafee web gateway", "McAfee"}, {"skyhigh", "Skyhigh"}, {"barracuda", "Barracuda"},
		{"iboss", "iboss"}, {"cato networks", "Cato"}, {"gateway ca - cloudflare", "Cloudflare Gateway"}, {"cloudflare for teams", "Cloudflare Gateway"}, {"squid", "Squid"},
		{"kaspersky", "Kaspersky"}, {"avast", "Avast"}, {"avg technologies", "AVG"}, {"eset ssl", "ESET"}, {"bitdefender", "Bitdefender"},
		{"mitmproxy", "mitmproxy"}, {"charles proxy", "Charles"}, {"fiddler", "Fiddler"}, {"portswigger", "Burp"},
	}
}

// interceptor names who signed a chain, "" where that is nobody known.
func interceptor(chain []*x509.Certificate) string {
	for _, c := range chain {
		if c == nil {
			continue
		}
		issuer := strings.ToLower(strings.Join(append([]string{c.Issuer.CommonName}, append(c.Issuer.Organization, c.Issuer.OrganizationalUnit...)...), " "))
		for _, known := range interceptors() {
			if strings.Contains(issuer, known[0]) {
				return known[1]
			}
		}
	}
	return ""
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
