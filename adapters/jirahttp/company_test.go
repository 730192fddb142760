package jirahttp_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
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

func write(t *testing.T, name string, text []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// through opens a session of the sample account with a network.
func through(t *testing.T, o jirahttp.Options, base string, n profile.Network) ports.JiraSession {
	t.Helper()
	o.UserAgent = userAgent
	return opened(t, o, ports.Account{Site: parseSite(t, base), Email: fakejira.SampleEmail, Secret: secret.New(token), Network: n})
}

func ask(t *testing.T, s ports.JiraSession) *fault.Fault {
	t.Helper()
	_, err := s.Myself(bounded(t))
	return fault.From(err)
}

// TestCAFile is trusted beside what is trusted anyway.
func TestCAFile(t *testing.T) {
	t.Parallel()
	ca, public := newCA(t), newCA(t)
	fake := newFake(t, "")
	private := listen(t, fake, fakejira.Socket{TLS: serverConfig(t, ca, fakejira.Leaf{})}).URL
	usual := listen(t, fake, fakejira.Socket{TLS: serverConfig(t, public, fakejira.Leaf{})}).URL
	o := jirahttp.Options{Lookup: certFile(t, public)}
	bundle := write(t, "bundle.pem", append(newCA(t).PEM(), append([]byte("a comment\n"), ca.PEM()...)...))
	for base, file := range map[string]string{private: bundle, usual: bundle} {
		if f := ask(t, through(t, o, base, profile.Network{CAFile: file})); f != nil {
			t.Errorf("%s: %v", base, f)
		}
	}
	if f := ask(t, through(t, o, private, profile.Network{})); f == nil || !errors.Is(f, ports.ErrTLSUnknownAuthority) || !strings.Contains(f.Hint, "--ca-file") {
		t.Errorf("without the file: %v", f)
	}
	// It is read at each run: what is on the disk now counts.
	if err := os.WriteFile(bundle, public.PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	if f := ask(t, through(t, o, private, profile.Network{CAFile: bundle})); f == nil || f.Code != fault.TLSFailed {
		t.Errorf("after the file has changed: %v", f)
	}
}

func TestFilesThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	ca, stranger := newCA(t), newCA(t)
	cert, key, err := ca.Client("john")
	if err != nil {
		t.Fatal(err)
	}
	_, otherKey, err := stranger.Client("jane")
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(cert)
	certFile, keyFile := write(t, "cert.pem", cert), write(t, "key.pem", key)
	locked := write(t, "locked.pem", pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte("x")}))
	old := write(t, "old.pem", pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Headers: map[string]string{"Proc-Type": "4,ENCRYPTED"}, Bytes: []byte("x")}))
	damaged := write(t, "damaged.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("nonsense")}))
	fake := newFake(t, "")
	base := listen(t, fake, fakejira.Socket{}).URL
	for name, c := range map[string]struct {
		n                   profile.Network
		flag, message, hint string
	}{
		"no such file":      {profile.Network{CAFile: "/no/such/ca.pem"}, "ca-file", "there is no such file", "--ca-file"},
		"a directory":       {profile.Network{CAFile: t.TempDir()}, "ca-file", "not a regular file", "--ca-file"},
		"not PEM":           {profile.Network{CAFile: write(t, "a.txt", []byte("100%s nonsense"))}, "ca-file", "no certificate in PEM", "BEGIN CERTIFICATE"},
		"DER":               {profile.Network{CAFile: write(t, "a.der", block.Bytes)}, "ca-file", "in DER", "openssl x509"},
		"a key":             {profile.Network{CAFile: keyFile}, "ca-file", "no certificate, but PRIVATE KEY", "BEGIN CERTIFICATE"},
		"damaged":           {profile.Network{CAFile: damaged}, "ca-file", "damaged certificate", "BEGIN CERTIFICATE"},
		"a key alone":       {profile.Network{ClientKey: keyFile}, "client-cert", "no client certificate", "--client-cert"},
		"no key":            {profile.Network{ClientCert: certFile}, "client-key", "no private key", "PEM"},
		"the wrong key":     {profile.Network{ClientCert: certFile, ClientKey: write(t, "other.pem", otherKey)}, "client-key", "does not belong to", "belong together"},
		"an encrypted key":  {profile.Network{ClientCert: certFile, ClientKey: locked}, "client-key", "encrypted key", "openssl pkey"},
		"an old encryption": {profile.Network{ClientCert: certFile, ClientKey: old}, "client-key", "encrypted key", "openssl pkey"},
		"a key as a cert":   {profile.Network{ClientCert: keyFile, ClientKey: keyFile}, "client-cert", "no certificate in PEM", "PEM"},
	} {
		s := through(t, jirahttp.Options{}, base, c.n)
		f := ask(t, s)
		if f == nil || f.Code != fault.ArgumentInvalid || f.Details.Flag != c.flag || !strings.Contains(f.Message, c.message) || !strings.Contains(f.Hint, c.hint) {
			t.Errorf("%s: %v, hint %q", name, f, f.Hint)
		}
		if _, err := s.Server(bounded(t)); fault.CodeOf(err) != fault.ArgumentInvalid {
			t.Errorf("%s: a public question is asked: %v", name, err)
		}
	}
	if got := fake.Dump(); got != "" {
		t.Errorf("a request was sent: %s", got)
	}
}

