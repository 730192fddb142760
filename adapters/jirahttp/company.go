package jirahttp

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/url"
	"strings"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// company is what an account's network says, read and checked.
type company struct {
	authorities []*x509.Certificate
	certificate *tls.Certificate
	proxy       *url.URL
	insecure    bool
	headers     http.Header
	secrets     []string // the headers' values, and the proxy's password
}

// readCompany reads what the account's network names. What cannot be used is a
// fault and never left out: the site would be reached in another way than the
// profile says.
func readCompany(a ports.Account) (c company, f *fault.Fault) {
	n := a.Network
	if n.CAFile != "" {
		if c.authorities, f = readAuthorities(n.CAFile); f != nil {
			return c, f
		}
	}
	if n.ClientCert != "" || n.ClientKey != "" {
		if c.certificate, f = readKeyPair(n.ClientCert, n.ClientKey); f != nil {
			return c, f
		}
	}
	if n.Proxy != "" {
		if c.proxy, f = parseProxy(n.Proxy); f != nil {
			return c, f
		}
		if strings.HasPrefix(a.Site.Origin(), "http://") {
			return c, fault.New(fault.ArgumentInvalid, "a site without TLS is not reached through a proxy, which would read the credential").
				WithFlag("proxy").WithHint("leave the proxy out of this profile with --proxy \"\", or give the site as https://")
		}
	}
	if c.insecure = n.Insecure; c.insecure && a.Site.IsUnderAtlassian() {
		return c, fault.New(fault.ArgumentInvalid, "certificates of sites under %s are always verified", profile.CloudSuffix).
			WithHint("if a proxy of your company intercepts TLS, name its authority with --ca-file")
	}
	c.headers, c.secrets, f = readHeaders(a.Headers)
	if c.proxy != nil && c.proxy.User != nil {
		password, _ := c.proxy.User.Password()
		c.secrets = append(c.secrets, password)
	}
	return c, f
}

// readFile reads a file that flag names.
func readFile(path, flag string) ([]byte, *fault.Fault) {
	unreadable := func(why string) *fault.Fault {
		return fault.New(fault.ArgumentInvalid, "the file %s could not be read: %s", oneLine(path), why).
			WithFlag(flag).WithHint("check the path that --%s or the profile's network table names", flag)
	}
	text, err := fileText(path)
	if err != nil {
		return nil, unreadable(err.Error())
	}
	return text, nil
}

func badFile(path, flag, hint, format string, args ...any) *fault.Fault {
	f := fault.New(fault.ArgumentInvalid, "the file "+strings.ReplaceAll(oneLine(path), "%", "%%")+" "+format, args...).WithFlag(flag)
	return f.WithHint("%s", hint)
}

// readAuthorities reads a bundle of certificates in PEM.
func readAuthorities(path string) ([]*x509.Certificate, *fault.Fault) {
	const flag, hint = "ca-file", "ask for the authority's certificate in PEM: it begins with -----BEGIN CERTIFICATE-----"
	text, f := readFile(path, flag)
	if f != nil {
		return nil, f
	}
	var found []*x509.Certificate
	other := ""
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			other = block.Type
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, badFile(path, flag, hint, "holds a damaged certificate, number %d", len(found)+1)
		}
		found = append(found, cert)
	}
	switch {
	case len(found) > 0:
		return found, nil
	case other != "":
		return nil, badFile(path, flag, hint, "holds no certificate, but %s", oneLine(shorten(other, 40)))
	}
	if _, err := x509.ParseCertificate(text); err == nil {
		return nil, badFile(path, flag, "convert it with `openssl x509 -inform der -in FILE -out FILE.pem`", "is a certificate in DER, not in PEM")
	}
	return nil, badFile(path, flag, hint, "holds no certificate in PEM")
}

// readKeyPair reads a client's certificate and its key, which may stand in the
// certificate's file.
func readKeyPair(certPath, keyPath string) (*tls.Certificate, *fault.Fault) {
	const hint = "the certificate and its key belong together, both in PEM"
	if certPath == "" {
		return nil, fault.New(fault.ArgumentInvalid, "there is a client key, and no client certificate").
			WithFlag("client-cert").WithHint("name the certificate with --client-cert")
	}
	cert, f := readFile(certPath, "client-cert")
	if f != nil {
		return nil, f
	}
	key := cert
	if keyPath == "" {
		keyPath = certPath
	} else if key, f = readFile(keyPath, "client-key"); f != nil {
		return nil, f
	}
	if !holds(cert, func(b *pem.Block) bool { return b.Type == "CERTIFICATE" }) {
		return nil, badFile(certPath, "client-cert", hint, "holds no certificate in PEM")
	}
	if holds(key, encrypted) {
		return nil, badFile(keyPath, "client-key", "decrypt it with `openssl pkey -in FILE -out FILE.pem`, and chmod 600 the result", "holds an encrypted key, which jira cannot open")
	}
	if !holds(key, func(b *pem.Block) bool { return strings.HasSuffix(b.Type, "PRIVATE KEY") }) {
		return nil, badFile(keyPath, "client-key", hint, "holds no private key in PEM")
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return nil, badFile(keyPath, "client-key", hint, "holds a key that does not belong to the certificate of %s", oneLine(certPath))
	}
	return &pair, nil
}

func holds(text []byte, is func(*pem.Block) bool) bool {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if is(block) {
			return true
		}
	}
	return false
}

// encrypted knows PKCS #8 and the older form, with a header.
func encrypted(b *pem.Block) bool {
	return b.Type == "ENCRYPTED PRIVATE KEY" || strings.Contains(b.Headers["Proc-Type"], "ENCRYPTED")
}

// parseProxy reads a proxy's URL.
func parseProxy(text string) (*url.URL, *fault.Fault) {
	if err := profile.CheckProxy(text); err != nil {
		return nil, fault.From(err).WithFlag("proxy")
	}
	u, err := url.Parse(text)
	if err != nil {
		return nil, fault.New(fault.ArgumentInvalid, "the proxy's URL is malformed").WithFlag("proxy")
	}
	return u, nil
}

func readHeaders(given map[string]secret.Secret) (http.Header, []string, *fault.Fault) {
	headers := http.Header{}
	var values []string
	for name, value := range given {
		if err := profile.CheckHeader(name, profile.HeaderSource{Variable: "ANY"}); err != nil { // its source is read already
			return nil, nil, fault.From(err).WithFlag("header")
		}
		text := value.Reveal()
		if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
			return nil, nil, fault.New(fault.ArgumentInvalid, "the value of the header %s contains control characters", name).WithFlag("header").
				WithHint("look at what its variable or command gives")
		}
		headers.Set(name, text)
		values = append(values, text)
	}
	return headers, values, nil
}

// isToken reports whether a text is a token of RFC 9110, 5.6.2.
func isToken(text string) bool {
	return text != "" && strings.IndexFunc(text, func(r rune) bool {
		return r <= ' ' || r > '~' || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
	}) < 0
}
