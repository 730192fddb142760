package onepassword

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode"

	"jira-cli/domain/fault"
)

var (
	// errGone means that an item or vault of a known id is no longer there.
	errGone = errors.New("the 1password item is gone")
	// errConflict means that somebody changed the item since it was read.
	errConflict = errors.New("the 1password item was changed meanwhile")
	// errEmptyRefused means that 1Password wants a value in the field.
	errEmptyRefused = errors.New("1password refuses the item as it would be")
)

// rule says what a text of 1Password's means. Either err is the answer, or a
// fault with code, message and hint ("" for the table's).
type rule struct {
	texts   []string // any of them, in lower case
	err     error
	code    fault.Code
	message string
	hint    string
}

const (
	hintSetting = "start the 1Password app, and turn on Settings > Developer > Integrate with other apps"
	hintNetwork = "check the network, and whether 1password.com can be reached"
)

// rules are tried from the top. The texts are those of SDK 0.4.1: its Go
// sources, the strings of its core, and what its users report of the desktop
// app, which sends prose ("Error { msg: Denied authorization for SDK client,
// inner: None }").
var rules = []rule{
	{texts: []string{"desktop application not found"}, code: fault.OnePasswordNotInstalled,
		message: "the 1password app is not installed"},
	{texts: []string{"failed to open library", "failed to load send_message", "failed to load free_message"}, code: fault.OnePasswordUnavailable,
		message: "the 1password app's sdk library cannot be loaded", hint: "update or reinstall the 1Password app"},
	{texts: []string{"home is not defined", "userprofile% is not defined"}, code: fault.OnePasswordUnavailable,
		message: "the 1password sdk needs a home directory", hint: "set HOME to the home directory"},
	// Return code -2 on Linux, -3 on macOS. Also what is returned when the app
	// does not run.
	{texts: []string{"connection channel is closed"}, code: fault.OnePasswordIntegrationOff,
		message: "the 1password app does not accept other apps, or does not run", hint: hintSetting},
	{texts: []string{"unexpectedly dropped"}, code: fault.OnePasswordUnavailable,
		message: "the 1password app dropped the connection", hint: hintSetting},
	{texts: []string{"session expired", "sessionexpired", "invalid client id"}, code: fault.OnePasswordSessionExpired,
		message: "1password's authorization expired"},
	{texts: []string{"rate limit", "ratelimit"}, code: fault.OnePasswordRateLimited,
		message: "1password asks to slow down"},
	{texts: []string{"account not found", "account couldn't be found", "account was not found"}, code: fault.OnePasswordAccountUnknown,
		message: "the 1password app does not have this account"},
	{texts: []string{"is locked", "app locked", "account locked", "locked state"}, code: fault.OnePasswordLocked,
		message: "1password is locked"},
	// The app says so when the request was turned down, when the screen was
	// locked so that it could not be shown, and when another process was asking.
	{texts: []string{"denied authorization", "authorization denied", "declined", "dismissed", "user cancel", "canceled by", "cancelled by", "rejected by"}, code: fault.OnePasswordDeclined,
		message: "the request was declined in the 1password app",
		hint:    "run the command again and approve the request; if none was shown, unlock the app and let one command ask at a time"},
	{texts: []string{"service account token", "service account deserialization", "'ops_'"}, code: fault.OnePasswordTokenInvalid,
		message: "1password does not accept OP_SERVICE_ACCOUNT_TOKEN", hint: "set OP_SERVICE_ACCOUNT_TOKEN to a valid token, or name an account with --onepassword-account"},
	{texts: []string{"incorrect item version", "incorrectitemversion", "a conflict occurred"}, err: errConflict},
	{texts: []string{"too big", "toobig", "too large"}, code: fault.SecretTooLarge,
		message: "the 1password item would be larger than 1password takes"},
	{texts: []string{"validation error", "validationerror"}, err: errEmptyRefused},
	{texts: []string{"right permissions", "permission denied", "permissionerror"}, code: fault.OnePasswordVaultNotFound,
		message: "this account may not do that in the 1password vault", hint: "give the account, or the service account, read and write access to the vault"},
	{texts: []string{"vault not found", "no vault matched"}, code: fault.OnePasswordVaultNotFound,
		message: "1password does not find the vault"},
	{texts: []string{"item not found", "itemnotfound", "item was not found", "no item matched", "resource not found", "not in an active state"}, err: errGone},
	{texts: []string{"reqwest", "error sending request", "http error", "request timeout", "connection refused", "no such host", "network"}, code: fault.OnePasswordUnavailable,
		message: "1password could not be reached", hint: hintNetwork},
}

