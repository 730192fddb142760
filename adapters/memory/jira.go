package memory

import (
	"sync"
	"time"

	"jira-cli/domain/access"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// Jira implements ports.Jira without a wire: sites on Cloud and on Data Center,
// accounts of every auth type, scoped tokens, grants by project, hidden projects
// and errors to order. It is safe for concurrent use.
type Jira struct {
	mu       sync.Mutex
	accounts []*jiraAccount
	sites    map[string]*jiraSite
	trouble  map[string]jiraTrouble // by site, or with the gateway's prefix
	calls    []JiraCall
	epoch    int // of cookies: EndSessions begins another
}

// The identifiers that sites have unless told otherwise.
const (
	MemoryCloudID       = "11111111-2222-4333-8444-555555555555"
	memoryCloudVersion  = "1001.0.0"
	memoryCenterVersion = "9.12.4"

	throughGateway = "gateway of "
)

// jiraSite is what a site says to anybody.
type jiraSite struct {
	server  access.Server
	cloudID string
}

type jiraAccount struct {
	account  ports.Account
	revoked  bool
	scopes   []string // of a scoped token, nil for a classic one
	expiry   time.Time
	identity access.Identity
	grants   map[string]access.Grants // by project, "" for everywhere
	hidden   map[string]bool
}

// jiraTrouble is what every request to a place meets.
type jiraTrouble struct {
	err   error
	stall bool
}

// JiraCall is one request as it arrived, without its credential.
type JiraCall struct {
	Method   string // Myself, Permissions, Server, CloudID, Expiry, or LogIn
	Site     string
	Email    string // or user name; "" where the question is anybody's
	Project  string
	AuthType string // "" where the question is anybody's
	Gateway  bool
}

// NewJira returns a Jira in which no site exists.
func NewJira() *Jira {
	return &Jira{trouble: map[string]jiraTrouble{}, sites: map[string]*jiraSite{}}
}

// Add adds an account, and with it its site, which runs what the account's auth
// type is for. It holds every probed permission. A token of an account with a
// CloudID is a scoped one, which may do everything.
func (j *Jira) Add(a ports.Account, id access.Identity) {
	all := access.Grants{}
	for _, key := range access.ProbedKeys() {
		all[key] = true
	}
	added := &jiraAccount{account: a, identity: id, grants: map[string]access.Grants{"": all}, hidden: map[string]bool{}}
	if a.CloudID != "" {
		added.scopes = []string{"read:jira-user", "read:jira-work"}
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.accounts = append(j.accounts, added)
	if j.sites[a.Site.String()] == nil {
		site := &jiraSite{access.Server{Deployment: profile.Cloud, Version: memoryCloudVersion}, MemoryCloudID}
		if jiraDeployment(a) == profile.DataCenter {
			site.server = access.Server{Deployment: profile.DataCenter, Version: memoryCenterVersion}
		}
		j.sites[a.Site.String()] = site
	}
}

// SetServer says what a site runs, and makes it exist.
func (j *Jira) SetServer(site profile.Site, server access.Server) {
	j.mu.Lock()
	defer j.mu.Unlock()
	id := MemoryCloudID
	if old := j.sites[site.String()]; old != nil {
		id = old.cloudID
	}
	j.sites[site.String()] = &jiraSite{server, id}
}

// SetIdentity changes who an account is.
func (j *Jira) SetIdentity(site profile.Site, email string, id access.Identity) {
	j.change(site, email, func(a *jiraAccount) { a.identity = id })
}

// SetScopes makes an account's token a scoped one, for the gateway alone.
func (j *Jira) SetScopes(site profile.Site, email string, scopes ...string) {
	j.change(site, email, func(a *jiraAccount) { a.scopes = append([]string{}, scopes...) })
}

// SetExpiry sets when an account's personal access token ends.
func (j *Jira) SetExpiry(site profile.Site, email string, end time.Time) {
	j.change(site, email, func(a *jiraAccount) { a.expiry = end })
}

// EndSessions makes the cookies of all logins invalid.
func (j *Jira) EndSessions() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.epoch++
}

// Revoke ends an account's credentials.
func (j *Jira) Revoke(site profile.Site, email string) {
	j.change(site, email, func(a *jiraAccount) { a.revoked = true })
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
		if a.account.Site == site && a.account.Email == email {
			change(a)
		}
	}
}

// Fail makes every request to the site itself end with err; nil heals it.
func (j *Jira) Fail(site profile.Site, err error) {
	j.arrange(site.String(), jiraTrouble{err: err})
}

// FailGateway makes every request to the gateway for the site end with err; nil
// heals it.
func (j *Jira) FailGateway(site profile.Site, err error) {
	j.arrange(throughGateway+site.String(), jiraTrouble{err: err})
}

// FailMethod is Fail for one method of JiraCall.
func (j *Jira) FailMethod(site profile.Site, method string, err error) {
	j.arrange(method+" of "+site.String(), jiraTrouble{err: err})
}

// Stall makes every request to the site wait for the end of its context.
func (j *Jira) Stall(site profile.Site) { j.arrange(site.String(), jiraTrouble{stall: true}) }

func (j *Jira) arrange(place string, t jiraTrouble) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.trouble[place] = t
}

// Calls returns the requests so far.
func (j *Jira) Calls() []JiraCall {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]JiraCall(nil), j.calls...)
}

// arrive records a request and finds the account that asks, nil for a credential
// that is not accepted, and what is the matter with the place.
func (j *Jira) arrive(c JiraCall, asks ports.Account) (account *jiraAccount, site *jiraSite, trouble jiraTrouble) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.calls = append(j.calls, c)
	for _, a := range j.accounts {
		if a.accepts(asks) {
			account = a.copy()
		}
	}
	place := c.Site
	if c.Gateway {
		place = throughGateway + c.Site
	}
	trouble = j.trouble[place]
	if own, has := j.trouble[c.Method+" of "+c.Site]; has && own.err != nil {
		trouble = own
	}
	return account, j.sites[c.Site], trouble
}

// accepts reports whether who asks is this account.
func (a *jiraAccount) accepts(asks ports.Account) bool {
	named := jiraMethod(asks) == profile.AuthPAT || a.account.Email == asks.Email
	// A password serves both auth types that have one.
	same := jiraMethod(a.account) == jiraMethod(asks) || takesPassword(a.account) && takesPassword(asks)
	route := asks.CloudID != "" || a.scopes == nil
	return a.account.Site == asks.Site && named && same && route && !a.revoked &&
		!a.account.Secret.IsZero() && a.account.Secret.Equal(asks.Secret)
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
