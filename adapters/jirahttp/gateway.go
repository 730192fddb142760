package jirahttp

import (
	"net/netip"
	"net/url"
	"strings"

	"jira-cli/domain/fault"
	"jira-cli/ports"
)

// gatewayURL is where Atlassian takes scoped tokens.
// https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/
const gatewayURL = "https://api.atlassian.com"

// GatewayVariable names the variable that moves the gateway for tests. Another
// host than loopback is refused: the credential goes there.
const GatewayVariable = "JIRA_GATEWAY_URL"

// gatewayOf is the gateway's base for a site's requests.
func gatewayOf(a ports.Account, lookup func(string) (string, bool)) (string, *fault.Fault) {
	base := gatewayURL
	if text, _ := lookup(GatewayVariable); text != "" {
		u, err := url.Parse(text)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.RawQuery != "" || strings.Trim(u.Path, "/") != "" || !loopback(u.Hostname()) {
			return "", fault.New(fault.ArgumentInvalid, "%s is not the URL of a loopback host", GatewayVariable).
				WithHint("unset %s: it is for tests alone", GatewayVariable)
		}
		base = origin(u)
	}
	return base + "/ex/jira/" + a.CloudID, nil
}

func loopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

// scopes names what a token must be allowed for a request: one classic scope, or
// all the granular ones.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/
func scopes(path string) (classic, granular string) {
	switch {
	case strings.HasSuffix(path, "/myself"):
		return "read:jira-user", "read:application-role:jira, read:avatar:jira, read:group:jira and read:user:jira"
	case strings.HasSuffix(path, "/mypermissions"):
		return "read:jira-work", "read:permission:jira"
	}
	return "", ""
}

// scopeMissing is the gateway's refusal for want of a scope, told by its words
// alone: {"code":401,"message":"Unauthorized; scope does not match"}.
func scopeMissing(q question, messages []string) *fault.Fault {
	if !says(messages, "scope does not match") {
		return nil
	}
	classic, granular := scopes(q.path)
	if classic == "" {
		return fault.New(fault.JiraScopeMissing, "the token lacks a scope that %s needs", q.path)
	}
	return fault.New(fault.JiraScopeMissing, "the token lacks a scope that %s needs: %s, or the granular %s", q.path, classic, granular)
}

// says reports whether one of the messages contains one of the phrases.
func says(messages []string, phrases ...string) bool {
	for _, message := range messages {
		for _, phrase := range phrases {
			if strings.Contains(strings.ToLower(message), phrase) {
				return true
			}
		}
	}
	return false
}
