package optest_test

import (
	"strings"
	"testing"

	"jira-cli/adapters/onepassword/optest"
)

// The verbs of scripts, and that a script with a mistake does not pass.
func TestControl(t *testing.T) {
	app := optest.Start(t)
	do := func(line string) string {
		t.Helper()
		out, err := app.Control(strings.Fields(line))
		if err != nil {
			t.Errorf("%s: %v", line, err)
		}
		return out
	}
	first := strings.TrimSpace(do("item Work jira password=old token=x"))
	do("set Work jira password new")
	if got, want := do("show Work jira"), "password Concealed password=\"new\"\ntoken Concealed token=\"x\"\n"; got != want {
		t.Errorf("show gives %q, want %q", got, want)
	}
	second := strings.TrimSpace(do("item Work jira"))
	if got := do("show Work"); !strings.Contains(got, first) || !strings.Contains(got, second) || first == second {
		t.Errorf("show gives %q", got)
	}
	do("archive Work " + second)
	if got := do("show Work"); strings.Contains(got, second) {
		t.Errorf("the archived item is shown: %q", got)
	}
	if got := do("archived Work"); !strings.Contains(got, second) || strings.Contains(got, first) {
		t.Errorf("the archive is %q", got)
	}
	for _, line := range []string{"vault other Team", "state locked", "raw x", "code -4", "fail ItemsPut Item no", "expire", "restart", "state ok"} {
		do(line)
	}
	for _, line := range []string{"", "nonsense", "state", "state asleep", "code x", "item Nowhere x", "item Work x y", "show Work none", "archived Nowhere", "set Work none a b"} {
		if _, err := app.Control(strings.Fields(line)); err == nil {
			t.Errorf("%q passes", line)
		}
	}
	if env := app.Env(); len(env) != 1 || env[0] != "JIRA_OPTEST_LIBRARY="+app.Library() {
		t.Errorf("the environment is %q", env)
	}
}
