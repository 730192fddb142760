//go:build linux

package keychain_test

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"jira-cli/adapters/keychain"
	"jira-cli/adapters/keychain/keyringtest"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
	"jira-cli/ports/portstest"
)

// hour is a bound that must not be what ends an operation; brief is one that must.
const (
	hour  = time.Hour
	brief = 50 * time.Millisecond
)

// calls makes every call that talks to the keyring, and returns its error.
func calls(t *testing.T, opts keychain.Options) map[string]error {
	t.Helper()
	errs := map[string]error{}
	fresh := func() *keychain.Store { return open(t, opts) }
	_, errs["Get"] = fresh().Get(t.Context(), ref)
	errs["Put"] = fresh().Put(t.Context(), ref, secret.New(theToken))
	errs["Delete"] = fresh().Delete(t.Context(), ref)
	errs["Probe"] = fresh().Probe(t.Context())
	errs["GetAll"] = fresh().GetAll(t.Context(), []profile.Reference{ref})[0].Err
	return errs
}

func wantCode(t *testing.T, errs map[string]error, want fault.Code) {
	t.Helper()
	for name, err := range errs {
		if fault.CodeOf(err) != want {
			t.Errorf("%s: %v (%s), want %s", name, err, fault.CodeOf(err), want)
		}
		if err != nil && strings.Contains(err.Error(), theToken) {
			t.Errorf("%s: the error shows the secret", name)
		}
	}
}

func TestNoBus(t *testing.T) {
	for name, address := range map[string]string{
		"no address":     "",
		"no socket":      "unix:path=" + filepath.Join(t.TempDir(), "bus"),
		"unknown scheme": "launchd:env=X",
		"autolaunch":     "autolaunch:",
		"garbage":        "garbage",
	} {
		t.Run(name, func(t *testing.T) {
			wantCode(t, calls(t, keychain.Options{BusAddress: address, MachineBound: hour}), fault.KeyringUnavailable)
		})
	}
}

func TestBusWithoutProvider(t *testing.T) {
	bus := keyringtest.StartBus(t)
	wantCode(t, calls(t, keychain.Options{BusAddress: bus.Address, MachineBound: hour}), fault.KeyringUnavailable)
}

// silentSocket accepts connections and says nothing.
func silentSocket(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = conn.Close() })
		}
	}()
	return "unix:path=" + path
}

func TestSilentBus(t *testing.T) {
	wantCode(t, calls(t, keychain.Options{BusAddress: silentSocket(t), MachineBound: brief}), fault.KeyringTimeout)
}

func TestSilentProvider(t *testing.T) {
	bus := keyringtest.StartBus(t)
	keyringtest.StartFake(t, bus, keyringtest.FakeOptions{Silent: true})
	wantCode(t, calls(t, keychain.Options{BusAddress: bus.Address, MachineBound: brief}), fault.KeyringTimeout)
	interactive := calls(t, keychain.Options{BusAddress: bus.Address, MachineBound: brief, PersonBound: brief, Interactive: true})
	wantCode(t, interactive, fault.KeyringTimeout)
}

func TestConformsOnAFakeProvider(t *testing.T) {
	bus := keyringtest.StartBus(t)
	keyringtest.StartFake(t, bus, keyringtest.FakeOptions{})
	mute := keyringtest.StartBus(t)
	keyringtest.StartFake(t, mute, keyringtest.FakeOptions{Silent: true})
	next := harnesses(keychain.Options{BusAddress: bus.Address, MachineBound: hour})
	portstest.TestSecretStore(t, func(t *testing.T) portstest.SecretStoreHarness {
		h := next(t)
		h.Silent = func(t *testing.T) ports.SecretStore {
			return open(t, keychain.Options{BusAddress: mute.Address, MachineBound: hour})
		}
		return h
	})
}

func TestLockedWithoutAPerson(t *testing.T) {
	k := keyringtest.Start(t)
	opts := keychain.Options{BusAddress: k.Address, MachineBound: hour}
	other := profile.Reference{Service: "jira-cli", Account: "example.atlassian.net/absent"}
	mustPut(t, open(t, opts), ref, theToken)
	k.Lock(t)
	wantCode(t, calls(t, opts), fault.KeyringLocked)
	// A locked keyring cannot say that it lacks something.
	_, err := open(t, opts).Get(t.Context(), other)
	bulk := open(t, opts).GetAll(t.Context(), []profile.Reference{other, ref})
	wantCode(t, map[string]error{
		"Get": err, "Put": open(t, opts).Put(t.Context(), other, secret.New(theToken)), "Delete": open(t, opts).Delete(t.Context(), other),
		"GetAll absent": bulk[0].Err, "GetAll present": bulk[1].Err,
	}, fault.KeyringLocked)
}

// Without a prompter gnome-keyring dismisses its prompt itself.
func TestLockedWithoutAPrompter(t *testing.T) {
	k := keyringtest.Start(t)
	opts := keychain.Options{BusAddress: k.Address, Interactive: true, MachineBound: hour}
	mustPut(t, open(t, opts), ref, theToken)
	k.Lock(t)
	_, err := open(t, opts).Get(t.Context(), ref)
	if code := fault.CodeOf(err); code != fault.KeyringDismissed && code != fault.KeyringLocked {
		t.Errorf("Get: %v (%s)", err, code)
	}
}

