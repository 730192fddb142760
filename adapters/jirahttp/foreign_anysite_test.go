package jirahttp

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
)

func TestDecodeUser(t *testing.T) {
	t.Parallel()
	good := access.Identity{AccountID: "jdoe", DisplayName: "J", Email: "j@example.com", TimeZone: "UTC"}
	for body, want := range map[string]*access.Identity{
		`{"name":"jdoe","key":"JIRAUSER1","displayName":"J","emailAddress":"j@example.com","timeZone":"UTC"}`: &good,
		`{"name":"jörg müller"}`: {AccountID: "jörg müller"},
		`{"name":""}`:            nil,
		`{"name":1}`:             nil,
		`{"accountId":"712020:1","displayName":"J"}`:  nil,
		`{"name":"\u001b[31m"}`:                       nil,
		`{"name":"a\u202eb"}`:                         nil,
		`{"name":"` + strings.Repeat("x", 256) + `"}`: nil,
		`[]`: nil, `null`: nil,
	} {
		got, err := decodeUser([]byte(body))
		if want == nil {
			if fault.CodeOf(err) != fault.JiraBadResponse || got != (access.Identity{}) {
				t.Errorf("%s: %+v, %v", body, got, err)
			}
		} else if err != nil || got != *want {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
}

func TestDecodeExpiry(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
	now := time.Date(2026, 5, 27, 0, 0, 0, 0, time.UTC)
	never := time.Time{}
	for body, want := range map[string]*time.Time{
		`[]`: &never, `null`: &never, `[{"id":1,"name":"ci"}]`: &never, `[{"expiringAt":null}]`: &never, `[{"expiringAt":""}]`: &never,
		`[{"expiringAt":"2026-08-01T12:00:00.000+0000"}]`: &end, `[{"expiringAt":"2026-08-01T14:00:00+02:00"}]`: &end,
		`[{"expiringAt":"2026-08-01T12:00:00Z"},{"expiringAt":"2026-08-01T12:00:00.000+0000"}]`: &end,
		`[{"expiringAt":"2026-08-01T12:00:00Z"},{"expiringAt":"2020-08-01T12:00:00Z"}]`:         &end,
		// As recorded from a Data Center: milliseconds, and a colon in the offset. What is kept has seconds.
		`[{"id":58,"name":"test","createdAt":"2026-05-04T22:35:14.728+00:00","lastAccessedAt":"2026-05-04T22:55:16.025+00:00","expiringAt":"2026-08-01T12:00:00.728+00:00"}]`: &end,
		`[{"expiringAt":"2026-08-01T12:00:00.999+0000"}]`:                               &end,
		`[{"expiringAt":"2026-08-01T12:00:00Z"},{}]`:                                    &never,
		`[{"expiringAt":"2026-08-01T12:00:00Z"},{"expiringAt":"2026-08-02T12:00:00Z"}]`: &never,
		`[{"expiringAt":"2020-08-01T12:00:00Z"}]`:                                       &never,
		`[{"expiringAt":"soon"}]`:                                                       nil, `[{"expiringAt":1785585600000}]`: nil, `{}`: nil, `[1]`: nil, `"x"`: nil,
	} {
		got, err := decodeExpiry([]byte(body), now)
		if want == nil {
			if fault.CodeOf(err) != fault.JiraBadResponse || !got.IsZero() {
				t.Errorf("%s: %v, %v", body, got, err)
			}
		} else if err != nil || !got.Equal(*want) {
			t.Errorf("%s: %v, %v", body, got, err)
		}
	}
}

// deploymentType is optional in the published description of the API; Cloud's
// versions begin with 1000 or more.
func TestDecodeServer(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]access.Server{
		`{"version":"9.12.4","deploymentType":"Server"}`:           {Deployment: profile.DataCenter, Version: "9.12.4"},
		`{"version":"1001.0.0-SNAPSHOT","deploymentType":"Cloud"}`: {Deployment: profile.Cloud, Version: "1001.0.0-SNAPSHOT"},
		`{"version":"1001.0.0-SNAPSHOT"}`:                          {Deployment: profile.Cloud, Version: "1001.0.0-SNAPSHOT"},
		`{"version":"1000"}`:                                       {Deployment: profile.Cloud, Version: "1000"},
		`{"version":"999.9"}`:                                      {Deployment: profile.DataCenter, Version: "999.9"},
		`{"version":"7.6.1"}`:                                      {Deployment: profile.DataCenter, Version: "7.6.1"},
	} {
		if got, err := sampleSession().decodeServer([]byte(body)); err != nil || got != want {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
}

func FuzzUser(f *testing.F) {
	for _, body := range []string{`{"name":"jdoe"}`, `{"name":"j\ud800"}`, `{"NAME":"x","name":2}`, `<html>`, `null`, "{\"name\":\"\xff\"}"} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		id, err := decodeUser(body)
		if err == nil && !validName(id.AccountID) || err != nil && (fault.CodeOf(err) != fault.JiraBadResponse || id != (access.Identity{})) {
			t.Errorf("%q: %+v, %v", body, id, err)
		}
	})
}

func FuzzExpiry(f *testing.F) {
	for _, body := range []string{`[]`, `[{"expiringAt":"2026-08-01T12:00:00.000+0000"}]`, `[{"expiringAt":"9999-12-31T23:59:59-23:59"}]`, `[{"expiringAt":"0000-01-01T00:00:00Z"}]`, `[null]`, `[{"expiringAt":null},{}]`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		end, err := decodeExpiry(body, time.Date(2026, 5, 27, 0, 0, 0, 0, time.UTC))
		if err != nil && (fault.CodeOf(err) != fault.JiraBadResponse || !end.IsZero()) || !end.IsZero() && (end.Year() < 2026 || end.Year() > 10000) {
			t.Errorf("%q: %v, %v", body, end, err)
		}
	})
}

