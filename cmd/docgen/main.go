// Command docgen writes the documents that the program itself determines: the
// command reference (docs/commands), the man pages (docs/man), the tables of
// codes and causes in documents, the index of the decisions, and the picture of a session (docs/session.svg). It
// refuses to own prose: what a person wrote it leaves alone. `make golden` runs
// it, and its test fails where a file is not what it would write.
//
//	docgen [ROOT]
//
// The pages are made from the command tree by hand and not by cobra's doc
// package: that one needs two Markdown libraries, dates its man pages and lists
// flags without what this project wants said of them.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"jira-cli/adapters/cli"
	"jira-cli/domain/access"
	"jira-cli/domain/fault"
)

func main() {
	root := "."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	if err := refresh(root); err != nil {
		fmt.Fprintln(os.Stderr, "docgen:", err)
		os.Exit(1)
	}
}

// owned are the directories in which every file is generated, with the ending
// of those files.
var owned = map[string]string{"docs/commands": ".md", "docs/man": ".1"}

// refresh writes what differs and removes pages of commands that are gone.
func refresh(root string) error {
	pages, err := generate(root)
	if err != nil {
		return err
	}
	for path, text := range pages {
		target := filepath.Join(root, filepath.FromSlash(path))
		if old, err := os.ReadFile(target); err == nil && bytes.Equal(old, text) {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(target, text, 0o644); err != nil {
			return err
		}
	}
	for _, path := range stale(root, pages) {
		if err := os.Remove(filepath.Join(root, filepath.FromSlash(path))); err != nil {
			return err
		}
	}
	return nil
}

// stale lists the files in the owned directories that nothing generates.
func stale(root string, pages map[string][]byte) []string {
	var gone []string
	for dir, ending := range owned {
		files, _ := filepath.Glob(filepath.Join(root, filepath.FromSlash(dir), "*"+ending))
		for _, file := range files {
			if path := dir + "/" + filepath.Base(file); pages[path] == nil {
				gone = append(gone, path)
			}
		}
	}
	slices.Sort(gone)
	return gone
}

// generate returns every generated file by its path from the root.
func generate(root string) (map[string][]byte, error) {
	pages := map[string][]byte{}
	commands := collect(cli.Tree())
	pages["docs/commands/README.md"] = []byte(commandIndex(commands))
	for _, c := range commands {
		pages["docs/commands/"+c.file()+".md"] = []byte(c.markdown())
		pages["docs/man/"+c.file()+".1"] = []byte(c.man(commands))
	}
	index, err := decisionIndex(root)
	if err != nil {
		return nil, err
	}
	pages[decisions+"/README.md"] = []byte(index)
	for file, tables := range tables() {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
		if err != nil {
			return nil, err
		}
		for name, table := range tables {
			if text, err = between(text, name, table); err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
		}
		pages[file] = text
	}
	session, err := os.ReadFile(filepath.Join(root, "docs", "session.md"))
	if err != nil {
		return nil, err
	}
	lines, err := consoleBlock(string(session))
	if err != nil {
		return nil, err
	}
	pages["docs/session.svg"] = []byte(picture(lines))
	return pages, nil
}

// tables are those that stand between markers in documents of a person's.
func tables() map[string]map[string]string {
	return map[string]map[string]string{
		"docs/output.md":          {"codes": codeTable(fault.Table()), "exits": exitTable(fault.Table())},
		"docs/explain.md":         {"causes": causeTable(access.Causes())},
		"docs/troubleshooting.md": {"causes": causeTable(access.Causes())},
	}
}

// between replaces what stands between the two markers of a name.
func between(document []byte, name, body string) ([]byte, error) {
	begin, end := "<!-- generated: "+name+" -->\n", "<!-- end: "+name+" -->\n"
	before, rest, found := strings.Cut(string(document), begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		return nil, fmt.Errorf("the markers of %s are not there", name)
	}
	return []byte(before + begin + "\n" + body + "\n" + end + after), nil
}
