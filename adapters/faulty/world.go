package faulty

import (
	"context"
	"time"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// Jira passes the calls of a Jira's sessions through a plan.
type Jira struct {
	plan *Plan
	real ports.Jira
}

// NewJira decorates a Jira. The calls are jira.Myself, jira.Permissions,
// jira.Server, jira.CloudID and jira.Expiry.
func NewJira(p *Plan, j ports.Jira) *Jira { return &Jira{p, j} }

// Open implements ports.Jira.
func (j *Jira) Open(a ports.Account) ports.JiraSession { return &session{j.plan, j.real.Open(a)} }

type session struct {
	plan *Plan
	real ports.JiraSession
}

func (s *session) Myself(ctx context.Context) (access.Identity, error) {
	return do(ctx, s.plan, "jira.Myself", fault.NetworkUnreachable, func() (access.Identity, error) { return s.real.Myself(ctx) })
}

func (s *session) Permissions(ctx context.Context, project string, keys []string) (access.Grants, error) {
	return do(ctx, s.plan, "jira.Permissions", fault.NetworkUnreachable, func() (access.Grants, error) {
		return s.real.Permissions(ctx, project, keys)
	})
}

func (s *session) Server(ctx context.Context) (access.Server, error) {
	return do(ctx, s.plan, "jira.Server", fault.NetworkUnreachable, func() (access.Server, error) { return s.real.Server(ctx) })
}

func (s *session) CloudID(ctx context.Context) (string, error) {
	return do(ctx, s.plan, "jira.CloudID", fault.NetworkUnreachable, func() (string, error) { return s.real.CloudID(ctx) })
}

func (s *session) Expiry(ctx context.Context) (time.Time, error) {
	return do(ctx, s.plan, "jira.Expiry", fault.NetworkUnreachable, func() (time.Time, error) { return s.real.Expiry(ctx) })
}

func (s *session) NearLimit() bool { return s.real.NearLimit() }

func (s *session) Close() { s.real.Close() }

// Prompter passes questions through a plan; the person's failure is Canceled.
type Prompter struct {
	plan *Plan
	real ports.Prompter
}

// NewPrompter decorates a prompter. The calls are prompt.Line and so on.
func NewPrompter(p *Plan, real ports.Prompter) *Prompter { return &Prompter{p, real} }

// Line implements ports.Prompter.
func (p *Prompter) Line(ctx context.Context, q ports.Question) (string, error) {
	return do(ctx, p.plan, "prompt.Line", fault.Canceled, func() (string, error) { return p.real.Line(ctx, q) })
}

// Secret implements ports.Prompter.
func (p *Prompter) Secret(ctx context.Context, q ports.Question) (secret.Secret, error) {
	return do(ctx, p.plan, "prompt.Secret", fault.Canceled, func() (secret.Secret, error) { return p.real.Secret(ctx, q) })
}

// Choose implements ports.Prompter.
func (p *Prompter) Choose(ctx context.Context, q ports.Question, options []string) (string, error) {
	return do(ctx, p.plan, "prompt.Choose", fault.Canceled, func() (string, error) { return p.real.Choose(ctx, q, options) })
}

// Confirm implements ports.Prompter.
func (p *Prompter) Confirm(ctx context.Context, q ports.Question) (bool, error) {
	return do(ctx, p.plan, "prompt.Confirm", fault.Canceled, func() (bool, error) { return p.real.Confirm(ctx, q) })
}

// Show implements ports.Prompter.
func (p *Prompter) Show(ctx context.Context, lines ...string) error {
	return only(ctx, p.plan, "prompt.Show", fault.Canceled, func() error { return p.real.Show(ctx, lines...) })
}

// SecretInput passes the reading of stdin through a plan.
type SecretInput struct {
	plan *Plan
	real ports.SecretInput
}

// NewSecretInput decorates a stdin. The call is stdin.Read.
func NewSecretInput(p *Plan, real ports.SecretInput) *SecretInput { return &SecretInput{p, real} }

// Read implements ports.SecretInput.
func (s *SecretInput) Read(ctx context.Context) (string, error) {
	return do(ctx, s.plan, "stdin.Read", fault.InputReadFailed, func() (string, error) { return s.real.Read(ctx) })
}
