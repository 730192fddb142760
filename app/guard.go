package app

import (
	"context"
	"errors"
	"sync"
	"time"

	"jira-cli/domain/access"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// CaptchaLikely is the type of the warning that a credential was locked out a
// short while ago.
const CaptchaLikely = "captcha_likely"

// captchaWindow is for how long after a CAPTCHA a run is warned.
const captchaWindow = 10 * time.Minute

// Notices collect what a service has to say beside the outcome of the use case
// that it serves. Safe for concurrent use; the zero value is empty.
type Notices struct {
	mu   sync.Mutex
	list []Warning
}

// Add adds a warning unless it is there.
func (n *Notices) Add(w Warning) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, known := range n.list {
		if known == w {
			return
		}
	}
	n.list = append(n.list, w)
}

// All returns the warnings in the order in which they came.
func (n *Notices) All() []Warning {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]Warning(nil), n.list...)
}

// Guard is a ports.Jira that keeps people from prolonging a lockout. It
// remembers a credential for which Jira wanted a CAPTCHA. While that is not long
// ago, a session asks who the account is before anything else, and where that is
// refused sends no second request: the run costs one attempt, and is warned. The
// memory is an aid: where it fails, everything goes on without it.
type Guard struct {
	real     ports.Jira
	lockouts ports.Lockouts
	clock    ports.Clock
	notices  *Notices
}

// NewGuard returns a guard before real.
func NewGuard(real ports.Jira, lockouts ports.Lockouts, clock ports.Clock, notices *Notices) *Guard {
	return &Guard{real, lockouts, clock, notices}
}

// Open implements ports.Jira.
func (g *Guard) Open(account ports.Account) ports.JiraSession {
	return &guarded{JiraSession: g.real.Open(account), guard: g, account: account,
		tried: ports.Tried{Site: account.Site, User: account.Email, Secret: account.Secret, Guessable: guessable(account)}}
}

// leastUnguessable is the length of the shortest token that Atlassian has made,
// in characters; what is shorter was chosen by a person.
const leastUnguessable = 24

// guessable reports whether an account's secret could be found by trying.
func guessable(account ports.Account) bool {
	password := account.AuthType == profile.AuthBasic || account.AuthType == profile.AuthSession
	return password || account.Secret.Len() < leastUnguessable
}

// guarded is a session of a Guard.
type guarded struct {
	ports.JiraSession
	guard   *Guard
	account ports.Account
	tried   ports.Tried

	looking sync.Once
	since   time.Time // when the credential was locked out, zero for not lately

	asking   sync.Once
	identity access.Identity
	err      error
}

// locked returns when the credential was locked out, the zero time where that is
// long ago.
func (s *guarded) locked(ctx context.Context) time.Time {
	s.looking.Do(func() {
		at, _ := s.guard.lockouts.Recall(ctx, s.tried)
		if age := s.guard.clock.Now().Sub(at); age >= 0 && age < captchaWindow {
			s.since = at
		}
	})
	return s.since
}

// Myself implements ports.JiraSession.
func (s *guarded) Myself(ctx context.Context) (access.Identity, error) {
	if s.locked(ctx).IsZero() {
		id, err := s.JiraSession.Myself(ctx)
		s.learn(ctx, err)
		return id, err
	}
	s.asking.Do(func() {
		s.identity, s.err = s.JiraSession.Myself(ctx)
		s.learn(ctx, s.err)
	})
	return s.identity, s.err
}

// Permissions implements ports.JiraSession.
func (s *guarded) Permissions(ctx context.Context, project string, keys []string) (access.Grants, error) {
	if !s.locked(ctx).IsZero() {
		if _, err := s.Myself(ctx); err != nil {
			return nil, err
		}
	}
	grants, err := s.JiraSession.Permissions(ctx, project, keys)
	if errors.Is(err, ports.ErrCaptcha) {
		s.learn(ctx, err)
	}
	return grants, err
}

// learn draws the consequence of an answer to who the account is. Only that
// answer proves that a lockout is over; others are given to anybody.
func (s *guarded) learn(ctx context.Context, err error) {
	ctx, cancel := cleanup(ctx)
	defer cancel()
	switch {
	case err == nil && !s.since.IsZero():
		_ = s.guard.lockouts.Forget(ctx, s.tried)
		return
	case err == nil:
		return
	case !s.since.IsZero():
		s.guard.notices.Add(s.warning())
	}
	if errors.Is(err, ports.ErrCaptcha) {
		_ = s.guard.lockouts.Remember(ctx, s.tried, s.guard.clock.Now())
	}
}

// Close implements ports.JiraSession. Whoever is about to be limited is told
// while the requests still work.
func (s *guarded) Close() {
	if s.JiraSession.NearLimit() {
		s.guard.notices.Add(Warning{Type: RateLimitNear, Message: "little is left of the rate limit of " + s.account.Site.Host() + "; send fewer requests for a while"})
	}
	s.JiraSession.Close()
}

func (s *guarded) warning() Warning {
	page := s.account.Site.String()
	if s.account.Deployment == profile.DataCenter {
		page += "/login.jsp"
	}
	return Warning{Type: CaptchaLikely, Message: "Jira wanted a CAPTCHA for this credential at " + s.since.UTC().Format("15:04 UTC") +
		"; log in once at " + page + " in a browser before the next attempt, for each one prolongs the lockout"}
}

var _ ports.Jira = (*Guard)(nil)
