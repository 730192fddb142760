package dialogue

import (
	"errors"
	"strconv"
	"strings"
	"unicode"

	"jira-cli/domain/fault"
)

// style is how the parts of a dialogue look.
type style struct{ colour bool }

// The SGR parameters in use.
const (
	bold  = "1"
	dim   = "2"
	red   = "31"
	green = "32"
)

func (s style) paint(how, text string) string {
	if !s.colour || text == "" {
		return text
	}
	return "\x1b[" + how + "m" + text + "\x1b[0m"
}

// notShown stands beside the label of a secret.
const notShown = "(not shown)"

// bracketed is how a default stands beside a label; nothing for none.
func bracketed(fallback string) string {
	if fallback == "" {
		return ""
	}
	return "[" + Clean(fallback) + "]"
}

// question is "? Label aside: ".
func (s style) question(label, aside string) string {
	return s.head(label) + s.aside(aside) + ": "
}

func (s style) aside(text string) string {
	if text == "" {
		return ""
	}
	return " " + s.paint(dim, text)
}

// Hidden is the prompt for a line that is not shown.
func Hidden(label string, colour bool) string {
	return style{colour}.question(label, notShown)
}

func (s style) head(label string) string {
	return s.paint(green, "?") + " " + s.paint(bold, Clean(label))
}

// choices lists the options, the default marked:
//
//	? Secret backend
//	> 1  keyring
//	  2  1password
//	  Number or name [keyring]:
func (s style) choices(label string, options []string, fallback string) string {
	var text strings.Builder
	text.WriteString(s.head(label) + "\n")
	width := len(strconv.Itoa(len(options)))
	for i, option := range options {
		mark, number := "  ", strconv.Itoa(i+1)
		if option == fallback {
			mark = s.paint(green, ">") + " "
		}
		text.WriteString(mark + strings.Repeat(" ", width-len(number)) + number + "  " + Clean(option) + "\n")
	}
	return text.String() + "  Number or name" + s.aside(bracketed(fallback)) + ": "
}

// note is the lines above a question.
func (s style) note(lines []string) string {
	var text strings.Builder
	for _, line := range lines {
		text.WriteString("  " + s.paint(dim, Clean(line)) + "\n")
	}
	return text.String()
}

// refusal says why an answer was not taken.
func (s style) refusal(err error) string {
	text := s.paint(red, "✗") + " " + Clean(err.Error()) + "\n"
	var f *fault.Fault
	if errors.As(err, &f) && f.Hint != "" {
		text += "  hint: " + Clean(f.HintFor("", "")) + "\n"
	}
	return text
}

// Clean makes text safe to show within one line: escape sequences, control
// characters (C0, C1) and Unicode format characters (Cf) go, line breaks and
// tabs become blanks.
func Clean(text string) string {
	var safe strings.Builder
	runes := []rune(text)
	for i := 0; i < len(runes); {
		r := runes[i]
		switch {
		case r == '\x1b' || r == '\u009b' || r == '\u009d' || r == '\u0090':
			i += escapeLength(runes[i:])
			continue
		case r == '\n' || r == '\t' || r == '\u2028' || r == '\u2029':
			safe.WriteByte(' ')
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
		default:
			safe.WriteRune(r)
		}
		i++
	}
	return safe.String()
}

// escapeLength returns the length of the escape sequence at the start of runes
// (ECMA-48): a control sequence ends with its final byte, a string with BEL or
// ST, anything else after one more character.
func escapeLength(runes []rune) int {
	kind, n := runes[0], 1
	if kind == '\x1b' {
		if len(runes) == 1 {
			return 1
		}
		kind, n = runes[1], 2
	}
	switch kind {
	case '[', '\u009b':
		for n < len(runes) && runes[n] >= ' ' && runes[n] < '@' {
			n++
		}
		if n < len(runes) && runes[n] >= '@' && runes[n] <= '~' {
			n++
		}
	case ']', 'P', 'X', '^', '_', '\u009d', '\u0090':
		return n + stringLength(runes[n:])
	}
	return n
}

// stringLength returns the length of a control string with its terminator.
func stringLength(runes []rune) int {
	for i, r := range runes {
		switch {
		case r == '\a' || r == '\u009c':
			return i + 1
		case r == '\x1b' && i+1 < len(runes) && runes[i+1] == '\\':
			return i + 2
		case r == '\n':
			return i
		}
	}
	return len(runes)
}