// authenticationRules follow the others: what "not authenticated" means depends
// on who was to authenticate.
var authentication = []string{"not authenticated", "failed to authenticate", "authentication error", "unauthorized"}

// translate turns an error of the SDK into a fault of the closed table or one
// of the sentinels above. hidden are texts that must not be shown, because they
// are or may be secret.
func translate(err error, service bool, hidden ...string) error {
	if err == nil {
		return nil
	}
	if isDecoding(err) {
		return fault.New(fault.OnePasswordUnavailable, "1password's answer is not what its sdk expects").
			WithHint("update the 1Password app, and run the command again")
	}
	name, text := parse(err)
	lower := strings.ToLower(name + ": " + text)
	for _, r := range rules {
		if !containsAny(lower, r.texts) {
			continue
		}
		if r.err != nil {
			return r.err
		}
		return r.fault()
	}
	if name == "Auth" || name == "ServiceAccountTokenParsing" || containsAny(lower, authentication) {
		if service {
			return fault.New(fault.OnePasswordTokenInvalid, "1password does not accept OP_SERVICE_ACCOUNT_TOKEN")
		}
		return fault.New(fault.OnePasswordSessionExpired, "1password's authorization expired")
	}
	return fault.New(fault.OnePasswordUnavailable, "1password refused the request: %s", display(text, hidden))
}

func (r rule) fault() *fault.Fault {
	f := fault.New(r.code, "%s", r.message)
	if r.hint != "" {
		f = f.WithHint("%s", r.hint)
	}
	return f
}

func containsAny(text string, any []string) bool {
	for _, s := range any {
		if strings.Contains(text, s) {
			return true
		}
	}
	return false
}

// isDecoding reports whether the SDK could not read an answer. Such errors
// quote the answer, which may contain a secret.
func isDecoding(err error) bool {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	return errors.As(err, &syntax) || errors.As(err, &kind) ||
		containsAny(err.Error(), []string{"parsing time", "JSON input", "invalid character", "cannot unmarshal"})
}

// parse returns the name and the message of an error. After it opened a second
// session by itself the SDK returns the app's JSON as it came.
func parse(err error) (name, text string) {
	var u *upstream
	if errors.As(err, &u) {
		return u.name, u.text
	}
	text = err.Error()
	var raw struct {
		Name    string `json:"name"`
		Message string `json:"message"`
	}
	if at := strings.Index(text, "{"); at >= 0 && json.Unmarshal([]byte(text[at:]), &raw) == nil && raw.Name+raw.Message != "" {
		return raw.Name, raw.Message
	}
	return "", text
}

// longest is the length to which a text of 1Password's is cut, in characters.
const longest = 200

// tokens are texts that look like credentials of 1Password's or Atlassian's.
var tokens = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(ops_|ATATT|ATCTT)[A-Za-z0-9+/=_-]{4,}`)
})

// display makes a text of 1Password's fit for a message: one line, bounded,
// without control and format characters, without hidden texts and tokens.
func display(text string, hidden []string) string {
	for _, h := range hidden {
		if h != "" {
			text = strings.ReplaceAll(text, h, "****")
		}
	}
	text = tokens().ReplaceAllString(text, "****")
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, text)
	text = strings.TrimRight(strings.Join(strings.Fields(text), " "), ". ")
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest]) + "…"
	}
	if text == "" {
		return "no reason was given"
	}
	return text
}

// settle gives a code to those of the sentinels that met nobody who expected
// them.
func settle(err error) error {
	switch {
	case errors.Is(err, errGone):
		return fault.New(fault.OnePasswordVaultNotFound, "the 1password vault is gone, or hidden from this account")
	case errors.Is(err, errConflict), errors.Is(err, errEmptyRefused):
		return fault.New(fault.OnePasswordUnavailable, "1password refused the change of the item")
	}
	return err
}

// panicked is the error for a panic on the way through the SDK. The value of
// the panic may quote an answer, so only its type is told.
func panicked(v any) error {
	return fault.New(fault.InternalError, "internal error: the 1password sdk panicked with a %s", fmt.Sprintf("%T", v))
}
