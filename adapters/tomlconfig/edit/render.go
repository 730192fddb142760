package edit

import (
	"fmt"
	"strings"
)

// Pair is a key and its value: a string, a bool, a []string or a Table.
type Pair struct {
	Key   string
	Value any
}

// Table is a table that does not exist yet, its keys in the order in which
// they are to stand.
type Table []Pair

// render returns a value as it stands after the equals sign.
func render(value any) string {
	switch v := value.(type) {
	case string:
		return quote(v)
	case bool:
		return fmt.Sprint(v)
	case []string:
		quoted := make([]string, len(v))
		for i, s := range v {
			quoted[i] = quote(s)
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	case Table:
		pairs := make([]string, len(v))
		for i, p := range v {
			pairs[i] = bare(p.Key) + " = " + render(p.Value)
		}
		if len(pairs) == 0 {
			return "{}"
		}
		return "{ " + strings.Join(pairs, ", ") + " }"
	}
	// Not reachable from the package's users; an invalid text makes the
	// parse of the result fail, so that nothing is written.
	return fmt.Sprintf("<%T>", value)
}

// quote returns a basic string. Control characters of both sets are escaped,
// so that one value is one line for every tool that shows the file.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// bare returns a key, quoted only where it must be.
func bare(key string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_'
	}
	if key != "" && strings.TrimFunc(key, plain) == "" {
		return key
	}
	return quote(key)
}

// dotted returns a path as a dotted key.
func dotted(path []string) string {
	keys := make([]string, len(path))
	for i, key := range path {
		keys[i] = bare(key)
	}
	return strings.Join(keys, ".")
}
