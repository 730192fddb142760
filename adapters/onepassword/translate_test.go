package onepassword_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"jira-cli/adapters/onepassword"
	"jira-cli/domain/fault"
)

// The SDK's and the app's own words, and what they mean.
func TestTranslation(t *testing.T) {
	for text, want := range map[string]fault.Code{
		"1Password desktop application not found": fault.OnePasswordNotInstalled,
		"failed to open library":                  fault.OnePasswordUnavailable,
		"failed to load send_message":             fault.OnePasswordUnavailable,
		"$HOME is not defined":                    fault.OnePasswordUnavailable,
		"error initializing client: desktop app connection channel is closed. Make sure Settings > Developer > Integrate with other apps is enabled, or contact 1Password support":                   fault.OnePasswordIntegrationOff,
		"connection was unexpectedly dropped by the desktop app. Make sure the desktop app is running and Settings > Developer > Integrate with other apps is enabled, or contact 1Password support": fault.OnePasswordUnavailable,
		"an internal error occurred. Please contact 1Password support and mention the return code: -4":                                                                                               fault.OnePasswordUnavailable,
		"error initializing client: An error occurred when processing SDK request: Error { msg: Account not found, inner: None }":                                                                    fault.OnePasswordAccountUnknown,
		"error initializing client: An internal error occurred when processing SDK request: Error { msg: Account not found, inner: None }":                                                           fault.OnePasswordAccountUnknown,
		"An error occurred when processing SDK request: Error { msg: Denied authorization for SDK client, inner: None }":                                                                             fault.OnePasswordDeclined,
		`{"name":"Internal","message":"An error occurred when processing SDK request: Error { msg: Denied authorization for SDK client, inner: None }"}`:                                             fault.OnePasswordDeclined,
		`{"name":"DesktopSessionExpired","message":"gone"}`:                       fault.OnePasswordSessionExpired,
		"an internal error occurred, please contact 1Password: Invalid client ID": fault.OnePasswordSessionExpired,
		`{"name":"RateLimitExceeded","message":"x"}`:                              fault.OnePasswordRateLimited,
		"rate limit exceeded": fault.OnePasswordRateLimited,
		"1Password is locked": fault.OnePasswordLocked,
		"invalid service account token, please make sure you provide a valid service account token as parameter: x": fault.OnePasswordTokenInvalid,
		"service account token had invalid format, please create another token: x":                                  fault.OnePasswordTokenInvalid,
		"bad service account token, please rotate it: x":                                                            fault.OnePasswordTokenInvalid,
		"you don't have the right permissions to access this resource":                                              fault.OnePasswordVaultNotFound,
		"error sending request for url (https://my.1password.com/)":                                                 fault.OnePasswordUnavailable,
		"request timeout": fault.OnePasswordUnavailable,
		"":                fault.OnePasswordUnavailable,
		"anything else":   fault.OnePasswordUnavailable,
	} {
		err := onepassword.TranslateText(errors.New(text), false)
		if got := fault.CodeOf(err); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
		checkFault(t, err)
	}
}

// "Not authenticated" is about the token or about the app's approval.
func TestAuthenticationDependsOnWhoAsked(t *testing.T) {
	for _, text := range []string{"authentication error: you are not authenticated", `{"name":"Auth","message":"no"}`} {
		if got := fault.CodeOf(onepassword.TranslateText(errors.New(text), true)); got != fault.OnePasswordTokenInvalid {
			t.Errorf("%q of a service account is %s", text, got)
		}
		if got := fault.CodeOf(onepassword.TranslateText(errors.New(text), false)); got != fault.OnePasswordSessionExpired {
			t.Errorf("%q of the app is %s", text, got)
		}
	}
}

// What 1Password says is shown bounded, on one line, without secrets.
func TestUpstreamTextIsTamed(t *testing.T) {
	long := strings.Repeat("long ", 200)
	err := onepassword.TranslateText(errors.New("odd\r\n\x1b[31m\u202evalue s3cr3t-text, ops_eyJhbGciOi and ATATT3xFfGF0abc. "+long), false, "s3cr3t-text", "")
	f := fault.From(err)
	for _, leak := range []string{"s3cr3t", "eyJhb", "xFfGF0", "\x1b", "\n", "\u202e"} {
		if strings.Contains(fmt.Sprintf("%#v", f), leak) {
			t.Errorf("%q shows %q", f.Message, leak)
		}
	}
	if !strings.HasPrefix(f.Message, "1password refused the request: odd [31mvalue ****, **** and ****. long") {
		t.Errorf("the message is %q", f.Message)
	}
	checkFault(t, err)
	// A decoding error quotes what it could not decode.
	var n int
	syntax := json.Unmarshal([]byte(`"s3cr3t"`), &n)
	if got := onepassword.TranslateText(fmt.Errorf("get: %w", syntax), false); strings.Contains(got.Error(), "string") {
		t.Errorf("the decoder's text is shown: %v", got)
	}
	for _, text := range []string{"error initializing client: invalid character 's' in literal null", "json: cannot unmarshal string into Go value"} {
		if got := onepassword.TranslateText(errors.New(text), false); !strings.Contains(got.Error(), "answer is not what its sdk expects") {
			t.Errorf("%q gives %v", text, got)
		}
	}
	if got := onepassword.TranslateText(errors.New(" \n."), false); !strings.HasSuffix(got.Error(), "no reason was given") {
		t.Errorf("an empty text gives %q", got)
	}
}

func checkFault(t *testing.T, err error) {
	t.Helper()
	f := fault.From(err)
	entry := fault.Lookup(f.Code)
	bad := func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }
	switch {
	case f.Code == fault.InternalError, entry.Code != f.Code:
		t.Errorf("%v has no code of the table but %s", err, f.Code)
	case f.Message == "" || strings.HasSuffix(f.Message, ".") || !utf8.ValidString(f.Message) || strings.IndexFunc(f.Message, bad) >= 0:
		t.Errorf("the message is %q", f.Message)
	case utf8.RuneCountInString(f.Message) > onepassword.MaxText+100:
		t.Errorf("the message has %d bytes", len(f.Message))
	case f.Hint == "":
		t.Errorf("%s has no hint", f.Code)
	}
}

// FuzzTranslate gives the translation any text as an error of the SDK.
func FuzzTranslate(f *testing.F) {
	for _, text := range []string{"", "{", `{"name":1}`, "error initializing client: {\"name\":\"Item\",\"message\":\"x\"}", "\xff", "item not found", "incorrect item version", "validation error"} {
		f.Add(text, true)
		f.Add(text, false)
	}
	f.Fuzz(func(t *testing.T, text string, service bool) {
		checkFault(t, onepassword.TranslateText(errors.New(text), service, "hidden"))
	})
}
