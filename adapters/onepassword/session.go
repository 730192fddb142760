package onepassword

import (
	"context"
	"sync"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/domain/secret"
	"jira-cli/ports"
	"jira-cli/ports/task"
)

// How long one operation may wait for 1Password: long where a person may have
// to find the app's window, short where a job's log is all that there is.
const (
	patienceWithPerson = 5 * time.Minute
	patienceAlone      = 30 * time.Second
	// patienceStuck is for an operation that finds an earlier one, of which the
	// bound elapsed, still stuck in the library.
	patienceStuck = 2 * time.Second
)

// run gives op the account's client, for it alone, and returns its result.
//
// The SDK ignores contexts on the desktop path, and its library is one handle
// for the process which calls must not enter at once. So op runs in a goroutine
// that holds the store's turn until it really ends, whether or not its caller
// still waits; op is told by its own context not to begin anything new then.
func run[T any](ctx context.Context, s *Store, account string, op func(context.Context, client) (T, error)) (T, error) {
	var zero T
	if ctx.Err() != nil {
		return zero, context.Cause(ctx)
	}
	patience := s.patience()
	late := fault.New(fault.OnePasswordTimeout, "1password did not answer within %s", patience)
	bounded, cancel := context.WithTimeoutCause(ctx, patience, late)
	defer cancel()
	if err := s.takeTurn(bounded); err != nil {
		return zero, err
	}
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	asked := &asking{}
	defer asked.close()
	task.Go(func() {
		var out outcome
		defer func() {
			if v := recover(); v != nil {
				out.value, out.err = zero, panicked(v)
			}
			s.stuck.Store(false)
			<-s.turn
			done <- out
		}()
		out.value, out.err = withSession(bounded, s, account, asked, op)
		out.err = settle(out.err)
	}, nil)
	select {
	case out := <-done:
		return out.value, out.err
	case <-bounded.Done():
		s.stuck.Store(ctx.Err() == nil)
		return zero, context.Cause(bounded)
	}
}

func (s *Store) patience() time.Duration {
	switch {
	case s.options.Patience > 0:
		return s.options.Patience
	case s.options.Interactive:
		return patienceWithPerson
	}
	return patienceAlone
}

func (s *Store) takeTurn(ctx context.Context) error {
	var stuck <-chan time.Time
	if s.stuck.Load() {
		stuck = time.After(patienceStuck)
	}
	select {
	case s.turn <- struct{}{}:
		return nil
	case <-stuck:
		return fault.New(fault.OnePasswordTimeout, "1password has not answered an earlier request yet")
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// withSession runs op with the account's client. Where the authorization turns
// out to be gone (the app locked, restarted, or ten minutes passed) it asks for
// a new one, once: nothing of op took effect then, so op is run from its start.
func withSession[T any](ctx context.Context, s *Store, account string, asked *asking, op func(context.Context, client) (T, error)) (T, error) {
	for again := false; ; again = true {
		var value T
		c, err := s.session(ctx, account, asked)
		if err == nil {
			value, err = op(ctx, c)
		}
		if again || fault.CodeOf(err) != fault.OnePasswordSessionExpired {
			return value, err
		}
		delete(s.sessions, account)
	}
}

// session returns the account's client, opening it the first time. It is called
// by who has the turn.
func (s *Store) session(ctx context.Context, account string, asked *asking) (client, error) {
	if c, ok := s.sessions[account]; ok {
		return c, nil
	}
	if err := s.declined[account]; err != nil {
		return nil, err
	}
	var token secret.Secret
	waiting := "waiting for 1Password: approve the request in the app"
	if account == "" {
		var err error
		if token, err = s.serviceAccount(); err != nil {
			return nil, err
		}
		waiting = "waiting for 1Password"
	} else if s.desktop != "" && s.desktop != account {
		// The SDK would go on asking for the first account, silently.
		return nil, fault.New(fault.OnePasswordUnavailable, "this run already uses 1password account %q, and 1password serves one account per run", s.desktop).
			WithHint("run the command once for each account, with --profile")
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if account != "" {
		s.desktop = account
		asked.begin(func() func() { return ports.Pause(ctx) })
	}
	if s.options.Notifier != nil {
		asked.begin(func() func() { return s.options.Notifier.Waiting(waiting) })
	}
	defer asked.end()
	c, err := s.dial(context.WithoutCancel(ctx), account, token.Reveal())
	if err != nil {
		err = translate(err, account == "", token.Reveal())
		switch fault.CodeOf(err) {
		case fault.OnePasswordDeclined:
			s.declined[account] = err
		case fault.OnePasswordNotInstalled: // so the SDK opened nothing
			s.desktop = ""
		}
		return nil, err
	}
	opened := &guarded{inner: c, service: account == "", token: token}
	s.sessions[account] = opened
	return opened, nil
}

// asking is the time during which a person is asked: the budget's clock stands
// still and a notice is shown, until the answer came (end) or the caller no
// longer waits for it (close), after which nothing begins.
type asking struct {
	mu     sync.Mutex
	undo   []func()
	closed bool
}

func (a *asking) begin(start func() (undo func())) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.closed {
		a.undo = append(a.undo, start())
	}
}

func (a *asking) close() {
	a.mu.Lock()
	a.closed = true
	a.mu.Unlock()
	a.end()
}

func (a *asking) end() {
	a.mu.Lock()
	undo := a.undo
	a.undo = nil
	a.mu.Unlock()
	for i := len(undo) - 1; i >= 0; i-- {
		undo[i]()
	}
}

// guarded makes a client fit for the store: nothing begins once the context has
// ended, nothing is interrupted half-way, and errors are translated. (The
// context is not handed on: the service account's core could not be used again
// after being interrupted, and the desktop path ignores it.)
type guarded struct {
	inner   client
	service bool
	token   secret.Secret
}

func (g *guarded) call(ctx context.Context, hidden []field, f func(context.Context) error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	err := f(context.WithoutCancel(ctx))
	if err == nil {
		return nil
	}
	hide := []string{g.token.Reveal()}
	for _, h := range hidden {
		hide = append(hide, h.value)
	}
	return translate(err, g.service, hide...)
}

func (g *guarded) vaults(ctx context.Context) (list []vault, err error) {
	err = g.call(ctx, nil, func(ctx context.Context) (err error) { list, err = g.inner.vaults(ctx); return })
	return list, err
}

func (g *guarded) items(ctx context.Context, vaultID string) (list []overview, err error) {
	err = g.call(ctx, nil, func(ctx context.Context) (err error) { list, err = g.inner.items(ctx, vaultID); return })
	return list, err
}

func (g *guarded) item(ctx context.Context, vaultID, itemID string) (it item, err error) {
	err = g.call(ctx, nil, func(ctx context.Context) (err error) { it, err = g.inner.item(ctx, vaultID, itemID); return })
	return it, err
}

func (g *guarded) create(ctx context.Context, it item) (id string, err error) {
	err = g.call(ctx, it.fields, func(ctx context.Context) (err error) { id, err = g.inner.create(ctx, it); return })
	return id, err
}

func (g *guarded) put(ctx context.Context, it item) error {
	return g.call(ctx, it.fields, func(ctx context.Context) error { return g.inner.put(ctx, it) })
}

func (g *guarded) archive(ctx context.Context, vaultID, itemID string) error {
	return g.call(ctx, nil, func(ctx context.Context) error { return g.inner.archive(ctx, vaultID, itemID) })
}
