// Package fakejira is a stateful fake of Jira: of Cloud, of Atlassian's gateway
// for scoped tokens (gateway.go), and by host of Server and Data Center
// (datacenter.go, sessions.go, pats.go). It has users and tokens, grants for
// everything and by project, hidden projects, revocation at run time, the
// headers and the many forms of failure of the real ones, and faults of the
// wire. It decides once what the answer to a request is and delivers it two
// ways: as an http.Handler on a socket, and as an http.RoundTripper, which a
// mocked transport calls.
//
// It records every request without its credential, so that a harness can demand
// that exactly the expected ones happened (Expect, Check). It refuses to own
// ports, files and processes: Listen opens loopback sockets only.
//
// Control drives it with words, from a transcript or over HTTP; its comment has
// the grammar. An API is added as a file with a function of routes, named in
// routes (serve.go); a failure as a row of kinds (kinds.go).
package fakejira

import (
	"slices"
	"sync"
	"time"
)

// The identity that the project's examples show.
const (
	SampleEmail     = "john.doe@example.com"
	SampleAccountID = "712020:00000000-0000-4000-8000-000000000000"
	SampleCloudID   = "11111111-2222-4333-8444-555555555555"
)

// Options say what there is at the start. The zero value is an empty Jira.
type Options struct {
	// Users are who has an account.
	Users []User

	// Sites are the hosts (with their ports, where not the scheme's own) that
	// exist. Empty: every host does. Another one gets the 404 of an unknown
	// Atlassian site.
	Sites []string

	// ContextPath is where the site begins, "" for its root.
	ContextPath string

	// DataCenters are the hosts that run Server or Data Center; "" stands for
	// every host that is not named. All others are on Cloud.
	DataCenters map[string]DataCenter

	// CloudID is what /_edge/tenant_info tells; empty: SampleCloudID.
	CloudID string

	// Now gives the Date of answers. Nil leaves it to net/http on a socket, and
	// out of a mocked answer.
	Now func() time.Time
}

// User is an account. Empty members but Email become the examples' ones.
type User struct {
	Email       string
	Tokens      []string
	AccountID   string
	AccountType string // atlassian, app or customer
	DisplayName string
	TimeZone    string

	// On Server and Data Center people log in by Name, empty for what stands
	// before the @ of Email, with Password, or with one of PATs.
	Name     string
	Password string
	PATs     []string

	// HideEmail and HideTimeZone make /myself answer null, as the privacy
	// settings of an Atlassian account do.
	HideEmail    bool
	HideTimeZone bool

	// Sites are the hosts on which the account is one; empty: all.
	Sites []string
}

// Server is the fake. It is safe for concurrent use.
type Server struct {
	now         func() time.Time
	contextPath string
	cloudID     string
	quit        chan struct{}
	closing     sync.Once

	mu           sync.Mutex
	sites        []string
	accounts     map[string]*account
	anonymous    *account
	hidden       map[string][]string // project -> emails, none for everybody
	centers      map[string]DataCenter
	sessions     map[string]string // cookie -> email
	faults       []*fault
	skew         time.Duration // of the Date header
	latency      time.Duration
	unauthorized string // style of a natural 401
	log          []Request
	expected     []*expectation
	violations   []string
	serial       int
}

// New returns a fake with the options' state.
func New(o Options) *Server {
	s := &Server{
		now:          o.Now,
		contextPath:  o.ContextPath,
		cloudID:      o.CloudID,
		quit:         make(chan struct{}),
		sites:        slices.Clone(o.Sites),
		accounts:     map[string]*account{},
		anonymous:    newAccount(User{}, false),
		hidden:       map[string][]string{},
		unauthorized: "json",
		centers:      map[string]DataCenter{},
		sessions:     map[string]string{},
	}
	for host, center := range o.DataCenters {
		s.centers[host] = center.complete()
	}
	if s.cloudID == "" {
		s.cloudID = SampleCloudID
	}
	for _, u := range o.Users {
		s.AddUser(u)
	}
	return s
}

// Sample returns a fake with the examples' user, who holds every permission and
// one token.
func Sample(token string) *Server {
	return New(Options{Users: []User{{Email: SampleEmail, Tokens: []string{token}}}})
}

// Close releases every request that a fault holds up.
func (s *Server) Close() { s.closing.Do(func() { close(s.quit) }) }
