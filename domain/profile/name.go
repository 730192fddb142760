package profile

import (
	"strings"

	"jira-cli/domain/fault"
	"jira-cli/domain/secret"
)

// DefaultName is the profile that is meant where none is named anywhere.
const DefaultName Name = "default"

// Ambient is how the profile is shown that comes from the environment alone. No
// profile of a config can have this name.
const Ambient Name = "(env)"

// Name is a checked profile name: [a-z0-9][a-z0-9_-]{0,62}.
type Name string

// ParseName checks a profile name; the error is ProfileNameInvalid.
func ParseName(text string) (Name, error) {
	if secret.Looks(text) {
		return "", fault.NotASecret(fault.ProfileNameInvalid, "a profile name", "work")
	}
	if !isName(text) {
		return "", fault.New(fault.ProfileNameInvalid, "%s is not a profile name", fault.Shown(text))
	}
	return Name(text), nil
}

// TokenVariable is the environment variable that overrides the profile's
// stored credential: JIRA_TOKEN_ and the name in upper case, - as _.
func (n Name) TokenVariable() string {
	return "JIRA_TOKEN_" + strings.ToUpper(strings.ReplaceAll(string(n), "-", "_"))
}
