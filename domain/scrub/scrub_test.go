package scrub_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"jira-cli/domain/scrub"
)

const (
	user  = "john.doe@example.com"
	token = "ATATT3xFfGF0-made_up/+&=0123ABCD"
)

func knowing(secrets ...string) *scrub.Scrubber {
	s := &scrub.Scrubber{}
	for _, secret := range secrets {
		s.LearnLogin(user, secret)
	}
	return s
}

// each writes every byte of a text in a format of its own.
func each(format, text string) string {
	var out strings.Builder
	for i := range len(text) {
		fmt.Fprintf(&out, format, text[i])
	}
	return out.String()
}

// points is each for the characters of a text, units for their halves in UTF-16.
func points(format, text string) string {
	var out strings.Builder
	for _, r := range text {
		fmt.Fprintf(&out, format, r)
	}
	return out.String()
}

func units(format, text string) string {
	var out strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&out, format, unit)
	}
	return out.String()
}

// between puts a text between the characters of another.
func between(text, what string) string { return strings.Join(strings.Split(text, ""), what) }

func wrapped(text string, width int, with string) string {
	var lines []string
	for ; len(text) > width; text = text[width:] {
		lines = append(lines, text[:width])
	}
	return strings.Join(append(lines, text), with)
}

// forms are the ways in which a server or a program may repeat a secret.
func forms(secret string) map[string]string {
	quoted, _ := json.Marshal(secret)
	hidden, _ := json.Marshal(between(secret, "\u200b"))
	std, raw := base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret))
	pair := base64.StdEncoding.EncodeToString([]byte(user + ":" + secret))
	found := map[string]string{
		"plain":                       secret,
		"lower case":                  strings.ToLower(secret),
		"upper case":                  strings.ToUpper(secret),
		"query":                       url.QueryEscape(secret),
		"query, lower case":           strings.ToLower(url.QueryEscape(secret)),
		"path":                        url.PathEscape(secret),
		"query twice":                 url.QueryEscape(url.QueryEscape(secret)),
		"percent, every byte":         each("%%%02X", secret),
		"percent, lower case":         each("%%%02x", secret),
		"decimal entities":            points("&#%d;", secret),
		"decimal, no semicolon":       points("&#%d", secret),
		"hexadecimal entities":        points("&#x%x;", secret),
		"hexadecimal, upper":          points("&#X%X;", secret),
		"hexadecimal, zeros":          points("&#x%06x;", secret),
		"named entities":              strings.NewReplacer("&", "&amp;", "=", "&equals;", "/", "&sol;", "+", "&plus;", "_", "&lowbar;").Replace(secret),
		"entities in entities":        strings.ReplaceAll(points("&#%d;", secret), "&", "&amp;"),
		"JSON":                        string(quoted),
		"JSON, slashes":               strings.ReplaceAll(string(quoted), "/", `\/`),
		"JSON, every byte":            units(`\u%04x`, secret),
		"JSON, upper case":            units(`\u%04X`, secret),
		"JSON in JSON":                strings.ReplaceAll(units(`\u%04x`, secret), `\`, `\\`),
		"backslash x":                 each(`\x%02x`, secret),
		"hex":                         hex.EncodeToString([]byte(secret)),
		"hex, upper case":             strings.ToUpper(hex.EncodeToString([]byte(secret))),
		"hex, blanks":                 each("%02x ", secret),
		"Base64":                      std,
		"Base64, no padding":          strings.TrimRight(std, "="),
		"Base64, URL-safe":            raw,
		"Base64, in a query":          url.QueryEscape(std),
		"Base64, plus read as blank":  strings.ReplaceAll(std, "+", " "),
		"Base64, wrapped":             wrapped(std, 16, "\n"),
		"Base64, wrapped, CRLF":       wrapped(std, 9, "\r\n\t"),
		"Base64, wrapped, in JSON":    wrapped(std, 16, `\n`),
		"Base64, wrapped, entities":   wrapped(std, 16, "&#10;"),
		"Base64, lower case":          strings.ToLower(std),
		"Basic":                       pair,
		"Basic, wrapped":              wrapped(pair, 76, "\r\n"),
		"pair":                        user + ":" + secret,
		"zero width":                  between(secret, "\u200b"),
		"control characters":          between(secret, "\x00\x7f"),
		"zero width, as entities":     between(secret, "&#8203;"),
		"zero width, in JSON":         strings.ReplaceAll(string(hidden), "\u200b", `\u200b`),
		"terminal sequences":          between(secret, "\x1b[31m"),
		"a hidden title":              between(secret, "\x1b]0;x\x07"),
		"wrapped":                     wrapped(secret, 10, "\n  "),
		"case and percent together":   strings.ToUpper(each("%%%02x", strings.ToLower(secret))),
		"no characters but a few cut": secret[:len(secret)-1] + "\u200d" + secret[len(secret)-1:],
	}
	for shift := range 7 {
		text := []byte(strings.Repeat("x", shift) + secret + " and more")
		found[fmt.Sprintf("Base64 after %d bytes", shift)] = base64.StdEncoding.EncodeToString(text)
		found[fmt.Sprintf("Base64 after %d bytes, URL-safe, at the end", shift)] = base64.RawURLEncoding.EncodeToString(text[:shift+len(secret)])
	}
	return found
}

// TestForms: of each form nothing is left, and what stands around it stays.
func TestForms(t *testing.T) {
	for _, secret := range []string{token, "correct horse battery stäple", `p%41ss&#66;\u0043-"word"`, "äöüßÄÖÜé日本語😀", "abcdefghijkl"} {
		s := knowing(secret)
		for name, form := range forms(secret) {
			got := s.Text("before (" + form + ") after")
			if !strings.HasPrefix(got, "before (") || !strings.HasSuffix(got, ") after") || !strings.Contains(got, scrub.Removed) {
				t.Errorf("%s of %q: %q", name, secret, got)
			}
			if rest := strings.Join(strings.Fields(strings.ReplaceAll(got, scrub.Removed, "")), ""); len(rest) > len("before(after)")+14+len(user)*2 {
				t.Errorf("%s of %q leaves %q", name, secret, got)
			}
			if !s.Holds(form) {
				t.Errorf("%s of %q is not held by itself", name, secret)
			}
		}
	}
}

