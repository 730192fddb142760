package secret_test

import (
	"testing"

	"jira-cli/domain/secret"
)

func TestForm(t *testing.T) {
	for text, want := range map[string]secret.Form{
		"": secret.FormNone,
		"ATATT3xFfGF0-an-example-token-of-some-length=0123ABCD":  secret.FormAtlassian,
		"ATATT3xFfGF0-an-example-token-of-some-length=0123abcd":  secret.FormAtlassian,
		"ATSTT3xFfGF0-a-service-account's-example=0123ABCD":      secret.FormAtlassian,
		"ATATT3xFfGF0-an-example-token-of-some-length":           secret.FormCut,
		"ATATT3xFfGF0-an-example-token-of-some-length=0123ABC":   secret.FormCut,
		"ATATT3xFfGF0-an-example-token-of-some-length=0123ABCDE": secret.FormCut,
		"ATATT3xFfGF0-an-example-token-of-some-length=0123ABCX":  secret.FormCut,
		"ATATT=0123ABC":            secret.FormCut,
		"ATAT":                     secret.FormOther,
		"correct horse battery":    secret.FormOther,
		"abcdefghijklmnopqrstuvwx": secret.FormOther,
		"\u00e4\u00f6\u00fc":       secret.FormOther,
	} {
		if got := secret.New(text).Form(); got != want {
			t.Errorf("%q looks like %q, want %q", text, got, want)
		}
	}
}