// notices records what a person was told, and budget when its clock stood still.
type notices struct {
	mu        sync.Mutex
	told      []string
	open      int
	paused    int
	stillHeld int
}

func (n *notices) Waiting(message string) func() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.told = append(n.told, message)
	n.open++
	return func() { n.mu.Lock(); n.open--; n.mu.Unlock() }
}

func (n *notices) Left() (time.Duration, bool) { return 0, false }

func (n *notices) Pause() func() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.paused++
	n.stillHeld++
	return func() { n.mu.Lock(); n.stillHeld--; n.mu.Unlock() }
}

func (n *notices) check(t *testing.T, messages ...string) {
	t.Helper()
	n.mu.Lock()
	defer n.mu.Unlock()
	if !slices.Equal(n.told, messages) {
		t.Errorf("the person was told %q, want %q", n.told, messages)
	}
	if n.open != 0 || n.stillHeld != 0 {
		t.Errorf("%d notices are left, and the clock is held %d times", n.open, n.stillHeld)
	}
	if n.paused != len(messages) {
		t.Errorf("the clock was stopped %d times, want %d", n.paused, len(messages))
	}
}

const unlocking = "waiting for the keyring to be unlocked"

// prompting is a store with a person, on a fake that is locked after it was
// given a secret.
func prompting(t *testing.T, opts keyringtest.FakeOptions, person time.Duration) (*keychain.Store, *keyringtest.Fake, *notices, context.Context) {
	t.Helper()
	bus := keyringtest.StartBus(t)
	fake := keyringtest.StartFake(t, bus, opts)
	n := &notices{}
	store := open(t, keychain.Options{BusAddress: bus.Address, Interactive: true, Notifier: n, MachineBound: hour, PersonBound: person})
	return store, fake, n, ports.WithBudget(t.Context(), n)
}

func TestPromptAccepted(t *testing.T) {
	for _, hidden := range []bool{false, true} {
		store, fake, told, ctx := prompting(t, keyringtest.FakeOptions{Hidden: hidden}, hour)
		mustPut(t, store, ref, theToken)
		fake.Lock()
		got, err := store.Get(ctx, ref)
		if err != nil || got.Reveal() != theToken {
			t.Fatalf("Get: %v, %v", got, err)
		}
		told.check(t, unlocking)
		fake.Lock()
		found := store.GetAll(ctx, []profile.Reference{ref, {Service: "jira-cli", Account: "absent"}, ref})
		if !found[0].Secret.Equal(got) || !errors.Is(found[1].Err, ports.ErrNotFound) || !found[2].Secret.Equal(got) {
			t.Errorf("GetAll: %v", found)
		}
		told.check(t, unlocking, unlocking)
		fake.Lock()
		if err := store.Delete(ctx, ref); err != nil {
			t.Errorf("Delete: %v", err)
		}
		fake.Lock()
		if err := store.Probe(ctx); fault.CodeOf(err) != fault.KeyringLocked {
			t.Errorf("Probe: %v, want it to report and not to ask", err)
		}
		if fake.Prompts() != 3 {
			t.Errorf("%d prompts were shown, want one per operation that needed it", fake.Prompts())
		}
	}
}

// Reads at once, as of many profiles, show one prompt and not many.
func TestOnePromptForReadsAtOnce(t *testing.T) {
	store, fake, _, ctx := prompting(t, keyringtest.FakeOptions{}, hour)
	mustPut(t, store, ref, theToken)
	fake.Lock()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if got, err := store.Get(ctx, ref); err != nil || got.Reveal() != theToken {
				t.Errorf("Get: %v, %v", got, err)
			}
		})
	}
	wg.Wait()
	if fake.Prompts() != 1 {
		t.Errorf("%d prompts were shown", fake.Prompts())
	}
}

func TestPromptNotAccepted(t *testing.T) {
	for want, c := range map[fault.Code]struct {
		answer keyringtest.Answer
		person time.Duration
	}{
		fault.KeyringDismissed:   {keyringtest.Dismiss, hour},
		fault.KeyringTimeout:     {keyringtest.Ignore, brief},
		fault.KeyringUnavailable: {keyringtest.Die, hour},
	} {
		t.Run(string(want), func(t *testing.T) {
			store, fake, told, ctx := prompting(t, keyringtest.FakeOptions{Locked: true, Prompt: c.answer}, c.person)
			found := store.GetAll(ctx, []profile.Reference{ref, {Service: "jira-cli", Account: "other"}})
			wantCode(t, map[string]error{"first": found[0].Err, "second": found[1].Err}, want)
			told.check(t, unlocking)
			if fake.Prompts() != 1 {
				t.Errorf("the person was asked %d times, want once", fake.Prompts())
			}
			if c.answer == keyringtest.Ignore {
				<-fake.Dismissed() // the dialogue does not stay on the screen
			}
		})
	}
}