func TestExact(t *testing.T) {
	s := knowing(token)
	for in, want := range map[string]string{
		"token " + token + "!":                   "token [credential]!",
		token + token:                            "[credential]",
		token + " and " + url.QueryEscape(token): "[credential] and [credential]",
		"https://" + strings.ToLower("ATATT3xFfGF0-made-up--&=0123ABCD") + ".example.com/": "https://" + "atatt3xffgf0-made-up--&=0123abcd.example.com/",
		"nothing of the kind: 100% &amp; \\o/ \xff":                                        "nothing of the kind: 100% &amp; \\o/ \xff",
		"":             "",
		"ATATT3xFfGF0": "ATATT3xFfGF0",
		base64.StdEncoding.EncodeToString([]byte(token)): "[credential]",
	} {
		if got := s.Text(in); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
	if got := new(scrub.Scrubber).Text(token); got != token {
		t.Errorf("a scrubber that knows nothing says %q", got)
	}
}

// TestShort: a short secret is one only where it is the whole text.
func TestShort(t *testing.T) {
	s := knowing("john", "hunter2")
	for in, held := range map[string]bool{
		"john": true, " john\n": true, "jo\u200bhn": true, "am9obg==": true, "aHVudGVyMg": true, "6a6f686e": true,
		"John": false, "John Doe": false, "john.doe@example.com": false, "johnny": false, "ask john": false, "": false,
		user + ":hunter2": true, "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":hunter2")): true,
	} {
		if s.Holds(in) != held {
			t.Errorf("Holds(%q) = %t", in, !held)
		}
	}
}

// TestCut: a bound on what is read may break off a secret; its beginning goes.
func TestCut(t *testing.T) {
	s := knowing(token)
	for name, form := range map[string]string{
		"plain": token, "percent": each("%%%02x", token), "entities": points("&#x%x;", token), "JSON": units(`\u%04x`, token),
		"hex": hex.EncodeToString([]byte(token)), "Base64": base64.StdEncoding.EncodeToString([]byte(token)),
	} {
		for cut := range form {
			got := s.Cut(("said: " + form)[:len("said: ")+cut])
			rest := strings.ReplaceAll(strings.TrimPrefix(got, "said: "), scrub.Removed, "")
			if len(rest) > 18 { // three characters, each escaped
				t.Errorf("%s, cut at %d, leaves %q", name, cut, got)
			}
		}
	}
	if got := s.Cut("nothing of it"); got != "nothing of it" {
		t.Errorf("a text without it becomes %q", got)
	}
}

func TestError(t *testing.T) {
	s, cause := knowing(token), errors.New("dial "+token)
	err := s.Error(cause)
	if err.Error() != "dial [credential]" || !errors.Is(err, cause) || s.Error(nil) != nil {
		t.Errorf("the error %v", err)
	}
	if text := fmt.Sprintf("%v %+v %#v", s, s, s); strings.Contains(text, token) {
		t.Errorf("printed, the scrubber says %s", text)
	}
}

// TestCost: what a hostile server sends takes no more than its size is worth.
func TestCost(t *testing.T) {
	s := knowing(token, "correct horse battery staple")
	for name, text := range map[string]string{
		"percent signs": strings.Repeat("%25", 1<<15), "ampersands": strings.Repeat("&amp;", 1<<15), "backslashes": strings.Repeat(`\\`, 1<<16),
		"beginnings": strings.Repeat(token[:20], 1<<13), "secrets": strings.Repeat(token+" ", 1<<12), "escapes": strings.Repeat("\x1b]", 1<<16),
	} {
		began := time.Now()
		got := s.Text(text)
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("%s took %s", name, took)
		}
		if strings.Contains(got, token) {
			t.Errorf("%s shows the secret", name)
		}
	}
}

// FuzzText: whatever stands around a secret in whatever form, it is not shown,
// and a text without it stays as it is.
func FuzzText(f *testing.F) {
	f.Add("before ", token, " after")
	f.Add("%", "correct horse battery", "\x1b[")
	f.Add("&#", `a\u0041b%41&amp;c-_+/`, "\xff")
	f.Fuzz(func(t *testing.T, before, secret, after string) {
		s := knowing(secret)
		for name, form := range map[string]string{
			"plain": secret, "query": url.QueryEscape(secret), "hex": hex.EncodeToString([]byte(secret)),
			"Base64": base64.StdEncoding.EncodeToString([]byte(secret)), "entities": points("&#%d;", secret),
		} {
			got := s.Text(before + " " + form + " " + after)
			long := len(secret) >= scrub.MinLength && len(strings.Trim(secret, "+- \t\r\n\x00")) >= scrub.MinLength
			if name == "plain" && long && strings.Count(got, secret) > strings.Count(scrub.Removed, secret) && solid(secret) {
				t.Errorf("%s of %q: %q", name, secret, got)
			}
		}
		s.Cut(before)
		if bare := new(scrub.Scrubber).Text(before); bare != before {
			t.Errorf("%q became %q", before, bare)
		}
	})
}

// solid reports whether a text consists of letters and digits.
func solid(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}
