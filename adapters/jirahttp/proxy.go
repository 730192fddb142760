package jirahttp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/ports"
)

// proxyError is a proxy that cannot be used. net/http would return its status
// text alone.
type proxyError struct {
	reason error // of ports
	what   string
	hint   string
}

func (e *proxyError) Error() string { return "the proxy: " + e.what }

// Unwrap gives the reason to errors.Is.
func (e *proxyError) Unwrap() error { return e.reason }

// usable reports a proxy whose scheme net/http would take for http.
func usable(proxy *url.URL) error {
	if proxy == nil || slices.Contains([]string{"http", "https", "socks5", "socks5h"}, proxy.Scheme) {
		return nil
	}
	return &proxyError{reason: ports.ErrProxyRefused, what: "the scheme " + oneLine(shorten(proxy.Scheme, 20)) + " is not one that jira speaks",
		hint: "write the proxy with http, https, socks5 or socks5h in front of ://"}
}

// checkProxy is http.Transport.OnProxyConnectResponse. Squid, tinyproxy and
// Apache refuse by a rule with 403, and say with 5xx that they cannot reach the
// host.
func checkProxy(_ context.Context, proxy *url.URL, _ *http.Request, resp *http.Response) error {
	answer := func(reason error, hint, what string) error {
		return &proxyError{reason, strings.TrimSpace(fmt.Sprintf("%s (HTTP %d)", what, resp.StatusCode)), hint}
	}
	switch status := resp.StatusCode; {
	case status == http.StatusOK:
		return nil
	case status == http.StatusProxyAuthRequired, status == http.StatusUnauthorized: // tinyproxy's for a wrong login
		return proxyLogin(proxy, resp.Header.Values("Proxy-Authenticate"), answer)
	case status == http.StatusForbidden:
		return answer(ports.ErrProxyDenied, "", "")
	case status == http.StatusBadRequest, status == http.StatusMethodNotAllowed, status == http.StatusNotImplemented, status == http.StatusNotFound:
		return answer(ports.ErrProxyRefused, "check the proxy's host and port: this does not answer like a proxy for https", "it opens no tunnels")
	case strings.HasPrefix(resp.Header.Get("X-Squid-Error"), "ERR_DNS_FAIL"):
		return answer(ports.ErrProxyRefused, "check the host of base_url, and list it in NO_PROXY if only this machine knows it", "it knows no host of this name")
	case status >= 500:
		return answer(ports.ErrProxyRefused, "check the host and the port of base_url, and list the host in NO_PROXY if only this machine reaches it", "it could not reach the host")
	}
	return answer(ports.ErrProxyRefused, "", "it did not connect")
}

// proxyLogin is a 407. A user name and a password are all that net/http can
// send, and only by Basic.
func proxyLogin(proxy *url.URL, challenges []string, answer func(error, string, string) error) error {
	offered := len(challenges) == 0
	var schemes []string
	for _, challenge := range challenges {
		scheme, _, _ := strings.Cut(challenge, " ")
		offered = offered || strings.EqualFold(scheme, "basic")
		if isToken(scheme) && !slices.Contains(schemes, scheme) {
			schemes = append(schemes, shorten(scheme, 20))
		}
	}
	switch {
	case !offered:
		return answer(ports.ErrProxyLogin, "jira does not speak this: run a local helper such as px or cntlm, and name that with --proxy",
			"by "+strings.Join(schemes[:min(3, len(schemes))], " or "))
	case proxy != nil && proxy.User != nil:
		return answer(ports.ErrProxyLoginRefused, "", "")
	}
	return answer(ports.ErrProxyLogin, "", "")
}

