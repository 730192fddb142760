package testscripts

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// exchange is a command that somebody typed and what the terminal showed then.
type exchange struct {
	command string
	output  string
	line    int // in its document
}

// block is a fenced console block of a document.
type block struct {
	file      string
	line      int
	exchanges []exchange
}

// testDocs: each ```console block of README.md and docs/ is an excerpt of the
// session of one transcript: some of its commands, one directly after the
// other, each with all of its output. A line that is only "…" stands for any
// lines of an output.
func testDocs(t *testing.T) {
	if os.Getenv("JIRA_GOLDEN") != "" {
		freshen(t, documents(t, ".."))
	}
	for _, b := range consoleBlocks(t, documents(t, "..")) {
		if problem := b.problem(); problem != "" {
			t.Errorf("%s:%d: %s", b.file, b.line, problem)
		}
	}
}

// documents lists README.md and the Markdown below docs.
func documents(t *testing.T, root string) []string {
	files := []string{}
	for _, top := range []string{"README.md", "docs"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && filepath.Ext(path) == ".md" {
				files = append(files, path)
			}
			return nil // what is not there has no blocks
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func consoleBlocks(t *testing.T, files []string) []block {
	var all []block
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		blocks, err := parseBlocks(file, string(text))
		if err != nil {
			t.Error(err)
		}
		all = append(all, blocks...)
	}
	return all
}

// parseBlocks finds the console blocks of a Markdown text. A fence may be
// indented, as in a list, and be longer than three ticks.
func parseBlocks(file, text string) ([]block, error) {
	var found []block
	var lines []string
	fence, indent, start := "", 0, 0
	for i, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		trimmed := strings.TrimLeft(line, " ")
		ticks := trimmed[:len(trimmed)-len(strings.TrimLeft(trimmed, "`"))]
		info := strings.TrimSpace(trimmed[len(ticks):])
		switch {
		case fence == "" && len(ticks) >= 3:
			fence, indent, start, lines = ticks, len(line)-len(trimmed), i+1, nil
			if strings.Fields(info + " -")[0] != "console" {
				start = 0
			}
		case fence != "" && len(ticks) >= len(fence) && info == "":
			if start > 0 {
				b, err := newBlock(file, start, lines)
				if err != nil {
					return found, err
				}
				found = append(found, b)
			}
			fence = ""
		case fence != "":
			lines = append(lines, line[min(indent, len(line)-len(trimmed)):])
		}
	}
	if fence != "" && start > 0 {
		return found, fmt.Errorf("%s:%d: the block is not closed", file, start)
	}
	return found, nil
}

func newBlock(file string, line int, lines []string) (block, error) {
	b := block{file: file, line: line, exchanges: exchanges(strings.Join(lines, "\n"), line)}
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "$ ") {
		return b, fmt.Errorf("%s:%d: a console block begins with \"$ \" and a command", file, line)
	}
	return b, nil
}

// exchanges takes a session apart. A command may go on after a backslash.
func exchanges(session string, line int) []exchange {
	var list []exchange
	going := false
	for i, text := range strings.Split(strings.TrimRight(session, "\n"), "\n") {
		command, begins := strings.CutPrefix(text, "$ ")
		switch {
		case begins && !going:
			list = append(list, exchange{line: line + i + 1})
			fallthrough
		case going:
			e := &list[len(list)-1]
			part := strings.TrimSpace(command)
			part, going = strings.CutSuffix(part, "\\")
			e.command = strings.Join(strings.Fields(e.command+" "+part), " ")
		case len(list) > 0:
			list[len(list)-1].output += strings.TrimRight(text, " ") + "\n"
		}
	}
	for i := range list {
		list[i].output = strings.TrimRight(list[i].output, "\n")
	}
	return list
}

// problem says why a block is no excerpt of any session, "" where it is one.
func (b block) problem() string {
	best, bestScore := "", -1
	for _, name := range slices.Sorted(keysOf(record.sessions)) {
		session := exchanges(record.sessions[name], 0)
		for from := range session {
			matched, why := b.matches(session[from:])
			if why == "" {
				return ""
			}
			if matched > bestScore {
				best, bestScore = fmt.Sprintf("nearest is %s: %s", name, why), matched
			}
		}
	}
	if bestScore <= 0 {
		return fmt.Sprintf("no transcript runs %q; the nearest command that one runs is %q",
			b.exchanges[0].command, nearest(b.exchanges[0].command))
	}
	return "this is no excerpt of a transcript; " + best
}

