package jirahttp

import (
	"strings"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/ports"
)

// gatewayURL is where Atlassian takes scoped tokens.
// https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/
const gatewayURL = "https://api.atlassian.com"

// gatewayOf is the gateway's base for a site's requests. Nothing outside moves
// it: the credential goes there.
func gatewayOf(a ports.Account) string { return gatewayURL + "/ex/jira/" + a.CloudID }

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
func scopeMissing(about access.About, q question, messages []string) *fault.Fault {
	if !says(messages, "scope does not match") {
		return nil
	}
	classic, granular := scopes(q.path)
	if classic == "" {
		return access.CauseMissingScope.Fault(about, nil, " that %s needs", q.path)
	}
	return access.CauseMissingScope.Fault(about, nil, " that %s needs: %s, or the granular %s", q.path, classic, granular)
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
