package jirahttp

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/scrub"

	"github.com/google/go-cmp/cmp"
)

const secretText = "ATATT3xFfGF0-fuzz/+&=0123ABCD"

// sampleSession has a credential that foreign text may repeat.
func sampleSession() *session {
	s := &session{scrub: &scrub.Scrubber{}}
	s.scrub.LearnLogin("john.doe@example.com", secretText)
	return s
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	const date = "Wed, 27 May 2026 00:00:00 GMT"
	now := func() time.Time { return time.Date(2026, 5, 27, 0, 0, 10, 0, time.UTC) }
	none := -1
	for _, c := range []struct {
		after, date string
		now         func() time.Time
		want        int
	}{
		{"30", "", nil, 30},
		{" 0 ", "", nil, 0},
		{"2147483647", "", nil, 2147483647},
		{"", date, now, none},
		{"-1", date, now, none},
		{"1.5", date, now, none},
		{"soon", date, now, none},
		{"99999999999999999999", date, now, none},
		{"Wed, 27 May 2026 00:01:00 GMT", date, now, 60},
		{"Wed, 27 May 2026 00:01:00 GMT", "", now, 50},
		{"Wed, 27 May 2026 00:01:00 GMT", "nonsense", now, 50},
		{"Wed, 27 May 2026 00:01:00 GMT", "", nil, none},
		{"Wednesday, 27-May-26 00:01:00 GMT", date, nil, 60},
		{"Tue, 26 May 2026 00:00:00 GMT", date, nil, 0},
	} {
		got := retryAfter(http.Header{"Retry-After": {c.after}, "Date": {c.date}}, c.now)
		if got == nil && c.want != none || got != nil && *got != c.want {
			t.Errorf("retryAfter(%q, Date %q) = %v, want %d", c.after, c.date, got, c.want)
		}
	}
	for reset, want := range map[string]int{"2026-05-27T00:02Z": 120, "2026-05-27T00:01:30Z": 90, "2026-05-26T00:00Z": 0, "soon": none} {
		got := retryAfter(http.Header{"X-Ratelimit-Reset": {reset}, "Date": {date}}, nil)
		if got == nil && want != none || got != nil && *got != want {
			t.Errorf("X-RateLimit-Reset %q: %v, want %d", reset, got, want)
		}
	}
	fraction := func() time.Time { return now().Add(500 * time.Millisecond) }
	if got := retryAfter(http.Header{"Retry-After": {"Wed, 27 May 2026 00:01:00 GMT"}}, fraction); got == nil || *got != 50 {
		t.Errorf("a fraction of a second is not waited for: %v", got)
	}
}

func TestUpstreamMessageForms(t *testing.T) {
	t.Parallel()
	for body, want := range map[string][]string{
		``:                 nil,
		`{}`:               nil,
		`{"errorMessages"`: nil,
		`{"errorMessages":["a","b\nc"],"errors":{"y":"2","x":"1","z":3}}`: {"a", "b c", "x: 1", "y: 2"},
		`{"errorMessages":"one","message":"two"}`:                         {"two"},
		`{"errors":["no"],"error":"invalid","error_description":"why"}`:   {"no", "invalid", "why"},
		`{"errorMessages":["1","2","3","4","5","6"]}`:                     {"1", "2", "3", "4", "5"},
		`{"code":401,"message":"Unauthorized; scope does not match"}`:     {"Unauthorized; scope does not match"},
		` <?xml version="1.0"?><status><message>m</message></status>`:     {"m"},
		`<html><head><title>` + "\n T \n" + `</title></head></html>`:      {"T"},
		`<html><title>open`:                       nil,
		"plain\r\n text ":                         {"plain text"},
		`["an array"]`:                            {"an array"},
		`[{"message":"m"},{"detail":"d"}]`:        {"m", "d"},
		`{"errors":[{"title":"t","detail":"d"}]}`: {"d", "t"},
		`<HTML><HEAD><TITLE lang="en">Access &amp; Denied</TITLE>`: {"Access & Denied"},
		`<html><body><h1 class="x">Blocked <b>here</b></h1>`:       {"Blocked here"},
		"it&#39;s &quot;plain&quot;":                               {"it's \"plain\""},
		strings.Repeat("ä", 301):                                   {strings.Repeat("ä", 300) + "…"},
		strings.Repeat("z", 295) + secretText:                      {strings.Repeat("z", 295) + "[cred…"},
		"\xff\xfe":                                                 {"\uFFFD"},
	} {
		got := sampleSession().texts(upstreamMessages("text/plain", []byte(body)))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", body, diff)
		}
	}
	if got := upstreamMessages("application/octet-stream", []byte("binary")); got != nil {
		t.Errorf("a binary body says %q", got)
	}
}

