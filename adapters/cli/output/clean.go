package output

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
)

// escapes are the terminal sequences that a stripped ESC would leave debris of:
// CSI, OSC and the other strings up to their terminator, and two-byte ones. Each
// begins with one of introducers; texts without one, which is nearly all, need
// no expression to be compiled.
var escapes = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("(?:\x1b\\[|\u009b)[0-?]*[ -/]*[@-~]?" +
		"|(?:\x1b[\\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\x07\x1b\u009c]*(?:\x07|\x1b\\\\|\u009c)?" +
		"|\x1b[ -/]*[0-~]?")
})

const introducers = "\x1b\u0090\u0098\u009b\u009d\u009e\u009f"

// Clean makes foreign text fit for a terminal: one line, without control
// characters (C0, C1), escape sequences and Unicode format characters (Cf),
// which could forge output or hide text.
func Clean(text string) string {
	text = strings.ToValidUTF8(text, "\ufffd")
	if strings.ContainsAny(text, introducers) {
		text = escapes().ReplaceAllString(text, "")
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\r', r == '\t', r == '\u2028', r == '\u2029', r == '\u0085':
			return ' '
		case unicode.IsControl(r), isFormat(r):
			return -1
		}
		return r
	}, text)
}

// isFormat reports whether r is a format character.
func isFormat(r rune) bool { return unicode.Is(unicode.Cf, r) }
