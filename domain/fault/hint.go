package fault

import "strings"

// A hint may say in braces what only the run knows, so that what it tells to type
// works as it stands. Each has words for a run that does not know it either.
var blanks = []struct{ blank, known, unknown string }{
	{"{login}", "jira auth login --profile-name <profile>", "jira auth login"},
	{"{logout}", "jira auth logout <profile>", "jira auth logout default"},
	{"{explain}", "jira auth explain --profile <profile>", "jira auth explain"},
	{"{test}", "jira auth test <profile>", "jira auth test"},
	{"{status}", "jira auth status --profile <profile>", "jira auth status"},
	{"{whoami}", "jira auth whoami --profile <profile>", "jira auth whoami"},
	{"{init}", "jira config init --profile <profile> --force", "jira config init --force"},
	{"{base_url}", "jira config set profiles.<profile>.base_url", "jira config set profiles.default.base_url"},
	{"{show}", "jira config profile show <profile>", "jira config profile show"},
	{"{variable}", "<variable>", "the profile's variable (JIRA_TOKEN_DEFAULT for the profile default)"},
}

// HintFor returns the hint for a profile, "" where it is not known, and the
// variable that holds its token.
func (f *Fault) HintFor(profile, variable string) string { return FillIn(f.Hint, profile, variable) }

// FillIn fills in the blanks of a text as HintFor does.
func FillIn(text, profile, variable string) string {
	for _, b := range blanks {
		words := b.unknown
		if profile != "" {
			words = strings.NewReplacer("<profile>", profile, "<variable>", variable).Replace(b.known)
		}
		text = strings.ReplaceAll(text, b.blank, words)
	}
	return text
}
