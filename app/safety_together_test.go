package app_test

import (
	"context"
	"reflect"
	"sync"
	"testing"

	"jira-cli/adapters/faulty"
	"jira-cli/adapters/memory"
	"jira-cli/app"
	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// meanwhile is a Jira that takes so long that another process does its work.
type meanwhile struct {
	ports.Jira
	work func()
}

func (m meanwhile) Open(a ports.Account) ports.JiraSession {
	return slowSession{m.Jira.Open(a), m.work}
}

type slowSession struct {
	ports.JiraSession
	work func()
}

func (s slowSession) Myself(ctx context.Context) (access.Identity, error) {
	s.work()
	return s.JiraSession.Myself(ctx)
}

// TestAnotherProcessDuringALogin lets a whole other command run while a login
// waits for Jira, which is the longest stretch between what it looked at and
// what it changes. It ends as the two would in turn, or says that the profile
// was changed and leaves what the other command left.
func TestAnotherProcessDuringALogin(t *testing.T) {
	person := []memory.Step{memory.Answer("Profile work already has a stored credential. Replace it?", "yes"), memory.Answer("API token", newToken)}
	logins := map[string]command{
		"login":            loginTo(profile.File, "example", nil),
		"login by default": loginTo("", "example", nil),
		"forced login":     loginTo("", "example", force),
		"forced into file": loginTo(profile.File, "example", force),
		"login by a person": func(ctx context.Context, p *process) ([]app.Warning, error) {
			now := p.state()
			if work, _ := now.config.Find("work"); now.resolve(work) == "" {
				return loginTo(profile.File, "example", nil)(ctx, p) // nothing to confirm
			}
			return loginTo(profile.File, "example", func(in *app.LoginInput) { in.SecretStdin = false }, person...)(ctx, p)
		},
	}
	others := map[string]command{
		"login": loginTo(profile.File, "example", nil), "login elsewhere": loginTo(profile.Keyring, "elsewhere", force),
		"migrate": migrateTo(profile.File, nil), "logout": logout, "delete": deleteWith(), "rename": renameTo("job"),
	}
	situations := map[string]func(*world){"nothing": func(*world) {}}
	for _, b := range []profile.Backend{profile.Keyring, profile.File} {
		situations["in "+string(b)], situations["empty "+string(b)] = onRecord(b, oldToken), onRecord(b, "")
	}
	for where, build := range situations {
		for first, login := range logins {
			for second, other := range others {
				t.Run(where+", "+first+", "+second, func(t *testing.T) {
					s := scenario{build: build, jira: newJira()}
					run := func(w *world, c command) error {
						_, err := c(context.Background(), w.start(faulty.NewPlan()))
						return err
					}
					inTurn := func(commands ...command) state {
						w := s.fresh()
						for _, c := range commands {
							_ = run(w, c) // a refusal is an outcome too
						}
						return w.state()
					}
					w := s.fresh()
					p := w.start(faulty.NewPlan())
					between := sync.OnceFunc(func() { _ = run(w, other) })
					p.jira = meanwhile{p.jira, between}
					_, err := login(context.Background(), p)
					between() // where the login did not come as far as Jira
					now := w.state()
					same := func(o state) bool {
						return now.config.Equal(o.config) && reflect.DeepEqual(now.values(), o.values())
					}
					changed := fault.CodeOf(err) == fault.ConfigChanged
					switch {
					case changed && same(inTurn(other)):
					case !changed && (same(inTurn(login, other)) || same(inTurn(other, login))):
					default:
						t.Errorf("it ends with %v and\n%v\nin turn\n%v\nthe other way\n%v", err, now, inTurn(login, other), inTurn(other, login))
					}
				})
			}
		}
	}
}
