package jirahttp

import (
	"errors"
	"slices"
	"unicode/utf8"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/scrub"
)

// quote returns a foreign text on one line, without secrets. It is cut only then:
// a cut could leave half a secret that nothing recognises.
func (s *session) quote(foreign string, most int) string {
	return shorten(s.scrub.Text(oneLine(foreign)), most)
}

// texts are quotes of what a server said, as many as are passed on.
func (s *session) texts(messages []string) []string {
	var kept []string
	for _, message := range messages {
		if message = s.quote(message, maxMessage); message != "" && len(kept) < maxMessages {
			kept = append(kept, message)
		}
	}
	return kept
}

// excerpt is what is looked at of a body that only explains. cut says that the
// body is not whole.
func (s *session) excerpt(body []byte, cut bool) []byte {
	if len(body) > maxError {
		body, cut = body[:maxError], true
	}
	if cut {
		return []byte(s.scrub.Cut(string(body)))
	}
	return body
}

// scrubbed returns an error without secrets: the same where there are none in
// it. Each failure leaves the session through it, whatever text it carries.
func (s *session) scrubbed(err error) error {
	var f *fault.Fault
	if !errors.As(err, &f) || !s.repeated(f) {
		return err
	}
	clean := *f
	clean.Message, clean.Hint = s.scrub.Text(f.Message), s.scrub.Text(f.Hint)
	clean.Cause = s.scrub.Error(f.Cause)
	clean.Details.UpstreamRequestID = s.scrub.Text(f.Details.UpstreamRequestID)
	clean.Details.UpstreamMessages = s.texts(f.Details.UpstreamMessages)
	return &clean
}

// repeated reports whether a fault has a secret in a text.
func (s *session) repeated(f *fault.Fault) bool {
	return s.scrub.Holds(f.Message) || s.scrub.Holds(f.Hint) || s.scrub.Holds(f.Details.UpstreamRequestID) ||
		f.Cause != nil && s.scrub.Holds(f.Cause.Error()) || slices.ContainsFunc(f.Details.UpstreamMessages, s.scrub.Holds)
}

// maxField bounds what is shown and kept of an identity, in characters. Jira's
// columns have 255.
const maxField = 255

// unechoed refuses an identity that repeats a credential: it would be shown, and
// could be saved. The user name that the profile has is no secret, even where
// the password is the same; nor is a name that is the short password of another
// profile.
func (s *session) unechoed(path string, id access.Identity, err error) (access.Identity, error) {
	if err != nil {
		return access.Identity{}, err
	}
	for _, field := range []string{id.AccountID, id.AccountType, id.DisplayName, id.Email, id.TimeZone} {
		switch {
		case utf8.RuneCountInString(field) > maxField:
			return access.Identity{}, unexpected("%s returned a field of more than %d characters", path, maxField)
		case field != s.user && (s.own.Holds(field) || len(field) >= scrub.MinLength && s.scrub.Holds(field)):
			return access.Identity{}, unexpected("%s returned the credential as part of the identity", path).
				WithHint("check base_url: this server repeats secrets; if it is not your Jira site, revoke the credential")
		}
	}
	return id, nil
}
