package edit

// The bounds of a text. Parsing takes time that grows with the square of the
// number of keys, and memory that grows with the parts of each; so what no
// config of this program needs is refused before it is parsed.
const (
	maxDepth = 32     // parts of a key, and brackets within brackets
	maxItems = 10_000 // keys, headers and elements of arrays
)

// lexer walks over text no further than it takes to tell keys from values. It
// takes text of any kind: what is no TOML is left to the parser.
type lexer struct {
	text           []byte
	at             int
	parts          int // of the key or value at hand
	depth          int
	items          int
	opened         int // where the item at hand begins
	tooDeep, large bool
}

// checkBounds refuses text that is deeper or has more in it than any config.
func checkBounds(text []byte) *SyntaxError {
	l := &lexer{text: text, parts: 1}
	for l.at < len(text) && !l.tooDeep && !l.large {
		l.step()
	}
	at := (&Document{text: text}).position(min(l.opened, len(text)))
	switch {
	case l.tooDeep:
		return &SyntaxError{at, "a key or a value is nested too deeply"}
	case l.large:
		return &SyntaxError{at, "the file has too many keys and tables"}
	}
	return nil
}

func (l *lexer) step() {
	c := l.text[l.at]
	switch c {
	case '"', '\'':
		l.skipString(c)
		return
	case '#':
		for l.at < len(l.text) && l.text[l.at] != '\n' {
			l.at++
		}
		return
	case '.':
		l.parts++
	case '[', '{':
		l.depth++
		l.begin()
	case ']', '}':
		l.depth = max(l.depth-1, 0)
	case '=', ',':
		l.begin()
	case '\n':
		l.parts = 1
		if l.at+1 < len(l.text) {
			l.opened = l.at + 1
		}
	}
	l.tooDeep = l.parts > maxDepth || l.depth > maxDepth
	l.at++
}

// begin counts a key, a header or an element.
func (l *lexer) begin() {
	l.parts = 1
	l.items++
	l.large = l.items > maxItems
}

// skipString skips a string of any of the four kinds. One that does not end is
// the parser's to refuse.
func (l *lexer) skipString(quote byte) {
	width := 1
	if l.at+2 < len(l.text) && l.text[l.at+1] == quote && l.text[l.at+2] == quote {
		width = 3
	}
	for l.at += width; l.at < len(l.text); l.at++ {
		switch c := l.text[l.at]; {
		case c == '\\' && quote == '"':
			l.at++
		case c == '\n' && width == 1:
			return
		case c == quote && l.closes(quote, width):
			l.at += width
			return
		}
	}
}

func (l *lexer) closes(quote byte, width int) bool {
	for i := range width {
		if l.at+i >= len(l.text) || l.text[l.at+i] != quote {
			return false
		}
	}
	return true
}
