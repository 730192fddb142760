package fault_test

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"jira-cli/domain/fault"
)

func TestTableIsClosedAndComplete(t *testing.T) {
	name := regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)*$`)
	seen := map[fault.Code]bool{}
	for _, row := range fault.Table() {
		if seen[row.Code] {
			t.Errorf("%s stands twice", row.Code)
		}
		seen[row.Code] = true
		if !name.MatchString(string(row.Code)) {
			t.Errorf("%s is not snake_case", row.Code)
		}
		if row.Exit() < 1 || row.Exit() > 9 {
			t.Errorf("%s has exit status %d", row.Code, row.Exit())
		}
		if row.Meaning == "" || strings.HasSuffix(row.Meaning, ".") {
			t.Errorf("%s has the meaning %q", row.Code, row.Meaning)
		}
		if row.Hint == "" && row.Code != fault.AuthFailed && row.Code != fault.Canceled {
			t.Errorf("%s has no hint", row.Code)
		}
		if fault.Lookup(row.Code) != row {
			t.Errorf("Lookup(%s) is another row", row.Code)
		}
	}
	if fault.Lookup("no_such_code").Code != fault.InternalError {
		t.Error("an unknown code is not an internal error")
	}
}

func TestFromAndIs(t *testing.T) {
	f := fault.New(fault.Timeout, "took %d s", 3)
	wrapped := fmt.Errorf("outer: %w", f)
	if fault.From(wrapped) != f || fault.From(nil) != nil || fault.CodeOf(nil) != "" {
		t.Error("From does not find the fault")
	}
	if !errors.Is(wrapped, &fault.Fault{Code: fault.Timeout}) || errors.Is(wrapped, &fault.Fault{Code: fault.Canceled}) {
		t.Error("errors.Is does not ask for the code")
	}
	plain := errors.New("boom")
	if got := fault.From(plain); got.Code != fault.InternalError || !errors.Is(got, plain) {
		t.Errorf("From(plain) = %+v", got)
	}
	g := f.WithHint("do %s", "this").WithProfile("work").WithFlag("timeout").WithSuggestions([]string{"a"})
	if g.Hint != "do this" || g.Details.Profile != "work" || g.Details.Flag != "timeout" || len(g.Details.Suggestions) != 1 || f.Details.Profile != "" {
		t.Errorf("the With functions gave %+v and left %+v", g, f)
	}
}

func TestShownRepeatsNothingAsLongAsAToken(t *testing.T) {
	for typed, want := range map[string]string{
		"work": `"work"`, "a\x1bb": `"a\x1bb"`, "12345678901234567890": `"12345678901234567890"`, "123456789012345678901": `"…"`,
	} {
		if got := fault.Shown(typed); got != want {
			t.Errorf("Shown(%q) = %s, want %s", typed, got, want)
		}
	}
}

func TestSuggest(t *testing.T) {
	commands := []string{"login", "logout", "migrate", "refresh", "status", "switch", "token", "whoami"}
	for typed, want := range map[string][]string{
		"statsu": {"status"},
		"logn":   {"login"},
		"log":    {"login", "logout"},
		"login":  nil,
		"xyzzy":  nil,
		"whoam":  {"whoami"},
	} {
		if got := fault.Suggest(typed, commands); !reflect.DeepEqual(got, want) {
			t.Errorf("Suggest(%q) = %q, want %q", typed, got, want)
		}
	}
}
