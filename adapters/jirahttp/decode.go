package jirahttp

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/ports"
)

// looksLikeJSON says what a body is that is not JSON, nil for one that is.
func looksLikeJSON(body []byte) error {
	trimmed := bytes.TrimSpace(body)
	switch {
	case len(trimmed) == 0:
		return errors.New("an empty body in place of JSON")
	case trimmed[0] == '<':
		return errors.New("a web page in place of JSON")
	case !json.Valid(trimmed):
		return errors.New("something that is not JSON")
	}
	return nil
}

// hintFor guesses from a page's words who answered in Jira's place, and returns
// what to do and, where it is one of those of ports, the cause.
func hintFor(body []byte) (string, error) {
	page := strings.ToLower(string(body[:min(len(body), maxError)]))
	if !strings.Contains(page, "<") {
		return fault.Lookup(fault.JiraBadResponse).Hint, nil
	}
	for _, word := range []string{"log in", "login", "sign in", "signin"} {
		if strings.Contains(page, word) {
			return access.CauseLoginPage.Row(access.About{}).Advice, ports.ErrLoginPage
		}
	}
	if strings.Contains(page, "maintenance") {
		return "the site is under maintenance: try again later", nil
	}
	return fault.Lookup(fault.JiraBadResponse).Hint, nil
}

// accountID is what is believed to be an account id: Atlassian says up to 128
// characters, and it goes into the config file and onto terminals.
func validAccountID(id string) bool {
	return id != "" && len(id) <= 128 && !strings.ContainsFunc(id, func(r rune) bool { return r < '!' || r > '~' })
}

// decodeMyself reads the answer of /myself. emailAddress and timeZone may be
// missing or null, where the account hides them.
func decodeMyself(body []byte) (access.Identity, error) {
	var answer struct {
		AccountID   *string `json:"accountId"`
		AccountType string  `json:"accountType"`
		DisplayName string  `json:"displayName"`
		Email       string  `json:"emailAddress"`
		TimeZone    string  `json:"timeZone"`
	}
	switch err := json.Unmarshal(body, &answer); {
	case err != nil:
		return access.Identity{}, unexpected("%s answered with JSON of another form", pathMyself)
	case answer.AccountID == nil || *answer.AccountID == "":
		f := unexpected("%s answered without accountId", pathMyself).
			WithHint("check base_url, and the auth type: Server and Data Center name no accountId")
		f.Cause = ports.ErrAnonymous
		return access.Identity{}, f
	case !validAccountID(*answer.AccountID):
		return access.Identity{}, unexpected("%s answered with a malformed accountId", pathMyself)
	}
	return access.Identity{
		AccountID:   *answer.AccountID,
		AccountType: answer.AccountType,
		DisplayName: answer.DisplayName,
		Email:       answer.Email,
		TimeZone:    answer.TimeZone,
	}, nil
}

// decodePermissions reads the answer of /mypermissions: exactly the keys that
// were asked for, false where Jira says nothing of one.
func decodePermissions(path string, body []byte, keys []string) (access.Grants, error) {
	var answer struct {
		Permissions map[string]struct {
			Have *bool `json:"havePermission"`
		} `json:"permissions"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, unexpected("%s answered with JSON of another form", path)
	}
	if answer.Permissions == nil {
		return nil, unexpected("%s answered without permissions", path)
	}
	grants := make(access.Grants, len(keys))
	for _, key := range keys {
		entry, named := answer.Permissions[key]
		if named && entry.Have == nil {
			return nil, unexpected("%s answered without havePermission", path)
		}
		grants[key] = named && *entry.Have
	}
	return grants, nil
}

func unexpected(format string, args ...any) *fault.Fault {
	f := fault.New(fault.JiraBadResponse, format, args...)
	f.Details.HTTPStatus = 200
	return f
}