func TestInterruptedAtThePrompt(t *testing.T) {
	store, fake, told, ctx := prompting(t, keyringtest.FakeOptions{Locked: true, Prompt: keyringtest.Ignore}, hour)
	interrupt := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(ctx)
	done := make(chan error, 1)
	go func() { done <- store.Put(ctx, ref, secret.New(theToken)) }()
	for fake.Prompts() == 0 {
		time.Sleep(time.Millisecond)
	}
	cancel(interrupt)
	if err := <-done; !errors.Is(err, interrupt) {
		t.Errorf("Put: %v", err)
	}
	<-fake.Dismissed()
	told.check(t, unlocking)
}

// Some providers show a dialogue of their own while a call is pending.
func TestSlowProvider(t *testing.T) {
	bus := keyringtest.StartBus(t)
	keyringtest.StartFake(t, bus, keyringtest.FakeOptions{Delay: 2 * brief})
	n := &notices{}
	opts := keychain.Options{BusAddress: bus.Address, Interactive: true, Notifier: n, MachineBound: brief / 5, PersonBound: hour}
	ctx := ports.WithBudget(t.Context(), n)
	if err := open(t, opts).Put(ctx, ref, secret.New(theToken)); err != nil {
		t.Fatalf("Put: %v", err)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.told) == 0 || n.told[0] != "waiting for the keyring to answer" || n.open != 0 || n.stillHeld != 0 || n.paused != len(n.told) {
		t.Errorf("the person was told %q, %d are left, the clock was stopped %d times", n.told, n.open, n.paused)
	}
}

// A daemon that was started without a desktop has nothing to store in, and asks
// nobody for it.
func TestBareDaemon(t *testing.T) {
	k := keyringtest.StartBare(t)
	store := open(t, keychain.Options{BusAddress: k.Address, MachineBound: hour})
	if _, err := store.Get(t.Context(), ref); !errors.Is(err, ports.ErrNotFound) {
		t.Errorf("Get: %v, want ErrNotFound: the service answered", err)
	}
	wantCode(t, map[string]error{
		"Put": store.Put(t.Context(), ref, secret.New(theToken)), "Probe": store.Probe(t.Context()),
	}, fault.KeyringUnavailable)
}

func TestNoCollection(t *testing.T) {
	bus := keyringtest.StartBus(t)
	fake := keyringtest.StartFake(t, bus, keyringtest.FakeOptions{NoCollection: true})
	alone := open(t, keychain.Options{BusAddress: bus.Address, MachineBound: hour})
	if _, err := alone.Get(t.Context(), ref); !errors.Is(err, ports.ErrNotFound) {
		t.Errorf("Get: %v, want ErrNotFound: the service answered", err)
	}
	wantCode(t, map[string]error{
		"Put": alone.Put(t.Context(), ref, secret.New(theToken)), "Probe": alone.Probe(t.Context()),
	}, fault.KeyringUnavailable)
	if fake.Prompts() != 0 {
		t.Fatal("somebody was asked")
	}
	attended := open(t, keychain.Options{BusAddress: bus.Address, Interactive: true, MachineBound: hour})
	if err := attended.Probe(t.Context()); err != nil {
		t.Errorf("Probe: %v", err)
	}
	mustPut(t, attended, ref, theToken)
	mustGet(t, alone, ref, theToken)
}

func TestRefusals(t *testing.T) {
	for name, want := range map[string]fault.Code{
		"org.freedesktop.DBus.Error.AccessDenied":     fault.KeyringFailed,
		"org.freedesktop.Secret.Error.IsLocked":       fault.KeyringLocked,
		"org.freedesktop.DBus.Error.ServiceUnknown":   fault.KeyringUnavailable,
		"org.freedesktop.DBus.Error.Spawn.ExecFailed": fault.KeyringUnavailable,
		"org.freedesktop.DBus.Error.NoReply":          fault.KeyringUnavailable,
		"org.freedesktop.DBus.Error.TimedOut":         fault.KeyringTimeout,
		"org.freedesktop.DBus.Error.UnknownMethod":    fault.KeyringFailed,
		"org.example.Unheard.Of":                      fault.KeyringFailed,
	} {
		t.Run(name, func(t *testing.T) {
			bus := keyringtest.StartBus(t)
			keyringtest.StartFake(t, bus, keyringtest.FakeOptions{Error: name, ErrorText: "you said " + theToken + "\nand more"})
			wantCode(t, calls(t, keychain.Options{BusAddress: bus.Address, MachineBound: hour}), want)
		})
	}
}

// A provider that was restarted knows none of the sessions of before, and is
// none while it is gone.
func TestRestartedProvider(t *testing.T) {
	k := keyringtest.Start(t)
	store := open(t, keychain.Options{BusAddress: k.Address, MachineBound: hour})
	mustPut(t, store, ref, theToken)
	k.Stop(t)
	_, err := store.Get(t.Context(), ref)
	wantCode(t, map[string]error{"Get": err}, fault.KeyringUnavailable)
	keyringtest.StartOn(t, k.Bus)
	mustGet(t, store, ref, theToken)
	store.Close()
	mustGet(t, store, ref, theToken)
}
