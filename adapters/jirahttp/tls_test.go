package jirahttp_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jira-cli/adapters/fakejira"
	"jira-cli/adapters/jirahttp"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// TestMain is also the program that TestRoots runs: crypto/x509 reads the
// system's set once per process, from the process's environment.
func TestMain(m *testing.M) {
	if base, asked := os.LookupEnv("JIRAHTTP_TEST_PROBE"); asked {
		site, err := profile.ParseSite(base)
		if err == nil {
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			account := ports.Account{Site: site, Email: fakejira.SampleEmail, Secret: secret.New(token)}
			_, err = jirahttp.New(jirahttp.Options{UserAgent: userAgent, Lookup: os.LookupEnv}).Open(account).Myself(ctx)
		}
		fmt.Printf("code=%s;", fault.CodeOf(err))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// TestRoots: the file alone where it suffices, the whole set before a
// certificate is refused, and what crypto/x509 would trust in every case.
func TestRoots(t *testing.T) {
	t.Parallel()
	ca, foreign := newCA(t), newCA(t)
	fake := newFake(t, "")
	endpoint := listen(t, fake, fakejira.Socket{TLS: serverConfig(t, ca, fakejira.Leaf{})})
	dir := t.TempDir()
	file := func(name string, ca *fakejira.CA) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, ca.PEM(), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good, bad := file("good.pem", ca), file("bad.pem", foreign)
	goodDir, badDir := filepath.Dir(file("good/ca.pem", ca)), filepath.Dir(file("bad/ca.pem", foreign))
	for _, c := range []struct {
		name, file, dir string
		code            fault.Code
		connections     int // 0: one or two, as the system has a bundle
	}{
		{"the file suffices", good, "", "", 1},
		{"the file suffices beside the usual directory", good, "/etc/ssl/certs", "", 1},
		{"the directory has it", bad, badDir + ":" + goodDir, "", 1},
		{"the directory alone has it", filepath.Join(dir, "absent"), goodDir, "", 1},
		{"neither has it", bad, badDir, fault.TLSFailed, 1},
		{"the usual places do not have it", "", "", fault.TLSFailed, 0},
		{"asked twice before it is refused", bad, "", fault.TLSFailed, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := endpoint.Connections()
			probe := exec.Command(os.Args[0])
			probe.Env = []string{"JIRAHTTP_TEST_PROBE=" + endpoint.URL, "SSL_CERT_FILE=" + c.file, "SSL_CERT_DIR=" + c.dir}
			out, err := probe.CombinedOutput()
			if err != nil || !strings.Contains(string(out), "code="+string(c.code)+";") {
				t.Errorf("%s, %v; want the code %q", out, err, c.code)
			}
			if got := endpoint.Connections() - before; c.connections != 0 && got != c.connections {
				t.Errorf("%d connections, want %d", got, c.connections)
			}
		})
	}
}

func TestTLSFailuresAreToldApart(t *testing.T) {
	t.Parallel()
	ca := newCA(t)
	for name, c := range map[string]struct {
		socket        fakejira.Socket
		lookup        func(string) (string, bool)
		message, hint string
	}{
		"unknown authority": {fakejira.Socket{TLS: serverConfig(t, newCA(t), fakejira.Leaf{})}, certFile(t, ca), "unknown authority (fakejira test authority)", "SSL_CERT_FILE"},
		"expired":           {fakejira.Socket{TLS: serverConfig(t, ca, fakejira.Leaf{Expired: true})}, certFile(t, ca), "expired on 2020-01-01", "renew it"},
		"not yet valid":     {fakejira.Socket{TLS: serverConfig(t, ca, fakejira.Leaf{Future: true})}, certFile(t, ca), "not valid before 2100-01-01", "if it is right"},
		"wrong host":        {fakejira.Socket{TLS: serverConfig(t, ca, fakejira.Leaf{Hosts: []string{"proxy.example"}})}, certFile(t, ca), "another host (proxy.example)", "base_url"},
		"no TLS":            {fakejira.Socket{}, certFile(t, ca), "answers with plain HTTP", "port"},
		"old TLS":           {fakejira.Socket{TLS: old(serverConfig(t, ca, fakejira.Leaf{}))}, certFile(t, ca), "no TLS version that jira accepts", "TLS 1.2"},
		"RSA key exchange":  {fakejira.Socket{TLS: weakCiphers(serverConfig(t, ca, fakejira.Leaf{})), HTTP1: true}, certFile(t, ca), "refuses the TLS handshake", "ECDHE"},
		"another protocol":  {fakejira.Socket{TLS: speaking(serverConfig(t, ca, fakejira.Leaf{}), "smtp"), HTTP1: true}, certFile(t, ca), "neither HTTP/2 nor HTTP/1.1", "port"},
		"SHA-1":             {fakejira.Socket{TLS: serverConfig(t, ca, fakejira.Leaf{Weak: true})}, certFile(t, ca), "weak signature (ECDSA-SHA1)", "SHA-256"},
		"expired authority": {fakejira.Socket{TLS: serverConfig(t, below(t, ca, true), fakejira.Leaf{})}, certFile(t, ca), "(fakejira intermediate authority) that issued that of", "install the authority's current certificate"},
		"no intermediate":   {fakejira.Socket{TLS: serverConfig(t, below(t, ca, false), fakejira.Leaf{Alone: true})}, certFile(t, ca), "does not send the intermediate certificate (fakejira intermediate authority)", "the full chain"},
		"client wanted":     {fakejira.Socket{TLS: demanding(serverConfig(t, ca, fakejira.Leaf{})), HTTP1: true}, certFile(t, ca), "wants a client certificate", "--client-cert"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := newFake(t, "")
			endpoint := listen(t, fake, c.socket)
			base := strings.Replace(endpoint.URL, "http://", "https://", 1)
			_, err := open(t, jirahttp.Options{Lookup: c.lookup}, base).Myself(bounded(t))
			f := fault.From(err)
			if f.Code != fault.TLSFailed || !strings.Contains(f.Message, c.message) || !strings.Contains(f.Hint, c.hint) || f.Hint == "" {
				t.Errorf("%s: %q, hint %q, cause %v", f.Code, f.Message, f.Hint, f.Cause)
			}
			if got := fake.Dump(); got != "" {
				t.Errorf("a request was sent: %s", got)
			}
		})
	}
}

