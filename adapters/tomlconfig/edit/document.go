// Package edit owns surgical changes of TOML text: one key, one table or one
// name is changed and every other byte stays, comments, order, quoting, line
// ends and unknown keys included. It knows nothing of what the text means to
// this program, does no I/O, and is the only package that imports go-toml.
//
// A path names a value by its decoded keys from the root; a step through an
// array is the element's index in decimal. The functions take text that has
// been parsed without error and return text of which the same holds; whoever
// writes a result away still parses it again and compares.
package edit

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// Kind is what an Item is.
type Kind int

// The kinds. Header is a [table], Element a [[table]] or an element of an
// inline array; Other is a number or a date.
const (
	Other Kind = iota
	String
	Bool
	Array
	InlineTable
	Header
	Element
)

// Position is a place in the text; both count from 1, columns in bytes.
type Position struct{ Line, Column int }

// String returns the place in words.
func (p Position) String() string { return fmt.Sprintf("line %d, column %d", p.Line, p.Column) }

// SyntaxError says where the text is not TOML. Text is go-toml's message.
type SyntaxError struct {
	Position
	Text string
}

// Error implements error.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Text)
}

// part is one part of a dotted key: its bytes, and which step of the path it
// is.
type part struct {
	span
	step int
}

// Item is a header, a key with its value, or an element of an inline array.
type Item struct {
	Path []string
	Kind Kind
	Text string // the decoded value of a String, the bytes of a Bool

	whole  span   // from the first key or bracket to the end of the value or bracket
	value  span   // of keys only
	parts  []part // of headers and keys only
	within int    // the index of the inline table or array around it, -1 for a line of its own
	line   span   // of items with a line of their own: whole lines with the final newline
	array  bool   // a [[header]]
}

// Document is a parsed text, used by one goroutine. Where things stand in it is
// found out when first asked for: reading a good file does not need it.
type Document struct {
	text  []byte
	tree  map[string]any
	items []Item
	known bool // the items are
}

// Parse reads TOML text without a byte order mark, within the bounds of
// checkBounds. The error is a *SyntaxError.
func Parse(text []byte) (*Document, error) {
	d := &Document{text: text, tree: map[string]any{}}
	if err := checkBounds(text); err != nil {
		return nil, err
	}
	if err := toml.Unmarshal(text, &d.tree); err != nil {
		var at *toml.DecodeError
		if !errors.As(err, &at) {
			return nil, &SyntaxError{Position{1, 1}, err.Error()}
		}
		line, column := at.Position()
		return nil, &SyntaxError{Position{line, column}, strings.TrimPrefix(at.Error(), "toml: ")}
	}
	return d, nil
}

// Items returns what the text consists of, in its order: an inline table or
// array comes before what it holds.
func (d *Document) Items() []Item {
	if !d.known {
		d.index()
		d.known = true
	}
	return d.items
}

// Tree returns the decoded text as go-toml decodes into a map.
func (d *Document) Tree() map[string]any { return d.tree }

// Position returns where an item begins.
func (d *Document) Position(i Item) Position { return d.position(i.whole.from) }

// StepPosition returns where the key stands that is the given step of the
// item's path, or where the item begins if that key is not part of it.
func (d *Document) StepPosition(i Item, step int) Position {
	for _, p := range i.parts {
		if p.step == step {
			return d.position(p.from)
		}
	}
	return d.Position(i)
}

func (d *Document) position(offset int) Position {
	before := d.text[:offset]
	return Position{bytes.Count(before, []byte("\n")) + 1, offset - bytes.LastIndexByte(before, '\n')}
}

// index walks the expressions and records an Item for each thing in them. The
// text has been parsed without error before; a parser that thinks otherwise now
// leaves items out, and then no edit comes out as intended and none is made.
func (d *Document) index() {
	parser := &unstable.Parser{}
	parser.Reset(d.text)
	w := walker{d: d, elements: map[string]int{}}
	for parser.NextExpression() {
		w.expression(parser.Expression())
	}
}