func TestClientCertificate(t *testing.T) {
	t.Parallel()
	ca, stranger := newCA(t), newCA(t)
	cert, key, err := ca.Client("john")
	if err != nil {
		t.Fatal(err)
	}
	foreignCert, foreignKey, err := stranger.Client("jane")
	if err != nil {
		t.Fatal(err)
	}
	pair := profile.Network{ClientCert: write(t, "cert.pem", cert), ClientKey: write(t, "key.pem", key)}
	foreign := profile.Network{ClientCert: write(t, "cert.pem", foreignCert), ClientKey: write(t, "key.pem", foreignKey)}
	for name, socket := range map[string]fakejira.Socket{"HTTP/2": {}, "HTTP/1.1": {HTTP1: true}} {
		for _, version := range []uint16{0x0303, 0x0304} {
			fake := newFake(t, "")
			socket.TLS = ca.Demanding(serverConfig(t, ca, fakejira.Leaf{}))
			socket.TLS.MaxVersion = version
			base := listen(t, fake, socket).URL
			o := jirahttp.Options{Lookup: certFile(t, ca)}
			probe(t, through(t, o, base, pair))
			if f := ask(t, through(t, o, base, profile.Network{ClientCert: write(t, "both.pem", append(cert, key...))})); f != nil {
				t.Errorf("%s, %x: both in one file: %v", name, version, f)
			}
			f := ask(t, through(t, o, base, profile.Network{}))
			if !errors.Is(f, ports.ErrTLSClientCertificate) || f.Code != fault.TLSFailed || !strings.Contains(f.Message, "wants a client certificate") {
				t.Errorf("%s, %x: without one: %v, cause %v", name, version, f, f.Cause)
			}
			f = ask(t, through(t, o, base, foreign))
			if !errors.Is(f, ports.ErrTLSClientCertRefused) || f.Code != fault.TLSFailed || !strings.Contains(f.Message, "did not accept the client certificate") {
				t.Errorf("%s, %x: with another's: %v, cause %v", name, version, f, f.Cause)
			}
		}
	}
	fake, options := newCenter(t, "")
	command(t, fake, "fault * no-client-cert")
	if f := ask(t, opened(t, options, centerAccount(t, profile.AuthPAT, patText))); f.Code != fault.TLSFailed || !errors.Is(f, ports.ErrTLSClientCertificate) {
		t.Errorf("within HTTP: %v", f)
	}
}

// TestInsecure takes the certificate that is there, whatever is wrong with it,
// and no other within the session.
func TestInsecure(t *testing.T) {
	t.Parallel()
	ca := newCA(t)
	insecure := profile.Network{Insecure: true}
	for name, leaf := range map[string]fakejira.Leaf{
		"unknown authority": {}, "expired": {Expired: true}, "not yet valid": {Future: true},
		"wrong host": {Hosts: []string{"proxy.example"}}, "wildcard": {Hosts: []string{"*.proxy.example"}}, "wrong address": {Hosts: []string{"192.0.2.1"}},
		"all of it": {Expired: true, Hosts: []string{"proxy.example"}},
	} {
		for _, lookup := range []func(string) (string, bool){certFile(t, newCA(t)), certFile(t, ca)} {
			fake := newFake(t, "")
			endpoint := listen(t, fake, fakejira.Socket{TLS: serverConfig(t, ca, leaf)})
			s := through(t, jirahttp.Options{Lookup: lookup}, endpoint.URL, insecure)
			probe(t, s)
			probe(t, s)
			if n := len(fake.Requests()); n != 4 {
				t.Errorf("%s: %d requests arrived", name, n)
			}
		}
	}
	// A certificate without any name cannot be pinned to one.
	bare := listen(t, newFake(t, ""), fakejira.Socket{TLS: serverConfig(t, ca, fakejira.Leaf{Bare: true})})
	if f := ask(t, through(t, jirahttp.Options{Lookup: certFile(t, ca)}, bare.URL, insecure)); f == nil || f.Code != fault.TLSFailed || !strings.Contains(f.Message, "subjectAltName") {
		t.Errorf("a certificate without a name: %v", f)
	}
	// The peer is pinned: another certificate on the next connection is refused.
	fake := newFake(t, "")
	config := serverConfig(t, ca, fakejira.Leaf{})
	first := serverConfig(t, ca, fakejira.Leaf{})
	config.Certificates = nil
	current := first
	config.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) { return current, nil }
	endpoint := listen(t, fake, fakejira.Socket{TLS: config, HTTP1: true})
	s := through(t, jirahttp.Options{Lookup: certFile(t, newCA(t))}, endpoint.URL, insecure)
	if f := ask(t, s); f != nil {
		t.Fatal(f)
	}
	s.Close() // the connection, not the session
	current = serverConfig(t, newCA(t), fakejira.Leaf{})
	if f := ask(t, s); f == nil || f.Code != fault.TLSFailed {
		t.Errorf("another certificate within the session: %v", f)
	}
	if n := len(fake.Requests()); n != 1 {
		t.Errorf("%d requests arrived", n)
	}
}