// proxyFault is a proxy that could not be used, nil for any other error. The
// proxy is named: people do not know that there is one.
func (s *session) proxyFault(proxy, host string, err error) *fault.Fault {
	var refused *proxyError
	var op *net.OpError
	switch {
	case errors.As(err, &refused):
	case !errors.As(err, &op):
		return nil
	case op.Op == "proxyconnect":
		refused = s.unreachableProxy(proxy, op.Err)
	case strings.HasPrefix(op.Op, "socks "):
		refused = socksError(op.Err)
	default:
		return nil
	}
	if proxy != "" {
		proxy = " " + proxy
	}
	said := ": " + refused.what
	if strings.HasPrefix(refused.what, "(") { // the status alone
		said = " " + refused.what
	}
	cause := access.CauseProxyRefused
	switch refused.reason {
	case ports.ErrProxyLogin:
		cause = access.CauseProxyLogin
	case ports.ErrProxyLoginRefused:
		cause = access.CauseProxyLoginRefused
	case ports.ErrProxyDenied:
		cause = access.CauseProxyDenied
	}
	f := cause.Fault(s.about(), because(refused.reason, err), ": %s through the proxy%s%s", host, proxy, said)
	if refused.hint != "" {
		f = f.WithHint("%s", refused.hint)
	}
	if cause == access.CauseProxyLogin && s.wires.ownProxy {
		f = f.WithHint("%s, and take the proxy out of the profile with --proxy '': the config file keeps no password", f.Hint)
	}
	return f
}

// unreachableProxy is a proxy to which no connection could be made. With TLS
// all can be wrong that can be with a site's.
func (s *session) unreachableProxy(proxy string, err error) *proxyError {
	f := s.tlsFault(proxy, err, nil)
	switch what, _ := unreachable(err); {
	case f != nil && errors.Is(f, ports.ErrTLSNotSpoken):
		return &proxyError{ports.ErrProxyRefused, "it does not speak TLS", "write http:// in place of https:// in front of the proxy's host"}
	case f != nil && errors.Is(f, ports.ErrTLSWrongHost):
		return &proxyError{ports.ErrProxyRefused, f.Message, "check the host of the proxy; its certificate must name it"}
	case f != nil:
		return &proxyError{ports.ErrProxyRefused, f.Message, f.Hint}
	case what != "":
		return &proxyError{ports.ErrProxyRefused, what, ""}
	}
	return &proxyError{ports.ErrProxyRefused, "it answered with something that is not HTTP", "check the scheme and the port of the proxy; one that speaks TLS is written with https://, a SOCKS proxy with socks5://"}
}

// socksError words what net/http's SOCKS5 client says (socks_bundle.go); the
// texts are its own.
func socksError(err error) *proxyError {
	text := err.Error()
	for _, known := range []struct {
		words string
		proxyError
	}{
		{"no acceptable authentication methods", proxyError{ports.ErrProxyLogin, "SOCKS5", "put the login into HTTPS_PROXY, as socks5://USER:PASSWORD@HOST:PORT"}},
		{"username/password authentication failed", proxyError{ports.ErrProxyLoginRefused, "SOCKS5", ""}},
		{"connection not allowed by ruleset", proxyError{ports.ErrProxyDenied, "SOCKS5", ""}},
		{"host unreachable", proxyError{ports.ErrProxyRefused, "it could not reach the host", "check the host of base_url; a proxy that resolves names itself is written with socks5h://"}},
		{"network unreachable", proxyError{ports.ErrProxyRefused, "it has no route to the host", ""}},
		{"connection refused", proxyError{ports.ErrProxyRefused, "the host refused the connection", "check the port of base_url"}},
		{"unexpected protocol version", proxyError{ports.ErrProxyRefused, "it does not speak SOCKS5", "check the port of the proxy, and whether it is written with http://"}},
	} {
		var dial *net.OpError // the proxy's own connection
		if strings.Contains(text, known.words) && !errors.As(err, &dial) {
			return &known.proxyError
		}
	}
	if what, _ := unreachable(err); what != "" {
		return &proxyError{ports.ErrProxyRefused, what, ""}
	}
	return &proxyError{ports.ErrProxyRefused, "it did not connect", ""}
}
