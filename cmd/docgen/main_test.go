package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jira-cli/adapters/cli"
	"jira-cli/domain/fault"
)

const root = "../.."

// TestDocumentsAreFresh fails where a generated file is not what the program
// would write now. `make golden` mends it.
func TestDocumentsAreFresh(t *testing.T) {
	pages, err := generate(root)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range pages {
		got, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
		if err != nil {
			t.Error(err)
		} else if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s is old, run `make golden`:\n%s", path, diff)
		}
	}
	if gone := stale(root, pages); len(gone) > 0 {
		t.Errorf("nothing generates %q any more, run `make golden`", gone)
	}
}

// TestRefresh: it makes the files, mends and removes what is old, and leaves
// what a person wrote.
func TestRefresh(t *testing.T) {
	dir := t.TempDir()
	write := func(path, text string) {
		t.Helper()
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := refresh(dir); err == nil {
		t.Error("a tree without docs/output.md is no error")
	}
	write("docs/output.md", "before\n<!-- generated: codes -->\nold\n<!-- end: codes -->\nbetween\n<!-- generated: exits -->\n<!-- end: exits -->\nafter\n")
	if err := refresh(dir); err == nil {
		t.Error("a tree without docs/troubleshooting.md is no error")
	}
	write("docs/explain.md", "<!-- generated: causes -->\n<!-- end: causes -->\n")
	write("docs/troubleshooting.md", "<!-- generated: causes -->\n<!-- end: causes -->\n")
	write("docs/session.md", "text\n```console\n$ jira <x>\n✓ & more\n```\n")
	write("docs/man/jira-gone.1", "old")
	for range 2 { // the second time nothing is new
		if err := refresh(dir); err != nil {
			t.Fatal(err)
		}
	}
	output, _ := os.ReadFile(filepath.Join(dir, "docs/output.md"))
	for _, part := range []string{"before\n", "\nbetween\n", "\nafter\n", "`jira_unauthorized`"} {
		if !bytes.Contains(output, []byte(part)) {
			t.Errorf("docs/output.md lacks %q", part)
		}
	}
	if bytes.Contains(output, []byte("\nold\n")) {
		t.Error("the old table is still there")
	}
	if _, err := os.Stat(filepath.Join(dir, "docs/man/jira-gone.1")); err == nil {
		t.Error("the page of a command that is gone is still there")
	}
	drawn, _ := os.ReadFile(filepath.Join(dir, "docs/session.svg"))
	if !bytes.Contains(drawn, []byte("jira &lt;x&gt;")) || !bytes.Contains(drawn, []byte("&amp; more")) {
		t.Errorf("the picture does not show the session: %s", drawn)
	}
}

// TestMarkers: without its markers a document is refused, not emptied.
func TestMarkers(t *testing.T) {
	for _, text := range []string{"", "<!-- generated: codes -->\n", "<!-- end: codes -->\n"} {
		if got, err := between([]byte(text), "codes", "table"); err == nil {
			t.Errorf("%q became %q", text, got)
		}
	}
}

// TestEveryFamilyIsExplained: a new type needs words for the table of exit
// statuses.
func TestEveryFamilyIsExplained(t *testing.T) {
	for _, row := range types(fault.Table()) {
		if families[row.Type] == "" {
			t.Errorf("the type %s has no text", row.Type)
		}
	}
	if len(families) != len(types(fault.Table())) {
		t.Error("a text belongs to no type")
	}
}

// TestEveryCommandHasPages compares the tree with the files, which are made by
// other means.
func TestEveryCommandHasPages(t *testing.T) {
	var paths []string
	for _, c := range collect(cli.Tree()) {
		paths = append(paths, c.path)
		if c.short == "" || strings.HasSuffix(c.short, ".") {
			t.Errorf("%s is described as %q", c.path, c.short)
		}
	}
	for _, want := range []string{"jira", "jira auth login", "jira config profile rename", "jira completion"} {
		if !slices.Contains(paths, want) {
			t.Errorf("there is no page of %q among %q", want, paths)
		}
	}
}

func TestRoff(t *testing.T) {
	for text, want := range map[string]string{
		"a-b":            `a\-b`,
		`a\b "c"`:        `a\eb \(dqc\(dq`,
		".TH\n'x\nplain": "\\&.TH\n\\&'x\nplain",
	} {
		if got := roff(text); got != want {
			t.Errorf("roff(%q) = %q, want %q", text, got, want)
		}
	}
}
