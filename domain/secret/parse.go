package secret

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxBytes is the largest secret that is taken in: 64 KiB.
const MaxBytes = 64 << 10

// The reasons for which Parse refuses an input. None contains any of it.
var (
	ErrEmpty      = errors.New("the secret is empty")
	ErrTooLong    = errors.New("the secret is larger than 64 KiB")
	ErrNotText    = errors.New("the secret is not valid UTF-8 text")
	ErrLineBreak  = errors.New("the secret has more than one line")
	ErrControl    = errors.New("the secret contains a control character")
	ErrSurrounded = errors.New("the secret begins or ends with a quote or a blank")
)

// Parse takes a secret in as a pipe, a variable or a prompt delivers it: one
// trailing LF or CRLF is dropped, and what cannot be a token is refused with
// one of the errors above before it is stored or sent anywhere.
func Parse(raw string) (Secret, error) {
	text := strings.TrimSuffix(raw, "\n")
	if len(text) < len(raw) {
		text = strings.TrimSuffix(text, "\r")
	}
	switch {
	case text == "":
		return Secret{}, ErrEmpty
	case len(text) > MaxBytes:
		return Secret{}, ErrTooLong
	case !utf8.ValidString(text):
		return Secret{}, ErrNotText
	case strings.ContainsAny(text, "\r\n\u2028\u2029\u0085"):
		return Secret{}, ErrLineBreak
	case strings.IndexFunc(text, unicode.IsControl) >= 0:
		return Secret{}, ErrControl
	case strings.TrimFunc(text, surrounds) != text:
		return Secret{}, ErrSurrounded
	}
	return New(text), nil
}

func surrounds(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune("\"'`\u2018\u2019\u201c\u201d\ufeff", r)
}
