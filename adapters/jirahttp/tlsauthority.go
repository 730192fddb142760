package jirahttp

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"slices"
	"strings"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// unknownAuthority tells a proxy that signs in the site's name, a site that
// leaves its intermediate certificate out, one that signs for itself, and a
// company's own authority. What is trusted already is not named as the remedy.
func (s *session) unknownAuthority(host string, served []*x509.Certificate, err, cause error) *fault.Fault {
	var unknown x509.UnknownAuthorityError
	_ = errors.As(err, &unknown)
	say := func(reason error, format string, args ...any) *fault.Fault {
		args = append([]any{host, s.issuerOf(unknown.Cert)}, args...)
		return fault.Wrap(because(reason, cause), fault.TLSFailed, "the certificate of %s comes from an unknown authority%s"+format, args...)
	}
	who := interceptor(append([]*x509.Certificate{unknown.Cert}, served...))
	switch {
	case who != "":
		return say(ports.ErrTLSIntercepted, ": %s intercepts TLS", who).
			WithHint("ask your network administrator for its CA certificate, and %s", s.trustIt())
	case incomplete(served, s.authorities()):
		return fault.Wrap(because(ports.ErrTLSIncompleteChain, cause), fault.TLSFailed, "%s does not send the intermediate certificate%s that its own was issued with", host, s.issuerOf(served[len(served)-1])).
			WithHint("ask the site's administrator to install the full chain; until then, get that intermediate certificate, and %s", s.trustIt())
	case strings.HasSuffix(host, profile.CloudSuffix):
		return say(ports.ErrTLSIntercepted, ": something on the way intercepts TLS").
			WithHint("Atlassian's own certificates are public: if your company's proxy intercepts TLS, ask your network administrator for its CA certificate, and %s", s.trustIt())
	case len(served) > 0 && selfSigned(served[0]):
		return fault.Wrap(because(ports.ErrTLSUnknownAuthority, cause), fault.TLSFailed, "the certificate of %s is self-signed", host).
			WithHint("if it is the site's own, get it from the site's administrator, and %s", s.trustIt())
	}
	return say(ports.ErrTLSUnknownAuthority, "").
		WithHint("if your company's site has its own authority, get that authority's certificate, and %s", s.trustIt())
}

// authorities are the certificates that a person has named to trust.
func (s *session) authorities() []*x509.Certificate {
	file, _ := s.client.opts.Lookup("SSL_CERT_FILE")
	if file == "" {
		return s.wires.authorities
	}
	named, _ := readAuthorities(file) // a file that cannot be read has none
	return append(named, s.wires.authorities...)
}

// trustIt says where a certificate must go to be trusted: into what is named
// already, where something is.
func (s *session) trustIt() string {
	if len(s.wires.authorities) > 0 {
		return "add it as PEM to the file of --ca-file"
	}
	if variable := s.trustVariable(); variable != "" {
		return "add it as PEM to what " + variable + " names, or name its PEM file with --ca-file"
	}
	return "name its PEM file with --ca-file"
}

// trustVariable is the variable that says where the system's set is, "" for none.
func (s *session) trustVariable() string {
	for _, name := range []string{"SSL_CERT_FILE", "SSL_CERT_DIR"} {
		if value, _ := s.client.opts.Lookup(name); value != "" {
			return name
		}
	}
	return ""
}

// incomplete reports whether the chain lacks an intermediate certificate. That
// the issuer was not sent says little, as roots never have to be. A proof of
// public logging does, since only authorities below a public root get one, and
// no public root signs for a site itself; and so does a trusted root of the very
// organization that issued the last certificate.
func incomplete(served, trusted []*x509.Certificate) bool {
	if len(served) == 0 {
		return false
	}
	last := served[len(served)-1]
	if selfSigned(last) {
		return false
	}
	if len(served) == 1 && slices.ContainsFunc(last.Extensions, isLoggingProof) {
		return true
	}
	return slices.ContainsFunc(trusted, func(root *x509.Certificate) bool {
		return len(root.Subject.Organization) > 0 && slices.Equal(root.Subject.Organization, last.Issuer.Organization) &&
			!bytes.Equal(root.RawSubject, last.RawIssuer)
	})
}

// isLoggingProof knows signed certificate timestamps (RFC 6962, 3.3).
func isLoggingProof(e pkix.Extension) bool {
	return e.Id.Equal(asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 2})
}

func selfSigned(c *x509.Certificate) bool { return bytes.Equal(c.RawIssuer, c.RawSubject) }

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
