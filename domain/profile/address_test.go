package profile_test

import (
	"strings"
	"testing"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
)

func TestParseAddress(t *testing.T) {
	type want struct {
		site string
		page bool
	}
	for text, want := range map[string]want{
		"example/":                                      {"https://example.atlassian.net", false},
		"https://example.atlassian.net/":                {"https://example.atlassian.net", false},
		"https://example.atlassian.net/browse/ABC-1":    {"https://example.atlassian.net", true},
		"example.atlassian.net/wiki":                    {"https://example.atlassian.net", true},
		"https://example.atlassian.net/wiki/spaces/A/p": {"https://example.atlassian.net", true},
		"https://example.atlassian.net/jira/software/c/projects/ABC/boards/1?selectedIssue=ABC-1": {"https://example.atlassian.net", true},
		"https://example.atlassian.net/jira/dashboards/10000":                                     {"https://example.atlassian.net", true},
		"https://example.atlassian.net/issues/?jql=project = ABC":                                 {"https://example.atlassian.net", true},
		"https://example.atlassian.net?x":                                                         {"https://example.atlassian.net", true},
		"https://example.atlassian.net/#x":                                                        {"https://example.atlassian.net", true},
		"https://jira.example.com/browse/ABC-1":                                                   {"https://jira.example.com", true},
		"https://jira.example.com/jira/browse/ABC-1?filter=-1#comment-2":                          {"https://jira.example.com/jira", true},
		"https://jira.example.com/jira/secure/Dashboard.jspa":                                     {"https://jira.example.com/jira", true},
		"https://jira.example.com:8443/a/b/projects/ABC/summary":                                  {"https://jira.example.com:8443/a/b", true},
		"https://jira.example.com/jira/issues/?jql=":                                              {"https://jira.example.com/jira", true},
		"https://jira.example.com/rest/api/2/myself":                                              {"https://jira.example.com", true},
		"https://jira.example.com/login.jsp?os_destination=x":                                     {"https://jira.example.com", true},
		"https://jira.example.com/jira/plugins/servlet/samlsso":                                   {"https://jira.example.com/jira", true},
		"https://jira.example.com/jira/software/c/projects/ABC/boards/1":                          {"https://jira.example.com", true},
		"https://jira.example.com/jira/servicedesk/customer/portals":                              {"https://jira.example.com/jira", true},
		"https://jira.example.com/jira/servicedesk/projects/ABC/queues":                           {"https://jira.example.com", true},
		"https://api.atlassian.com/ex/jira/11111111-2222-3333-4444-555555555555/rest/api/3":       {"https://api.atlassian.com/ex/jira/11111111-2222-3333-4444-555555555555", true},
		// what may be a context path stays one
		"https://jira.example.com/jira":      {"https://jira.example.com/jira", false},
		"https://jira.example.com/secure":    {"https://jira.example.com/secure", false},
		"https://jira.example.com/browser/":  {"https://jira.example.com/browser", false},
		"https://jira.example.com/plugins":   {"https://jira.example.com/plugins", false},
		"https://jira.example.com/jira/wiki": {"https://jira.example.com/jira/wiki", false},
	} {
		site, page, err := profile.ParseAddress(text)
		if err != nil || site.String() != want.site || page != want.page {
			t.Errorf("ParseAddress(%q) = %q, %v, %v, want %v", text, site, page, err, want)
		}
	}
}

func TestParseAddressSaysWhatElseItIs(t *testing.T) {
	for text, want := range map[string]struct{ message, hint string }{
		"https://id.atlassian.com/manage-profile/security/api-tokens": {"id.atlassian.com manages Atlassian accounts", "https://example.atlassian.net"},
		"admin.atlassian.com":                     {"administers Atlassian organizations", "copy the address"},
		"https://home.atlassian.com/":             {"start page", "copy the address"},
		"https://bitbucket.org/example/repo":      {"is Bitbucket", "copy the address"},
		"https://Trello.com/b/x":                  {"is Trello", "copy the address"},
		"atlassian.net":                           {"the domain of all sites", "https://example.atlassian.net"},
		"https://jira.münchen.example/browse/A-1": {"outside ASCII", "https://jira.xn--mnchen-3ya.example"},
		"https://日本語.example":                     {"outside ASCII", "https://xn--wgv71a119e.example"},
		"https://пример.example":                  {"outside ASCII", "https://xn--e1afmkfd.example"},
		"https://STRASSE-straße.example":          {"outside ASCII", "xn--"},
		"https://mu\u0308nchen.example":           {"outside ASCII", "begins with xn--"},
		"münchen":                                 {"outside ASCII", "a-z, 0-9 and -"},
		"ATATT3xFfGF0-s3cret":                     {"looks like a token", "--secret-stdin"},
		"https://ATATT3xFfGF0s3cret/":             {"looks like a token", "--secret-stdin"},
		"aBcDeFgHiJkLmNoPqs3cret1":                {"looks like a token", "--credential-env"},
		"MDEyMzQ1Njc4/TAxOr+s3cret=":              {"looks like a token", "--credential-env"},
	} {
		_, _, err := profile.ParseAddress(text)
		f := fault.From(err)
		if fault.CodeOf(err) != fault.ArgumentInvalid || !strings.Contains(f.Message, want.message) || !strings.Contains(f.Hint, want.hint) {
			t.Errorf("ParseAddress(%q) says %v, hint %q", text, err, f.Hint)
		} else if strings.Contains(f.Message+f.Hint, "s3cret") {
			t.Errorf("ParseAddress(%q) repeats it: %v, %q", text, err, f.Hint)
		}
	}
}
