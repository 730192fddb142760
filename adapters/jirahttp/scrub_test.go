package jirahttp

import (
	"strings"
	"testing"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/scrub"
)

// TestUnechoed: no identity with the credential in it is believed, whatever the
// auth type; a short password is one only where it is the whole field.
func TestUnechoed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		user, secret string
		id           access.Identity
		good         bool
	}{
		{"jdoe", "john", access.Identity{AccountID: "jdoe", DisplayName: "John"}, true},
		{"jdoe", "john", access.Identity{AccountID: "johnny", Email: "john@example.com"}, true},
		{"jdoe", "john", access.Identity{AccountID: "john"}, false},
		{"admin", "admin", access.Identity{AccountID: "admin", DisplayName: "admin"}, true},
		{"jdoe", "correct horse battery", access.Identity{AccountID: "jdoe", DisplayName: "Correct Horse Battery"}, false},
		{"jdoe", "correct horse battery", access.Identity{AccountID: "jdoe", TimeZone: "correct%20horse%20battery"}, false},
		{"", secretText, access.Identity{AccountID: strings.ToLower(secretText)}, false},
		{"", secretText, access.Identity{AccountID: "x", AccountType: "x" + secretText + "x"}, false},
		{"", secretText, access.Identity{AccountID: strings.Repeat("x", 255)}, true},
		{"", secretText, access.Identity{AccountID: "x", DisplayName: strings.Repeat("x", 256)}, false},
	} {
		s := &session{scrub: &scrub.Scrubber{}, user: c.user}
		s.own = s.scrub
		s.scrub.LearnLogin(c.user, c.secret)
		id, err := s.unechoed("/myself", c.id, nil)
		switch {
		case c.good && (err != nil || id != c.id):
			t.Errorf("%q, %+v: %v", c.secret, c.id, err)
		case !c.good && (fault.CodeOf(err) != fault.JiraBadResponse || id != access.Identity{} || s.scrub.Holds(err.Error())):
			t.Errorf("%q, %+v was believed: %v", c.secret, c.id, err)
		}
	}
}

// TestExcerpt: a body that is cut at its bound ends with no part of a secret that
// would be recognised no more.
func TestExcerpt(t *testing.T) {
	t.Parallel()
	body := strings.Repeat(" ", 10) + "x" + strings.Repeat(" ", maxError-40) + secretText + " more"
	got := sampleSession().texts(upstreamMessages("text/plain", sampleSession().excerpt([]byte(body), false)))
	if len(got) != 1 || got[0] != "x "+scrub.Removed {
		t.Errorf("the messages %q", got)
	}
}
