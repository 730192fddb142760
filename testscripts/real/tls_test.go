//go:build real

package real_test

import (
	"testing"

	"jira-cli/adapters/fakejira"
)

// TestOpenSSL: the failures of TLS as OpenSSL's server makes them. The producer
// of the same failures in testscripts/process is crypto/tls.
func TestOpenSSL(t *testing.T) {
	t.Parallel()
	ca := newCA(t)
	stale, err := ca.Intermediate(true)
	if err != nil {
		t.Fatal(err)
	}
	current, err := ca.Intermediate(false)
	if err != nil {
		t.Fatal(err)
	}
	lax := []string{"-cipher", "ALL:@SECLEVEL=0"}
	for name, c := range map[string]struct {
		issuer               *fakejira.CA
		leaf                 fakejira.Leaf
		args                 []string
		cause, message, hint string
	}{
		"expired":           {ca, fakejira.Leaf{Expired: true}, nil, "tls_expired", "expired on 2020-01-01", "ask the site's administrator to renew it (this machine's date is 20"},
		"for another host":  {ca, fakejira.Leaf{Hosts: []string{"other.example.com"}}, nil, "tls_wrong_host", "for another host (other.example.com)", "check base_url"},
		"expired authority": {stale, fakejira.Leaf{}, nil, "tls_authority_expired", "the certificate of the authority (fakejira intermediate authority)", "install the authority's current certificate"},
		"no intermediate":   {current, fakejira.Leaf{Alone: true}, nil, "tls_incomplete_chain", "does not send the intermediate certificate", "install the full chain"},
		"alien":             {newCA(t), fakejira.Leaf{}, nil, "tls_untrusted", "unknown authority", "add it as PEM to the file of --ca-file"},
		"SHA-1":             {ca, fakejira.Leaf{Weak: true}, lax, "tls_weak_signature", "weak signature (ECDSA-SHA1)", "SHA-256"},
		"TLS 1.0":           {ca, fakejira.Leaf{}, append([]string{"-tls1"}, lax...), "tls_incompatible", "no TLS version that jira accepts", "enable TLS 1.2 or later"},
		"TLS 1.1":           {ca, fakejira.Leaf{}, append([]string{"-tls1_1"}, lax...), "tls_incompatible", "no TLS version that jira accepts", "enable TLS 1.2 or later"},
		"no cipher":         {ca, fakejira.Leaf{}, []string{"-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-CCM8:@SECLEVEL=0"}, "tls_incompatible", "refuses the TLS handshake", "ECDHE and AES-GCM"},
		"mTLS, TLS 1.2":     {ca, fakejira.Leaf{}, []string{"-tls1_2", "-Verify", "1"}, "tls_client_certificate", "wants a client certificate", "--client-cert"},
		"mTLS, TLS 1.3":     {ca, fakejira.Leaf{}, []string{"-tls1_3", "-Verify", "1"}, "tls_client_certificate", "wants a client certificate", "--client-cert"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cert, key := pems(t, leafOf(t, c.issuer, c.leaf))
			address := freeAddress(t)
			serve(t, address, "openssl", append([]string{"s_server", "-accept", address, "-cert", cert, "-cert_chain", cert, "-key", key, "-www"}, c.args...)...)
			ask(t, "https://"+address, nil, "--ca-file", write(t, "ca.pem", string(ca.PEM()))).
				expect(t, "tls_failed", c.cause, c.message, c.hint)
		})
	}
}

// TestOpenSSLClientCertificate: one of an authority that the server does not
// know is refused, and the flags are not asked for again.
func TestOpenSSLClientCertificate(t *testing.T) {
	t.Parallel()
	ca, alien := newCA(t), newCA(t)
	clientCert, clientKey, err := alien.Client("john")
	if err != nil {
		t.Fatal(err)
	}
	cert, key := pems(t, leafOf(t, ca, fakejira.Leaf{}))
	authority := write(t, "ca.pem", string(ca.PEM()))
	for _, version := range []string{"-tls1_2", "-tls1_3"} {
		address := freeAddress(t)
		serve(t, address, "openssl", "s_server", "-accept", address, "-cert", cert, "-key", key, "-www", version, "-Verify", "1", "-verify_return_error", "-CAfile", authority)
		ask(t, "https://"+address, nil, "--ca-file", authority, "--client-cert", write(t, "client.pem", string(clientCert)), "--client-key", write(t, "client.key", string(clientKey))).
			expect(t, "tls_failed", "tls_client_certificate_refused", "did not accept the client certificate: the site does not know the authority", "ask the site's administrator")
	}
}
