package profile

import (
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"jira-cli/domain/fault"
)

// Network is how a profile's site is reached. Paths and names only: a header's
// value comes from a variable or a program and is never in the file.
type Network struct {
	CAFile     string // PEM bundle, added to the system's authorities
	ClientCert string // PEM
	ClientKey  string // PEM
	Proxy      string // URL, without user info
	Headers    map[string]HeaderSource
	Insecure   bool // any certificate is taken, with a warning on every run
}

// HeaderSource says where a header's value comes from: a variable, or a program
// run without a shell.
type HeaderSource struct {
	Variable string
	Argv     []string
}

// Equal reports whether both say the same.
func (h HeaderSource) Equal(o HeaderSource) bool {
	return h.Variable == o.Variable && slices.Equal(h.Argv, o.Argv)
}

// IsZero reports whether the network is the plain one.
func (n Network) IsZero() bool { return n.Equal(Network{}) }

// Equal reports whether both say the same.
func (n Network) Equal(o Network) bool {
	return n.CAFile == o.CAFile && n.ClientCert == o.ClientCert && n.ClientKey == o.ClientKey && n.Proxy == o.Proxy &&
		n.Insecure == o.Insecure && maps.EqualFunc(n.Headers, o.Headers, HeaderSource.Equal)
}

// clone returns a copy that shares nothing with n.
func (n Network) clone() Network {
	if len(n.Headers) == 0 {
		n.Headers = nil
		return n
	}
	headers := make(map[string]HeaderSource, len(n.Headers))
	for name, source := range n.Headers {
		source.Argv = slices.Clone(source.Argv)
		headers[name] = source
	}
	n.Headers = headers
	return n
}

// CheckFile checks a path of a Network. A relative one would mean another file
// in every directory. The error is ArgumentInvalid.
func CheckFile(path string) error {
	if !filepath.IsAbs(path) || strings.ContainsFunc(path, unicode.IsControl) {
		return fault.New(fault.ArgumentInvalid, "%q is not an absolute path", path).WithHint("write the file's whole path")
	}
	return nil
}

// CheckProxy checks a proxy's URL; the error is ArgumentInvalid and does not
// repeat what may hold a password.
func CheckProxy(text string) error {
	u, err := url.Parse(text)
	if err == nil && u.User != nil {
		return fault.New(fault.ArgumentInvalid, "the proxy's URL holds a user name or a password").
			WithHint("leave them out: no secret is kept in the config file; HTTPS_PROXY in the environment may hold them")
	}
	bare := err == nil && u.Host != "" && u.RawQuery == "" && u.Fragment == "" && (u.Path == "" || u.Path == "/")
	if !bare || !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme) {
		return fault.New(fault.ArgumentInvalid, "the proxy is not a URL of a scheme, a host and a port").
			WithHint("write it as http://proxy.example.com:8080; the schemes are http, https, socks5 and socks5h")
	}
	return nil
}

// ownHeaders are those that the program or the protocol sets.
var ownHeaders = []string{"authorization", "host", "content-length", "content-type", "transfer-encoding", "connection",
	"upgrade", "te", "trailer", "accept", "accept-encoding", "user-agent", "proxy-authorization", "x-atlassian-token",
	"cookie", "expect", "keep-alive", "proxy-connection", "range"}

// CheckHeader checks a header's name and where its value comes from; the error
// is ArgumentInvalid.
func CheckHeader(name string, from HeaderSource) error {
	switch {
	case !isHeader(name):
		return fault.New(fault.ArgumentInvalid, "this is not the name of a header").WithHint("a header's name is letters, digits and dashes, such as CF-Access-Client-Id")
	case slices.Contains(ownHeaders, strings.ToLower(name)):
		return fault.New(fault.ArgumentInvalid, "the header %s is set by jira itself", name).
			WithHint("a profile can add headers that a proxy in front of the site asks for, not replace those of the request")
	case (from.Variable == "") == (len(from.Argv) == 0):
		return fault.New(fault.ArgumentInvalid, "the header %s needs one source of its value", name).
			WithHint(`write { env = "VARIABLE" } or { command = ["program", "argument"] }`)
	case from.Variable != "" && !isVariable(from.Variable):
		return fault.New(fault.ArgumentInvalid, "the header %s is not given the name of an environment variable", name).
			WithHint("name the variable and never write the value itself")
	case len(from.Argv) > 0 && from.Argv[0] == "":
		return fault.New(fault.ArgumentInvalid, "the command of the header %s is empty", name)
	}
	return nil
}

// CheckPair refuses half a client certificate; the error is ArgumentInvalid.
func (n Network) CheckPair() error {
	if (n.ClientCert == "") != (n.ClientKey == "") {
		return fault.New(fault.ArgumentInvalid, "a client certificate needs both client_cert and client_key").
			WithHint("give both; they may name the same file")
	}
	return nil
}
