// Package text makes foreign text fit to be shown to a person. It is the one
// place that says what a terminal may be sent: nothing that moves the cursor,
// hides or reorders what follows, or ends the line. It removes no secrets; that
// comes before it, and colour after it.
package text

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
)

// escapes are the terminal sequences that a stripped ESC would leave debris of:
// CSI, the strings (OSC, DCS, SOS, PM, APC) up to their terminator, and the
// short ones. Each begins with one of introducers; texts without one, which is
// nearly all, need no expression to be compiled.
var escapes = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("(?:\x1b\\[|\u009b)[0-?]*[ -/]*[@-~]?" +
		"|(?:\x1b[\\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\x07\x1b\u009c\n]*(?:\x07|\x1b\\\\|\u009c)?" +
		"|\x1b[ -/]*[0-~]?")
})

const introducers = "\x1b\u0090\u0098\u009b\u009d\u009e\u009f"

// Clean returns text on one line: each line break and tab is a blank, and
// control characters (C0, C1), escape sequences and Unicode format characters
// (Cf) are gone. What is not UTF-8 becomes U+FFFD.
func Clean(text string) string { return strings.Map(spaced, unescape(text)) }

// Seen returns what is left of text for a reader's eye: as Clean, but what
// Clean makes a blank of is gone too. A text that hides between such characters
// stands whole in it.
func Seen(text string) string {
	return strings.Map(func(r rune) rune {
		if !shown(r) {
			return -1
		}
		return r
	}, unescape(text))
}

// Line returns text as Clean does, with each run of blanks made one and none at
// its ends.
func Line(text string) string { return strings.Join(strings.Fields(Clean(text)), " ") }

// Short returns Line of text, cut to most characters; the last is then "…".
func Short(text string, most int) string {
	runes := []rune(Line(text))
	if len(runes) <= most {
		return string(runes)
	}
	return string(runes[:max(most-1, 0)]) + "…"
}

// Tail is Short that keeps the end, where programs say why they failed.
func Tail(text string, most int) string {
	runes := []rune(Line(text))
	if len(runes) <= most {
		return string(runes)
	}
	return "…" + string(runes[len(runes)-max(most-1, 0):])
}

// unescape removes escape sequences. A string that is not ended ends with its
// line, so that it does not hide the rest of the text.
func unescape(text string) string {
	text = strings.ToValidUTF8(text, "\ufffd")
	if strings.ContainsAny(text, introducers) {
		text = escapes().ReplaceAllString(text, "")
	}
	return text
}

func spaced(r rune) rune {
	switch {
	case breaks(r):
		return ' '
	case !shown(r):
		return -1
	}
	return r
}

// breaks reports whether r ends a line or moves to a tab stop.
func breaks(r rune) bool { return strings.ContainsRune("\n\v\f\r\t\u0085\u2028\u2029", r) }

// shown reports whether r can be seen, or is a blank.
func shown(r rune) bool {
	return !unicode.IsControl(r) && !unicode.Is(unicode.Cf, r) && !breaks(r)
}
