package edit_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"jira-cli/adapters/tomlconfig/edit"
)

// FuzzEdit: a change does to the text what it does to the tree, and no other
// line changes.
func FuzzEdit(f *testing.F) {
	f.Add("[profiles.a]\nemail = \"x\" # c\n", "email", "y", uint8(0))
	f.Add("profiles.a.email = 'x'\r\nprofiles.b.x = nan\r\n", "email", "", uint8(1))
	f.Add("profiles = { a = { email = \"x\", b = [1, { c = 2 }] } }", "account_id", "1", uint8(0))
	f.Add("[profiles.a.credential]\nbackend = \"file\"\n\n# c\n[profiles.b]\n", "credential", "z", uint8(2))
	f.Add("[[profiles.a.leftover]]\nx = 1\n[profiles.a.leftover.y]\n[[profiles.a.leftover]]\n", "leftover", "v", uint8(4))
	f.Add("profiles.a.leftover = [ # c\n {x=1}, # d\n]\n", "leftover", "v", uint8(4))
	f.Add("x = \"\"\"\n[profiles.a]\n\"\"\"\n", "odd key", "\u0000\u2028\"\\", uint8(0))
	f.Add("[profiles]\n a = { }\n", "sub", "t", uint8(5))
	f.Add("profiles.a = { x = 1,\n y = 2, # c\n}\n", "x", "", uint8(1))
	f.Add("# top\n\n\n[profiles.a]\n\n\n[profiles.b]\n", "new", "", uint8(3))
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		f.Fatalf("no golden files: %v", err)
	}
	for _, file := range files {
		text := readGolden(f, file).before
		for op, key := range []string{"email", "credential", "x", "leftover", "new"} {
			f.Add(text, key, "v", uint8(op))
		}
	}
	f.Fuzz(func(t *testing.T, text, key, value string, op uint8) {
		before, err := edit.Parse([]byte(text))
		if err != nil || hasNUL(text) || !utf8.ValidString(key+" "+value) {
			return
		}
		c, ok := fuzzChange(before.Tree(), key, value, edit.Op(op%5))
		if !ok {
			return
		}
		out, err := c.Apply([]byte(text))
		if err != nil {
			if isTable(before.Tree(), c.Path[:len(c.Path)-1]) {
				t.Fatalf("%+v: %v\nin %q", c, err, text)
			}
			return
		}
		after, err := edit.Parse(out)
		if err != nil {
			t.Fatalf("%+v made\n%s\nof\n%s\n%v", c, out, text, err)
		}
		want := before.Tree()
		c.ApplyTree(want)
		if c.Op == edit.Remove {
			want, after = withoutEmptyTables(want), mustParse(t, out)
			if !edit.SameTree(want, withoutEmptyTables(after.Tree())) {
				t.Fatalf("%+v made\n%s\nof\n%s", c, out, text)
			}
		} else if !edit.SameTree(want, after.Tree()) {
			t.Fatalf("%+v made\n%s\nof\n%s", c, out, text)
		}
		touched, allowed := changedLines([]byte(text), out), 1
		switch c.Op {
		case edit.Set:
			allowed += countLines(text, before, c.Path)
		case edit.Remove:
			return // its lines may go, and the golden files say which
		case edit.Rename:
			touched, allowed = bytes.Count(out, []byte("\n")), strings.Count(text, "\n")
		}
		if touched > allowed {
			t.Fatalf("%+v touched %d lines:\n%s\nof\n%s", c, touched, out, text)
		}
	})
}

func hasNUL(text string) bool { return strings.Contains(text, "\x00") }

func mustParse(t *testing.T, text []byte) *edit.Document {
	t.Helper()
	d, err := edit.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// fuzzChange makes a change that the tree allows: callers of the package check
// types before they edit.
func fuzzChange(tree map[string]any, key, value string, op edit.Op) (edit.Change, bool) {
	path := []string{"profiles", "a", key}
	c := edit.Change{Op: op, Path: path}
	old, there := lookup(tree, path)
	_, isTableNow := old.(map[string]any)
	array, isArray := old.([]any)
	if !isTableOrAbsent(tree, path[:1]) || !isTableOrAbsent(tree, path[:2]) {
		return c, false
	}
	switch op {
	case edit.Set:
		c.Value = value
		return c, !there || !isTableNow && !isArray
	case edit.Rename:
		c.Path, c.Key = path[:2], "zz9"
		_, taken := lookup(tree, []string{"profiles", "zz9"})
		_, from := lookup(tree, path[:2])
		return c, from && !taken
	case edit.Append:
		c.Value = edit.Table{{Key: "backend", Value: value}}
		for _, element := range array {
			if _, ok := element.(map[string]any); !ok {
				return c, false
			}
		}
		return c, !there || isArray
	case edit.Ensure:
		c.Value = edit.Table{{Key: "backend", Value: value}}
		return c, !there || isTableNow
	}
	return c, there
}

func lookup(tree map[string]any, path []string) (any, bool) {
	var value any = tree
	for _, key := range path {
		table, ok := value.(map[string]any)
		if !ok {
			return nil, false
		}
		if value, ok = table[key]; !ok {
			return nil, false
		}
	}
	return value, true
}

func isTable(tree map[string]any, path []string) bool {
	value, _ := lookup(tree, path)
	_, ok := value.(map[string]any)
	return ok
}

func isTableOrAbsent(tree map[string]any, path []string) bool {
	_, there := lookup(tree, path)
	return !there || isTable(tree, path)
}

// withoutEmptyTables drops tables that are empty: one that no header names goes
// with its last key.
func withoutEmptyTables(tree map[string]any) map[string]any {
	for key, value := range tree {
		if table, ok := value.(map[string]any); ok && len(withoutEmptyTables(table)) == 0 {
			delete(tree, key)
		}
	}
	return tree
}

// changedLines counts the old lines that are not in the new text in their
// order.
func changedLines(old, text []byte) int {
	lines := bytes.Split(bytes.TrimRight(text, "\r\n"), []byte("\n"))
	missing := 0
	for _, line := range bytes.Split(bytes.TrimRight(old, "\r\n"), []byte("\n")) {
		found := false
		for i, candidate := range lines {
			if bytes.Equal(bytes.TrimRight(line, "\r"), bytes.TrimRight(candidate, "\r")) {
				lines, found = lines[i+1:], true
				break
			}
		}
		if !found {
			missing++
		}
	}
	return missing
}

// countLines returns how many lines the value at path fills beyond its first,
// generously: a multi-line string that is replaced takes its lines along.
func countLines(text string, d *edit.Document, path []string) int {
	for _, item := range d.Items() {
		if len(item.Path) == len(path) && strings.Join(item.Path, "\x00") == strings.Join(path, "\x00") {
			return strings.Count(item.Text, "\n") + strings.Count(text, "\\\n") + strings.Count(text, "\\\r\n") + 2*strings.Count(text, "\"\"\"") + 2*strings.Count(text, "'''")
		}
	}
	return 0
}
