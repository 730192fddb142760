package memory

import (
	"context"
	"strings"
	"sync"
	"time"
	"unicode"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// Jira implements ports.Jira without a wire: accounts, grants by project, hidden
// projects and errors to order. It is safe for concurrent use.
type Jira struct {
	mu       sync.Mutex
	accounts []*jiraAccount
	trouble  map[string]jiraTrouble // by site
	calls    []JiraCall
}

type jiraAccount struct {
	site     string
	email    string
	secret   secret.Secret
	identity access.Identity
	grants   map[string]access.Grants // by project, "" for everywhere
	hidden   map[string]bool
}

// jiraTrouble is what every request to a site meets.
type jiraTrouble struct {
	err   error
	stall bool
}

// JiraCall is one request as it arrived, without its credential.
type JiraCall struct {
	Method  string // Myself or Permissions
	Site    string
	Email   string
	Project string
}

// NewJira returns a Jira in which no site exists.
func NewJira() *Jira { return &Jira{trouble: map[string]jiraTrouble{}} }

// Add adds an account, and with it its site. It holds every probed permission.
func (j *Jira) Add(a ports.Account, id access.Identity) {
	all := access.Grants{}
	for _, key := range access.ProbedKeys() {
		all[key] = true
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.accounts = append(j.accounts, &jiraAccount{
		site: a.Site.String(), email: a.Email, secret: a.Secret, identity: id,
		grants: map[string]access.Grants{"": all}, hidden: map[string]bool{},
	})
}

// SetIdentity changes who an account is.
func (j *Jira) SetIdentity(site profile.Site, email string, id access.Identity) {
	j.change(site, email, func(a *jiraAccount) { a.identity = id })
}

// Revoke ends an account's credential.
func (j *Jira) Revoke(site profile.Site, email string) {
	j.change(site, email, func(a *jiraAccount) { a.secret = secret.Secret{} })
}

// Grant sets what an account holds in a project, or with "" where nothing else
// is said. Keys that are missing are not held.
func (j *Jira) Grant(site profile.Site, email, project string, grants access.Grants) {
	j.change(site, email, func(a *jiraAccount) { a.grants[project] = grants })
}

// Hide hides a project from an account.
func (j *Jira) Hide(site profile.Site, email, project string) {
	j.change(site, email, func(a *jiraAccount) { a.hidden[project] = true })
}

func (j *Jira) change(site profile.Site, email string, change func(*jiraAccount)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, a := range j.accounts {
		if a.site == site.String() && a.email == email {
			change(a)
		}
	}
}

// Fail makes every request to the site end with err; nil heals it.
func (j *Jira) Fail(site profile.Site, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.trouble[site.String()] = jiraTrouble{err: err}
}

// Stall makes every request to the site wait for the end of its context.
func (j *Jira) Stall(site profile.Site) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.trouble[site.String()] = jiraTrouble{stall: true}
}

// Calls returns the requests so far.
func (j *Jira) Calls() []JiraCall {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]JiraCall(nil), j.calls...)
}

// Open implements ports.Jira.
func (j *Jira) Open(a ports.Account) ports.JiraSession { return &jiraSession{jira: j, account: a} }

type jiraSession struct {
	jira    *Jira
	account ports.Account
}

// Myself implements ports.JiraSession.
func (s *jiraSession) Myself(ctx context.Context) (access.Identity, error) {
	a, err := s.ask(ctx, JiraCall{Method: "Myself"})
	switch {
	case err != nil:
		return access.Identity{}, err
	case a == nil:
		f := fault.New(fault.JiraUnauthorized, "Jira rejected the credential (HTTP 401)")
		f.Details.HTTPStatus = 401
		return access.Identity{}, f
	}
	return a.identity, nil
}

