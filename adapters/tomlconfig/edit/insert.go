package edit

import (
	"fmt"
	"slices"
	"strings"
)

// insertValue adds a key that is not there yet.
func (e *editor) insertValue(path []string, value any) ([]byte, error) {
	parent, key := path[:len(path)-1], path[len(path)-1]
	line := bare(key) + " = " + render(value)
	if len(parent) == 0 {
		return e.apply([]splice{e.intoRoot(line)}), nil
	}
	if at := e.inlineTable(parent); at >= 0 {
		return e.apply([]splice{e.intoInline(at, line)}), nil
	}
	if at, prefix := e.dottedKey(parent); at >= 0 {
		return e.apply([]splice{e.afterDotted(at, []string{prefix + "." + line})}), nil
	}
	for _, s := range e.sections()[1:] {
		if header := e.items[s.header]; slices.Equal(header.Path, parent) {
			indent := e.indentation(e.items[s.last])
			return e.apply([]splice{{span{s.to, s.to}, indent + line + e.newline}}), nil
		}
	}
	if i := slices.IndexFunc(e.items, func(it Item) bool { return slices.Equal(it.Path, parent) }); i >= 0 {
		return nil, fmt.Errorf("%s is not a table", dotted(parent))
	}
	return e.insertTable(parent, Table{{key, value}}, false)
}

// insertTable adds a table that has no header and no key yet, or an element to
// an array of tables, in the style of what is around it.
func (e *editor) insertTable(path []string, table Table, array bool) ([]byte, error) {
	for depth := len(path) - 1; depth > 0; depth-- {
		around, rest := path[:depth], path[depth:]
		if at := e.inlineTable(around); at >= 0 {
			return e.apply([]splice{e.intoInline(at, nested(rest, table, array))}), nil
		}
		if at, prefix := e.dottedKey(around); at >= 0 && (array || !e.exists(path)) {
			return e.apply([]splice{e.afterDotted(at, dottedLines(prefix, rest, table, array))}), nil
		}
		if e.exists(around) {
			break
		}
	}
	return e.apply([]splice{e.newSection(path, table, array)}), nil
}

// nested returns a table as one key of an inline table.
func nested(path []string, table Table, array bool) string {
	value := render(table)
	if array {
		value = "[" + value + "]"
	}
	return dotted(path) + " = " + value
}

// dottedLines returns a table as dotted keys.
func dottedLines(prefix string, path []string, table Table, array bool) []string {
	if array || len(table) == 0 {
		return []string{prefix + "." + nested(path, table, array)}
	}
	lines := make([]string, len(table))
	for i, p := range table {
		lines[i] = prefix + "." + dotted(path) + "." + bare(p.Key) + " = " + render(p.Value)
	}
	return lines
}

// inlineTable returns the index of the inline table at path, -1 for none.
func (e *editor) inlineTable(path []string) int {
	return slices.IndexFunc(e.items, func(it Item) bool { return it.Kind == InlineTable && slices.Equal(it.Path, path) })
}

// dottedKey returns the last key that says by its dots that the table at path
// is there, and its bytes up to that table's name.
func (e *editor) dottedKey(path []string) (int, string) {
	for i, it := range slices.Backward(e.items) {
		if it.Kind == Header || it.array || len(it.Path) <= len(path) || !hasPrefix(it.Path, path) {
			continue
		}
		for _, p := range it.parts {
			if p.step == len(path)-1 {
				return i, string(e.text[it.whole.from:p.to])
			}
		}
	}
	return -1, ""
}

// afterDotted puts keys after a dotted key, on lines of their own or into the
// same inline table.
func (e *editor) afterDotted(at int, lines []string) splice {
	it := e.items[at]
	if it.within >= 0 {
		return splice{span{it.whole.to, it.whole.to}, ", " + strings.Join(lines, ", ")}
	}
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(e.indentation(it) + line + e.newline)
	}
	return splice{span{it.line.to, it.line.to}, b.String()}
}

// intoInline adds an entry to an inline table or array.
func (e *editor) intoInline(at int, entry string) splice {
	end := -1
	for _, it := range e.items[at+1:] {
		if it.within == at {
			end = it.whole.to
		}
	}
	if end >= 0 {
		return splice{span{end, end}, ", " + entry}
	}
	container := e.items[at].value
	if container == (span{}) {
		container = e.items[at].whole
	}
	if e.items[at].Kind == InlineTable {
		entry = " " + entry + " "
	}
	// What is between the brackets can only be blanks, newlines and comments:
	// the entry goes before them, or in place of blanks alone.
	inside := span{container.from + 1, container.from + 1}
	if strings.Trim(string(e.text[inside.from:container.to-1]), " \t") == "" {
		inside.to = container.to - 1
	}
	return splice{inside, entry}
}

// intoRoot adds a line to the keys before the first header.
func (e *editor) intoRoot(line string) splice {
	sections := e.sections()
	if root := sections[0]; root.last >= 0 {
		return splice{span{root.to, root.to}, e.indentation(e.items[root.last]) + line + e.newline}
	}
	if len(sections) == 1 {
		return splice{span{len(e.text), len(e.text)}, line + e.newline}
	}
	at := e.commentsAbove(sections[1].from, 0)
	return splice{span{at, at}, line + e.newline + e.newline}
}

// newSection adds a header with its keys: before the first section of its own
// sub-tables, else after the last section of the table around it, else at the
// end. It is indented as that section is.
func (e *editor) newSection(path []string, table Table, array bool) splice {
	at, like := e.placeSection(path, array)
	indent, keyIndent := "", ""
	if like.header >= 0 {
		indent = e.indentation(e.items[like.header])
		keyIndent = e.indentation(e.items[like.last])
	}
	open, shut := "[", "]"
	if array {
		open, shut = "[[", "]]"
	}
	var b strings.Builder
	if at > 0 && !e.blank(e.lineAbove(at)) {
		b.WriteString(e.newline)
	}
	b.WriteString(indent + open + dotted(path) + shut + e.newline)
	for _, p := range table {
		b.WriteString(keyIndent + bare(p.Key) + " = " + render(p.Value) + e.newline)
	}
	if at < len(e.text) && !e.blank(at) {
		b.WriteString(e.newline)
	}
	return splice{span{at, at}, b.String()}
}

// placeSection returns where a new section goes, and the section that it is
// next to.
func (e *editor) placeSection(path []string, array bool) (at int, like section) {
	sections := e.sections()
	for depth := len(path); depth > 0; depth-- {
		last := section{header: -1}
		for i, s := range sections[1:] {
			if !hasPrefix(e.items[s.header].Path, path[:depth]) {
				continue
			}
			if depth == len(path) && !array {
				return e.commentsAbove(s.from, sections[i].to), s
			}
			last = s
		}
		if last.header >= 0 {
			return e.commentsBelow(last.to), last
		}
	}
	return len(e.text), section{header: -1}
}