// matches compares a block with a session from its beginning on; matched counts
// what agrees, a command twice.
func (b block) matches(session []exchange) (matched int, why string) {
	for i, want := range b.exchanges {
		if i == len(session) {
			return matched, fmt.Sprintf("line %d: the session ends before %q", want.line, want.command)
		}
		if session[i].command != want.command {
			return matched, fmt.Sprintf("line %d: the session goes on with %q and not with %q", want.line, session[i].command, want.command)
		}
		matched += 2
		if at, line := differs(want.output, session[i].output); at >= 0 {
			return matched, fmt.Sprintf("line %d, in the output of %q: the transcript has %q", want.line+1+at, want.command, line)
		}
		matched++
	}
	return matched, ""
}

// differs returns the first line at which an output is not the real one, and the
// real one there; -1 where it is. "…" stands for any lines.
func differs(shown, real string) (int, string) {
	a, b := strings.Split(shown, "\n"), strings.Split(real, "\n")
	j := 0
	for i, line := range a {
		if line == "…" {
			if i == len(a)-1 {
				return -1, ""
			}
			for j < len(b) && b[j] != a[i+1] {
				j++
			}
			continue
		}
		if j == len(b) {
			return i, "nothing more"
		}
		if line != b[j] {
			return i, b[j]
		}
		j++
	}
	if j < len(b) {
		return len(a), b[j]
	}
	return -1, ""
}

// nearest is the command of any session that shares the most with one.
func nearest(command string) string {
	best, bestScore := "", -1
	words := strings.Fields(command)
	for _, name := range slices.Sorted(keysOf(record.sessions)) {
		for _, e := range exchanges(record.sessions[name], 0) {
			score := -len(strings.Fields(e.command))
			for _, word := range strings.Fields(e.command) {
				if slices.Contains(words, word) {
					score += 3
				}
			}
			if best == "" || score > bestScore {
				best, bestScore = e.command, score
			}
		}
	}
	return best
}

func keysOf(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for key := range m {
			if !yield(key) {
				return
			}
		}
	}
}

// TestDocsChecker holds the checker itself to what it promises.
func TestDocsChecker(t *testing.T) {
	blocks, err := parseBlocks("x.md", "text\n\n1. item\n\n   ```console\n   $ a b \\\n       c\n   one\n   two\n   ```\n\n```sh\n$ not this\n```\n")
	if err != nil || len(blocks) != 1 || len(blocks[0].exchanges) != 1 {
		t.Fatalf("%+v, %v", blocks, err)
	}
	b := blocks[0]
	if e := b.exchanges[0]; e.command != "a b c" || e.output != "one\ntwo" || b.line != 5 {
		t.Errorf("%+v", b)
	}
	for session, why := range map[string]string{
		"$ a b c\none\ntwo\n":  "",
		"$ a b c\none\n2\n":    `line 8, in the output of "a b c": the transcript has "2"`,
		"$ a b c\none\n":       `line 8, in the output of "a b c": the transcript has "nothing more"`,
		"$ a b\none\ntwo\n":    `line 6: the session goes on with "a b" and not with "a b c"`,
		"$ a b c\none\ntwo\n3": `line 9, in the output of "a b c": the transcript has "3"`,
	} {
		if _, got := b.matches(exchanges(session, 0)); got != why {
			t.Errorf("%q: %q, want %q", session, got, why)
		}
	}
	if at, _ := differs("one\n…\nfour", "one\ntwo\nthree\nfour"); at != -1 {
		t.Error("… stands for nothing")
	}
	if _, err := parseBlocks("x.md", "```console\nno command\n```\n"); err == nil {
		t.Error("a block without a command is taken")
	}
	if _, err := parseBlocks("x.md", "```console\n$ a\n"); err == nil {
		t.Error("an open block is taken")
	}
}
