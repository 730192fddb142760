package edit

import (
	"sort"

	"github.com/pelletier/go-toml/v2/unstable"
)

// span is a range of bytes.
type span struct{ from, to int }

func spanOf(r unstable.Range) span { return span{int(r.Offset), int(r.Offset + r.Length)} }

// skipBlanks returns the offset of the first byte from at on that is neither a
// blank nor a tab.
func skipBlanks(text []byte, at int) int {
	for at < len(text) && (text[at] == ' ' || text[at] == '\t') {
		at++
	}
	return at
}

// skipTrivia skips what may stand between the values of an inline table or
// array: blanks, newlines, commas and comments.
func skipTrivia(text []byte, at int) int {
	for at < len(text) {
		switch text[at] {
		case ' ', '\t', '\r', '\n', ',':
			at++
		case '#':
			for at < len(text) && text[at] != '\n' {
				at++
			}
		default:
			return at
		}
	}
	return at
}

// lines widens a range to whole lines, the final newline included.
func (d *Document) lines(s span) span {
	for s.from > 0 && d.text[s.from-1] != '\n' {
		s.from--
	}
	return span{s.from, d.lineEnd(s.to)}
}

// lineEnd returns the offset after the line that contains offset at.
func (d *Document) lineEnd(at int) int {
	for at < len(d.text) && d.text[at] != '\n' {
		at++
	}
	return min(at+1, len(d.text))
}

// splice replaces a range of bytes.
type splice struct {
	span
	with string
}

// apply returns the text with the splices carried out. They do not overlap.
func (d *Document) apply(splices []splice) []byte {
	sort.SliceStable(splices, func(i, j int) bool { return splices[i].from < splices[j].from })
	out := make([]byte, 0, len(d.text)+256)
	at := 0
	for _, s := range splices {
		out = append(append(out, d.text[at:s.from]...), s.with...)
		at = s.to
	}
	return append(out, d.text[at:]...)
}
