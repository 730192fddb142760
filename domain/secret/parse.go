package secret

import (
	"errors"
	"slices"
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
	ErrInvisible  = errors.New("the secret contains an invisible character, such as a byte order mark or a zero-width space")
	ErrVariable   = errors.New("the secret is the name of a variable and not its value")
	ErrScheme     = errors.New("the secret begins with the name of an authentication scheme, such as Bearer")
	ErrNothing    = errors.New("the secret is a word for nothing, as a failed look-up prints it")
	ErrSurrounded = errors.New("the secret begins or ends with a quote or a blank")
)

// Parse takes a credential in as a pipe, a variable or a prompt delivers it: one
// trailing LF or CRLF is dropped, and what cannot be a token is refused with
// one of the errors above before it is stored or sent anywhere.
func Parse(raw string) (Secret, error) {
	s, err := ParseHeader(raw)
	if err == nil && scheme(s.Reveal()) {
		return Secret{}, ErrScheme
	}
	return s, err
}

// ParseHeader is Parse for the value of a header, which may begin with the name
// of an authentication scheme: a gateway in front of Jira may want
// "Authorization: Basic …" or a header of its own with "Bearer …".
func ParseHeader(raw string) (Secret, error) {
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
	case strings.IndexFunc(text, invisible) >= 0:
		return Secret{}, ErrInvisible
	case strings.TrimFunc(text, surrounds) != text:
		return Secret{}, ErrSurrounded
	case variable(text):
		return Secret{}, ErrVariable
	case slices.Contains([]string{"null", "undefined", "(null)", "<nil>"}, strings.ToLower(text)):
		return Secret{}, ErrNothing
	}
	return New(text), nil
}

// invisible reports whether r is a format character, which no token has and no
// keyboard types.
func invisible(r rune) bool { return unicode.Is(unicode.Cf, r) }

// variable reports whether text is a reference that a shell did not expand:
// ${…}, %NAME%, $env:NAME, or $NAME in capitals with an underscore; a password
// may begin with a dollar sign.
func variable(text string) bool {
	name, dollar := strings.CutPrefix(text, "$")
	switch {
	case dollar && strings.HasPrefix(name, "{") && strings.HasSuffix(name, "}"):
		return true
	case dollar && len(name) > 4 && strings.EqualFold(name[:4], "env:"):
		return identifier(name[4:])
	case dollar:
		return identifier(name) && strings.Contains(name, "_") && name == strings.ToUpper(name)
	case len(text) > 2 && text[0] == '%' && text[len(text)-1] == '%':
		return identifier(text[1 : len(text)-1])
	}
	return false
}

func identifier(text string) bool {
	return text != "" && strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// scheme reports whether text is the value of an Authorization header.
func scheme(text string) bool {
	first, rest, found := strings.Cut(text, " ")
	if strings.EqualFold(first, "Authorization:") {
		return found
	}
	return found && rest != "" && (strings.EqualFold(first, "Bearer") || strings.EqualFold(first, "Basic"))
}

func surrounds(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune("\"'`\u2018\u2019\u201c\u201d", r)
}
