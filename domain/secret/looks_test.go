package secret_test

import (
	"testing"

	"jira-cli/domain/secret"
)

func TestLooks(t *testing.T) {
	for text, want := range map[string]bool{
		"ATATT3xFfGF0":                      true,
		"ATCTT3xFfGF0-an-example=1234ABCD":  true,
		"aBcDeFgHiJkLmNoPqRsTuV12":          true, // as the oldest tokens
		"MDEyMzQ1Njc4OTAxOr/an+example==":   true,
		"eyJhbGciOiJIUzI1NiJ9.eyJzdWIifQ.x": true,
		"ops_eyJzaWduSW5BZGRyZXNzIjoi":      true,
		"":                                  false,
		"example":                           false,
		"ATATT":                             false,
		"EXAMPLE-Company":                   false,
		"my-company-jira-site-in-2024":      false,
		"JIRA_TOKEN_MY_COMPANY_2024_X":      false,
		"Jira API token of John Doe 2024":   false,
		"john.doe.the.2nd.Long@example.com": false,
		"https://Example.atlassian.net/123": false,
	} {
		if got := secret.Looks(text); got != want {
			t.Errorf("Looks(%q) = %v", text, got)
		}
	}
}