func FuzzServer(f *testing.F) {
	for _, body := range []string{`{"version":"9.12.4","deploymentType":"Server"}`, `{"version":"1001.0.0-SNAPSHOT","deploymentType":"Cloud"}`, `{"version":"\n"}`, `{"version":9}`, `null`, `{"version":"` + strings.Repeat("ä", 100) + `"}`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		s, err := sampleSession().decodeServer(body)
		if err != nil && (fault.CodeOf(err) != fault.JiraBadResponse || s != (access.Server{})) {
			t.Errorf("%q: %+v, %v", body, s, err)
		}
		if err == nil && (s.Version == "" || utf8.RuneCountInString(s.Version) > maxVersion+1 || strings.ContainsAny(s.Version, "\r\n") || s.Deployment == "") {
			t.Errorf("%q: %+v", body, s)
		}
	})
}

func FuzzTenant(f *testing.F) {
	for _, body := range []string{`{"cloudId":"11111111-2222-4333-8444-555555555555"}`, `{"cloudId":"../x"}`, `{"cloudId":null}`, `{"cloudId":"aaaaaaaa/.."}`, `[]`, `{"cloudid":"aaaaaaaa"}`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		id, err := decodeTenant(body)
		if err == nil && (!profile.IsCloudID(id) || strings.ContainsAny(id, "/.?#%")) || err != nil && (id != "" || fault.CodeOf(err) != fault.JiraBadResponse) {
			t.Errorf("%q: %q, %v", body, id, err)
		}
	})
}

func FuzzSession(f *testing.F) {
	for _, body := range []string{`{"session":{"name":"JSESSIONID","value":"ABC"}}`, `{"session":{"name":"a b","value":"c"}}`, `{"session":{"name":"a","value":"b\r\nSet-Cookie: x=y"}}`, `{"session":{"name":"a","value":"b; c=d"}}`, `{}`, `null`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		name, value, err := decodeSession(body)
		if err == nil && (!isToken(name) || value == "" || strings.ContainsAny(value, " ;,\"\\\r\n\x00\x7f") || len(value) > maxCookie) ||
			err != nil && (fault.CodeOf(err) != fault.JiraBadResponse || name+value != "") {
			t.Errorf("%q: %q=%q, %v", body, name, value, err)
		}
	})
}
