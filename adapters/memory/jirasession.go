package memory

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// Open implements ports.Jira.
func (j *Jira) Open(a ports.Account) ports.JiraSession {
	return &jiraSession{jira: j, account: a, turn: make(chan struct{}, 1)}
}

type jiraSession struct {
	jira    *Jira
	account ports.Account

	// Of the login, for whoever has the turn.
	turn   chan struct{}
	done   bool
	epoch  int
	failed error
}

func withStatus(f *fault.Fault, status int) *fault.Fault {
	f.Details.HTTPStatus = status
	return f
}

func jiraUnauthorized() *fault.Fault {
	return withStatus(fault.New(fault.JiraUnauthorized, "Jira rejected the credential (HTTP 401)"), 401)
}

// Myself implements ports.JiraSession.
func (s *jiraSession) Myself(ctx context.Context) (access.Identity, error) {
	a, err := s.ask(ctx, JiraCall{Method: "Myself"}, "read:jira-user")
	switch {
	case err != nil:
		return access.Identity{}, err
	case a == nil:
		return access.Identity{}, jiraUnauthorized()
	}
	return a.identity, nil
}

// Permissions implements ports.JiraSession. On Cloud a credential that is not
// accepted is answered as an anonymous caller, who holds nothing.
func (s *jiraSession) Permissions(ctx context.Context, project string, keys []string) (access.Grants, error) {
	if len(keys) == 0 && s.refused() == nil && ctx.Err() == nil {
		return access.Grants{}, nil
	}
	a, err := s.ask(ctx, JiraCall{Method: "Permissions", Project: project}, "read:jira-work")
	switch {
	case err != nil:
		return nil, err
	case a == nil && (s.account.CloudID != "" || jiraDeployment(s.account) == profile.DataCenter):
		return nil, jiraUnauthorized()
	}
	grants := make(access.Grants, len(keys))
	for _, key := range keys {
		grants[key] = false
	}
	if a == nil {
		return grants, nil
	}
	if a.hidden[project] {
		return nil, withStatus(fault.New(fault.JiraNotFound, "Jira does not have the project %s, or hides it from this account (HTTP 404)", project), 404)
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

// Server implements ports.JiraSession.
func (s *jiraSession) Server(ctx context.Context) (access.Server, error) {
	_, site, err := s.send(ctx, JiraCall{Method: "Server"})
	if err != nil {
		return access.Server{}, err
	}
	return site.server, nil
}

// CloudID implements ports.JiraSession.
func (s *jiraSession) CloudID(ctx context.Context) (string, error) {
	if !s.account.Site.IsCloud() {
		return "", fault.New(fault.ArgumentInvalid, "only sites under %s have a cloud id", profile.CloudSuffix)
	}
	_, site, err := s.send(ctx, JiraCall{Method: "CloudID"})
	if err != nil {
		return "", err
	}
	return site.cloudID, nil
}

// Expiry implements ports.JiraSession. Another personal access token of the same
// person with another end makes it untold.
func (s *jiraSession) Expiry(ctx context.Context) (time.Time, error) {
	if jiraMethod(s.account) != profile.AuthPAT {
		if ctx.Err() != nil {
			return time.Time{}, context.Cause(ctx)
		}
		return time.Time{}, nil
	}
	a, err := s.ask(ctx, JiraCall{Method: "Expiry"})
	switch {
	case fault.CodeOf(err) == fault.JiraForbidden, fault.CodeOf(err) == fault.JiraNotFound:
		return time.Time{}, nil
	case err != nil:
		return time.Time{}, err
	case a == nil:
		return time.Time{}, jiraUnauthorized()
	}
	s.jira.mu.Lock()
	defer s.jira.mu.Unlock()
	for _, other := range s.jira.accounts {
		same := other.account.Site == a.account.Site && other.identity == a.identity && jiraMethod(other.account) == profile.AuthPAT
		if same && !other.revoked && !other.expiry.Equal(a.expiry) {
			return time.Time{}, nil
		}
	}
	return a.expiry, nil
}

// Close implements ports.JiraSession.
func (s *jiraSession) Close() {}

// ask sends a request with the credential and returns a copy of the account that
// asks, nil for a credential that is not accepted. A scoped token needs one of
// the scopes.
func (s *jiraSession) ask(ctx context.Context, c JiraCall, scopes ...string) (*jiraAccount, error) {
	if f := s.refused(); f != nil {
		return nil, f
	}
	c.Email, c.AuthType, c.Gateway = s.account.Email, jiraMethod(s.account), s.account.CloudID != ""
	if c.AuthType == profile.AuthSession {
		if err := s.logIn(ctx); err != nil {
			return nil, err
		}
	}
	a, site, err := s.send(ctx, c)
	switch {
	case err != nil:
		return nil, err
	case c.Gateway && site.cloudID != s.account.CloudID:
		return nil, withStatus(fault.New(fault.JiraNotFound, "there is no site with this cloud id (HTTP 404)"), 404)
	case c.AuthType == profile.AuthSession && s.jira.ended(s.epoch):
		return nil, nil
	case a != nil && c.Gateway && a.scopes != nil && len(scopes) > 0 && !slices.ContainsFunc(scopes, func(scope string) bool { return slices.Contains(a.scopes, scope) }):
		return nil, withStatus(fault.New(fault.JiraScopeMissing, "the token lacks a scope that the request needs: %s", strings.Join(scopes, ", ")), 401)
	}
	return a, nil
}

func (j *Jira) ended(epoch int) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return epoch != j.epoch
}

// logIn exchanges the password for a cookie, once; see ports.JiraSession.
func (s *jiraSession) logIn(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { <-s.turn }()
	if s.done {
		return s.failed
	}
	a, _, err := s.send(ctx, JiraCall{Method: "LogIn", Email: s.account.Email, AuthType: profile.AuthSession})
	if err != nil && ctx.Err() != nil {
		return err
	}
	if err == nil && a == nil {
		err = jiraUnauthorized()
	}
	s.jira.mu.Lock()
	s.epoch = s.jira.epoch
	s.jira.mu.Unlock()
	s.done, s.failed = true, err
	return err
}

// send records a request and returns what it met.
func (s *jiraSession) send(ctx context.Context, c JiraCall) (*jiraAccount, *jiraSite, error) {
	if ctx.Err() != nil {
		return nil, nil, context.Cause(ctx)
	}
	c.Site = s.account.Site.String()
	account, site, trouble := s.jira.arrive(c, s.account)
	switch {
	case trouble.stall:
		<-ctx.Done()
		return nil, nil, context.Cause(ctx)
	case trouble.err != nil:
		return nil, nil, trouble.err
	case site == nil:
		return nil, nil, withStatus(fault.New(fault.JiraSiteNotFound, "there is no Atlassian site at %s (HTTP 404)", s.account.Site), 404)
	}
	return account, site, nil
}

func jiraMethod(a ports.Account) string {
	if a.AuthType == "" {
		return profile.AuthToken
	}
	return a.AuthType
}

func takesPassword(a ports.Account) bool {
	return jiraMethod(a) == profile.AuthBasic || jiraMethod(a) == profile.AuthSession
}

// jiraDeployment fills in the zero deployment: each auth type has but one.
func jiraDeployment(a ports.Account) profile.Deployment {
	switch {
	case a.Deployment != "":
		return a.Deployment
	case jiraMethod(a) == profile.AuthToken:
		return profile.Cloud
	}
	return profile.DataCenter
}

// refused is why the account cannot be put on a wire, had there been one. Files
// are not looked at.
func (s *jiraSession) refused() *fault.Fault {
	a := s.account
	invalid := func(format string, args ...any) *fault.Fault {
		return fault.New(fault.ArgumentInvalid, format, args...)
	}
	if _, err := profile.ParseAuthType(jiraMethod(a)); err != nil {
		return fault.From(err)
	}
	cloud := jiraDeployment(a) == profile.Cloud || a.Site.IsCloud()
	switch {
	case (jiraMethod(a) == profile.AuthToken) != cloud:
		return invalid("%s does not have the auth type %s", a.Site.Host(), jiraMethod(a))
	case a.CloudID != "" && (!a.Site.IsCloud() || !profile.IsCloudID(a.CloudID)):
		return invalid("%s does not have the cloud id", a.Site.Host())
	case a.Network.Insecure && a.Site.IsCloud():
		return invalid("certificates of sites under %s are always verified", profile.CloudSuffix)
	case a.Secret.IsZero():
		return fault.New(fault.CredentialNotFound, "there is no credential to send to %s", a.Site)
	case jiraMethod(a) != profile.AuthPAT && (a.Email == "" || strings.Contains(a.Email, ":") || strings.IndexFunc(a.Email, unicode.IsControl) >= 0):
		return invalid("the email or user name is empty, or contains a colon or a control character")
	}
	for name := range a.Headers {
		if err := profile.CheckHeader(name, profile.HeaderSource{Variable: "ANY"}); err != nil {
			return fault.From(err)
		}
	}
	return nil
}
