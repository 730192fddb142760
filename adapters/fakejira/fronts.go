package fakejira

import (
	"maps"
	"net/http"
	"slices"
)

// front is what a box between the client and Jira answers in Jira's place. Its
// answer has none of Jira's headers unless edge says that Atlassian's edge wrote
// it.
type front struct {
	status      int
	contentType string
	header      http.Header
	body        string
	edge        bool
}

// fronts are the boxes by name, each after the source in its comment.
func fronts() map[string]front {
	const html, text = "text/html", "text/plain;charset=UTF-8"
	return map[string]front{
		// https://confluence.atlassian.com/pages/viewpage.action?pageId=1384133808
		// has the sentence; the status and the headers are not verified.
		"allowlist": {http.StatusForbidden, "application/json", nil, `{"errorMessages":["The IP address has been rejected because it is not on the allowed list. See your admin for more information."],"errors":{}}`, true},
		// https://github.com/n8n-io/n8n/issues/14153 and
		// https://github.com/codefresh-io/argo-hub/issues/570, of Jira Cloud.
		"cloudfront": {http.StatusForbidden, html, http.Header{"Server": {"CloudFront"}, "X-Cache": {"Error from cloudfront"}}, cloudFrontPage("Bad request."), false},
		// https://github.com/lysine-dev/okhttp/issues/8001, a rule of AWS WAF at
		// CloudFront.
		"aws-waf": {http.StatusForbidden, html, http.Header{"Server": {"CloudFront"}, "X-Cache": {"Error from cloudfront"}}, cloudFrontPage("Request blocked."), false},
		// https://github.com/Ekultek/WhatWaf/issues/1162
		"akamai": {http.StatusForbidden, html, http.Header{"Server": {"AkamaiGHost"}, "Mime-Version": {"1.0"}}, `<HTML><HEAD>
<TITLE>Access Denied</TITLE>
</HEAD><BODY>
<H1>Access Denied</H1>

You don't have permission to access "http&#58;&#47;&#47;example&#46;atlassian&#46;net&#47;" on this server.<P>
Reference&#32;&#35;18&#46;e3c1202&#46;1744611336&#46;e02832
</BODY>
</HTML>
`, false},
		// Written after what browsers show of a blocked visit; not verified.
		"cloudflare": {http.StatusForbidden, html, http.Header{"Server": {"cloudflare"}, "Cf-Ray": {"8a0b1c2d3e4f5a6b-FRA"}}, `<!DOCTYPE html><html><head><title>Attention Required! &#124; Cloudflare</title></head><body><h1>Sorry, you have been blocked</h1></body></html>`, false},
		// ngx_http_special_response.c
		"nginx": {http.StatusForbidden, html, http.Header{"Server": {"nginx"}}, nginxPage("403 Forbidden"), false},
		// The application load balancer of AWS without a rule that lets the request
		// through; not verified.
		"aws-elb": {http.StatusForbidden, html, http.Header{"Server": {"awselb/2.0"}}, "<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>\r\n<center><h1>403 Forbidden</h1></center>\r\n</body>\r\n</html>\r\n", false},
		// errors/templates/ERR_ACCESS_DENIED of squid as an accelerator.
		"squid": {http.StatusForbidden, html, http.Header{"Server": {"squid/6.10"}, "X-Squid-Error": {"ERR_ACCESS_DENIED 0"}}, `<html><head><title>ERROR: The requested URL could not be retrieved</title></head><body><h1>ERROR</h1><h2>The requested URL could not be retrieved</h2><p>Access Denied.</p></body></html>`, false},

		// ngx_http_auth_basic_module
		"nginx-basic": {http.StatusUnauthorized, html, http.Header{"Server": {"nginx"}, "Www-Authenticate": {`Basic realm="Restricted"`}}, nginxPage("401 Authorization Required"), false},
		// Apache's mod_auth_gssapi (RFC 4559); the page is httpd's.
		"apache-kerberos": {http.StatusUnauthorized, html, http.Header{"Server": {"Apache"}, "Www-Authenticate": {"Negotiate"}}, "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">\n<html><head>\n<title>401 Unauthorized</title>\n</head><body>\n<h1>Unauthorized</h1>\n</body></html>\n", false},
		// IIS with Windows authentication ([MS-NTHT]); the page is IIS's, not verified.
		"iis-ntlm": {http.StatusUnauthorized, html, http.Header{"Server": {"Microsoft-IIS/10.0"}, "Www-Authenticate": {"Negotiate, NTLM"}}, `<html><head><title>401 - Unauthorized: Access is denied due to invalid credentials.</title></head></html>`, false},
		// Apache's mod_auth_digest (RFC 7616).
		"apache-digest": {http.StatusUnauthorized, html, http.Header{"Server": {"Apache"}, "Www-Authenticate": {`Digest realm="intranet", nonce="Rpg0Y2kGBgA=6a0", algorithm=MD5, qop="auth"`}}, "<html><head>\n<title>401 Unauthorized</title>\n</head></html>\n", false},
		// An identity-aware proxy that takes OAuth tokens alone (RFC 6750, 3); not
		// verified.
		"sso-bearer": {http.StatusUnauthorized, text, http.Header{"Www-Authenticate": {`Bearer authorization_uri="https://login.example.com/oauth2/authorize", error="invalid_token"`}}, "Unauthorized", false},
	}
}

func nginxPage(title string) string {
	return "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title + "</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
}

func cloudFrontPage(what string) string {
	return `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">
<HTML><HEAD><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=iso-8859-1">
<TITLE>ERROR: The request could not be satisfied</TITLE>
</HEAD><BODY>
<H1>403 ERROR</H1>
<H2>The request could not be satisfied.</H2>
<HR noshade size="1px">
` + what + `
<PRE>
Generated by cloudfront (CloudFront)
</PRE>
</BODY></HTML>
`
}

// frontNames are the boxes in the order of their names.
func frontNames() []string { return slices.Sorted(maps.Keys(fronts())) }

// inFront is the answer of the box that the fault names.
func inFront(f *fault, _ *call, _ reply) reply {
	box := fronts()[f.by]
	rep := textReply(box.status, box.contentType, box.body)
	maps.Copy(rep.header, box.header)
	rep.foreign = !box.edge
	return rep
}
