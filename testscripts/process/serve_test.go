//go:build linux

package process_test

import (
	"crypto/tls"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"jira-cli/adapters/fakejira"
)

// serveTLS is the verb "serve KIND": the fake listens at $SECURE with TLS, and
// ca.pem is the authority that is to be trusted. KIND is good, named
// (for jira.example.com, which a proxy leads to), or what is wrong:
// expired, future, host, weak (SHA-1) and alone (no intermediate) of its
// certificate, stale of the intermediate's, alien of the authority; old,
// ciphers, protocol and plain of what it speaks; demanding wants a client
// certificate of the authority, and client.pem and alien.pem are one and none.
func serveTLS(ts *testscript.TestScript, neg bool, args []string) {
	w, kind := of(ts), args[0]
	ca, err := fakejira.NewCA()
	ts.Check(err)
	alien, err := fakejira.NewCA()
	ts.Check(err)
	leaf := fakejira.Leaf{Expired: kind == "expired", Future: kind == "future", Weak: kind == "weak", Alone: kind == "alone"}
	if kind == "named" {
		leaf.Hosts = []string{"jira.example.com"}
	}
	if kind == "host" {
		leaf.Hosts = []string{"other.example.com"}
	}
	issuer := ca
	if kind == "alone" || kind == "stale" {
		issuer, err = ca.Intermediate(kind == "stale")
		ts.Check(err)
	}
	config, err := issuer.Config(leaf)
	ts.Check(err)
	writeClient(ts, "client.pem", ca)
	writeClient(ts, "alien.pem", alien)
	if kind == "demanding" {
		config = ca.Demanding(config)
	}
	if kind == "alien" {
		ca = alien
	}
	socket := fakejira.Socket{TLS: speaking(kind, config), HTTP1: kind == "ciphers"}
	if kind == "plain" {
		socket.TLS = nil
	}
	endpoint, err := w.fake.Listen(socket)
	ts.Check(err)
	w.t.Cleanup(endpoint.Close)
	_, host, _ := strings.Cut(endpoint.URL, "://")
	ts.Check(os.WriteFile(ts.MkAbs("ca.pem"), ca.PEM(), 0o600))
	ts.Setenv("SECURE", "https://"+host)
	w.names = append(w.names, host, "$SECUREHOST")
}

// speaking changes what a server speaks.
func speaking(kind string, config *tls.Config) *tls.Config {
	switch kind {
	case "old":
		config.MinVersion, config.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	case "ciphers":
		config.MaxVersion, config.CipherSuites = tls.VersionTLS12, []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA}
	case "protocol":
		other := config.Clone() // http.Server adds its own to those of the first
		other.NextProtos = []string{"smtp"}
		config.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) { return other, nil }
	}
	return config
}

func writeClient(ts *testscript.TestScript, name string, ca *fakejira.CA) {
	cert, key, err := ca.Client("john")
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(name), append(cert, key...), 0o600))
}

// serveProxy is the verb "proxy KEY=VALUE…": a company's proxy at $PROXY that
// leads to where serve listens. Its keys are those of fakejira.ProxyOptions:
// status=, authenticate=, squid= (X-Squid-Error), login=USER:PASSWORD, socks=yes.
func serveProxy(ts *testscript.TestScript, neg bool, args []string) {
	w := of(ts)
	o := fakejira.ProxyOptions{Target: strings.TrimPrefix(ts.Getenv("SECURE"), "https://"), Header: http.Header{}}
	for _, arg := range args {
		switch key, value, _ := strings.Cut(arg, "="); key {
		case "status":
			status, err := strconv.Atoi(value)
			ts.Check(err)
			o.Status = status
		case "authenticate":
			o.Authenticate = append(o.Authenticate, value)
		case "squid":
			o.Header.Set("X-Squid-Error", value)
		case "login":
			o.User, o.Password, _ = strings.Cut(value, ":")
		case "socks":
			o.Socks = true
		default:
			ts.Fatalf("a proxy has no %s", key)
		}
	}
	proxy, err := fakejira.ListenProxy(o)
	ts.Check(err)
	w.t.Cleanup(proxy.Close)
	_, host, _ := strings.Cut(proxy.URL, "://")
	ts.Setenv("PROXY", host)
	w.names = append(w.names, host, "$PROXY")
}
