package fakejira

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"jira-cli/domain/access"
)

// account is a user, or the anonymous caller, with what it may do.
type account struct {
	User
	tokens map[string]bool
	grants map[string]map[string]bool // project, "" for all -> key -> held
}

// permissions are the keys that the fake knows, as Jira names them.
func permissions() []string { return append(access.ProbedKeys(), "ADMINISTER", "ASSIGN_ISSUES") }

func newAccount(u User, all bool) *account {
	a := &account{User: u, tokens: map[string]bool{}, grants: map[string]map[string]bool{}}
	for _, token := range u.Tokens {
		a.tokens[token] = true
	}
	a.Tokens = nil
	for _, key := range permissions() {
		a.set("", key, all && key != "ADMINISTER")
	}
	return a
}

func (a *account) set(project, key string, held bool) {
	if a.grants[project] == nil {
		a.grants[project] = map[string]bool{}
	}
	a.grants[project][key] = held
}

// holds answers as Jira does: without a project, whether it is held in any.
func (a *account) holds(project, key string) bool {
	if project != "" {
		if held, said := a.grants[project][key]; said {
			return held
		}
		return a.grants[""][key]
	}
	for _, grants := range a.grants {
		if grants[key] {
			return true
		}
	}
	return false
}

func (a *account) on(host string) bool { return len(a.Sites) == 0 || slices.Contains(a.Sites, host) }

// AddUser adds an account, or replaces the one with this email. It holds every
// permission until Control says otherwise.
func (s *Server) AddUser(u User) {
	if u.AccountID == "" {
		u.AccountID = SampleAccountID
	}
	if u.AccountType == "" {
		u.AccountType = "atlassian"
	}
	if u.DisplayName == "" {
		u.DisplayName = "John Doe"
	}
	if u.TimeZone == "" {
		u.TimeZone = "America/Los_Angeles"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accounts[u.Email] = newAccount(u, true)
}

// Tokens returns every token that is valid now, for harnesses that search
// outputs for secrets.
func (s *Server) Tokens() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, a := range s.accounts {
		all = append(all, slices.Collect(maps.Keys(a.tokens))...)
	}
	slices.Sort(all)
	return all
}

// authenticate returns the account of the request's credential, nil for
// anonymous callers and for credentials that are not accepted, and the email
// that was given.
func (s *Server) authenticate(r *http.Request) (*account, string) {
	email, token, ok := r.BasicAuth()
	if !ok {
		return nil, ""
	}
	a := s.accounts[email]
	if a == nil || !a.tokens[token] || !a.on(hostOf(r)) {
		return nil, email
	}
	return a, email
}

// hostOf is the host that the request is for, as base URLs write it.
func hostOf(r *http.Request) string {
	host := r.Host
	if host == "" && r.URL != nil {
		host = r.URL.Host
	}
	return strings.ToLower(host)
}