func old(c *tls.Config) *tls.Config {
	c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	return c
}

func weakCiphers(c *tls.Config) *tls.Config {
	c.MaxVersion, c.CipherSuites = tls.VersionTLS12, []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA}
	return c
}

// speaking is a server of another protocol than HTTP.
func speaking(c *tls.Config, protocol string) *tls.Config {
	other := c.Clone() // http.Server adds its own to those of the first
	other.NextProtos = []string{protocol}
	c.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) { return other, nil }
	return c
}

func below(t *testing.T, ca *fakejira.CA, expired bool) *fakejira.CA {
	t.Helper()
	intermediate, err := ca.Intermediate(expired)
	if err != nil {
		t.Fatal(err)
	}
	return intermediate
}

func demanding(c *tls.Config) *tls.Config {
	c.ClientAuth = tls.RequireAnyClientCert
	return c
}

// TestTLSFailuresWithoutAWire are the fake's own, which transcripts use.
func TestTLSFailuresWithoutAWire(t *testing.T) {
	t.Parallel()
	fake := newFake(t, "example.atlassian.net")
	s := open(t, jirahttp.Options{Transport: fake.MockTransport("https://example.atlassian.net")}, "example")
	for kind, want := range map[string]string{
		"tls-unknown": "unknown authority", "tls-expired": "expired on 2020-01-02", "tls-host": "another host (proxy.example)",
		"dns": "no host has the name example.atlassian.net", "refused": "refused", "reset": "broke off", "nonhttp": "not HTTP",
	} {
		command(t, fake, "fault clear", "fault * "+kind)
		if _, err := s.Myself(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}
