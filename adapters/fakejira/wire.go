package fakejira

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"
)

// wireError is what net/http reports where no answer comes, nil where one does.
func wireError(wire, host string) error {
	op := func(name string, err error) error {
		return &net.OpError{Op: name, Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 443}, Err: err}
	}
	if alert, is := strings.CutPrefix(wire, "tls-alert "); is {
		return alerted(alert)
	}
	if err := certificateError(wire, host); err != nil {
		return err
	}
	switch wire {
	case "reset":
		return op("read", os.NewSyscallError("read", syscall.ECONNRESET))
	case "refused":
		return op("dial", os.NewSyscallError("connect", syscall.ECONNREFUSED))
	case "dns":
		return op("dial", &net.DNSError{Err: "no such host", Name: host, IsNotFound: true})
	case "nonhttp":
		return errors.New(`net/http: HTTP/1.x transport connection broken: malformed HTTP response "SSH-2.0-OpenSSH_9.6"`)
	case "tls-client":
		return alerted("certificate required")
	case "proxy-refused":
		return &net.OpError{Op: "proxyconnect", Net: "tcp", Err: op("dial", os.NewSyscallError("connect", syscall.ECONNREFUSED))}
	case "tls-plain":
		return http.ErrSchemeMismatch
	}
	return nil
}

// alerted is the error of crypto/tls for an alert of the other side (conn.go).
func alerted(alert string) error {
	return &net.OpError{Op: "remote error", Err: errors.New("tls: " + alert)}
}

// certificateError is the verdict of crypto/x509 over a certificate, nil for
// other failures. Where its meaning depends on the chain, that is there.
func certificateError(wire, host string) error {
	verdict := func(err error, served ...*x509.Certificate) error {
		return &tls.CertificateVerificationError{UnverifiedCertificates: served, Err: err}
	}
	named := func(name string) pkix.Name { return pkix.Name{CommonName: name} }
	leaf := &x509.Certificate{Raw: []byte("leaf"), RawSubject: []byte("site"), RawIssuer: []byte("authority"), Issuer: named("Example Issuing CA")}
	authority := &x509.Certificate{Raw: []byte("authority"), RawSubject: []byte("authority"), Subject: named("Example Issuing CA"), NotAfter: time.Date(2020, 9, 30, 14, 1, 15, 0, time.UTC)}
	switch wire {
	case "tls-unknown":
		return verdict(x509.UnknownAuthorityError{Cert: &x509.Certificate{}})
	case "tls-expired":
		over := &x509.Certificate{NotAfter: time.Date(2020, 1, 2, 0, 0, 0, 0, time.UTC)}
		return verdict(x509.CertificateInvalidError{Cert: over, Reason: x509.Expired, Detail: "current time is after 2020-01-02T00:00:00Z"})
	case "tls-future":
		future := &x509.Certificate{NotBefore: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)}
		return verdict(x509.CertificateInvalidError{Cert: future, Reason: x509.Expired, Detail: "current time is before 2100-01-01T00:00:00Z"})
	case "tls-intercepted":
		signed := &x509.Certificate{Issuer: pkix.Name{CommonName: "Zscaler Intermediate Root CA", Organization: []string{"Zscaler Inc."}}}
		return verdict(x509.UnknownAuthorityError{Cert: signed})
	case "tls-host":
		return verdict(x509.HostnameError{Certificate: &x509.Certificate{DNSNames: []string{"proxy.example"}}, Host: host})
	case "tls-authority-expired":
		return verdict(x509.CertificateInvalidError{Cert: authority, Reason: x509.Expired, Detail: "current time is after 2020-09-30T14:01:15Z"}, leaf, authority)
	case "tls-incomplete":
		leaf.Extensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 2}}}
		return verdict(x509.UnknownAuthorityError{Cert: leaf}, leaf)
	case "tls-weak":
		leaf.SignatureAlgorithm = x509.SHA1WithRSA
		return verdict(x509.UnknownAuthorityError{Cert: leaf}, leaf)
	}
	return nil
}
