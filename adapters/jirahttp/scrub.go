package jirahttp

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
)

// scrubbed stands where a text contained the credential.
const scrubbed = "[credential]"

// scrubber takes the credential, in every form in which a server may echo it,
// out of texts. It is never printed: what it knows is behind a closure. It is
// safe for concurrent use; the zero value knows nothing.
type scrubber struct {
	mu      sync.Mutex
	pairs   []string
	longest int
	replace atomic.Pointer[func(string) string]
}

// newScrubber returns a scrubber of a credential.
func newScrubber(secret, basic string) *scrubber {
	s := &scrubber{}
	s.learn(credentialForms(secret, basic)...)
	return s
}

// credentialForms are the secret plain, base64, URL-escaped, hexadecimal and
// JSON-escaped, and the value of the Basic header.
func credentialForms(secret, basic string) []string {
	quoted, _ := json.Marshal(secret)
	return []string{
		secret, basic, strings.TrimRight(basic, "="),
		oneLine(secret),
		url.QueryEscape(secret), url.PathEscape(secret), url.QueryEscape(basic),
		base64.StdEncoding.EncodeToString([]byte(secret)),
		base64.RawStdEncoding.EncodeToString([]byte(secret)),
		base64.RawURLEncoding.EncodeToString([]byte(secret)),
		hex.EncodeToString([]byte(secret)),
		strings.Trim(string(quoted), `"`),
	}
}

// learn adds texts that must not be shown.
func (s *scrubber) learn(forms ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, form := range forms {
		if form != "" {
			s.pairs = append(s.pairs, form, scrubbed)
			s.longest = max(s.longest, len(form))
		}
	}
	replace := strings.NewReplacer(s.pairs...).Replace
	s.replace.Store(&replace)
}

// reach is how much further than its bound a body is read, so that an echo is
// not cut into a part that nothing recognises.
func (s *scrubber) reach() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return int64(s.longest)
}

// text returns text without the credential. Where it is hidden between characters
// that are taken out before a person sees the text, so are those.
func (s *scrubber) text(text string) string {
	replace := s.replace.Load()
	if replace == nil {
		return text
	}
	text = (*replace)(text)
	if bare := visible(text); bare != text {
		if clean := (*replace)(bare); clean != bare {
			return clean
		}
	}
	return text
}

// sequences match what a terminal takes for a command, as the rendering of
// human text strips it.
var sequences = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("(?:\x1b\\[|\u009b)[0-?]*[ -/]*[@-~]?" +
		"|(?:\x1b[\\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\x07\x1b\u009c]*(?:\x07|\x1b\\\\|\u009c)?" +
		"|\x1b[ -/]*[0-~]?")
})

// visible returns what a person would see of a text.
func visible(text string) string {
	unseen := func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }
	if !strings.ContainsFunc(text, unseen) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if unseen(r) {
			return -1
		}
		return r
	}, sequences().ReplaceAllString(text, ""))
}

// texts scrubs what a server said, and bounds it only then: a cut could leave
// half a credential that nothing recognises.
func (s *scrubber) texts(messages []string) []string {
	var kept []string
	for _, message := range messages {
		if message = shorten(s.text(oneLine(message)), maxMessage); message != "" && len(kept) < maxMessages {
			kept = append(kept, message)
		}
	}
	return kept
}

// err returns an error with the chain of err and a scrubbed text, nil for nil.
func (s *scrubber) err(err error) error {
	if err == nil {
		return nil
	}
	return &scrubbedError{text: s.text(err.Error()), chain: err}
}

type scrubbedError struct {
	text  string
	chain error
}

// Error implements error.
func (e *scrubbedError) Error() string { return e.text }

// Unwrap gives errors.Is and errors.As the original.
func (e *scrubbedError) Unwrap() error { return e.chain }