// Permissions implements ports.JiraSession. A credential that is not accepted
// is answered as an anonymous caller, who holds nothing.
func (s *jiraSession) Permissions(ctx context.Context, project string, keys []string) (access.Grants, error) {
	if len(keys) == 0 && s.refused() == nil && ctx.Err() == nil {
		return access.Grants{}, nil
	}
	a, err := s.ask(ctx, JiraCall{Method: "Permissions", Project: project})
	if err != nil {
		return nil, err
	}
	grants := make(access.Grants, len(keys))
	for _, key := range keys {
		grants[key] = false
	}
	if a == nil {
		return grants, nil
	}
	if a.hidden[project] {
		f := fault.New(fault.JiraNotFound, "Jira does not have the project %s, or hides it from this account (HTTP 404)", project)
		f.Details.HTTPStatus = 404
		return nil, f
	}
	held, said := a.grants[project]
	if !said {
		held = a.grants[""]
	}
	for key := range grants {
		grants[key] = held[key]
	}
	return grants, nil
}

// Server implements ports.JiraSession: every site is on Cloud.
func (s *jiraSession) Server(ctx context.Context) (access.Server, error) {
	if _, err := s.ask(ctx, JiraCall{Method: "Server"}); err != nil {
		return access.Server{}, err
	}
	return access.Server{Deployment: profile.Cloud, Version: "1001.0.0"}, nil
}

// CloudID implements ports.JiraSession.
func (s *jiraSession) CloudID(ctx context.Context) (string, error) {
	if _, err := s.ask(ctx, JiraCall{Method: "CloudID"}); err != nil {
		return "", err
	}
	return "11111111-2222-4333-8444-555555555555", nil
}

// Expiry implements ports.JiraSession. An API token does not tell.
func (s *jiraSession) Expiry(ctx context.Context) (time.Time, error) {
	if ctx.Err() != nil {
		return time.Time{}, context.Cause(ctx)
	}
	return time.Time{}, nil
}

// Close implements ports.JiraSession.
func (s *jiraSession) Close() {}

// refused is why the account cannot be put on a wire, had there been one.
func (s *jiraSession) refused() error {
	email := s.account.Email
	switch {
	case s.account.Secret.IsZero():
		return fault.New(fault.CredentialNotFound, "there is no credential to send to %s", s.account.Site)
	case email == "" || strings.Contains(email, ":") || strings.IndexFunc(email, unicode.IsControl) >= 0:
		return fault.New(fault.ArgumentInvalid, "the email is empty, or contains a colon or a control character")
	}
	return nil
}

// ask records a request and returns a copy of the account that asks, nil for a
// credential that is not accepted.
func (s *jiraSession) ask(ctx context.Context, c JiraCall) (*jiraAccount, error) {
	if err := s.refused(); err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	c.Site, c.Email = s.account.Site.String(), s.account.Email
	account, exists, trouble := s.jira.arrive(c, s.account.Secret)
	switch {
	case trouble.stall:
		<-ctx.Done()
		return nil, context.Cause(ctx)
	case trouble.err != nil:
		return nil, trouble.err
	case !exists:
		f := fault.New(fault.JiraSiteNotFound, "there is no Atlassian site at %s (HTTP 404)", s.account.Site)
		f.Details.HTTPStatus = 404
		return nil, f
	}
	return account, nil
}

func (j *Jira) arrive(c JiraCall, credential secret.Secret) (account *jiraAccount, exists bool, trouble jiraTrouble) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.calls = append(j.calls, c)
	for _, a := range j.accounts {
		if a.site != c.Site {
			continue
		}
		exists = true
		if a.email == c.Email && !a.secret.IsZero() && a.secret.Equal(credential) {
			account = a.copy()
		}
	}
	return account, exists, j.trouble[c.Site]
}

// copy is for reading without the lock.
func (a *jiraAccount) copy() *jiraAccount {
	c := *a
	c.grants, c.hidden = map[string]access.Grants{}, map[string]bool{}
	for project, grants := range a.grants {
		c.grants[project] = grants
	}
	for project := range a.hidden {
		c.hidden[project] = true
	}
	return &c
}
