package jirahttp_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"jira-cli/adapters/fakejira"
	"jira-cli/adapters/memory"
	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// patient returns a session on Cloud that tries again, its fake, and what shows
// how it waited.
func patient(t *testing.T, retries int) (ports.JiraSession, *fakejira.Server, *memory.Clock, *memory.Notifier) {
	t.Helper()
	fake, o := newCenter(t, "")
	command(t, fake, "token add john.doe@example.com "+token)
	clock, notes := memory.NewClock(time.Date(2026, 5, 27, 0, 0, 0, 0, time.UTC)), memory.NewNotifier()
	o.Retries, o.Sleep, o.Notifier, o.Random = retries, clock.Sleep, notes, func() float64 { return 0.5 }
	o.Now = clock.Now
	account := ports.Account{Site: parseSite(t, "example"), Email: fakejira.SampleEmail, Secret: secret.New(token)}
	return opened(t, o, account), fake, clock, notes
}

func total(sleeps []time.Duration) (sum time.Duration) {
	for _, d := range sleeps {
		sum += d
	}
	return sum
}

func TestRetries(t *testing.T) {
	t.Parallel()
	for kind, c := range map[string]struct {
		sent  int // with three retries and a fault that stays
		slept time.Duration
	}{
		"429 retry-after=2":         {4, 6 * time.Second},
		"503 retry-after=date:3":    {4, 9 * time.Second},
		"429":                       {4, (750 + 1500 + 3000) * time.Millisecond},
		"502":                       {4, (750 + 1500 + 3000) * time.Millisecond},
		"503 retry-after=0":         {4, 0},
		"504":                       {4, (750 + 1500 + 3000) * time.Millisecond},
		"reset":                     {4, (750 + 1500 + 3000) * time.Millisecond},
		"401":                       {1, 0},
		"401 retry-after=1":         {1, 0},
		"403":                       {1, 0},
		"captcha":                   {1, 0},
		"404":                       {1, 0},
		"500":                       {1, 0},
		"501":                       {1, 0},
		"garbage":                   {1, 0},
		"truncate":                  {1, 0},
		"refused":                   {1, 0},
		"dns":                       {1, 0},
		"tls-unknown":               {1, 0},
		"redirect to=https://a.b/c": {1, 0},
		"method":                    {1, 0},
		"400 retry-after=1":         {1, 0},
		"html-maintenance type=x/y": {4, (750 + 1500 + 3000) * time.Millisecond},
	} {
		s, fake, clock, notes := patient(t, 3)
		command(t, fake, "fault * "+kind)
		_, once := s.Myself(bounded(t))
		if once == nil || len(fake.Requests()) != c.sent || total(clock.Sleeps()) != c.slept || notes.Open() != 0 {
			t.Errorf("%s: %v after %d requests and %s", kind, once, len(fake.Requests()), total(clock.Sleeps()))
		}
	}
}

func TestARetryThatHelps(t *testing.T) {
	t.Parallel()
	s, fake, _, notes := patient(t, 2)
	command(t, fake, "fault * 429 retry-after=3 times=1", "fault * reset times=1")
	if _, err := s.Myself(bounded(t)); err != nil {
		t.Error(err)
	}
	want := []string{"retrying in 1 s (the connection broke off)", "retrying in 3 s (429)", "retrying in 2 s (429)", "retrying in 1 s (429)"}
	if got := notes.Messages(); !slices.Equal(got, want) {
		t.Errorf("a person saw %q", got)
	}
	command(t, fake, "fault * 503 times=2")
	if _, err := s.Permissions(bounded(t), "", access.ProbedKeys()); err != nil {
		t.Errorf("the second question has its own retries: %v", err)
	}
	command(t, fake, "fault * 503 times=1")
	if _, err := s.Server(bounded(t)); err != nil {
		t.Errorf("a public question: %v", err)
	}
}

// TestARetryEndsWithItsContext: with the cause where the wait is cut short, and
// with the reason where it would outlast the caller in any case.
func TestARetryEndsWithItsContext(t *testing.T) {
	t.Parallel()
	fake, o := newCenter(t, "")
	command(t, fake, "fault * 429 retry-after=3600")
	cause := errors.New("the caller gave up")
	ctx, cancel := context.WithCancelCause(bounded(t))
	o.Retries, o.Notifier = 1, memory.NewNotifier()
	o.Sleep = func(ctx context.Context, _ time.Duration) error {
		cancel(cause)
		return context.Cause(ctx)
	}
	account := ports.Account{Site: parseSite(t, "example"), Email: fakejira.SampleEmail, Secret: secret.New(token)}
	if _, err := opened(t, o, account).Myself(ctx); !errors.Is(err, cause) {
		t.Errorf("the wait was cut short: %v", err)
	}
	o.Sleep, o.Now = nil, time.Now
	if _, err := opened(t, o, account).Myself(bounded(t)); fault.CodeOf(err) != fault.JiraRateLimited {
		t.Errorf("an hour to wait and a minute's time: %v", err)
	}
	o.Now = nil
	ctx, end := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer end()
	if _, err := opened(t, o, account).Myself(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the wait without a clock: %v", err)
	}
}

// TestDataCenterTellsWhenToComeBack by an interval where it has no Retry-After.
func TestDataCenterTellsWhenToComeBack(t *testing.T) {
	t.Parallel()
	fake, o := newCenter(t, "")
	command(t, fake, "fault * 429 remaining=0")
	_, err := opened(t, o, centerAccount(t, "pat", patText)).Myself(bounded(t))
	if f := fault.From(err); f.Details.RetryAfterSeconds == nil || *f.Details.RetryAfterSeconds != 60 || *f.Details.RateLimitRemaining != 0 {
		t.Errorf("%v: %+v", err, f.Details)
	}
}
