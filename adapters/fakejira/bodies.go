package fakejira

import (
	"net/http"
	"strings"
)

const mustAuthenticate = "Client must be authenticated to access this resource."

const passwordsDeprecated = "Basic authentication with passwords is deprecated.  For more information, see: https://developer.atlassian.com/cloud/confluence/deprecation-notice-basic-auth/"

// xsrfFailed is the whole body of Jira's 403.
// https://github.com/MrRefactoring/jira.js/issues/100
const xsrfFailed = "XSRF check failed"

const noClientCertPage = `<html><head><title>400 No required SSL certificate was sent</title></head><body><center><h1>400 Bad Request</h1></center></body></html>
`

const loginPage = `<!DOCTYPE html>
<html><head><title>Log in to continue - Log in with Atlassian account</title></head>
<body><form id="form-login" action="https://id.atlassian.com/login" method="post"><label>Email</label></form></body></html>
`

const maintenancePage = `<!DOCTYPE html>
<html><head><title>Scheduled maintenance</title></head>
<body><h1>We are under maintenance</h1><p>The site will be back soon.</p></body></html>
`

const forbiddenPage = `<!DOCTYPE html>
<html><head><title>Forbidden (403)</title></head>
<body><p>Encountered a "403 - Forbidden" error while loading this page.</p></body></html>
`

// styles are the forms in which Jira says 401.
func styles() []string { return []string{"json", "errors", "text", "xml", "html", "redirect"} }

// unauthorized is a 401 in one of the styles; a redirect is none, but stands
// for one before browsers.
func unauthorized(style string, c *call) reply {
	const status = http.StatusUnauthorized
	var rep reply
	switch style {
	case "errors":
		rep = failure(status, "You are not authenticated. Authentication required to perform this operation.")
	case "text":
		rep = textReply(status, "text/plain;charset=UTF-8", passwordsDeprecated)
	case "xml":
		rep = textReply(status, "application/xml;charset=UTF-8", `<?xml version="1.0" encoding="UTF-8"?><status><status-code>401</status-code><message>`+mustAuthenticate+`</message></status>`)
	case "html":
		rep = textReply(status, "text/html;charset=UTF-8", loginPage)
	case "redirect":
		rep = textReply(http.StatusFound, "text/html;charset=UTF-8", "")
		rep.header.Set("Location", "https://id.atlassian.com/login?continue="+strings.ReplaceAll(absolute(c), "/", "%2F"))
		return rep
	default:
		rep = jsonReply(status, map[string]any{"message": mustAuthenticate, "status-code": 401})
	}
	rep.header.Set("Www-Authenticate", `OAuth realm="`+c.host+`"`)
	return rep
}

// unknownSite is the edge's answer for a host that is no site.
func unknownSite() reply {
	rep := textReply(http.StatusNotFound, "text/html", `<!DOCTYPE html><html><head><title>Atlassian Cloud Notifications - Page Unavailable</title></head><body>Your Atlassian Cloud site is currently unavailable.</body></html>`)
	rep.header.Set("Atl-Missing-Tcs", "true")
	return rep
}

// captcha is the refusal of an account that failed too often. via is seraph or
// denied, after the header that says it.
func captcha(status int, via string, c *call) reply {
	rep := textReply(status, "text/html;charset=UTF-8", forbiddenPage)
	if via == "seraph" {
		rep.header.Set("X-Seraph-Loginreason", "AUTHENTICATION_DENIED")
		return rep
	}
	rep.header.Set("X-Authentication-Denied-Reason", "CAPTCHA_CHALLENGE; login-url=https://"+c.host+"/login.jsp")
	return rep
}
