package wire

import (
	"runtime/debug"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jira-cli/adapters/cli"
)

func TestTheModuleDataSaysTheVersion(t *testing.T) {
	checkout := []debug.BuildSetting{
		{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.time", Value: "2026-05-27T00:00:00Z"}, {Key: "vcs.modified", Value: "true"}}
	for name, test := range map[string]struct {
		info debug.BuildInfo
		want cli.BuildInfo
	}{
		"installed by version": {debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}}, cli.BuildInfo{Version: "1.2.3"}},
		"a checkout with a tag": {debug.BuildInfo{Main: debug.Module{Version: "v1.2.3+dirty"}, Settings: checkout},
			cli.BuildInfo{Version: "1.2.3+dirty", Commit: "0123456789abcdef", Date: "2026-05-27T00:00:00Z"}},
		"a checkout before Go stamped versions": {debug.BuildInfo{Main: debug.Module{Version: "(devel)"}, Settings: checkout},
			cli.BuildInfo{Commit: "0123456789abcdef", Date: "2026-05-27T00:00:00Z"}},
		"nothing known": {debug.BuildInfo{}, cli.BuildInfo{}},
	} {
		if diff := cmp.Diff(test.want, fromModule(cli.BuildInfo{}, &test.info)); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}
