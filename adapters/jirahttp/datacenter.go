package jirahttp

import (
	"context"
	"encoding/json"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
)

// pathTokens lists the personal access tokens of who asks.
// https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html
const pathTokens = "/rest/pat/latest/tokens"

// maxName bounds a user name; Jira's column has 255 characters.
const maxName = 255

// decodeUser reads the answer of /rest/api/2/myself of Server and Data Center,
// which know users by name.
func decodeUser(body []byte) (access.Identity, error) {
	var answer struct {
		Name        string `json:"name"`
		DisplayName string `json:"displayName"`
		Email       string `json:"emailAddress"`
		TimeZone    string `json:"timeZone"`
	}
	path := api2 + "/myself"
	switch err := json.Unmarshal(body, &answer); {
	case err != nil:
		return access.Identity{}, unexpected("%s answered with JSON of another form", path)
	case answer.Name == "":
		return access.Identity{}, unexpected("%s answered without name", path).
			WithHint("check base_url: Cloud names no user, and takes API tokens with --auth-type token")
	case !validName(answer.Name):
		return access.Identity{}, unexpected("%s answered with a malformed name", path)
	}
	return access.Identity{AccountID: answer.Name, DisplayName: answer.DisplayName, Email: answer.Email, TimeZone: answer.TimeZone}, nil
}

// validName is what is believed to be a user name: it goes into the config file
// and onto terminals.
func validName(name string) bool {
	return utf8.ValidString(name) && utf8.RuneCountInString(name) <= maxName &&
		strings.IndexFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}

// Expiry implements ports.JiraSession with GET /rest/pat/latest/tokens. A site
// that does not have it (before 8.14), or does not let it be asked, does not say.
func (s *session) Expiry(ctx context.Context) (time.Time, error) {
	if s.method != profile.AuthPAT {
		if ctx.Err() != nil {
			return time.Time{}, context.Cause(ctx)
		}
		return time.Time{}, nil
	}
	a, err := s.get(ctx, pathTokens, nil)
	switch fault.CodeOf(err) {
	case "":
	case fault.JiraNotFound, fault.JiraForbidden, fault.JiraAuthMethodRefused:
		return time.Time{}, nil
	default:
		return time.Time{}, err
	}
	now := dateOf(a.header)
	if now.IsZero() && s.now != nil {
		now = s.now()
	}
	return decodeExpiry(a.body, now)
}

// decodeExpiry reads the list of tokens. It does not tell which of them asks, so
// an end is taken only where all that can be it agree: one token, or several
// with the same end. Those that were over by now cannot be it.
func decodeExpiry(body []byte, now time.Time) (time.Time, error) {
	var tokens []struct {
		ExpiringAt *string `json:"expiringAt"`
	}
	if json.Unmarshal(body, &tokens) != nil {
		return time.Time{}, unexpected("%s answered with JSON of another form", pathTokens)
	}
	var ends []time.Time
	for _, token := range tokens {
		var end time.Time // never
		if token.ExpiringAt != nil && *token.ExpiringAt != "" {
			var err error
			if end, err = parseTime(*token.ExpiringAt); err != nil {
				return time.Time{}, unexpected("%s answered with a malformed expiringAt", pathTokens)
			}
			if !now.IsZero() && !end.After(now) {
				continue
			}
		}
		ends = append(ends, end)
	}
	for _, end := range ends {
		if !end.Equal(ends[0]) {
			return time.Time{}, nil
		}
	}
	if len(ends) == 0 {
		return time.Time{}, nil
	}
	return ends[0], nil
}

// parseTime reads a time as Jira's REST modules write it, with a colon in the
// offset or without, and cuts it to the second that is kept: a recorded answer has
// "2026-12-03T22:35:14.728+00:00".
func parseTime(text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t, err = time.Parse("2006-01-02T15:04:05.999-0700", text)
	}
	if err != nil || t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}, errMalformedTime
	}
	return t.UTC().Truncate(time.Second), nil
}
