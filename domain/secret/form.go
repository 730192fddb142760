package secret

import (
	"strings"
	"unicode/utf8"
)

// Form is what a secret looks like, as far as that can be said without showing
// any of it.
type Form string

// The forms. Atlassian's tokens begin with AT, a letter for their kind (A for an
// API token) and TT, and end with "=" and eight hexadecimal digits; their length
// varies.
const (
	FormNone      Form = ""
	FormAtlassian Form = "atlassian"           // whole, by its two ends
	FormCut       Form = "atlassian, cut off"  // it begins as one and does not end as one
	FormOther     Form = "not of an API token" // a password, an old token, or something else
)

// The lengths of the begin and of what follows the last "=".
const (
	beginLen = 5
	checkLen = 8
)

// Form returns what the secret looks like.
func (s Secret) Form() Form {
	text := s.Reveal()
	switch {
	case text == "":
		return FormNone
	case len(text) < beginLen || text[:2] != "AT" || text[3:beginLen] != "TT":
		return FormOther
	case utf8.RuneCountInString(text) > beginLen+checkLen && checked(text):
		return FormAtlassian
	}
	return FormCut
}

// checked reports whether a token has its last part.
func checked(text string) bool {
	at := strings.LastIndexByte(text, '=')
	if at < 0 || len(text)-at-1 != checkLen {
		return false
	}
	return strings.Trim(text[at+1:], "0123456789ABCDEFabcdef") == ""
}
