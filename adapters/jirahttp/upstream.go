package jirahttp

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"
)

// The bounds on what is passed on of a server's words.
const (
	maxMessages = 5
	maxMessage  = 300 // runes
)

// upstreamMessages collects what the body of a failure says. Jira's own form is
// {"errorMessages":[…],"errors":{…}}; a 401 is often {"message":…}, XML, HTML or
// plain text.
func upstreamMessages(contentType string, body []byte) []string {
	text := strings.TrimSpace(string(body))
	switch {
	case text == "":
		return nil
	case strings.HasPrefix(text, "{"):
		return messagesOfJSON([]byte(text))
	case strings.HasPrefix(text, "<"):
		return messagesOfMarkup(text)
	case contentType == "" || strings.HasPrefix(contentType, "text/"):
		return []string{text}
	}
	return nil
}

func messagesOfJSON(body []byte) []string {
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) != nil {
		return nil
	}
	var found []string
	var list []string
	if json.Unmarshal(members["errorMessages"], &list) == nil {
		found = append(found, list...)
	}
	var byField map[string]json.RawMessage
	_ = json.Unmarshal(members["errors"], &byField)
	for _, field := range sorted(byField) {
		if text := jsonText(byField[field]); text != "" {
			found = append(found, field+": "+text)
		}
	}
	for _, name := range []string{"message", "errorMessage", "error", "error_description"} {
		found = append(found, jsonText(members[name]))
	}
	return found
}

func jsonText(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return ""
	}
	return text
}

func sorted(m map[string]json.RawMessage) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// messagesOfMarkup takes <message> of Jira's XML and <title> of a page.
func messagesOfMarkup(text string) []string {
	for _, tag := range []string{"message", "title"} {
		if _, rest, ok := strings.Cut(text, "<"+tag+">"); ok {
			if inner, _, ok := strings.Cut(rest, "</"+tag+">"); ok {
				return []string{inner}
			}
		}
	}
	return nil
}

// oneLine joins the lines and runs of blanks of a text by single blanks. Other
// control characters stay: whoever shows the text knows what its medium takes.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, "\uFFFD"), func(r rune) bool {
		return unicode.IsSpace(r) || r == '\u2028' || r == '\u2029'
	}), " ")
}

// shorten cuts a text to so many runes and shows that it did.
func shorten(text string, runes int) string {
	if len(text) <= runes {
		return text
	}
	all := []rune(text)
	if len(all) <= runes {
		return text
	}
	return string(all[:runes]) + "…"
}
