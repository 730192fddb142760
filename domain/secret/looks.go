package secret

import "strings"

// opaqueLen is the length of Atlassian's oldest tokens, the shortest that have
// no mark of their own.
const opaqueLen = 24

// Looks reports whether a text that was given as something else, such as a site
// or a profile's name, is in all likelihood a token that was pasted there: it is
// Marked, or it is long, has letters of both cases and digits, and only what
// Base64 has.
func Looks(text string) bool { return Marked(text) || len(text) >= opaqueLen && opaque(text) }

// Marked is Looks for what may have any form, such as the title of an item. It
// knows the marks of Atlassian's tokens, of JSON web tokens and of 1Password's
// service accounts.
func Marked(text string) bool {
	if len(text) > beginLen+3 && text[:2] == "AT" && text[3:beginLen] == "TT" {
		return true
	}
	return len(text) >= opaqueLen &&
		(strings.HasPrefix(text, "eyJ") || strings.HasPrefix(text, "ops_") || strings.HasPrefix(text, "ATBB"))
}

func opaque(text string) bool {
	var lower, upper, digit bool
	for i := range len(text) {
		switch c := text[i]; {
		case 'a' <= c && c <= 'z':
			lower = true
		case 'A' <= c && c <= 'Z':
			upper = true
		case '0' <= c && c <= '9':
			digit = true
		case strings.IndexByte("+/=_-", c) < 0:
			return false
		}
	}
	return lower && upper && digit
}
