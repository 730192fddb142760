package cli

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCommandsAreAllListed(t *testing.T) {
	var groups, leaves []string
	for _, c := range Commands() {
		if c.Group {
			groups = append(groups, c.Path)
		} else {
			leaves = append(leaves, c.Path)
		}
		if len(c.Flags) < 7 {
			t.Errorf("%s has the flags %q", c.Path, c.Flags)
		}
	}
	if diff := cmp.Diff([]string{"auth", "config", "config.profile", "jira"}, groups); diff != "" {
		t.Error(diff)
	}
	if len(leaves) < 18 {
		t.Errorf("only %q", leaves)
	}
}
