package secret_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"jira-cli/domain/secret"
)

const plain = "ATATT3xFfGF0-example-ABCD"

func TestNoFormShowsThePlainText(t *testing.T) {
	type holder struct{ s secret.Secret }
	s := secret.New(plain)
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%30s", "%T %v"} {
		args := []any{s}
		if strings.Count(verb, "%") == 2 {
			args = append(args, s)
		}
		fmt.Fprintf(&out, verb, args...)
		fmt.Fprintf(&out, verb, holder{s})
		fmt.Fprintf(&out, verb, &holder{s})
		fmt.Fprintf(&out, verb, []holder{{s}})
	}
	if err := json.NewEncoder(&out).Encode(map[string]any{"s": s, "p": &s}); err != nil {
		t.Fatal(err)
	}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "s", s, "h", holder{s})
	for _, leak := range []string{plain, fmt.Sprintf("%x", plain), fmt.Sprintf("%X", plain)} {
		if strings.Contains(out.String(), leak) {
			t.Errorf("the output shows the secret: %s", out.String())
		}
	}
	if !strings.Contains(out.String(), "****ABCD") {
		t.Errorf("the output shows no redaction: %s", out.String())
	}
}

func TestRedacted(t *testing.T) {
	for text, want := range map[string]string{
		"":              "",
		"short":         "****",
		"elevenchars":   "****",
		"twelve chars":  "****hars",
		"ünïcödé-tökén": "****ökén",
	} {
		if got := secret.New(text).Redacted(); got != want {
			t.Errorf("Redacted(%q) = %q, want %q", text, got, want)
		}
	}
}

// Of what a person chose nothing is shown, however long it is.
func TestMute(t *testing.T) {
	s := secret.New("a long passphrase of words").Mute()
	for _, shown := range []string{s.Redacted(), s.String(), fmt.Sprintf("%v %+v", s, s)[:4]} {
		if shown != "****" {
			t.Errorf("shown is %q", shown)
		}
	}
	if !s.Equal(secret.New(s.Reveal())) || secret.New("").Mute().Redacted() != "" {
		t.Error("muting changed the secret")
	}
}

func TestEqual(t *testing.T) {
	if !secret.New("a").Equal(secret.New("a")) || secret.New("a").Equal(secret.New("b")) || secret.New("a").Equal(secret.Secret{}) {
		t.Error("Equal does not compare the texts")
	}
}

func TestParse(t *testing.T) {
	for raw, want := range map[string]error{
		plain:                              nil,
		plain + "\n":                       nil,
		plain + "\r\n":                     nil,
		"pass word":                        nil,
		strings.Repeat("x", 64<<10):        nil,
		"":                                 secret.ErrEmpty,
		"\n":                               secret.ErrEmpty,
		"\r\n":                             secret.ErrEmpty,
		plain + "\r":                       secret.ErrLineBreak,
		plain + "\n\n":                     secret.ErrLineBreak,
		"one\ntwo":                         secret.ErrLineBreak,
		"a\x00b":                           secret.ErrControl,
		"a\tb":                             secret.ErrControl,
		"a\x1b[31mb":                       secret.ErrControl,
		"a\u009bb":                         secret.ErrControl,
		" lead":                            secret.ErrSurrounded,
		"trail ":                           secret.ErrSurrounded,
		`"quoted"`:                         secret.ErrSurrounded,
		"'quoted'":                         secret.ErrSurrounded,
		"\u201cquoted\u201d":               secret.ErrSurrounded,
		"\ufeffbom":                        secret.ErrInvisible,
		"zero\u200bwidth":                  secret.ErrInvisible,
		"$JIRA_API_TOKEN":                  secret.ErrVariable,
		"${token}":                         secret.ErrVariable,
		"%JIRA_API_TOKEN%":                 secret.ErrVariable,
		"$env:JIRA_API_TOKEN":              secret.ErrVariable,
		"$ecret":                           nil,
		"$ECRET":                           nil,
		"100%":                             nil,
		"Bearer " + plain:                  secret.ErrScheme,
		"basic am9objpkb2U=":               secret.ErrScheme,
		"Authorization: Bearer " + plain:   secret.ErrScheme,
		"Bearers of rings":                 nil,
		"null":                             secret.ErrNothing,
		"(null)":                           secret.ErrNothing,
		"undefined":                        secret.ErrNothing,
		"nullify":                          nil,
		"\xff\xfe":                         secret.ErrNotText,
		strings.Repeat("x", 64<<10+1):      secret.ErrTooLong,
		strings.Repeat("x", 64<<10) + "\n": nil,
	} {
		got, err := secret.Parse(raw)
		if !errors.Is(err, want) {
			t.Errorf("Parse(%.20q) error = %v, want %v", raw, err, want)
		}
		if want == nil && got.Reveal() != strings.TrimRight(raw, "\r\n") {
			t.Errorf("Parse(%.20q) = %q", raw, got.Reveal())
		}
		if want != nil && !got.IsZero() {
			t.Errorf("Parse(%.20q) kept a refused secret", raw)
		}
	}
}

// TestParseHeader: a header's value may be what a credential may not, and
// nothing else that is refused.
func TestParseHeader(t *testing.T) {
	for raw, want := range map[string]error{
		"Bearer " + plain:      nil,
		"Basic am9objpkb2U=\n": nil,
		"company-value":        nil,
		"":                     secret.ErrEmpty,
		"null":                 secret.ErrNothing,
		"$CF_ACCESS_SECRET":    secret.ErrVariable,
		"two\nlines":           secret.ErrLineBreak,
		" blank":               secret.ErrSurrounded,
	} {
		if got, err := secret.ParseHeader(raw); !errors.Is(err, want) || got.IsZero() != (want != nil) {
			t.Errorf("ParseHeader(%q) error = %v, want %v", raw, err, want)
		}
	}
}
