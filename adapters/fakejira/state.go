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
	tokens map[string]token
	pats   map[string]pat
	grants map[string]map[string]bool // project, "" for all -> key -> held
}

// permissions are the keys that the fake knows, as Jira names them.
func permissions() []string { return append(access.ProbedKeys(), "ADMINISTER", "ASSIGN_ISSUES") }

// token is an API token. One without scopes is a classic one.
type token struct{ scopes []string }

func newAccount(u User, all bool) *account {
	a := &account{User: u, tokens: map[string]token{}, pats: map[string]pat{}, grants: map[string]map[string]bool{}}
	for _, text := range u.Tokens {
		a.tokens[text] = token{}
	}
	for _, text := range u.PATs {
		a.pats[text] = pat{name: "token"}
	}
	a.Tokens, a.PATs = nil, nil
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
	if u.Name == "" {
		u.Name, _, _ = strings.Cut(u.Email, "@")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accounts[u.Email] = newAccount(u, true)
}

// Tokens returns every credential that is valid now, for harnesses that search
// outputs for secrets.
func (s *Server) Tokens() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := slices.Collect(maps.Keys(s.sessions))
	for _, a := range s.accounts {
		all = append(all, slices.Collect(maps.Keys(a.tokens))...)
		all = append(all, slices.Collect(maps.Keys(a.pats))...)
		if a.Password != "" {
			all = append(all, a.Password)
		}
	}
	slices.Sort(all)
	return all
}

// authenticate finds who asks on Cloud and at the gateway: nobody for anonymous
// callers and for credentials that are not accepted. A scoped token works at the
// gateway alone.
func (s *Server) authenticate(c *call) {
	email, text, ok := c.BasicAuth()
	if !ok {
		return
	}
	c.user, c.scheme = email, "basic"
	a := s.accounts[email]
	if a == nil || !c.gateway && !a.on(c.host) {
		return
	}
	t, valid := a.tokens[text]
	c.password = a.Password != "" && text == a.Password
	if valid && (c.gateway || t.scopes == nil) {
		c.who, c.scopes = a, t.scopes
	}
}

// hostOf is the host that the request is for, as base URLs write it.
func hostOf(r *http.Request) string {
	host := r.Host
	if host == "" && r.URL != nil {
		host = r.URL.Host
	}
	return strings.ToLower(host)
}
