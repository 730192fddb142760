// Package access owns what a probe of Jira can say about a credential: who it
// is, what it may do, and the verdict over both answers. It sends nothing.
package access

import (
	"strings"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/text"
)

// Identity is who Jira says the credential belongs to. Email and TimeZone are
// empty where the account hides them.
type Identity struct {
	AccountID   string // on Server and Data Center the user's name
	AccountType string // atlassian, app or customer
	DisplayName string
	Email       string
	TimeZone    string
}

// Called is how the identity is called on a line of its own: the first of its
// display name, email and account id in which there is something to see. A site may
// leave any of the first two empty, or fill it with blanks.
func (id Identity) Called() string { return firstSeen(id.DisplayName, id.Email, id.AccountID) }

// Reached is whom a report names: the first of the email, the profile's own, the
// display name and the account id in which there is something to see.
func (id Identity) Reached(own string) string {
	return firstSeen(id.Email, own, id.DisplayName, id.AccountID)
}

func firstSeen(names ...string) string {
	for _, name := range names {
		if shown := strings.TrimSpace(text.Clean(name)); shown != "" {
			return shown
		}
	}
	return ""
}

// Server is what a site says about itself to anybody.
type Server struct {
	Deployment profile.Deployment
	Version    string    // such as 9.12.4, or 1001.0.0-SNAPSHOT on Cloud
	Time       time.Time // of the answer's Date header, zero without one
}

// Grants says per permission key whether the account holds it.
type Grants map[string]bool

// Permission is one probed permission: Jira's key and the short label that
// people read.
type Permission struct{ Key, Label string }

var probed = []Permission{
	{"ADD_COMMENTS", "add_comment"},
	{"BROWSE_PROJECTS", "browse"},
	{"CREATE_ISSUES", "create"},
	{"DELETE_ISSUES", "delete"},
	{"EDIT_ISSUES", "edit"},
	{"LINK_ISSUES", "link"},
	{"TRANSITION_ISSUES", "transition"},
	{"WORK_ON_ISSUES", "work_on"},
}

// Probed returns the permissions that a probe asks for, in the order in which
// they are shown.
func Probed() []Permission { return append([]Permission(nil), probed...) }

// ProbedKeys returns the keys of Probed.
func ProbedKeys() []string {
	keys := make([]string, len(probed))
	for i, p := range probed {
		keys[i] = p.Key
	}
	return keys
}

// ParsePermission accepts a key or a label; the error is ArgumentInvalid.
func ParsePermission(text string) (Permission, error) {
	names := make([]string, 0, 2*len(probed))
	for _, p := range probed {
		if text == p.Key || text == p.Label {
			return p, nil
		}
		names = append(names, p.Key, p.Label)
	}
	return Permission{}, fault.New(fault.ArgumentInvalid, "%s is not a probed permission", fault.Shown(text)).
		WithSuggestions(fault.Suggest(text, names)).
		WithHint("use keys such as BROWSE_PROJECTS or labels such as browse")
}

// Verdict is what the two answers of a probe mean together.
type Verdict struct {
	Identity       Identity
	MyselfErr      *fault.Fault // nil where Jira named the account
	Grants         Grants       // nil where PermissionsErr is set
	PermissionsErr *fault.Fault
}

// Judge combines the answers of /myself and /mypermissions. The second one also
// answers anonymous callers, so its grants count only if the first succeeded and
// named an account: where it did not, both carry its error.
func Judge(id Identity, idErr error, grants Grants, grantsErr error) Verdict {
	if idErr == nil && id.AccountID == "" {
		idErr = fault.New(fault.JiraBadResponse, "Jira answered without naming an account")
	}
	if idErr != nil {
		f := fault.From(idErr)
		return Verdict{MyselfErr: f, PermissionsErr: f}
	}
	if grantsErr != nil {
		return Verdict{Identity: id, PermissionsErr: fault.From(grantsErr)}
	}
	asked := make(Grants, len(probed))
	for _, p := range probed {
		asked[p.Key] = grants[p.Key]
	}
	return Verdict{Identity: id, Grants: asked}
}

// Err returns the first error of the verdict, nil where both answers count.
func (v Verdict) Err() *fault.Fault {
	if v.MyselfErr != nil {
		return v.MyselfErr
	}
	return v.PermissionsErr
}

// Missing returns those of required that are not granted, in their order.
func (v Verdict) Missing(required []Permission) []Permission {
	var missing []Permission
	for _, p := range required {
		if !v.Grants[p.Key] {
			missing = append(missing, p)
		}
	}
	return missing
}
