package app_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"jira-cli/adapters/memory"
	"jira-cli/app"
	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// captchaSite counts what it is sent and answers it with err.
type captchaSite struct {
	ports.JiraSession
	sent int
	err  error
}

func (s *captchaSite) Open(ports.Account) ports.JiraSession { return s }

func (s *captchaSite) Myself(context.Context) (access.Identity, error) {
	s.sent++
	return access.Identity{AccountID: "1"}, s.err
}

func (s *captchaSite) Permissions(context.Context, string, []string) (access.Grants, error) {
	s.sent++
	return access.Grants{}, s.err
}

// forgetful is a memory that does not work.
type forgetful struct{}

var errForgetful = fault.New(fault.FileStoreFailed, "no")

func (forgetful) Remember(context.Context, ports.Tried, time.Time) error { return errForgetful }
func (forgetful) Recall(context.Context, ports.Tried) (time.Time, error) {
	return time.Time{}, errForgetful
}
func (forgetful) Forget(context.Context, ports.Tried) error { return errForgetful }

var captchaFault = fault.Wrap(ports.ErrCaptcha, fault.JiraForbidden, "captcha")

// statusRun is one run of a command that asks both questions.
func statusRun(t *testing.T, jira *captchaSite, lockouts ports.Lockouts, clock ports.Clock, token string) (warned bool, sent int) {
	t.Helper()
	base, err := profile.ParseSite("example")
	if err != nil {
		t.Fatal(err)
	}
	var notices app.Notices
	guard := app.NewGuard(jira, lockouts, clock, &notices)
	session := guard.Open(ports.Account{Site: base, Email: "john.doe@example.com", Secret: secret.New(token)})
	before := jira.sent
	_, grantsErr := session.Permissions(context.Background(), "", nil)
	_, idErr := session.Myself(context.Background())
	if !errors.Is(idErr, jira.err) || !errors.Is(grantsErr, jira.err) {
		t.Errorf("the guard changed an error: %v, %v", idErr, grantsErr)
	}
	for _, w := range notices.All() {
		if w.Type != app.CaptchaLikely {
			t.Errorf("%+v", w)
		}
	}
	return len(notices.All()) == 1, jira.sent - before
}

func TestGuardWarnsForTenMinutes(t *testing.T) {
	clock := memory.NewClock(time.Date(2026, 5, 27, 0, 0, 0, 0, time.UTC))
	lockouts := memory.NewLockouts()
	jira := &captchaSite{err: captchaFault}
	expect := func(when string, token string, wantWarned bool, wantSent int) {
		t.Helper()
		if warned, sent := statusRun(t, jira, lockouts, clock, token); warned != wantWarned || sent != wantSent {
			t.Errorf("%s: warned %v, sent %d", when, warned, sent)
		}
	}
	expect("at first", "token-number-one-ATATT3xFfGF0", false, 2)
	expect("at once", "token-number-one-ATATT3xFfGF0", true, 1)
	clock.Advance(9*time.Minute + 59*time.Second)
	expect("before the end of ten minutes", "token-number-one-ATATT3xFfGF0", true, 1)
	clock.Advance(10 * time.Minute)
	expect("after the last attempt's ten minutes", "token-number-one-ATATT3xFfGF0", false, 2)
	expect("with another credential", "token-number-two-ATATT3xFfGF0", false, 2)
	clock.Advance(-time.Hour)
	expect("with a clock that went back", "token-number-one-ATATT3xFfGF0", false, 2)

	jira.err = fault.New(fault.JiraUnauthorized, "no")
	expect("refused for another reason", "token-number-one-ATATT3xFfGF0", true, 1)
	jira.err = nil
	expect("when it works again", "token-number-one-ATATT3xFfGF0", false, 2)
	jira.err = fault.New(fault.JiraUnauthorized, "no")
	expect("refused after it worked", "token-number-one-ATATT3xFfGF0", false, 2)
}

func TestGuardGoesOnWithoutAMemory(t *testing.T) {
	clock := memory.NewClock(time.Date(2026, 5, 27, 0, 0, 0, 0, time.UTC))
	for range 2 {
		if warned, sent := statusRun(t, &captchaSite{err: captchaFault}, forgetful{}, clock, "token-number-one-ATATT3xFfGF0"); warned || sent != 2 {
			t.Errorf("warned %v, sent %d", warned, sent)
		}
	}
}
