package output_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jira-cli/adapters/cli/output"
	"jira-cli/domain/fault"
)

func TestJSONEscapesWhatTerminalsActOn(t *testing.T) {
	for text, want := range map[string]string{
		"<b> & 'c'":      `"<b> & 'c'"`,
		"\x1b[31m\x00":   `"\u001b[31m\u0000"`,
		"\x7f":           `"\u007f"`,
		"\u009b31m":      `"\u009b31m"`,
		"\u0085":         `"\u0085"`,
		"a\u202eb\u200b": `"a\u202eb\u200b"`,
		"\u00ad":         `"\u00ad"`,
		"\ufeff":         `"\ufeff"`,
		"\U000e0041":     `"\udb40\udc41"`, // a tag, as a surrogate pair
		"\U0001d173":     `"\ud834\udd73"`, // a musical format character
		"\u2028":         `"\u2028"`,
		"Zoë 山田 👍":       `"Zoë 山田 👍"`,
		`"\`:             `"\"\\"`,
	} {
		got, err := output.JSON(text)
		if err != nil || strings.TrimSuffix(string(got), "\n") != want {
			t.Errorf("JSON(%+q) = %s, %v, want %s", text, got, err, want)
		}
		var back string
		if err := json.Unmarshal(got, &back); err != nil || back != text {
			t.Errorf("%s reads as %+q, %v", got, back, err)
		}
	}
}

func TestEnvelope(t *testing.T) {
	zero := 0
	f := fault.New(fault.JiraRateLimited, "slow down").WithHint("wait").WithProfile("work")
	f.Details.HTTPStatus, f.Details.RetryAfterSeconds = 429, &zero
	got, err := output.JSON(output.Envelope{
		Meta:   output.Meta{Command: "auth.whoami", ExitCode: 4, Timestamp: "2026-05-27T00:00:00Z", RequestID: "req"},
		Errors: []output.Record{output.NewRecord(f)}, Warnings: []output.Warning{},
	})
	const want = `{
  "ok": false,
  "meta": {
    "command": "auth.whoami",
    "exit_code": 4,
    "timestamp": "2026-05-27T00:00:00Z",
    "request_id": "req"
  },
  "data": null,
  "errors": [
    {
      "type": "rate_limit",
      "code": "jira_rate_limited",
      "message": "slow down",
      "hint": "wait",
      "retryable": true,
      "http_status": 429,
      "profile": "work",
      "retry_after_seconds": 0
    }
  ],
  "warnings": []
}
`
	if diff := cmp.Diff(want, string(got)); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

// auth_failed is documented whole: its record has no further members.
func TestAuthFailedHasNoDetails(t *testing.T) {
	f := fault.New(fault.AuthFailed, "refused").WithProfile("work").WithFlag("email")
	f.Details.HTTPStatus = 401
	want := output.Record{Type: fault.TypeAuth, Code: fault.AuthFailed, Message: "refused"}
	if diff := cmp.Diff(want, output.NewRecord(f)); diff != "" {
		t.Error(diff)
	}
}

func TestPairs(t *testing.T) {
	type nested struct{ X int }
	for name, c := range map[string]struct {
		data any
		want string
	}{
		"sorted by key": {struct {
			B string `json:"b"`
			A string `json:"a"`
		}{"2", "1"}, "a=1 b=2"},
		"empty and null are left out": {struct {
			S string  `json:"s"`
			P *string `json:"p"`
			L []int   `json:"l"`
			E []int   `json:"e"`
		}{E: []int{}}, ""},
		"false and zero are values": {struct {
			B bool `json:"b"`
			N int  `json:"n"`
		}{}, "b=false n=0"},
		"large numbers stay whole": {map[string]any{"n": 12345678901234567}, "n=12345678901234567"},
		"quoted where needed": {map[string]any{"blank": "a b", "equals": "a=b", "quote": `a"b`, "none": "a/b:c@d.e"},
			`blank="a b" equals="a=b" none=a/b:c@d.e quote="a\"b"`},
		"one line and clean":     {map[string]any{"k": "a\nb\x1b[31m\u202ec"}, `k="a bc"`},
		"lists":                  {map[string]any{"one": []string{"a", "b"}, "two": []string{"a b", "c"}}, `one=a,b two="a b,c"`},
		"tables are left out":    {map[string]any{"k": nested{1}, "z": 1}, "z=1"},
		"what is no object":      {[]int{1}, ""},
		"what cannot be encoded": {func() {}, ""},
	} {
		if got := output.Pairs(c.data); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestTable(t *testing.T) {
	got := output.Table([][]string{{"PROFILE", "SITE", "ACTIVE"}, {"zoë", "https://example.atlassian.net", "✓"}, {"w\x1b[31mork", "", ""}})
	const want = "" +
		"PROFILE  SITE                           ACTIVE\n" +
		"zoë      https://example.atlassian.net  ✓\n" +
		"work\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := output.Table(nil); got != "" {
		t.Errorf("no rows give %q", got)
	}
}

func TestLines(t *testing.T) {
	plain, colour := output.Style{}, output.Style{Colour: true}
	f := fault.New(fault.ProfileNotFound, "there is no\nprofile").WithHint("look").WithSuggestions([]string{"home", "work"})
	f.Details.UpstreamMessages = []string{"a\x1b[2Jb"}
	for got, want := range map[string]string{
		output.Error(plain, f): "ERR ❌ there is no profile code=profile_not_found type=not_found\n" +
			"    hint: did you mean home or work? look\n    jira: ab\n",
		output.Error(colour, fault.New(fault.Canceled, "stopped")):  "\x1b[31mERR\x1b[0m ❌ stopped code=canceled type=canceled\n",
		output.Info(plain, "", map[string]any{"a": 1}):              "INF ℹ️ a=1",
		output.Info(plain, "done", nil):                             "INF ℹ️ done",
		output.Warn(plain, output.Warning{Type: "t", Message: "m"}): "WRN ⚠️ m type=t",
		colour.Mark(false) + plain.Mark(true):                       "\x1b[31m✗\x1b[0m✓",
		colour.Strong("") + colour.Faint("x"):                       "\x1b[2mx\x1b[0m",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