// ownAuthority returns a site whose certificate is an authority's, as many that
// are made by hand, and one whose certificate that authority signed.
func ownAuthority(t *testing.T) (own, signed *tls.Config) {
	t.Helper()
	var parent *x509.Certificate
	var signer *ecdsa.PrivateKey
	var made []*tls.Config
	for serial := range int64(2) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		template := &x509.Certificate{SerialNumber: big.NewInt(serial + 1), Subject: pkix.Name{CommonName: "by hand"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
			NotBefore: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2119, 1, 1, 0, 0, 0, 0, time.UTC),
			IsCA: serial == 0, BasicConstraintsValid: true, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
		if serial == 0 {
			parent, signer = template, key
		}
		der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
		if err != nil {
			t.Fatal(err)
		}
		if parent, err = x509.ParseCertificate(der); err != nil {
			t.Fatal(err)
		}
		made = append(made, &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}})
	}
	return made[0], made[1]
}

// TestInsecurePinsOneCertificate for all sessions of a client and all their
// connections, also where the first was verified or signs the next.
func TestInsecurePinsOneCertificate(t *testing.T) {
	t.Parallel()
	ca, public := newCA(t), newCA(t)
	insecure := profile.Network{Insecure: true}
	first, second := serverConfig(t, ca, fakejira.Leaf{}), serverConfig(t, ca, fakejira.Leaf{})
	verified := serverConfig(t, public, fakejira.Leaf{})
	own, signed := ownAuthority(t)
	for name, c := range map[string]struct{ first, next *tls.Config }{
		"both unknown":             {first, second},
		"the first is verified":    {verified, first},
		"the second is verified":   {first, verified},
		"the first signs the next": {own, signed},
	} {
		current := c.first
		config := serverConfig(t, ca, fakejira.Leaf{})
		config.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) { return current, nil }
		fake := newFake(t, "")
		endpoint := listen(t, fake, fakejira.Socket{TLS: config, HTTP1: true})
		client := jirahttp.New(jirahttp.Options{UserAgent: userAgent, Lookup: certFile(t, public)})
		account := ports.Account{Site: parseSite(t, endpoint.URL), Email: fakejira.SampleEmail, Secret: secret.New(token), Network: insecure}
		one := client.Open(account)
		for range 2 {
			if f := ask(t, one); f != nil {
				t.Fatalf("%s: %v", name, f)
			}
			one.Close() // the connection, not the session
		}
		if f := ask(t, client.Open(account)); f != nil {
			t.Errorf("%s: another session: %v", name, f)
		}
		one.Close()
		current = c.next
		for what, s := range map[string]ports.JiraSession{"the same session": one, "another session": client.Open(account)} {
			f := ask(t, s)
			if f == nil || f.Code != fault.TLSFailed || !strings.Contains(f.Message, "another certificate") || f.Hint == "" {
				t.Errorf("%s: %s takes another certificate: %v", name, what, f)
			}
		}
		if n := len(fake.Requests()); n != 3 {
			t.Errorf("%s: %d requests arrived", name, n)
		}
	}
	for _, host := range []string{"example", "https://example.atlassian.net:8443"} {
		if f := ask(t, through(t, jirahttp.Options{}, host, insecure)); f == nil || f.Code != fault.ArgumentInvalid {
			t.Errorf("%s: %v", host, f)
		}
	}
}

