package edit_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jira-cli/adapters/tomlconfig/edit"
)

var update = flag.Bool("update", os.Getenv("JIRA_UPDATE_GOLDEN") != "", "write the after sections anew")

// parseChange reads a change as the golden files spell it: the operation, the
// dotted path, and a JSON value; a table is an array of key and value in turn.
func parseChange(t *testing.T, line string) edit.Change {
	t.Helper()
	fields := strings.SplitN(line, " ", 3)
	ops := map[string]edit.Op{"set": edit.Set, "remove": edit.Remove, "rename": edit.Rename, "append": edit.Append, "ensure": edit.Ensure}
	op, ok := ops[fields[0]]
	if !ok || len(fields) < 2 {
		t.Fatalf("%q is no change", line)
	}
	c := edit.Change{Op: op, Path: strings.Split(fields[1], ".")}
	if op == edit.Remove {
		return c
	}
	var value any
	if err := json.Unmarshal([]byte(fields[2]), &value); err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	switch v := value.(type) {
	case string:
		c.Value = v
		if op == edit.Rename {
			c.Key, c.Value = v, nil
		}
	case bool:
		c.Value = v
	case []any:
		c.Value = tableOrTexts(op, v)
	}
	return c
}

func tableOrTexts(op edit.Op, list []any) any {
	if op == edit.Set {
		texts := []string{}
		for _, text := range list {
			texts = append(texts, text.(string))
		}
		return texts
	}
	table := edit.Table{}
	for i := 0; i+1 < len(list); i += 2 {
		table = append(table, edit.Pair{Key: list[i].(string), Value: list[i+1]})
	}
	return table
}

// golden is a file in testdata: changes, the text before and the text after.
type golden struct{ changes, before, after string }

func (g golden) String() string {
	return g.changes + "-- before --\n" + g.before + "-- after --\n" + g.after
}

func readGolden(t testing.TB, file string) golden {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changes, rest, ok := strings.Cut(string(data), "-- before --\n")
	before, after, ok2 := strings.Cut(rest, "-- after --\n")
	if !ok || !ok2 {
		t.Fatalf("%s lacks a section", file)
	}
	return golden{changes, before, after}
}

func crlf(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }

// TestGolden runs the pairs in testdata, as they are and with other line ends.
// Lines of the changes that begin with # say why.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			g := readGolden(t, file)
			got := string(applyAll(t, []byte(g.before), g.changes))
			if *update {
				g.after = got
				if err := os.WriteFile(file, []byte(g.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(g.after, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if strings.Count(g.before, "\n") < 2 {
				return // no line ends to take after
			}
			open := func(s string) string { return strings.TrimSuffix(s, "\n") }
			for name, form := range map[string]func(string) string{
				"CRLF":       crlf,
				"no newline": open,
				"neither":    func(s string) string { return crlf(open(s)) },
			} {
				got := string(applyAll(t, []byte(form(g.before)), g.changes))
				if diff := cmp.Diff(form(g.after), got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name, diff)
				}
			}
		})
	}
}

// applyAll carries out the changes and checks what they come to against the
// tree.
func applyAll(t *testing.T, text []byte, script string) []byte {
	t.Helper()
	before, err := edit.Parse(text)
	if err != nil {
		t.Fatalf("before: %v\n%s", err, text)
	}
	want := before.Tree()
	for line := range strings.Lines(script) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		change := parseChange(t, line)
		if text, err = change.Apply(text); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		change.ApplyTree(want)
	}
	after, err := edit.Parse(text)
	if err != nil {
		t.Fatalf("after: %v\n%s", err, text)
	}
	if !edit.SameTree(want, after.Tree()) {
		t.Fatalf("the text means something else (-want +got):\n%s\n%s", cmp.Diff(want, after.Tree()), text)
	}
	return text
}
