package fault_test

import (
	"regexp"
	"strings"
	"testing"

	"jira-cli/domain/fault"
)

// What a hint tells to type works as it stands: nothing is left to fill in,
// whether the profile is known or not.
func TestHintsLeaveNothingToFillIn(t *testing.T) {
	placeholder := regexp.MustCompile(`<[A-Za-z_]+>|[{}…]|\b(NAME|KEY|VALUE|URL|ADDRESS|PROFILE)\b`)
	for _, row := range fault.Table() {
		f := fault.New(row.Code, "")
		for _, hint := range []string{f.HintFor("", ""), f.HintFor("my-team", "JIRA_TOKEN_MY_TEAM")} {
			if found := placeholder.FindString(hint); found != "" {
				t.Errorf("%s: the hint %q leaves %q to fill in", row.Code, hint, found)
			}
		}
	}
	f := fault.New(fault.KeyringUnavailable, "")
	if hint := f.HintFor("my-team", "JIRA_TOKEN_MY_TEAM"); !strings.Contains(hint, "`jira auth login --profile-name my-team --backend file`") || !strings.Contains(hint, "set JIRA_TOKEN_MY_TEAM") {
		t.Error(hint)
	}
}
