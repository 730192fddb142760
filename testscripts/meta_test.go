package testscripts

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"jira-cli/adapters/cli"
	"jira-cli/domain/fault"
)

// testTogether asks what all transcripts show together; it runs after them.
func testTogether(t *testing.T) {
	t.Run("commands", testEveryCommand)
	t.Run("codes", testEveryCode)
	t.Run("docs", testDocs)
}

// elsewhere are the codes that no transcript shows, and the test that does. Keep
// it empty if you can.
var elsewhere = map[fault.Code]string{}

// testEveryCommand: each command of the tree has its help as a golden, a success
// and a failure.
func testEveryCommand(t *testing.T) {
	helped, worked, failed := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for name, runs := range record.runs {
		for _, r := range runs {
			switch {
			case slices.Contains(r.args, "--help"):
				helped[r.command] = helped[r.command] || strings.HasPrefix(name, "help/")
			case r.status == 0:
				worked[r.command] = true
			default:
				failed[r.command] = true
			}
		}
	}
	for _, c := range cli.Commands() {
		for what, shown := range map[string]map[string]bool{
			"golden of its help (help/help-….txtar)": helped, "transcript of a success": worked, "transcript of a failure": failed,
		} {
			if !shown[c.Path] {
				t.Errorf("%s has no %s", c.Path, what)
			}
		}
	}
}

// testEveryCode: each code of the table is shown, and ends the program with the
// status of its row (which checkRun compares).
func testEveryCode(t *testing.T) {
	shown := map[string]bool{}
	for _, runs := range record.runs {
		for _, r := range runs {
			for _, code := range r.codes {
				shown[code] = true
			}
		}
	}
	for _, row := range fault.Table() {
		_, excused := elsewhere[row.Code]
		switch {
		case shown[string(row.Code)] && excused:
			t.Errorf("%s is shown by a transcript and needs no excuse", row.Code)
		case !shown[string(row.Code)] && !excused:
			t.Errorf("no transcript shows the code %s", row.Code)
		}
		if row.Exit() < 1 || row.Exit() > 9 {
			t.Errorf("%s has the exit status %d", row.Code, row.Exit())
		}
	}
	for _, code := range slices.Sorted(maps.Keys(elsewhere)) {
		t.Logf("%s is shown by %s alone", code, elsewhere[code])
	}
}