// walker holds what the meaning of an expression depends on: the table that
// the last header opened, and how many elements each array of tables has.
type walker struct {
	d        *Document
	table    []string
	elements map[string]int
}

func (w *walker) expression(n *unstable.Node) {
	switch n.Kind {
	case unstable.Table, unstable.ArrayTable:
		w.header(n)
	case unstable.KeyValue:
		w.keyValue(n, w.table, -1)
	}
}

func (w *walker) header(n *unstable.Node) {
	it := Item{Kind: Header, within: -1, array: n.Kind == unstable.ArrayTable}
	for keys := n.Key(); keys.Next(); {
		key := keys.Node()
		it.parts = append(it.parts, part{spanOf(key.Raw), len(it.Path)})
		it.Path = append(it.Path, string(key.Data))
		at := strings.Join(it.Path, "\x00")
		if it.array && keys.IsLast() {
			it.Kind = Element
			it.Path = append(it.Path, strconv.Itoa(w.elements[at]))
			w.elements[at]++
		} else if count := w.elements[at]; count > 0 {
			it.Path = append(it.Path, strconv.Itoa(count-1))
		}
	}
	text := w.d.text
	it.whole.from = bytes.LastIndexByte(text[:it.parts[0].from], '[')
	it.whole.to = it.parts[len(it.parts)-1].to
	brackets := 1
	if it.array {
		it.whole.from, brackets = it.whole.from-1, 2
	}
	for ; brackets > 0; it.whole.to++ {
		if text[it.whole.to] == ']' {
			brackets--
		}
	}
	it.line = w.d.lines(it.whole)
	w.table = slices.Clip(it.Path)
	w.d.items = append(w.d.items, it)
}

func (w *walker) keyValue(n *unstable.Node, table []string, within int) {
	it := Item{Path: slices.Clone(table), within: within, whole: spanOf(n.Raw)}
	for keys := n.Key(); keys.Next(); {
		key := keys.Node()
		it.parts = append(it.parts, part{spanOf(key.Raw), len(it.Path)})
		it.Path = append(it.Path, string(key.Data))
	}
	equals := skipBlanks(w.d.text, it.parts[len(it.parts)-1].to)
	it.value = span{skipBlanks(w.d.text, equals+1), it.whole.to}
	if within < 0 {
		it.line = w.d.lines(it.whole)
	}
	w.d.items = append(w.d.items, it)
	w.values(n.Value(), len(w.d.items)-1, it.value.from)
}

// values completes the item at index from its value's node, and records what
// the value holds. The value begins at offset start; it returns its end.
func (w *walker) values(n *unstable.Node, at, start int) int {
	it := &w.d.items[at]
	switch n.Kind {
	case unstable.String:
		it.Kind, it.Text = String, string(n.Data)
	case unstable.Bool:
		it.Kind, it.Text = Bool, string(n.Data)
	case unstable.InlineTable:
		it.Kind = InlineTable
		path, end := it.Path, start+1
		for children := n.Children(); children.Next(); {
			w.keyValue(children.Node(), path, at)
			end = int(children.Node().Raw.Offset + children.Node().Raw.Length)
		}
		return skipTrivia(w.d.text, end) + 1
	case unstable.Array:
		it.Kind = Array
		path, end := it.Path, start+1
		for children, i := n.Children(), 0; children.Next(); i++ {
			from := skipTrivia(w.d.text, end)
			element := Item{Path: append(slices.Clone(path), strconv.Itoa(i)), within: at, whole: span{from, from}}
			w.d.items = append(w.d.items, element)
			index := len(w.d.items) - 1
			end = w.values(children.Node(), index, from)
			w.d.items[index].whole.to = end
		}
		return skipTrivia(w.d.text, end) + 1
	}
	return int(n.Raw.Offset + n.Raw.Length)
}
