package text_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"jira-cli/domain/text"
)

func TestClean(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"plain":               {"Grüße, 世界 ✓", "Grüße, 世界 ✓"},
		"line breaks":         {"a\nb\r\nc\td\u2028e\u2029f\u0085g\vh\fi", "a b  c d e f g h i"},
		"C0 and C1":           {"a\x00b\x07c\x7fd\u0080e", "abcde"},
		"CSI":                 {"a\x1b[31;1mred\x1b[0m", "ared"},
		"CSI, one character":  {"a\u009b2Jb", "ab"},
		"CSI, cut":            {"a\x1b[31", "a"},
		"OSC to BEL":          {"a\x1b]0;title\x07b", "ab"},
		"OSC to ST":           {"a\x1b]8;;https://example.com\x1b\\link\x1b]8;;\x1b\\", "alink"},
		"OSC, one character":  {"a\u009d0;title\u009cb", "ab"},
		"OSC without an end":  {"a\x1b]0;title", "a"},
		"DCS":                 {"a\x1bPq#0\x1b\\b", "ab"},
		"SOS, PM and APC":     {"a\x1bXx\x1b\\b\x1b^x\x1b\\c\x1b_x\x1b\\d", "abcd"},
		"OSC, the next line":  {"a\x1b]0;title\nnext", "a next"},
		"two characters":      {"a\x1bcb\x1b(Bc", "abc"},
		"a lone ESC":          {"a\x1b", "a"},
		"one inside another":  {"a\x1b\x1b[31[31mb", "a31mb"},
		"direction and width": {"a\u202eb\u2066c\u200bd\ufeffe\u00adf\U000e0041g", "abcdefg"},
		"not UTF-8":           {"a\xffb\x9bc", "a\ufffdb\ufffdc"},
	} {
		if got := text.Clean(c.text); got != c.want {
			t.Errorf("%s: Clean(%q) = %q, want %q", name, c.text, got, c.want)
		}
	}
}

func TestForms(t *testing.T) {
	const foreign = " one\n\ttwo\u200b \x1b[1mthree\u2028four "
	for name, c := range map[string]struct{ got, want string }{
		"Line":        {text.Line(foreign), "one two three four"},
		"Seen":        {text.Seen("se\u200bcr\net\x1b[0m"), "secret"},
		"Short":       {text.Short(foreign, 8), "one two…"},
		"Short, fits": {text.Short(foreign, 18), "one two three four"},
		"Tail":        {text.Tail(foreign, 5), "…four"},
		"Tail, fits":  {text.Tail(foreign, 18), "one two three four"},
		"Short of ä":  {text.Short("äöüß", 3), "äö…"},
	} {
		if c.got != c.want {
			t.Errorf("%s = %q, want %q", name, c.got, c.want)
		}
	}
}

// FuzzClean holds every form to what a terminal may be sent, and to being done
// with after one time.
func FuzzClean(f *testing.F) {
	for _, seed := range []string{"a", "\x1b[31m", "\x1b\x1b[[mm", "\u009d0;x", "\xff\x1b", "a\u2028\u200b", "\x1b]\x1b]", "\u0090\u009c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		for name, form := range map[string]func(string) string{
			"Clean": text.Clean, "Seen": text.Seen, "Line": text.Line,
			"Short": func(s string) string { return text.Short(s, 9) },
			"Tail":  func(s string) string { return text.Tail(s, 9) },
		} {
			got := form(raw)
			if !utf8.ValidString(got) || strings.ContainsFunc(got, func(r rune) bool {
				return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
			}) {
				t.Errorf("%s(%q) = %q", name, raw, got)
			}
			if again := form(got); again != got {
				t.Errorf("%s twice makes %q of %q", name, again, got)
			}
		}
		if n := utf8.RuneCountInString(text.Short(raw, 9)); n > 9 {
			t.Errorf("Short has %d characters", n)
		}
	})
}
