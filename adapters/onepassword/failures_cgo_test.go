//go:build cgo

package onepassword_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"jira-cli/adapters/onepassword"
	"jira-cli/adapters/onepassword/optest"
	"jira-cli/adapters/onepassword/optest/hook"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

const token = "ATATT3xFfGF0-example-ABCD"

// mustPut stores the sample token.
func mustPut(t *testing.T, s *onepassword.Store, ref profile.Reference) {
	t.Helper()
	if err := s.Put(t.Context(), ref, secret.New(token)); err != nil {
		t.Fatalf("Put: %v", err)
	}
}

// isFault demands a fault of the code whose hint contains the words, and which
// shows neither the token nor more than a line.
func isFault(t *testing.T, what string, err error, code fault.Code, hint string) {
	t.Helper()
	var f *fault.Fault
	if !errors.As(err, &f) || f.Code != code {
		t.Errorf("%s: %v (code %s), want %s", what, err, fault.CodeOf(err), code)
		return
	}
	if !strings.Contains(f.Hint, hint) {
		t.Errorf("%s: the hint %q does not name %q", what, f.Hint, hint)
	}
	if f.Message == "" || strings.ContainsAny(f.Message, "\r\n\x1b") || strings.HasSuffix(f.Message, ".") {
		t.Errorf("%s: the message is %q", what, f.Message)
	}
	if strings.Contains(fmt.Sprintf("%+v", f), token) {
		t.Errorf("%s: the fault shows the token", what)
	}
}

// Every state of the app, as each operation sees it.
func TestStatesOfTheApp(t *testing.T) {
	states := []struct {
		state optest.State
		code  fault.Code
		hint  string
	}{
		{optest.Locked, fault.OnePasswordLocked, "unlock the 1Password app"},
		{optest.Declined, fault.OnePasswordDeclined, "approve the request"},
		{optest.Off, fault.OnePasswordIntegrationOff, "Settings > Developer > Integrate with other apps"},
		{optest.Dropped, fault.OnePasswordUnavailable, "Settings > Developer > Integrate with other apps"},
		{optest.Expired, fault.OnePasswordSessionExpired, "approve the request"},
		{optest.RateLimited, fault.OnePasswordRateLimited, "wait"},
		{optest.Offline, fault.OnePasswordUnavailable, "network"},
	}
	for _, st := range states {
		t.Run(string(st.state), func(t *testing.T) {
			app := start(t)
			ref := reference("jira-cli example.atlassian.net/default")
			mustPut(t, newStore(t, app, onepassword.Options{}), ref)
			app.SetState(st.state)
			for what, call := range operations(t.Context(), ref) {
				isFault(t, what, call(newStore(t, app, onepassword.Options{})), st.code, st.hint)
			}
			app.SetState(optest.OK)
			got, err := newStore(t, app, onepassword.Options{}).Get(t.Context(), ref)
			if err != nil || got.Reveal() != token {
				t.Errorf("afterwards Get gives %v, %v", got, err)
			}
		})
	}
}

func operations(ctx context.Context, ref profile.Reference) map[string]func(*onepassword.Store) error {
	return map[string]func(*onepassword.Store) error{
		"Get":    func(s *onepassword.Store) error { _, err := s.Get(ctx, ref); return err },
		"Put":    func(s *onepassword.Store) error { return s.Put(ctx, ref, secret.New("another")) },
		"Delete": func(s *onepassword.Store) error { return s.Delete(ctx, ref) },
		"Locate": func(s *onepassword.Store) error { _, err := s.Locate(ctx, ref); return err },
		"GetAll": func(s *onepassword.Store) error { return s.GetAll(ctx, []profile.Reference{ref})[0].Err },
	}
}

