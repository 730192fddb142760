package commandstore

import (
	"regexp"
	"strings"
	"sync"
	"unicode"

	"jira-cli/domain/scrub"
)

const (
	// maxShown bounds the text of a program's that a message quotes, in
	// characters.
	maxShown = 300

	// minEcho is the length from which a line of stdout may be a secret.
	minEcho = 4
)

// token looks like an Atlassian API token; stderr may hold one that stdout does
// not.
var token = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`AT[A-Z]{3}[A-Za-z0-9_=-]{12,}`) })

// remark returns what a failing program said, fit for a message: one line,
// bounded, and nothing in it of what it printed as the secret. Where that is
// short, it could not be told from ordinary words, and nothing is shown that
// contains it.
func remark(stderr, stdout string) string {
	var printed scrub.Scrubber
	for _, piece := range strings.FieldsFunc(stdout, func(r rune) bool { return r == '\n' || r == '\r' || r == 0 }) {
		piece = strings.TrimSpace(piece)
		if len(piece) >= minEcho && len(piece) < scrub.MinLength && strings.Contains(plain(stderr), piece) {
			return ""
		}
		printed.Learn(piece)
	}
	return shown(token().ReplaceAllString(plain(printed.Text(stderr)), scrub.Removed))
}

// escape matches terminal control sequences: CSI, OSC, and two-character ones.
var escape = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("\x1b(\\[[0-?]*[ -/]*[@-~]|\\][^\x07\x1b]*(\x07|\x1b\\\\)?|[ -~])")
})

// shown returns text on one line, without control and format characters, and
// bounded. The end of it is kept, for that is where programs say why.
func shown(text string) string {
	runes := []rune(strings.Join(strings.Fields(plain(text)), " "))
	if len(runes) > maxShown {
		return "…" + string(runes[len(runes)-maxShown:])
	}
	return string(runes)
}

// plain returns text without control sequences, control and format characters;
// each blank becomes a space.
func plain(text string) string {
	text = escape().ReplaceAllString(strings.ToValidUTF8(text, "\ufffd"), "")
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		default:
			return r
		}
	}, text)
}
