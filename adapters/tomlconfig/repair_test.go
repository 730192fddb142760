package tomlconfig

import (
	"strings"
	"testing"

	"jira-cli/domain/fault"
)

func TestRepair(t *testing.T) {
	for name, c := range map[string]struct {
		text, key, value, want string
		code                   fault.Code
	}{
		"one of two":                   {"output = 1 # o\r\ntimeout = \"x\"\r\n", "output", "json", "output = \"json\" # o\r\ntimeout = \"x\"\r\n", ""},
		"a mark of order at the begin": {"\xef\xbb\xbfno_input = \"?\"\n", "no_input", "true", "\xef\xbb\xbfno_input = true\n", ""},
		"another key is wrong":         {"output = 1\ntimeout = \"1s\"\n", "timeout", "2s", "", fault.ConfigInvalid},
		"the new value is wrong too":   {"output = 1\n", "output", "xml", "", fault.ConfigWriteFailed},
		"no TOML":                      {"output = \n", "output", "json", "", fault.ConfigInvalid},
		"a profile's site, an inline table": {"profiles.a = {base_url = 7, email = \"j\"}\n", "profiles.a.base_url", "https://example.atlassian.net",
			"profiles.a = {base_url = \"https://example.atlassian.net\", email = \"j\"}\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := repair([]byte(c.text), strings.Split(c.key, "."), c.value)
			code := fault.Code("")
			if i, ok := err.(*invalid); ok {
				code = i.fault.Code
			} else if err != nil {
				code = fault.CodeOf(err)
			}
			if code != c.code || err == nil && string(got) != c.want {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}
