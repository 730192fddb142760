package scrub

import (
	"html"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// view is a text in another form, with the part of the original that each of its
// bytes stands for.
type view struct {
	bytes    []byte
	from, to []int
}

func viewOf(text string) view {
	v := newView(len(text))
	for i := range len(text) {
		v.add(text[i:i+1], i, i+1)
	}
	return v
}

func newView(size int) view {
	return view{bytes: make([]byte, 0, size), from: make([]int, 0, size), to: make([]int, 0, size)}
}

// add appends bytes that stand for a part of the original.
func (v *view) add(text string, from, to int) {
	for i := range len(text) {
		v.bytes = append(v.bytes, text[i])
		v.from = append(v.from, from)
		v.to = append(v.to, to)
	}
}

// foldText is fold of a text alone.
func foldText(text string) string { return string(viewOf(text).fold().bytes) }

// fold returns the view without what does not tell secrets apart: case (a host
// is lower-cased), blanks (Base64 is wrapped, a form has "+" for them), what
// cannot be seen, and the two alphabets of Base64.
func (v view) fold() view {
	folded := newView(len(v.bytes))
	for i := 0; i < len(v.bytes); {
		r, size := utf8.DecodeRune(v.bytes[i:])
		from, to := v.from[i], v.to[i+size-1]
		switch {
		case r == utf8.RuneError && size == 1:
			folded.add(string(v.bytes[i:i+1]), from, to)
		case r == '_':
			folded.add("/", from, to)
		case r != '+' && r != '-' && !unicode.IsSpace(r) && !unicode.IsControl(r) && !unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp):
			folded.add(string(unicode.ToLower(r)), from, to)
		}
		i += size
	}
	return folded
}

// unescape undoes one layer of percent-encoding, of HTML's entities and of the
// escapes of JSON and of quoted strings, and reports whether there was any.
func (v view) unescape() (view, bool) {
	text := string(v.bytes)
	if !strings.ContainsAny(text, `%&\`) {
		return v, false
	}
	plain, changed := newView(len(text)), false
	for i := 0; i < len(text); {
		decoded, size := text[i:i+1], 1
		switch text[i] {
		case '%':
			decoded, size = hexByte(text[i:], 1)
		case '&':
			decoded, size = entity(text[i:])
		case '\\':
			decoded, size = backslash(text[i:])
		}
		changed = changed || size > 1
		plain.add(decoded, v.from[i], v.to[i+size-1])
		i += size
	}
	return plain, changed
}

// hexByte reads two hexadecimal digits after a prefix. What is none is its first
// byte, as with the other two.
func hexByte(text string, prefix int) (decoded string, size int) {
	if len(text) >= prefix+2 {
		if n, err := strconv.ParseUint(text[prefix:prefix+2], 16, 8); err == nil {
			return string([]byte{byte(n)}), prefix + 2
		}
	}
	return text[:1], 1
}

// maxEntity is the length of the longest name in HTML, with & and semicolon.
const maxEntity = 34

// entity reads a named, decimal or hexadecimal entity; HTML lets some go without
// their semicolon.
func entity(text string) (decoded string, size int) {
	size = 1
	for size < min(len(text), maxEntity) && alphanumeric(text[size]) {
		size++
	}
	if size < len(text) && text[size] == ';' {
		size++
	}
	if plain := html.UnescapeString(text[:size]); plain != text[:size] {
		return plain, size
	}
	return text[:1], 1
}

func alphanumeric(c byte) bool {
	return c == '#' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// backslash reads \uXXXX (two for what is above U+FFFF), \xXX and the short forms.
func backslash(text string) (decoded string, size int) {
	if len(text) < 2 {
		return text[:1], 1
	}
	switch c := text[1]; c {
	case 'u', 'U':
		if r, ok := utf16Unit(text); ok {
			if low, ok := utf16Unit(text[6:]); ok && utf16.IsSurrogate(r) {
				if pair := utf16.DecodeRune(r, low); pair != unicode.ReplacementChar {
					return string(pair), 12
				}
			}
			return string(r), 6
		}
	case 'x', 'X':
		return hexByte(text, 2)
	case 'n', 'r', 't', 'b', 'f':
		return " ", 2 // fold drops each of them
	case '"', '\'', '\\', '/':
		return string(c), 2
	}
	return text[:1], 1
}

func utf16Unit(text string) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1]|0x20 != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(text[2:6], 16, 16)
	return rune(n), err == nil
}
