package profile

import "strings"

// The shapes of names and sites are told by hand: every start of the program
// would pay for compiled expressions, also one that prints its version.

// maxLabel is the length of a DNS label, and of a profile name.
const maxLabel = 63

// isName reports whether text matches [a-z0-9][a-z0-9_-]{0,62}.
func isName(text string) bool {
	return text != "" && len(text) <= maxLabel && lowerOrDigit(text[0]) && only(text, lowerOrDigit, "_-")
}

// isLabel reports whether text is a DNS label in lower case: letters, digits
// and, inside, the characters of inner.
func isLabel(text, inner string) bool {
	return text != "" && len(text) <= maxLabel && lowerOrDigit(text[0]) && lowerOrDigit(text[len(text)-1]) &&
		only(text, lowerOrDigit, inner)
}

// isHost reports whether text is labels with dots between them. Underscores
// are no part of DNS, but of host names in companies.
func isHost(text string) bool {
	for label := range strings.SplitSeq(text, ".") {
		if !isLabel(label, "_-") {
			return false
		}
	}
	return true
}

// isContextPath reports whether text is empty or segments with a slash before
// each, none of which is empty or begins with a dot.
func isContextPath(text string) bool {
	if text == "" {
		return true
	}
	rest, rooted := strings.CutPrefix(text, "/")
	if !rooted {
		return false
	}
	for segment := range strings.SplitSeq(rest, "/") {
		if segment == "" || segment[0] == '.' || !only(segment, letterOrDigit, "._~-") {
			return false
		}
	}
	return true
}

// isHeader reports whether text is a token of RFC 9110, 5.6.2, of at most 64
// characters.
func isHeader(text string) bool {
	return text != "" && len(text) <= 64 && only(text, letterOrDigit, "!#$%&'*+.^_`|~-")
}

// isVariable reports whether text matches [A-Za-z_][A-Za-z0-9_]*.
func isVariable(text string) bool {
	return text != "" && (text[0] < '0' || text[0] > '9') && only(text, letterOrDigit, "_")
}

// only reports whether every byte is of a class or one of more.
func only(text string, class func(byte) bool, more string) bool {
	for i := range len(text) {
		if !class(text[i]) && strings.IndexByte(more, text[i]) < 0 {
			return false
		}
	}
	return true
}

func lowerOrDigit(c byte) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }

func letterOrDigit(c byte) bool { return lowerOrDigit(c) || 'A' <= c && c <= 'Z' }

func hexDigit(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f' }

func digit(c byte) bool { return '0' <= c && c <= '9' }
