package jirahttp

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"html"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
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
	case strings.HasPrefix(text, "["):
		return messagesOfList(json.RawMessage(text))
	case strings.HasPrefix(text, "<"):
		return messagesOfMarkup(text)
	case contentType == "" || strings.HasPrefix(contentType, "text/"):
		return []string{html.UnescapeString(text)}
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
	if json.Unmarshal(members["errors"], &byField) != nil {
		found = append(found, messagesOfList(members["errors"])...)
	}
	for _, field := range sorted(byField) {
		if text := jsonText(byField[field]); text != "" {
			found = append(found, field+": "+text)
		}
	}
	for _, name := range []string{"message", "errorMessage", "error", "error_description", "detail", "reason"} {
		found = append(found, jsonText(members[name]))
	}
	return found
}

// messagesOfList reads [{"message":…}], as gateways and proxies write it, and a
// list of sentences.
func messagesOfList(raw json.RawMessage) []string {
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		return nil
	}
	var found []string
	for _, item := range items[:min(len(items), maxMessages)] {
		if text := jsonText(item); text != "" {
			found = append(found, text)
			continue
		}
		var members map[string]json.RawMessage
		_ = json.Unmarshal(item, &members)
		for _, name := range []string{"message", "detail", "title"} {
			found = append(found, jsonText(members[name]))
		}
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

// The elements that say what a page is about, and what is not text in them.
var (
	spoken = sync.OnceValue(func() []*regexp.Regexp {
		return []*regexp.Regexp{
			regexp.MustCompile(`(?is)<message(?:\s[^>]*)?>(.*?)</message>`),
			regexp.MustCompile(`(?is)<title(?:\s[^>]*)?>(.*?)</title>`),
			regexp.MustCompile(`(?is)<h1(?:\s[^>]*)?>(.*?)</h1>`),
		}
	})
	markup = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?s)<[^>]*>`) })
)

// messagesOfMarkup takes <message> of Jira's XML, or the <title> of a page, or
// its first heading where it has no title.
func messagesOfMarkup(text string) []string {
	for _, element := range spoken() {
		if inner := element.FindStringSubmatch(text); inner != nil {
			plain := html.UnescapeString(markup().ReplaceAllString(inner[1], " "))
			if strings.TrimSpace(plain) != "" {
				return []string{plain}
			}
		}
	}
	return nil
}

// unzipped undoes gzip that the transport left: some boxes compress what nobody
// asked them to, or say nothing of it in Content-Encoding. At most limit bytes
// come out, so that a small body cannot fill the memory; what is no gzip comes
// back as it is, and of a stream that is cut, what there is.
func unzipped(body []byte, limit int64) []byte {
	if !bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		return body
	}
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return body
	}
	plain, _ := io.ReadAll(io.LimitReader(r, limit))
	return plain
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
