package fakejira

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"time"
)

// CA is a certificate authority that lives in memory and that nobody trusts
// unless told to, by a file with PEM and SSL_CERT_FILE.
type CA struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// Leaf describes a server's certificate. The zero value is a good one for
// loopback.
type Leaf struct {
	Hosts   []string // names and addresses; empty: localhost, 127.0.0.1, ::1
	Expired bool     // it ended in 2020
	Future  bool     // it begins in 2100
	Bare    bool     // it names no host at all, as those of old recipes for openssl
	Weak    bool     // it is signed with SHA-1
	Alone   bool     // it is sent without the certificate of the authority
}

// The dates are fixed: a fake has no clock.
func year(y int) time.Time { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }

// NewCA makes an authority.
func NewCA() (*CA, error) { return newCA(nil, "fakejira test authority", 2119) }

// Intermediate makes an authority whose certificate this one issues; it ended in
// 2020 where expired is true.
func (ca *CA) Intermediate(expired bool) (*CA, error) {
	end := 2119
	if expired {
		end = 2020
	}
	return newCA(ca, "fakejira intermediate authority", end)
}

// newCA makes an authority that parent issues, or its own where that is nil.
func newCA(parent *CA, name string, end int) (*CA, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: name, Organization: []string{"fakejira"}},
		NotBefore:             year(2019),
		NotAfter:              year(end),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	issuer := &CA{cert: template, key: key}
	if parent != nil {
		issuer, template.SerialNumber = parent, big.NewInt(4)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer.cert, &key.PublicKey, issuer.key)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	return &CA{cert: cert, key: key}, err
}

// PEM returns the authority's certificate, as SSL_CERT_FILE takes it.
func (ca *CA) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.cert.Raw})
}

// Config returns a server's TLS configuration with a new certificate.
func (ca *CA) Config(leaf Leaf) (*tls.Config, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2),
		Subject:      pkix.Name{CommonName: "fakejira"},
		NotBefore:    year(2019),
		NotAfter:     year(2119),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if leaf.Expired {
		template.NotAfter = year(2020)
	}
	if leaf.Future {
		template.NotBefore = year(2100)
	}
	if leaf.Weak {
		template.SignatureAlgorithm = x509.ECDSAWithSHA1
	}
	hosts := leaf.Hosts
	if len(hosts) == 0 && !leaf.Bare {
		hosts = []string{"localhost", "127.0.0.1", "::1"}
	}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, ca.cert, &key.PublicKey, ca.key)
	if err != nil {
		return nil, err
	}
	chain := [][]byte{der, ca.cert.Raw}
	if leaf.Alone {
		chain = chain[:1]
	}
	return &tls.Config{
		Certificates: []tls.Certificate{{Certificate: chain, PrivateKey: key}},
		MinVersion:   tls.VersionTLS12,
	}, nil
}
