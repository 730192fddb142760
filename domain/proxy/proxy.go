// Package proxy owns what the environment says about proxies: which variables
// count, what a proxy's URL may be, which hosts are reached without one, and how
// a proxy is shown to people. It reads no environment and connects to nothing.
//
// A value that cannot be parsed is an error and never left out: the request
// would go out by another way than the one that was asked for.
package proxy

import (
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"jira-cli/domain/fault"
)

// Lookup reads an environment variable.
type Lookup func(name string) (string, bool)

// Variables are those that name a proxy, the first that is set before the
// others. The last two are for whatever has no variable of its own, as for curl.
func Variables() []string { return []string{"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"} }

// Unused are the variables of proxies for sites without TLS. Only loopback goes
// without, and that is never proxied.
func Unused() []string { return []string{"HTTP_PROXY", "http_proxy"} }

// Exceptions are the variables that list what is reached without a proxy.
func Exceptions() []string { return []string{"NO_PROXY", "no_proxy"} }

// Environment is what the variables say. The zero value knows no proxy.
type Environment struct {
	proxy  *url.URL
	direct []string // entries of NO_PROXY, in lower case
}

// Read reads the variables. The error is ArgumentInvalid, names the variable, and
// does not repeat its value, which may hold a password. A variable that another
// one hides, or that is unused, must be well-formed too: it was meant for
// something.
func Read(lookup Lookup) (Environment, error) {
	var e Environment
	for _, name := range append(Variables(), Unused()...) {
		text, _ := lookup(name)
		if text == "" {
			continue
		}
		u, ok := Parse(text)
		if !ok {
			return Environment{}, fault.New(fault.ArgumentInvalid, "the variable %s is not a proxy's URL", name).
				WithHint("write it as http://proxy.example.com:8080, with USER:PASSWORD@ before the host where the proxy wants a login, their special characters as %%XX; or unset it")
		}
		if e.proxy == nil && slices.Contains(Variables(), name) {
			e.proxy = u
		}
	}
	for _, name := range Exceptions() {
		if text, _ := lookup(name); text != "" {
			e.direct = strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
			break
		}
	}
	return e, nil
}

// Parse reads a proxy's URL; without a scheme it is one of http. A path, a query
// or a fragment is refused: it is what is left of a password with a special
// character, and before it stands a host that nobody meant.
func Parse(text string) (*url.URL, bool) {
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme) || u.Hostname() == "" {
		return nil, false
	}
	if u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.HasSuffix(u.Host, ":") {
		return nil, false
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return nil, false
		}
	}
	return u, true
}

// Shown is a proxy's URL for people: *** in place of the user and the password.
// What cannot be parsed is not shown, for nobody knows where the password is.
func Shown(text string) string {
	if text == "" {
		return ""
	}
	u, ok := Parse(text)
	switch {
	case !ok:
		return "(not a proxy's URL; not shown)"
	case u.User == nil:
		return text
	}
	return u.Scheme + "://***@" + u.Host
}

// For returns the proxy by which a URL is reached, nil for none. Without TLS a
// proxy would read the credential, and loopback is never proxied.
func (e Environment) For(u *url.URL) *url.URL {
	host, port := strings.TrimSuffix(strings.ToLower(u.Hostname()), "."), u.Port()
	if port == "" {
		port = "443"
	}
	addr, err := netip.ParseAddr(host)
	loopback := host == "localhost" || err == nil && addr.Unmap().IsLoopback()
	if e.proxy == nil || u.Scheme != "https" || loopback {
		return nil
	}
	if slices.ContainsFunc(e.direct, func(entry string) bool { return matches(entry, host, port) }) {
		return nil
	}
	return e.proxy
}

// matches reports whether an entry of NO_PROXY stands for a host: *, a network,
// an address, or a name with those below it; each but a network with a port or
// without.
func matches(entry, host, port string) bool {
	if entry == "*" {
		return true
	}
	addr, notAddress := netip.ParseAddr(host)
	if network, err := netip.ParsePrefix(entry); err == nil {
		return notAddress == nil && network.Contains(addr.Unmap())
	}
	if at := strings.LastIndexByte(entry, ':'); at >= 0 && (strings.Count(entry, ":") == 1 || strings.HasPrefix(entry, "[") && entry[at-1] == ']') {
		if entry[at+1:] != port {
			return false
		}
		entry = entry[:at]
	}
	if listed, err := netip.ParseAddr(strings.Trim(entry, "[]")); err == nil {
		return notAddress == nil && listed.Unmap() == addr.Unmap()
	}
	name := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(entry, "*"), "."), ".")
	return name != "" && (host == name || strings.HasSuffix(host, "."+name))
}
