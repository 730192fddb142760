package jirahttp

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"strings"

	"jira-cli/domain/fault"
	"jira-cli/ports"
)

// remoteAlert is what crypto/tls writes before the alert of the other side. The
// type of an alert is not exported; the words are crypto/tls's own, never the
// peer's (alert.go).
const remoteAlert = "remote error: tls: "

// handshakeFault is a handshake that failed before or after the certificate.
func (s *session) handshakeFault(host string, err, cause error) *fault.Fault {
	var record tls.RecordHeaderError
	text := err.Error()
	_, alert, _ := strings.Cut(text, remoteAlert)
	switch {
	case errors.Is(err, http.ErrSchemeMismatch):
		return fault.Wrap(because(ports.ErrTLSNotSpoken, cause), fault.TLSFailed, "%s answers with plain HTTP on this port, not with TLS", host).
			WithHint("set base_url to the port on which the site speaks https; without a port that is 443")
	case errors.As(err, &record):
		return fault.Wrap(because(ports.ErrTLSNotSpoken, cause), fault.TLSFailed, "%s does not speak TLS on this port", host).
			WithHint("check the port of base_url, and whether a proxy answers in the site's place")
	case alert == "certificate required", s.wires.wanted() && (aboutClient(alert) || alert == "" && hungUp(err)):
		return s.clientCertFault(host, whyRefused(alert), cause)
	}
	for _, known := range handshakes() {
		if strings.Contains(text, known.words) {
			return fault.Wrap(because(known.reason, cause), fault.TLSFailed, known.message, host).WithHint("%s", known.hint)
		}
	}
	if alert != "" {
		return fault.Wrap(cause, fault.TLSFailed, "%s ended the TLS handshake with the alert %q", host, s.quote(alert, 60)).
			WithHint("check the port of base_url; if it is right, the site's administrator finds the reason in the log of the server or of the proxy before it")
	}
	if strings.Contains(text, "tls: ") {
		return fault.Wrap(cause, fault.TLSFailed, "the TLS handshake with %s failed", host).
			WithHint("run the command with --debug, which shows the reason, and check the port of base_url")
	}
	return nil
}

// handshake is what a failure of the handshake means.
type handshake struct {
	words         string // of crypto/tls: of an alert, or of its own
	reason        error
	message, hint string
}

const (
	oldTLS    = "%s speaks no TLS version that jira accepts: 1.2 or 1.3"
	newerTLS  = "ask the site's administrator to enable TLS 1.2 or later"
	noCipher  = "%s and jira have no cipher suite in common"
	refusesIt = "%s refuses the TLS handshake, mostly for want of a cipher suite in common"
	cipherFix = "ask the site's administrator to enable cipher suites with ECDHE and AES-GCM or ChaCha20"
)

// handshakes are the failures that have one meaning. Servers send
// handshake_failure where no cipher suite fits, and a few content networks for a
// name that they do not serve.
func handshakes() []handshake {
	return []handshake{
		{"protocol version not supported", ports.ErrTLSIncompatible, oldTLS, newerTLS},
		{"server selected unsupported protocol version", ports.ErrTLSIncompatible, oldTLS, newerTLS},
		{"tls: handshake failure", ports.ErrTLSIncompatible, refusesIt, "check base_url; if it is right, " + cipherFix},
		{"insufficient security level", ports.ErrTLSIncompatible, noCipher, cipherFix},
		{"server chose an unconfigured cipher suite", ports.ErrTLSIncompatible, noCipher, cipherFix},
		{"server selected unsupported group", ports.ErrTLSIncompatible, noCipher, cipherFix},
		{"server selected unsupported curve", ports.ErrTLSIncompatible, noCipher, cipherFix},
		{"no application protocol", ports.ErrTLSIncompatible, "%s speaks TLS on this port, but neither HTTP/2 nor HTTP/1.1 (ALPN)", "check the port of base_url"},
		{"server selected unadvertised ALPN protocol", ports.ErrTLSIncompatible, "%s speaks TLS on this port, but neither HTTP/2 nor HTTP/1.1 (ALPN)", "check the port of base_url"},
		{"tls: unrecognized name", ports.ErrTLSWrongHost, "the server that %s leads to does not serve this name", "check base_url; if it is right, ask the site's administrator whether the server knows this name"},
		{"failed to parse certificate from server", nil, "the certificate of %s is malformed", "ask the site's administrator to replace the certificate"},
		{"keys are insecure", ports.ErrTLSWeakSignature, "a certificate of %s has a key that is too short", "ask the site's administrator for a certificate with an RSA key of 2048 bits or more, or an ECDSA key"},
	}
}

// hungUp reports whether the peer may have gone before it could be read why: in
// TLS 1.3 it checks the client's certificate when the client has begun to speak.
func hungUp(err error) bool {
	var op *net.OpError
	return brokeOff(err) || errors.As(err, &op) && op.Op == "write" || strings.Contains(err.Error(), "http2: client conn could not be established")
}

// aboutClient reports whether an alert may be about the client's certificate,
// where the peer has asked for one. OpenSSL sends handshake_failure where it got
// none (TLS 1.2); what else that alert means comes before a certificate is asked
// for.
func aboutClient(alert string) bool {
	return alert == "handshake failure" || alert == "bad certificate" || alert == "access denied" || whyRefused(alert) != ""
}

// whyRefused words an alert about the client's certificate, "" where it gives no
// reason.
func whyRefused(alert string) string {
	return map[string]string{
		"expired certificate":           "it has expired",
		"revoked certificate":           "it has been revoked",
		"unknown certificate authority": "the site does not know the authority that issued it",
		"unsupported certificate":       "the site does not support its kind",
		"unknown certificate":           "the site does not recognise it",
	}[alert]
}

// clientCertFault is a site that wants a client certificate: it got none, or
// none that it takes.
func (s *session) clientCertFault(host, why string, cause error) *fault.Fault {
	if !s.wires.given {
		return fault.Wrap(because(ports.ErrTLSClientCertificate, cause), fault.TLSFailed, "%s wants a client certificate", host).
			WithHint("name the certificate and its key with --client-cert and --client-key")
	}
	if why != "" {
		why = ": " + why
	}
	return fault.Wrap(because(ports.ErrTLSClientCertRefused, cause), fault.TLSFailed, "%s did not accept the client certificate%s", host, why).
		WithHint("check that the certificate of --client-cert has not expired, and ask the site's administrator whether the site knows the authority that issued it")
}
