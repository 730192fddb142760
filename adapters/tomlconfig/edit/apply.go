package edit

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// Apply carries the change out on the text. The error is a *SyntaxError of the
// text given, or says that the change has no place in it.
func (c Change) Apply(text []byte) ([]byte, error) {
	newline := "\n"
	if i := bytes.IndexByte(text, '\n'); i > 0 && text[i-1] == '\r' {
		newline = "\r\n"
	}
	// Every line is given its newline for the work, and the last one loses it
	// again.
	open := len(text) > 0 && text[len(text)-1] != '\n'
	if open {
		text = append(slices.Clip(text), newline...)
	}
	d, err := Parse(text)
	if err != nil {
		return nil, err
	}
	out, err := c.apply(d, newline)
	if err != nil {
		return nil, err
	}
	if open {
		out = bytes.TrimSuffix(out, []byte(newline))
	}
	return out, nil
}

func (c Change) apply(d *Document, newline string) ([]byte, error) {
	e := editor{Document: d, items: d.Items(), newline: newline}
	at := e.find(c.Path)
	switch c.Op {
	case Set:
		if at >= 0 && e.items[at].value != (span{}) {
			return d.apply([]splice{{e.items[at].value, render(c.Value)}}), nil
		}
		return e.insertValue(c.Path, c.Value)
	case Remove:
		return e.remove(c.Path)
	case Rename:
		return d.apply(e.rename(c.Path, c.Key)), nil
	case Ensure:
		if e.exists(c.Path) {
			return d.text, nil
		}
		return e.insertTable(c.Path, c.Value.(Table), false)
	case Append:
		if at >= 0 && e.items[at].Kind == Array {
			return d.apply([]splice{e.intoInline(at, render(c.Value))}), nil
		}
		return e.insertTable(c.Path, c.Value.(Table), true)
	}
	return nil, fmt.Errorf("unknown change %d", c.Op)
}

// editor works out the splices of one change.
type editor struct {
	*Document
	items   []Item
	newline string
}

// find returns the index of the header, key or element at path, -1 for none.
func (e *editor) find(path []string) int {
	return slices.IndexFunc(e.items, func(it Item) bool { return slices.Equal(it.Path, path) })
}

// exists reports whether anything in the text says that path is there.
func (e *editor) exists(path []string) bool {
	return slices.ContainsFunc(e.items, func(it Item) bool { return hasPrefix(it.Path, path) })
}

func hasPrefix(path, prefix []string) bool {
	return len(path) >= len(prefix) && slices.Equal(path[:len(prefix)], prefix)
}

// rename replaces the one key of the path's last step wherever it is spelled
// out, in headers, dotted keys and inline tables.
func (e *editor) rename(path []string, key string) []splice {
	var splices []splice
	for _, it := range e.items {
		if !hasPrefix(it.Path, path) {
			continue
		}
		for _, p := range it.parts {
			if p.step == len(path)-1 {
				splices = append(splices, splice{p.span, bare(key)})
			}
		}
	}
	return splices
}

// section is a header with the keys under it; its range reaches from the line
// of the header to the last line of a key. The root's section has header -1.
type section struct {
	header int
	last   int // the index of the last item with a line of its own, -1 for none
	span
}

func (e *editor) sections() []section {
	sections := []section{{header: -1, last: -1}}
	for i, it := range e.items {
		if it.within >= 0 {
			continue
		}
		if it.Kind == Header || it.Kind == Element {
			sections = append(sections, section{header: i, span: it.line})
		}
		s := &sections[len(sections)-1]
		s.last, s.to = i, it.line.to
	}
	return sections
}

// blank and comment report what kind of line begins at offset at. Neither is
// asked inside a value.
func (e *editor) blank(at int) bool {
	return at < len(e.text) && strings.TrimSpace(string(e.text[at:e.lineEnd(at)])) == ""
}

func (e *editor) comment(at int) bool {
	at = skipBlanks(e.text, at)
	return at < len(e.text) && e.text[at] == '#'
}

// lineAbove returns where the line above the one at offset at begins.
func (e *editor) lineAbove(at int) int { return e.lines(span{at - 1, at - 1}).from }

// commentsAbove returns where the comment lines begin that stand directly
// above offset at, not reaching back beyond floor.
func (e *editor) commentsAbove(at, floor int) int {
	for at > floor {
		previous := e.lineAbove(at)
		if previous < floor || !e.comment(previous) {
			break
		}
		at = previous
	}
	return at
}

// commentsBelow returns where the comment lines end that stand directly below
// offset at, or at itself where they lead over to the next header or key.
func (e *editor) commentsBelow(at int) int {
	end := at
	for e.comment(end) {
		end = e.lineEnd(end)
	}
	if end == len(e.text) || e.blank(end) {
		return end
	}
	return at
}

// indentation returns the blanks that an item's line begins with.
func (e *editor) indentation(it Item) string {
	return string(e.text[it.line.from:it.whole.from])
}
