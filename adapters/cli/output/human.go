// Package output owns the two forms of a command's outcome: the JSON envelope
// and the lines that people read. It decides no exit status and writes to
// nothing but the buffer that it is given.
package output

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"jira-cli/domain/fault"
	display "jira-cli/domain/text"
)

// Style says whether human text carries colour.
type Style struct{ Colour bool }

// Good, Bad, Strong and Faint colour a text where colour is on.
func (s Style) Good(text string) string { return s.paint("32", text) }

// Bad is for what failed.
func (s Style) Bad(text string) string { return s.paint("31", text) }

// Strong is for what the eye looks for.
func (s Style) Strong(text string) string { return s.paint("1", text) }

// Faint is for what it may pass over.
func (s Style) Faint(text string) string { return s.paint("2", text) }

func (s Style) paint(code, text string) string {
	if !s.Colour || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// Mark is the tick or the cross before a finding.
func (s Style) Mark(good bool) string {
	if good {
		return s.Good("✓")
	}
	return s.Bad("✗")
}

// Info is the line of a result: INF, the message where there is one, and the
// members of data, which is a struct with JSON tags.
func Info(s Style, message string, data any) string {
	return join(s.Good("INF")+" ℹ️", display.Clean(message), Pairs(data))
}

// Warn is the line of a warning.
func Warn(s Style, w Warning) string {
	return join(s.paint("33", "WRN")+" ⚠️", display.Clean(w.Message), Pairs(struct {
		Type    string `json:"type"`
		Profile string `json:"profile"`
	}{w.Type, w.Profile}))
}

// Error is the lines of an error: what, the hint, and what Jira said of it.
func Error(s Style, f *fault.Fault) string {
	entry := f.Entry()
	lines := []string{join(s.Bad("ERR")+" ❌", display.Clean(f.Message), "code="+string(entry.Code)+" type="+string(entry.Type))}
	if hint := join(suggestion(f.Details.Suggestions), display.Clean(Hint(f))); hint != "" {
		lines = append(lines, "    hint: "+hint)
	}
	who := "jira"
	if f.Details.UpstreamForeign {
		who = "answer"
	}
	for _, m := range f.Details.UpstreamMessages {
		lines = append(lines, "    "+who+": "+display.Clean(m))
	}
	return strings.Join(lines, "\n") + "\n"
}

func suggestion(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "did you mean " + display.Clean(strings.Join(names, " or ")) + "?"
}

func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), " ")
}

// Pairs returns the members of a struct with JSON tags as key=value, sorted by
// key; null and empty values are left out.
func Pairs(data any) string {
	text, err := json.Marshal(data)
	if err != nil {
		return ""
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	members := map[string]any{}
	if decoder.Decode(&members) != nil {
		return ""
	}
	var pairs []string
	for key, value := range members {
		if shown := scalar(value); shown != "" {
			pairs = append(pairs, key+"="+shown)
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, " ")
}

func scalar(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return quote(display.Clean(v))
	case []any:
		parts := make([]string, len(v))
		for i, member := range v {
			parts[i] = fmt.Sprint(member)
		}
		return quote(display.Clean(strings.Join(parts, ",")))
	case map[string]any:
		return ""
	}
	return fmt.Sprint(value)
}

func quote(text string) string {
	if strings.ContainsFunc(text, func(r rune) bool { return r == '"' || r == '=' || unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return strconv.Quote(text)
	}
	return text
}

// Table lays rows out in columns two blanks apart; the first row is the head.
func Table(rows [][]string) string {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], len([]rune(display.Clean(cell))))
		}
	}
	var out strings.Builder
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			fmt.Fprintf(&line, "%-*s  ", widths[i], display.Clean(cell))
		}
		out.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return out.String()
}
