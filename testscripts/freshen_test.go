package testscripts

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// freshen rewrites, in the documents, what the commands of console blocks print
// where a transcript prints it differently now. It is for `make golden`. Which
// commands a block shows is the author's: it leaves blocks alone that no
// transcript runs, and those that leave lines out with "…".
func freshen(t *testing.T, files []string) {
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		blocks, err := parseBlocks(file, string(text))
		if err != nil {
			continue // testDocs tells
		}
		lines := strings.Split(string(text), "\n")
		for _, b := range slices.Backward(blocks) {
			if b.problem() != "" && !strings.Contains(b.outputs(), "…\n") {
				lines = b.replaced(lines)
			}
		}
		if fresh := strings.Join(lines, "\n"); fresh != string(text) {
			if err := os.WriteFile(file, []byte(fresh), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func (b block) outputs() string {
	var all strings.Builder
	for _, e := range b.exchanges {
		all.WriteString(e.output + "\n")
	}
	return all.String()
}

// replaced returns the lines of a document with the block's outputs as the
// session has them that agrees with the most of its lines.
func (b block) replaced(lines []string) []string {
	shown := strings.Split(b.outputs(), "\n")
	var best []exchange
	bestScore := -1
	for _, name := range slices.Sorted(keysOf(record.sessions)) {
		session := exchanges(record.sessions[name], 0)
		for from := range session {
			part := session[from:]
			if len(part) < len(b.exchanges) || !b.sameCommands(part) {
				continue
			}
			score := 0
			for _, e := range part[:len(b.exchanges)] {
				for line := range strings.SplitSeq(e.output, "\n") {
					if slices.Contains(shown, line) {
						score += 2
					}
				}
			}
			if strings.HasPrefix(name, "docs/") {
				score++ // written for the documents
			}
			if score > bestScore {
				best, bestScore = part[:len(b.exchanges)], score
			}
		}
	}
	if best == nil {
		return lines
	}
	return b.spliced(lines, best)
}

func (b block) sameCommands(session []exchange) bool {
	for i, e := range b.exchanges {
		if session[i].command != e.command {
			return false
		}
	}
	return true
}

// spliced puts outputs under the commands of the block, which stay as typed.
func (b block) spliced(lines []string, outputs []exchange) []string {
	end := b.line
	for !strings.HasPrefix(strings.TrimSpace(lines[end]), "```") {
		end++
	}
	indent := lines[end][:len(lines[end])-len(strings.TrimLeft(lines[end], " "))]
	var body []string
	going, next := false, 0
	for _, line := range lines[b.line:end] {
		if begins := strings.HasPrefix(strings.TrimSpace(line), "$ "); !begins && !going {
			continue // of the old output
		}
		body = append(body, line)
		if going = strings.HasSuffix(line, "\\"); going {
			continue
		}
		if output := outputs[next].output; output != "" {
			for line := range strings.SplitSeq(output, "\n") {
				body = append(body, strings.TrimRight(indent+line, " "))
			}
		}
		next++
	}
	return slices.Replace(lines, b.line, end, body...)
}

func TestSpliced(t *testing.T) {
	text := "text\n  ```console\n  $ a \\\n    b\n  old\n  $ c\n  ```\nmore"
	blocks, err := parseBlocks("x.md", text)
	if err != nil || len(blocks) != 1 {
		t.Fatal(blocks, err)
	}
	got := strings.Join(blocks[0].spliced(strings.Split(text, "\n"), []exchange{{output: "new\n\nlines"}, {output: ""}}), "\n")
	if want := "text\n  ```console\n  $ a \\\n    b\n  new\n\n  lines\n  $ c\n  ```\nmore"; got != want {
		t.Errorf("%q", got)
	}
}
