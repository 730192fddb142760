package secret_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"jira-cli/domain/secret"
)

// FuzzParse holds the intake to its rules: what is taken is the input without
// one line end, and could stand in a header; what is refused is never repeated.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{plain, plain + "\n", plain + "\r\n", "", "\n", " a", "a b", "\"a\"", "a\x00b", "é", "\xff", "a\u2028b", "a\u200bb", strings.Repeat("x", 64<<10+1)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		s, err := secret.Parse(raw)
		if err != nil {
			if !s.IsZero() {
				t.Error("a refused secret was kept")
			}
			if len(raw) > 8 && strings.Contains(err.Error(), strings.TrimSpace(raw)) {
				t.Errorf("the error repeats the input: %v", err)
			}
			return
		}
		text := s.Reveal()
		if raw != text && raw != text+"\n" && raw != text+"\r\n" {
			t.Errorf("Parse(%q) = %q", raw, text)
		}
		if text == "" || len(text) > secret.MaxBytes || !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) || strings.TrimSpace(text) != text {
			t.Errorf("Parse took %q", text)
		}
		if r := s.Redacted(); !strings.HasPrefix(r, "****") || utf8.RuneCountInString(r) > 8 {
			t.Errorf("Redacted shows %q", r)
		}
	})
}
