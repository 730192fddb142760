package edit

import (
	"bytes"
	"slices"
)

// remove takes away everything that says something about path: lines of its
// own, or else what stands in an inline table or array, which nothing outside
// can add to.
func (e *editor) remove(path []string) ([]byte, error) {
	if cuts := e.removeLines(path); len(cuts) > 0 {
		return e.apply(cuts), nil
	}
	for {
		at := slices.IndexFunc(e.items, func(it Item) bool { return it.within >= 0 && hasPrefix(it.Path, path) })
		if at < 0 {
			return e.text, nil
		}
		it := e.items[at]
		text := e.apply(e.removeInline(at))
		if len(it.Path) == len(path) {
			return text, nil
		}
		// One of several dotted keys is gone; the others have moved.
		d, err := Parse(text)
		if err != nil {
			return nil, err
		}
		e.Document, e.items = d, d.Items()
	}
}

// removeLines cuts the sections and the lines of keys that are part of path.
func (e *editor) removeLines(path []string) []splice {
	var cuts []span
	previous := 0
	for _, s := range e.sections() {
		if s.header >= 0 && hasPrefix(e.items[s.header].Path, path) {
			cuts = e.addSection(cuts, s, previous)
		}
		previous = max(previous, s.to)
	}
	for i := range cuts {
		cuts[i] = e.withBlankLines(cuts[i])
	}
	for _, it := range e.items {
		if it.within < 0 && it.Kind != Header && !it.array && hasPrefix(it.Path, path) {
			cuts = append(cuts, it.line)
		}
	}
	return merge(cuts)
}

// addSection adds the range of a section that goes: the comments directly above
// the header, unless the file begins with them, the lines up to the last key,
// and the comments directly below it. Ranges with only blank lines between them
// become one.
func (e *editor) addSection(cuts []span, s section, floor int) []span {
	cut := span{e.commentsAbove(s.from, floor), e.commentsBelow(s.to)}
	if cut.from == 0 {
		cut.from = s.from
	}
	if n := len(cuts); n > 0 && len(bytes.TrimSpace(e.text[cuts[n-1].to:cut.from])) == 0 {
		cuts[n-1].to = cut.to
		return cuts
	}
	return append(cuts, cut)
}

// withBlankLines widens a range by one of the two groups of blank lines that
// would meet, and at the end of the text by those above it.
func (e *editor) withBlankLines(cut span) span {
	if cut.from == 0 || e.blank(e.lineAbove(cut.from)) {
		for e.blank(cut.to) {
			cut.to = e.lineEnd(cut.to)
		}
	}
	if cut.to == len(e.text) {
		for cut.from > 0 && e.blank(e.lineAbove(cut.from)) {
			cut.from = e.lineAbove(cut.from)
		}
	}
	return cut
}

// merge joins overlapping ranges into splices.
func merge(cuts []span) []splice {
	slices.SortFunc(cuts, func(a, b span) int { return a.from - b.from })
	var splices []splice
	for _, c := range cuts {
		if n := len(splices); n > 0 && c.from <= splices[n-1].to {
			splices[n-1].to = max(splices[n-1].to, c.to)
			continue
		}
		splices = append(splices, splice{span: c})
	}
	return splices
}

// removeInline cuts one entry of an inline table or array with one comma, and
// its whole line where it has that for itself.
func (e *editor) removeInline(at int) []splice {
	it := e.items[at]
	cut, comma := it.whole, e.commaAfter(it.whole.to)
	line := e.lines(it.whole)
	if len(bytes.TrimSpace(e.text[line.from:cut.from])) == 0 && e.restIsTrivia(max(cut.to, comma+1), line.to) {
		cut = line
	} else if comma == cut.to {
		cut.to = skipBlanks(e.text, comma+1)
	}
	if comma < 0 {
		if comma = e.commaBefore(at); comma < 0 {
			return []splice{{span: e.widen(cut)}}
		}
		if len(bytes.TrimSpace(e.text[comma+1:cut.from])) == 0 && cut != line {
			cut.from = comma
		}
	}
	return merge([]span{{comma, comma + 1}, cut})
}

// widen adds the blanks around a range.
func (e *editor) widen(cut span) span {
	for cut.from > 0 && (e.text[cut.from-1] == ' ' || e.text[cut.from-1] == '\t') {
		cut.from--
	}
	return span{cut.from, skipBlanks(e.text, cut.to)}
}

// commaBefore returns the offset of the comma between an entry and the one
// before it, -1 for none.
func (e *editor) commaBefore(at int) int {
	for i, sibling := range slices.Backward(e.items[:at]) {
		if sibling.within == e.items[at].within {
			return e.commaAfter(e.items[i].whole.to)
		}
	}
	return -1
}

// commaAfter returns the offset of the comma that follows an entry, -1 where
// the container ends first.
func (e *editor) commaAfter(at int) int {
	for at < len(e.text) {
		switch e.text[at] {
		case ',':
			return at
		case ' ', '\t', '\r', '\n':
			at++
		case '#':
			at = e.lineEnd(at)
		default:
			return -1
		}
	}
	return -1
}

// restIsTrivia reports whether nothing but blanks and a comment stands in the
// rest of a line.
func (e *editor) restIsTrivia(from, to int) bool {
	if from > to {
		return false
	}
	rest := bytes.TrimSpace(e.text[from:to])
	return len(rest) == 0 || rest[0] == '#'
}