// TestProxyOfTheProfile beats the environment's.
func TestProxyOfTheProfile(t *testing.T) {
	t.Parallel()
	ca := newCA(t)
	fake := newFake(t, "")
	endpoint := listen(t, fake, fakejira.Socket{TLS: serverConfig(t, ca, fakejira.Leaf{Hosts: []string{"example.atlassian.net", "api.atlassian.com"}})})
	target := strings.TrimPrefix(endpoint.URL, "https://")
	none := func(*http.Request) (*url.URL, error) {
		t.Error("the environment was asked for a proxy")
		return nil, errors.New("none")
	}
	proxyOf := func(o fakejira.ProxyOptions) *fakejira.Proxy {
		o.Target = target
		p, err := fakejira.ListenProxy(o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(p.Close)
		return p
	}
	o := jirahttp.Options{Lookup: certFile(t, ca), Proxy: none}
	for _, socks := range []bool{false, true} {
		p := proxyOf(fakejira.ProxyOptions{Socks: socks})
		s := through(t, o, "example", profile.Network{Proxy: p.URL})
		probe(t, s)
		if asked := p.Asked(); len(asked) != 1 || asked[0] != "example.atlassian.net:443" || len(p.Violations()) > 0 {
			t.Errorf("%s was asked for %q, %q", p.URL, asked, p.Violations())
		}
	}
	p := proxyOf(fakejira.ProxyOptions{})
	scoped := ports.Account{Site: parseSite(t, "example"), Email: fakejira.SampleEmail, Secret: secret.New(token), CloudID: fakejira.SampleCloudID, Network: profile.Network{Proxy: p.URL}}
	o.UserAgent = userAgent
	probe(t, opened(t, o, scoped))
	if asked := p.Asked(); len(asked) != 1 || asked[0] != "api.atlassian.com:443" {
		t.Errorf("the gateway was reached through %q", asked)
	}
	// Without TLS the proxy would read the credential, and to pass it by is not
	// what the profile says.
	plain := listen(t, newFake(t, ""), fakejira.Socket{})
	if f := ask(t, through(t, o, plain.URL, profile.Network{Proxy: p.URL})); f == nil || f.Code != fault.ArgumentInvalid || f.Details.Flag != "proxy" || len(p.Asked()) != 1 || plain.Connections() != 0 {
		t.Errorf("without TLS: %v, the proxy was asked for %q", f, p.Asked())
	}
	down := strings.TrimPrefix(refusing(t), "http://")
	plainly := strings.TrimPrefix(plain.URL, "http://")
	for name, c := range map[string]struct {
		proxy         string
		reason        error
		message, hint string
	}{
		"down":           {"http://" + down, ports.ErrProxyRefused, "through the proxy " + down + ": the connection was refused", "NO_PROXY"},
		"no name":        {"http://no-such-proxy.invalid:3128", ports.ErrProxyRefused, "through the proxy no-such-proxy.invalid:3128: ", "NO_PROXY"},
		"wants Basic":    {proxyOf(fakejira.ProxyOptions{Status: 407, Authenticate: []string{"NTLM", `Basic realm="x"`}}).URL, ports.ErrProxyLogin, "wants a login: example.atlassian.net", "USER:PASSWORD"},
		"wants NTLM":     {proxyOf(fakejira.ProxyOptions{Status: 407, Authenticate: []string{"Negotiate", "NTLM"}}).URL, ports.ErrProxyLogin, "by Negotiate or NTLM (HTTP 407)", "px or cntlm"},
		"forbids":        {proxyOf(fakejira.ProxyOptions{Status: 403}).URL, ports.ErrProxyDenied, "does not allow connections to the site", "NO_PROXY"},
		"no proxy":       {plain.URL, ports.ErrProxyRefused, "it opens no tunnels (HTTP 4", "like a proxy"},
		"socks forbids":  {proxyOf(fakejira.ProxyOptions{Socks: true, Status: 1}).URL, ports.ErrProxyDenied, "does not allow connections to the site", "NO_PROXY"},
		"socks login":    {proxyOf(fakejira.ProxyOptions{Socks: true, User: "john", Password: "x"}).URL, ports.ErrProxyLogin, "wants a login", "socks5://USER:PASSWORD"},
		"socks is down":  {"socks5://" + down, ports.ErrProxyRefused, "the connection was refused", "NO_PROXY"},
		"another's name": {"https://" + target, ports.ErrProxyRefused, "the certificate of " + target + " is for another host", "the host of the proxy"},
		"no TLS for one": {"https://" + plainly, ports.ErrProxyRefused, "it does not speak TLS", "write http://"},
	} {
		f := ask(t, through(t, o, "example", profile.Network{Proxy: c.proxy}))
		if f == nil || f.Code != fault.NetworkUnreachable || !errors.Is(f, c.reason) || errors.Is(f, ports.ErrConnectionRefused) || !strings.Contains(f.Message, c.message) || !strings.Contains(f.Hint, c.hint) {
			t.Errorf("%s: %v, hint %q", name, f, f.Hint)
		}
	}
}

// TestHeadersOfTheProfile go to the site with every question, and are shown
// nowhere.
func TestHeadersOfTheProfile(t *testing.T) {
	t.Parallel()
	var trace strings.Builder
	fake, options := newCenter(t, "")
	options.Debug = &trace
	account := centerAccount(t, profile.AuthSession, password)
	account.Headers = map[string]secret.Secret{"CF-Access-Client-Secret": secret.New("the-value-of-the-header"), "X-Short": secret.New("1")}
	s := opened(t, options, account)
	if _, err := s.Server(bounded(t)); err != nil {
		t.Error(err)
	}
	probe(t, s)
	for _, r := range fake.Requests() {
		if r.Header.Get("Cf-Access-Client-Secret") != "the-value-of-the-header" || r.Header.Get("X-Short") != "1" || r.Header.Get("User-Agent") != userAgent {
			t.Errorf("%s has the headers %v", r, r.Header)
		}
	}
	command(t, fake, `fault * 403 "body=denied to the-value-of-the-header, 1 time" type=text/plain "header=Atl-Traceid: the-value-of-the-header"`)
	_, err := s.Myself(bounded(t))
	f := fault.From(err)
	if all := strings.Join(f.Details.UpstreamMessages, "") + f.Details.UpstreamRequestID + trace.String(); strings.Contains(all, "the-value") || !strings.Contains(all, "denied to [credential], 1 time") {
		t.Errorf("the header's value is in %s", all)
	}
}

// TestCausesOfTheFake: what transcripts see has the cause that a wire's failure
// has.
func TestCausesOfTheFake(t *testing.T) {
	t.Parallel()
	all := []error{ports.ErrDNS, ports.ErrConnectionRefused, ports.ErrProxyRefused, ports.ErrTLSUnknownAuthority, ports.ErrTLSExpired, ports.ErrTLSNotYetValid,
		ports.ErrTLSWrongHost, ports.ErrTLSIntercepted, ports.ErrTLSClientCertificate, ports.ErrLoginPage, ports.ErrAnonymous, ports.ErrCaptcha}
	fake, options := newCenter(t, "")
	cloud := ports.Account{Site: parseSite(t, "example"), Email: fakejira.SampleEmail, Secret: secret.New(token)}
	center := centerAccount(t, profile.AuthPAT, patText)
	for kind, c := range map[string]struct {
		account ports.Account
		want    error
	}{
		"dns": {cloud, ports.ErrDNS}, "refused": {cloud, ports.ErrConnectionRefused}, "proxy-refused": {cloud, ports.ErrProxyRefused},
		"tls-unknown": {center, ports.ErrTLSUnknownAuthority}, "tls-expired": {center, ports.ErrTLSExpired}, "tls-future": {center, ports.ErrTLSNotYetValid},
		"tls-host": {cloud, ports.ErrTLSWrongHost}, "tls-intercepted": {center, ports.ErrTLSIntercepted}, "no-client-cert": {center, ports.ErrTLSClientCertificate},
		"html-login": {cloud, ports.ErrLoginPage}, "redirect to=https://sso.example.com/saml": {center, ports.ErrLoginPage}, "anonymous": {center, ports.ErrAnonymous},
		"captcha": {center, ports.ErrCaptcha}, "reset": {cloud, nil}, "redirect to=https://elsewhere.example.com/": {cloud, nil}, "html-maintenance": {cloud, nil}, "garbage": {center, nil},
		"401": {cloud, nil}, "403": {center, nil},
	} {
		command(t, fake, "fault clear", "fault * "+kind)
		f := ask(t, opened(t, options, c.account))
		for _, cause := range all {
			if errors.Is(f, cause) != (cause == c.want) {
				t.Errorf("%s: %v is %q: %v", kind, f, cause, errors.Is(f, cause))
			}
		}
	}
	command(t, fake, "fault clear", "fault * tls-unknown")
	if f := ask(t, opened(t, options, cloud)); !errors.Is(f, ports.ErrTLSIntercepted) || errors.Is(f, ports.ErrTLSUnknownAuthority) {
		t.Errorf("an unknown authority before a Cloud site: %v", f)
	}
}