// TestUnzipped: gzip that nobody asked for is undone, within a bound, and what is
// no gzip, or only begins like it, stays.
func TestUnzipped(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write([]byte(`{"message":"m"}`))
	_ = w.Close()
	for name, c := range map[string]struct {
		body  string
		limit int64
		want  string
	}{
		"gzip":       {packed.String(), 100, `{"message":"m"}`},
		"bounded":    {packed.String(), 5, `{"mes`},
		"plain":      {"plain", 3, "plain"},
		"begins so":  {"\x1f\x8b no", 100, "\x1f\x8b no"},
		"cut":        {packed.String()[:packed.Len()-6], 100, `{"message":"m"}`},
		"no content": {"", 100, ""},
	} {
		if got := string(unzipped([]byte(c.body), c.limit)); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestDecodeMyself(t *testing.T) {
	t.Parallel()
	good := access.Identity{AccountID: "712020:1", AccountType: "app", DisplayName: "J", Email: "j@example.com", TimeZone: "UTC"}
	bare := access.Identity{AccountID: "712020:1"}
	for body, want := range map[string]*access.Identity{
		`{"accountId":"712020:1","accountType":"app","displayName":"J","emailAddress":"j@example.com","timeZone":"UTC","extra":[1]}`: &good,
		`{"accountId":"712020:1","emailAddress":null,"timeZone":null}`:                                                               &bare,
		`{"accountId":"712020:1"}`:                          &bare,
		`{"accountId":""}`:                                  nil,
		`{"accountId":null}`:                                nil,
		`{"accountId":1}`:                                   nil,
		`{"accountId":"712020:1","emailAddress":{"a":1}}`:   nil,
		`{"accountId":"two words"}`:                         nil,
		`{"accountId":"\u001b[31m"}`:                        nil,
		`{"accountId":"` + strings.Repeat("1", 129) + `"}`:  nil,
		`{"name":"admin","key":"admin","displayName":"DC"}`: nil,
		`[]`: nil, `null`: nil, `"text"`: nil, `1`: nil, `{} {}`: nil,
	} {
		got, err := decodeMyself([]byte(body))
		if want == nil {
			if fault.CodeOf(err) != fault.JiraBadResponse || got != (access.Identity{}) {
				t.Errorf("%s: %+v, %v", body, got, err)
			}
		} else if err != nil || got != *want {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
}

func TestDecodePermissions(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]access.Grants{
		`{"permissions":{"A":{"havePermission":true},"B":{"havePermission":false},"X":{}}}`: {"A": true, "B": false},
		`{"permissions":{"A":{"havePermission":true,"id":"1"}}}`:                            {"A": true, "B": false},
		`{"permissions":{}}`:                             {"A": false, "B": false},
		`{"permissions":null}`:                           nil,
		`{"permissions":[]}`:                             nil,
		`{"permissions":{"A":{}}}`:                       nil,
		`{"permissions":{"A":null}}`:                     nil,
		`{"permissions":{"A":true}}`:                     nil,
		`{"permissions":{"A":{"havePermission":"yes"}}}`: nil,
		`{"permissions":{"A":{"havePermission":1}}}`:     nil,
		`{}`: nil, `null`: nil, `[]`: nil,
	} {
		got, err := decodePermissions(api3+"/mypermissions", []byte(body), []string{"A", "B"})
		if diff := cmp.Diff(want, got); diff != "" || (err == nil) != (want != nil) || err != nil && fault.CodeOf(err) != fault.JiraBadResponse {
			t.Errorf("%s: %v\n%s", body, err, diff)
		}
	}
}

func TestLooksLikeJSON(t *testing.T) {
	t.Parallel()
	for body, ok := range map[string]bool{`{}`: true, " [1] \n": true, ``: false, " \n": false, `<html>`: false, `{`: false, "\x00": false, `{} x`: false} {
		if err := looksLikeJSON([]byte(body)); (err == nil) != ok {
			t.Errorf("%q: %v", body, err)
		}
	}
	for page, word := range map[string]string{
		"<html>Please log in</html>": "single sign-on", "<html>Maintenance</html>": "maintenance",
		"<html></html>": "base_url", "garbage about maintenance": "base_url",
	} {
		if hint, _ := hintFor([]byte(page)); !strings.Contains(hint, word) {
			t.Errorf("the hint for %q is %q", page, hint)
		}
	}
}

func FuzzUpstreamMessages(f *testing.F) {
	for _, body := range []string{
		``, `{"errorMessages":["a"],"errors":{"f":"g"}}`, `{"message":"` + secretText + `"}`, `<status><message>m</message></status>`,
		`<title></title>`, secretText, "\xff" + secretText, `{"errors":{"` + secretText + `":"x"}}`, strings.Repeat("x", 299) + secretText,
		base64.StdEncoding.EncodeToString([]byte(secretText)), "AT\nATT3", `{"errorMessages":null,"errors":[[[`,
	} {
		f.Add("text/plain", []byte(body))
		f.Add("application/json", []byte(body))
	}
	s := sampleSession()
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		messages := s.texts(upstreamMessages(contentType, body))
		if len(messages) > maxMessages {
			t.Errorf("%d messages", len(messages))
		}
		for _, m := range messages {
			if m == "" || utf8.RuneCountInString(m) > maxMessage+1 || strings.ContainsAny(m, "\r\n") || !utf8.ValidString(m) {
				t.Errorf("the message %q", m)
			}
			if strings.Contains(m, secretText) || strings.Contains(m, base64.RawStdEncoding.EncodeToString([]byte(secretText))) {
				t.Errorf("the message %q shows the secret", m)
			}
		}
	})
}

func FuzzRetryAfter(f *testing.F) {
	for _, text := range []string{"", "30", "-1", "007", "2147483648", "Wed, 27 May 2026 00:01:00 GMT", "Sat, 01 Jan 9999 00:00:00 GMT", "Mon Jan  2 15:04:05 2006", "\x00"} {
		f.Add(text, "Wed, 27 May 2026 00:00:00 GMT")
		f.Add(text, "Fri, 01 Jan 0001 00:00:00 GMT")
		f.Add(text, text)
	}
	f.Fuzz(func(t *testing.T, after, date string) {
		if got := retryAfter(http.Header{"Retry-After": {after}, "Date": {date}}, nil); got != nil && *got < 0 {
			t.Errorf("retryAfter(%q, %q) = %d", after, date, *got)
		}
	})
}

func FuzzMyself(f *testing.F) {
	for _, body := range []string{`{"accountId":"712020:1"}`, `{"accountId":"1","displayName":"\ud800","emailAddress":null}`, `{"ACCOUNTID":"x","accountId":2}`, `<html>`, `null`, "{\"accountId\":\"\xff\"}", `{"accountId":"1","accountId":"2"}`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		id, err := decodeMyself(body)
		switch {
		case err == nil && !validAccountID(id.AccountID):
			t.Errorf("%q is the account %q", body, id.AccountID)
		case err == nil && (!utf8.ValidString(id.DisplayName) || looksLikeJSON(body) != nil):
			t.Errorf("%q was taken as %+v", body, id)
		case err != nil && (fault.CodeOf(err) != fault.JiraBadResponse || id != (access.Identity{})):
			t.Errorf("%q: %+v, %v", body, id, err)
		}
	})
}

func FuzzPermissions(f *testing.F) {
	for _, body := range []string{`{"permissions":{"A":{"havePermission":true}}}`, `{"permissions":{"a":{"havePermission":true}}}`, `{"permissions":{"A":{"havePermission":null}}}`, `{"permissions":[]}`, `null`, `{"permissions":{"A":{"havePermission":true},"A":{}}}`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		grants, err := decodePermissions(api3+"/mypermissions", body, []string{"A", "B"})
		if err == nil && len(grants) != 2 || err != nil && (grants != nil || fault.CodeOf(err) != fault.JiraBadResponse) {
			t.Errorf("%q: %v, %v", body, grants, err)
		}
	})
}