func TestRefusedWrites(t *testing.T) {
	app := start(t)
	ref := reference("jira-cli example.atlassian.net/default")
	store := newStore(t, app, onepassword.Options{})
	mustPut(t, store, ref)
	app.SetState(optest.ReadOnly)
	isFault(t, "Put", store.Put(t.Context(), ref, secret.New("another")), fault.OnePasswordVaultNotFound, "write access")
	isFault(t, "Delete", store.Delete(t.Context(), ref), fault.OnePasswordVaultNotFound, "write access")
	app.SetState(optest.OK)
	for message, code := range map[string]fault.Code{
		"incorrect item version":                     fault.OnePasswordUnavailable,
		"item is too big":                            fault.SecretTooLarge,
		"validation error":                           fault.OnePasswordUnavailable,
		"the value ATATT3xFfGF0-example-ABCD is odd": fault.OnePasswordUnavailable,
	} {
		app.Fail("ItemsPut", "Item", message)
		isFault(t, message, store.Put(t.Context(), ref, secret.New(token)), code, "")
	}
	app.Fail("ItemsPut", "", "")
	if got, err := store.Get(t.Context(), ref); err != nil || got.Reveal() != token {
		t.Errorf("afterwards Get gives %v, %v", got, err)
	}
}

func TestNamesThatMeanNothingOrTooMuch(t *testing.T) {
	app := start(t)
	store := newStore(t, app, onepassword.Options{})
	ref := reference("twice")
	var ids []string
	for range 2 {
		id, err := app.AddItem("Work", optest.Item{Title: "twice", Fields: []optest.Field{{ID: "password", Title: "password", FieldType: "Concealed", Value: token}}})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	for what, call := range operations(t.Context(), ref) {
		err := call(store)
		isFault(t, what, err, fault.OnePasswordItemAmbiguous, "--item")
		if err != nil && (!strings.Contains(err.Error(), ids[0]) || !strings.Contains(err.Error(), ids[1])) {
			t.Errorf("%s: %q does not list the ids %q", what, err, ids)
		}
	}
	if got, err := store.Get(t.Context(), reference(ids[1])); err != nil || got.Reveal() != token {
		t.Errorf("by id Get gives %v, %v", got, err)
	}
	if err := app.Archive("Work", ids[0]); err != nil {
		t.Fatal(err)
	}
	if got, err := store.Get(t.Context(), ref); err != nil || got.Reveal() != token {
		t.Errorf("with the other archived Get gives %v, %v", got, err)
	}

	ref.Vault = "Wrok"
	_, err := store.Get(t.Context(), ref)
	isFault(t, "vault", err, fault.OnePasswordVaultNotFound, "--vault")
	if f := fault.From(err); len(f.Details.Suggestions) != 1 || f.Details.Suggestions[0] != "Work" {
		t.Errorf("the suggestions are %q", f.Details.Suggestions)
	}
	app.AddVault(account, "work")
	ref.Vault = "WORK"
	_, err = store.Get(t.Context(), ref)
	isFault(t, "two vaults", err, fault.OnePasswordItemAmbiguous, "--vault")
	ref.Vault = ""
	_, err = store.Get(t.Context(), ref)
	isFault(t, "no vault", err, fault.OnePasswordVaultNotFound, "--vault")
	ref = reference("")
	_, err = store.Get(t.Context(), ref)
	isFault(t, "no item", err, fault.ArgumentInvalid, "--item")
}

func TestAccounts(t *testing.T) {
	app := start(t)
	ref := reference("x")
	ref.Account = "nobody"
	if err := hook.Load(app.Library(), "nobody"); err != nil {
		t.Fatal(err)
	}
	store := newStore(t, app, onepassword.Options{})
	_, err := store.Get(t.Context(), ref)
	isFault(t, "unknown account", err, fault.OnePasswordAccountUnknown, "--onepassword-account")
	app.AddVault("other-account", "Work")
	ref.Account = "other-account"
	_, err = store.Get(t.Context(), ref)
	isFault(t, "second account", err, fault.OnePasswordUnavailable, "--profile")
	if calls := app.Calls(); len(calls) != 1 {
		t.Errorf("the app was called for the second account: %q", calls)
	}
}

// Whoever declines is not asked again in the same run.
func TestDeclinedOnce(t *testing.T) {
	app := start(t)
	app.SetState(optest.Declined)
	store := newStore(t, app, onepassword.Options{Interactive: true})
	for range 3 {
		_, err := store.Get(t.Context(), reference("x"))
		isFault(t, "Get", err, fault.OnePasswordDeclined, "approve")
	}
	if n := app.Requests(); n != 1 {
		t.Errorf("the person was asked %d times", n)
	}
}

// One approval serves a run; an authorization that ended is asked for anew and
// the operation done from its start.
func TestSessions(t *testing.T) {
	app := start(t)
	store := newStore(t, app, onepassword.Options{Interactive: true})
	ref := reference("jira-cli example.atlassian.net/default")
	mustPut(t, store, ref)
	for i, end := range []func(){func() {}, app.Expire, app.Restart} {
		end()
		if got, err := store.Get(t.Context(), ref); err != nil || got.Reveal() != token {
			t.Errorf("Get gives %v, %v", got, err)
		}
		if n := app.Requests(); n != i+1 {
			t.Errorf("after %d endings the person was asked %d times", i, n)
		}
	}
	app.Restart()
	if err := store.Delete(t.Context(), ref); err != nil {
		t.Errorf("Delete after a restart: %v", err)
	}
}

func TestLibraryThatDoesNotLoad(t *testing.T) {
	app := start(t)
	app.SetCode(-4)
	_, err := newStore(t, app, onepassword.Options{}).Get(t.Context(), reference("x"))
	isFault(t, "return code", err, fault.OnePasswordUnavailable, "1Password app")
	if !strings.Contains(err.Error(), "-4") {
		t.Errorf("the message %q does not give the return code", err)
	}
	if err := hook.Load(app.Library()+".none", account); err == nil {
		t.Fatal("the SDK loads a library that is not there")
	} else {
		isFault(t, "no library", onepassword.TranslateText(err, false), fault.OnePasswordUnavailable, "reinstall")
	}
}

// What a timed-out write had not begun it never begins, and later calls do not
// wait their whole bound for it.
func TestTimeout(t *testing.T) {
	app := start(t)
	app.SetState(optest.Stalled)
	store := newStore(t, app, onepassword.Options{Patience: 50 * time.Millisecond})
	ref := reference("late")
	for range 2 {
		isFault(t, "Put", store.Put(t.Context(), ref, secret.New(token)), fault.OnePasswordTimeout, "answer the approval request")
	}
	app.SetState(optest.OK)
	store.Settle()
	if items, err := app.Items("Work"); err != nil || len(items) != 0 {
		t.Errorf("the vault has %v, %v", items, err)
	}
	if _, err := store.Get(t.Context(), ref); !errors.Is(err, ports.ErrNotFound) {
		t.Errorf("afterwards Get gives %v", err)
	}
}

type notices struct{ shown, done []string }

func (n *notices) Waiting(message string) func() {
	n.shown = append(n.shown, message)
	return func() { n.done = append(n.done, message) }
}

type budget struct{ paused, resumed int }

func (b *budget) Left() (time.Duration, bool) { return 0, false }

func (b *budget) Pause() func() { b.paused++; return func() { b.resumed++ } }

func TestWaitingIsAnnouncedAndNotCounted(t *testing.T) {
	for _, state := range []optest.State{optest.OK, optest.Declined, optest.Stalled} {
		app := start(t)
		app.SetState(state)
		told, clock := &notices{}, &budget{}
		options := onepassword.Options{Notifier: told, Interactive: true}
		if state == optest.Stalled {
			options.Patience = 50 * time.Millisecond
		}
		store := newStore(t, app, options)
		for range 2 {
			_, _ = store.Get(ports.WithBudget(t.Context(), clock), reference("x"))
		}
		want := "waiting for 1Password: approve the request in the app"
		if len(told.shown) != 1 || told.shown[0] != want || len(told.done) != 1 {
			t.Errorf("%s: shown %q, taken back %q", state, told.shown, told.done)
		}
		if clock.paused != 1 || clock.resumed != 1 {
			t.Errorf("%s: paused %d times and resumed %d times", state, clock.paused, clock.resumed)
		}
	}
}
