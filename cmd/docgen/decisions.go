package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// decisions are the files of docs/decisions, whose index is made from their
// headings.
const decisions = "docs/decisions"

// decisionIndex is the list of the decisions under a root, by their headings.
func decisionIndex(root string) (string, error) {
	files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(decisions), "*.md"))
	if err != nil {
		return "", err
	}
	type entry struct{ title, file string }
	var list []entry
	for _, file := range files {
		if filepath.Base(file) == "README.md" {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		heading, _, _ := strings.Cut(string(text), "\n")
		title, found := strings.CutPrefix(heading, "# ")
		if !found {
			return "", fmt.Errorf("%s does not begin with a heading", file)
		}
		list = append(list, entry{title, filepath.Base(file)})
	}
	slices.SortFunc(list, func(a, b entry) int {
		return cmp.Compare(strings.ToLower(strings.TrimLeft(a.title, "`")), strings.ToLower(strings.TrimLeft(b.title, "`")))
	})
	var out strings.Builder
	out.WriteString("# Decisions\n\nOne file each: what was decided, why, and what was turned down.\n\n")
	for _, e := range list {
		fmt.Fprintf(&out, "- [%s](%s)\n", e.title, e.file)
	}
	return out.String(), nil
}
