package main

import (
	"errors"
	"fmt"
	"html"
	"strings"
)

// consoleBlock returns the lines of a text's first console block. The test of
// the transcripts holds that block to what the program prints, so the picture
// shows nothing that did not happen.
func consoleBlock(text string) ([]string, error) {
	_, rest, found := strings.Cut(text, "```console\n")
	body, _, closed := strings.Cut(rest, "\n```")
	if !found || !closed {
		return nil, errors.New("docs/session.md has no console block")
	}
	return strings.Split(body, "\n"), nil
}

// The measures of the picture, in pixels. A column is as wide as a character of
// the usual monospaced fonts.
const (
	columns     = 112
	columnWidth = 843 // hundredths
	rowHeight   = 19
	margin      = 18
	titleHeight = 34
)

// picture draws lines as a terminal window, as SVG that needs nothing else.
func picture(lines []string) string {
	var rows []string
	for _, line := range lines {
		rows = append(rows, wrap(line)...)
	}
	width := columns*columnWidth/100 + 2*margin
	height := titleHeight + len(rows)*rowHeight + margin
	var out strings.Builder
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-label="A terminal session with jira">`+"\n", width, height, width, height)
	out.WriteString("<!-- Written by cmd/docgen from docs/session.md; `make golden` refreshes it. -->\n")
	out.WriteString(`<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre;fill:#d7dae0}` +
		`.p{fill:#7f8794}.c{fill:#ffffff;font-weight:600}.g{fill:#8fd17f}.b{fill:#f08080}.q{fill:#7cb8f2}.f{fill:#9aa2af}</style>` + "\n")
	fmt.Fprintf(&out, `<rect width="%d" height="%d" rx="9" fill="#1d2129"/>`+"\n", width, height)
	for i, colour := range []string{"#f0675f", "#f5bd4f", "#61c454"} {
		fmt.Fprintf(&out, `<circle cx="%d" cy="17" r="6" fill="%s"/>`+"\n", 22+20*i, colour)
	}
	for i, row := range rows {
		fmt.Fprintf(&out, `<text x="%d" y="%d" xml:space="preserve">%s</text>`+"\n", margin, titleHeight+(i+1)*rowHeight-4, paint(row))
	}
	out.WriteString("</svg>\n")
	return out.String()
}

// wrap breaks a line where a terminal would.
func wrap(line string) []string {
	var rows []string
	runes := []rune(line)
	for len(runes) > columns {
		rows = append(rows, string(runes[:columns]))
		runes = runes[columns:]
	}
	return append(rows, string(runes))
}

// paint colours a row by what it begins with, as a terminal does.
func paint(row string) string {
	span := func(class, text string) string {
		return `<tspan class="` + class + `">` + html.EscapeString(text) + `</tspan>`
	}
	switch {
	case strings.HasPrefix(row, "$ "):
		return span("p", "$ ") + span("c", row[2:])
	case strings.HasPrefix(row, "? "):
		return span("q", "? ") + html.EscapeString(row[2:])
	case strings.HasPrefix(row, "INF "):
		return span("g", "INF") + html.EscapeString(row[3:])
	case strings.HasPrefix(row, "ERR "):
		return span("b", "ERR") + html.EscapeString(row[3:])
	}
	text := html.EscapeString(row)
	text = strings.ReplaceAll(text, "✓", span("g", "✓"))
	return strings.ReplaceAll(text, "✗", span("b", "✗"))
}
