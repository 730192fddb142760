package fakejira

import (
	"net/http"
	"strconv"
	"strings"
)

// kind is a way for an answer to go wrong.
type kind struct {
	name string
	// keeps: the fault changes the natural answer in place of replacing it.
	keeps bool
	make  func(f *fault, c *call, natural reply) reply
}

// kinds lists the faults by name; a number stands for that status (see Control).
func kinds() []kind {
	return []kind{
		{"html-login", false, page(http.StatusOK, loginPage)},
		{"html-maintenance", false, page(http.StatusServiceUnavailable, maintenancePage)},
		{"garbage", false, body("application/json", "\x00\x01\x7f\xff not JSON \x1b[31m{")},
		{"empty", false, body("application/json", "")},
		{"fields", false, body("application/json", `{"self":"https://example.atlassian.net","active":true}`)},
		{"types", false, body("application/json", `{"accountId":{"id":1},"permissions":[true]}`)},
		{"unauthorized", false, func(f *fault, c *call, _ reply) reply { return unauthorized(f.style, c) }},
		{"unknown-site", false, func(*fault, *call, reply) reply { return unknownSite() }},
		{"captcha", false, func(f *fault, c *call, _ reply) reply { return captcha(f.status, f.via, c) }},
		{"redirect", false, redirect},
		{"anonymous", true, asAnonymous},
		{"method", false, methodRefused},
		{"front", false, inFront},
		{"xsrf", false, page(http.StatusForbidden, xsrfFailed)},
		{"no-client-cert", false, page(http.StatusBadRequest, noClientCertPage)},
		{"latency", true, func(_ *fault, _ *call, natural reply) reply { return natural }},
		{"headers", true, func(_ *fault, _ *call, natural reply) reply { return natural }},
		{"truncate", true, onWire("truncate")},
		{"stall", true, onWire("stall")},
		{"stall-body", true, onWire("stall-body")},
		{"endless", true, onWire("endless")},
		{"reset", false, onWire("reset")},
		{"nonhttp", false, onWire("nonhttp")},
		{"refused", false, onWire("refused")},
		{"dns", false, onWire("dns")},
		{"tls-unknown", false, onWire("tls-unknown")},
		{"tls-expired", false, onWire("tls-expired")},
		{"tls-host", false, onWire("tls-host")},
		{"tls-future", false, onWire("tls-future")},
		{"tls-intercepted", false, onWire("tls-intercepted")},
		{"tls-client", false, onWire("tls-client")},
		{"tls-authority-expired", false, onWire("tls-authority-expired")},
		{"tls-incomplete", false, onWire("tls-incomplete")},
		{"tls-weak", false, onWire("tls-weak")},
		{"tls-plain", false, onWire("tls-plain")},
		{"tls-alert", false, func(f *fault, c *call, natural reply) reply { return onWire("tls-alert "+f.alert)(f, c, natural) }},
		{"proxy-refused", false, onWire("proxy-refused")},
	}
}

func page(status int, text string) func(*fault, *call, reply) reply {
	return func(*fault, *call, reply) reply { return textReply(status, "text/html;charset=UTF-8", text) }
}

func body(contentType, text string) func(*fault, *call, reply) reply {
	return func(*fault, *call, reply) reply { return textReply(http.StatusOK, contentType, text) }
}

func onWire(name string) func(*fault, *call, reply) reply {
	return func(_ *fault, _ *call, natural reply) reply {
		if natural.header == nil {
			natural = textReply(http.StatusOK, "application/json", "")
		}
		natural.wire = name
		return natural
	}
}

// redirect sends elsewhere: to a URL, to "self" (a loop, or with times=n a chain
// of n hops that ends in the natural answer), or to the same place under the
// other "scheme".
func redirect(f *fault, c *call, _ reply) reply {
	to := f.to
	switch to {
	case "self":
		to = c.URL.RequestURI()
	case "scheme":
		to = absolute(c)
		if rest, secure := strings.CutPrefix(to, "https:"); secure {
			to = "http:" + rest
		} else {
			to = "https:" + strings.TrimPrefix(to, "http:")
		}
	}
	rep := textReply(f.status, "text/html;charset=UTF-8", "")
	rep.header.Set("Location", to)
	return rep
}

// withStatus is the fault of a number: that status, with Jira's form of an error
// for a body unless one is given.
func withStatus() kind {
	return kind{"status", false, func(f *fault, _ *call, _ reply) reply {
		text := http.StatusText(f.status)
		if text == "" {
			text = "Status " + strconv.Itoa(f.status)
		}
		return failure(f.status, text)
	}}
}

// asAnonymous is an answer that ignores the credential: 200, and nobody's data.
func asAnonymous(_ *fault, c *call, natural reply) reply {
	rep := natural
	if strings.HasSuffix(c.path, "/myself") {
		rep = jsonReply(http.StatusOK, map[string]any{"displayName": "Anonymous", "active": false})
	}
	rep.header.Set("X-Seraph-Loginreason", "AUTHENTICATED_FAILED")
	if c.center != nil {
		rep.header.Set("X-Ausername", "anonymous")
	}
	return rep
}

// methodRefused is a refusal of the way of authenticating, in the words of via.
func methodRefused(f *fault, _ *call, _ reply) reply {
	switch f.via {
	case "token":
		return jsonReply(http.StatusForbidden, map[string]any{"message": "This resource is not available with token authentication.", "status-code": 403})
	case "basic":
		return textReply(http.StatusForbidden, "text/html;charset=UTF-8", "<html><head><title>Basic Authentication has been disabled on this instance.</title></head></html>")
	case "password":
		return textReply(http.StatusUnauthorized, "text/plain;charset=UTF-8", passwordsDeprecated)
	}
	rep := jsonReply(http.StatusUnauthorized, map[string]any{"message": "This resource requires WebSudo.", "status-code": 401})
	rep.header.Set("X-Atlassian-Websudo", "Required")
	return rep
}
