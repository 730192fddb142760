package dialogue

import (
	"errors"
	"strconv"
	"strings"

	"jira-cli/domain/fault"
	display "jira-cli/domain/text"
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
	return "[" + display.Clean(fallback) + "]"
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
	return s.paint(green, "?") + " " + s.paint(bold, display.Clean(label))
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
		text.WriteString(mark + strings.Repeat(" ", width-len(number)) + number + "  " + display.Clean(option) + "\n")
	}
	return text.String() + "  Number or name" + s.aside(bracketed(fallback)) + ": "
}

// note is the lines above a question.
func (s style) note(lines []string) string {
	var text strings.Builder
	for _, line := range lines {
		text.WriteString("  " + s.paint(dim, display.Clean(line)) + "\n")
	}
	return text.String()
}

// refusal says why an answer was not taken.
func (s style) refusal(err error) string {
	text := s.paint(red, "✗") + " " + display.Clean(err.Error()) + "\n"
	var f *fault.Fault
	if errors.As(err, &f) && f.Hint != "" {
		text += "  hint: " + display.Clean(f.HintFor("", "")) + "\n"
	}
	return text
}
