package testscripts

import (
	"context"
	"io"
	"net/http"
	"syscall"
	"time"

	"jira-cli/adapters/envstore"
	"jira-cli/adapters/faulty"
	"jira-cli/adapters/memory"
	"jira-cli/adapters/tomlconfig"
	"jira-cli/cmd/wire"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// trouble is what is to go wrong in the next jira.
type trouble struct {
	plan     *faulty.Plan
	stopAt   string // the path, or *, during whose request a signal comes
	signal   string // which one, or timeout
	panicAt  string // the path whose request panics, "config" or a backend
	brokenBy error  // what writing to stdout fails with
	during   string // the path during whose request something else happens
	happens  func()
	refusing map[profile.Backend]error // the stores that take nothing, and why
	end      context.CancelCauseFunc
	expire   func()
}

func (t *trouble) calls() []string {
	if t.plan == nil {
		return nil
	}
	var list []string
	for _, c := range t.plan.Calls() {
		list = append(list, c.String())
	}
	return list
}

// transport lets signals and panics come while a request is on its way.
func (t *trouble) transport(real http.RoundTripper) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		if t.panicAt == r.URL.Path {
			panic("the script wants a panic here")
		}
		if t.stopAt == r.URL.Path || t.stopAt == "*" {
			t.stop()
			return nil, r.Context().Err()
		}
		if t.during == r.URL.Path {
			t.happens()
		}
		return real.RoundTrip(r)
	})
}

// stop ends the run as the signal does, or as its time limit.
func (t *trouble) stop() {
	if t.signal == "timeout" {
		t.expire()
		return
	}
	t.end(interrupted(t.signal))
}

// budget is wire.Budget, which the trouble can let run out at a moment that
// does not depend on how fast the machine is.
func (t *trouble) budget(ctx context.Context, d time.Duration) (context.Context, func()) {
	ctx, stop := wire.Budget(ctx, d)
	ctx, end := context.WithCancelCause(ctx)
	t.expire = func() { end(fault.New(fault.Timeout, "the command did not finish within %s", d)) }
	return ctx, func() { end(nil); stop() }
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// config is the real config with the trouble before it, nil for none.
func (t *trouble) config(path string) ports.Config {
	switch real := tomlconfig.New(tomlconfig.Options{Path: path}); {
	case t.panicAt == "config":
		return panicking{real}
	case t.plan != nil:
		return faulty.NewConfig(t.plan, real)
	}
	return nil
}

type panicking struct{ ports.Config }

func (panicking) Load(context.Context) (profile.Config, error) {
	panic("the script wants a panic here")
}

// stdout fails as the trouble wants it.
func (t *trouble) stdout(w io.Writer) io.Writer {
	if t.brokenBy != nil {
		return brokenWriter{t.brokenBy}
	}
	return w
}

type brokenWriter struct{ err error }

func (w brokenWriter) Write([]byte) (int, error) { return 0, w.err }

// brokenPipes are the ways in which stdout can fail, by their words.
var brokenPipes = map[string]error{"full": syscall.ENOSPC, "closed": syscall.EPIPE}

// stock are the stores of a run: the world's, without those that the script
// took away, with its trouble before them.
func (w *world) stock(env ports.Environment) ports.Stores {
	all := map[profile.Backend]ports.SecretStore{profile.Env: envstore.New(env)}
	service, _ := env.Lookup("JIRA_KEYRING_SERVICE")
	for b, s := range w.stores {
		all[b] = s
		if b == profile.Keyring {
			s.Override(service)
		}
	}
	for b := range w.missing {
		delete(all, b)
	}
	for b, s := range all {
		switch {
		case w.trouble.refusing[b] != nil:
			all[b] = refusingStore{s, w.trouble.refusing[b]}
		case w.trouble.panicAt == string(b):
			all[b] = panickingStore{s}
		case w.trouble.plan != nil && b != profile.Env:
			all[b] = faulty.NewSecretStore(w.trouble.plan, b, s)
		}
	}
	return memory.NewStores(all)
}

type panickingStore struct{ ports.SecretStore }

func (panickingStore) Get(context.Context, profile.Reference) (secret.Secret, error) {
	panic("the script wants a panic here")
}

// refusingStore reads and does not write.
type refusingStore struct {
	ports.SecretStore
	why error
}

func (s refusingStore) Put(context.Context, profile.Reference, secret.Secret) error { return s.why }

// injectedCode is the code of an injected failure, "" for the port's own.
func injectedCode(args []string) fault.Code {
	if len(args) > 2 {
		return fault.Code(args[2])
	}
	return ""
}
