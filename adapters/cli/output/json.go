package output

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
)

// Envelope is the one JSON document of a run, its keys in their documented
// order.
type Envelope struct {
	OK       bool      `json:"ok"`
	Meta     Meta      `json:"meta"`
	Data     any       `json:"data"`
	Errors   []Record  `json:"errors"`
	Warnings []Warning `json:"warnings"`
}

// Meta says which command ran when. Timestamp is UTC in whole seconds.
type Meta struct {
	Command   string `json:"command"`
	ExitCode  int    `json:"exit_code,omitempty"`
	Timestamp string `json:"timestamp"`
	RequestID string `json:"request_id"`
}

// Record is an error as JSON shows it.
type Record struct {
	Type               fault.Type `json:"type"`
	Code               fault.Code `json:"code"`
	Message            string     `json:"message"`
	Hint               string     `json:"hint"`
	Retryable          bool       `json:"retryable"`
	HTTPStatus         int        `json:"http_status,omitempty"`
	Profile            string     `json:"profile,omitempty"`
	Flag               string     `json:"flag,omitempty"`
	Missing            []Missing  `json:"missing,omitempty"`
	Suggestions        []string   `json:"suggestions,omitempty"`
	UpstreamMessages   []string   `json:"upstream_messages,omitempty"`
	UpstreamRequestID  string     `json:"upstream_request_id,omitempty"`
	RetryAfterSeconds  *int       `json:"retry_after_seconds,omitempty"`
	RateLimitRemaining *int       `json:"rate_limit_remaining,omitempty"`
}

// Missing is an input that was not given.
type Missing struct {
	Field string `json:"field"`
	Flag  string `json:"flag"`
}

// Warning is a warning as JSON shows it.
type Warning struct {
	Type    string `json:"type"`
	Message string `json:"message"`
	Profile string `json:"profile,omitempty"`
}

// NewRecord returns the record of a fault. auth_failed is documented whole and
// carries no details.
func NewRecord(f *fault.Fault) Record {
	entry := f.Entry()
	r := Record{Type: entry.Type, Code: entry.Code, Message: f.Message, Hint: Hint(f), Retryable: entry.Retryable}
	if f.Code == fault.AuthFailed {
		return r
	}
	d := f.Details
	for _, m := range d.Missing {
		r.Missing = append(r.Missing, Missing(m))
	}
	r.HTTPStatus, r.Profile, r.Flag, r.Suggestions = d.HTTPStatus, d.Profile, d.Flag, d.Suggestions
	r.UpstreamMessages, r.UpstreamRequestID = d.UpstreamMessages, d.UpstreamRequestID
	r.RetryAfterSeconds, r.RateLimitRemaining = d.RetryAfterSeconds, d.RateLimitRemaining
	return r
}

// Hint returns a fault's hint with what is known of its profile.
func Hint(f *fault.Fault) string {
	name := f.Details.Profile
	if name == string(profile.Ambient) {
		name = "" // there is nothing to log in to
	}
	return f.HintFor(name, profile.Name(name).TokenVariable())
}

// JSON returns v with two-space indentation and a final newline. HTML is not
// escaped; C1 controls and format characters are, so that no terminal acts on
// them.
func JSON(v any) ([]byte, error) {
	var plain bytes.Buffer
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(v); err != nil {
		return nil, err
	}
	return escapeInvisible(plain.Bytes()), nil
}

// escapeInvisible works on the encoded text: outside of strings JSON has ASCII
// only, so every such character stands in a string.
func escapeInvisible(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == 0x7f, r >= 0x80 && r < 0xa0, r > 0xff && unicode.Is(unicode.Cf, r), r == 0xad:
			out = appendEscape(out, r)
		default:
			out = append(out, text[:size]...)
		}
		text = text[size:]
	}
	return out
}

func appendEscape(out []byte, r rune) []byte {
	if high, low := utf16.EncodeRune(r); high != unicode.ReplacementChar {
		return fmt.Appendf(out, `\u%04x\u%04x`, high, low)
	}
	return fmt.Appendf(out, `\u%04x`, r)
}
