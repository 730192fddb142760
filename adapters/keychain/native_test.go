package keychain

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"jira-cli/adapters/keychain/patience"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
	"jira-cli/ports/portstest"
)

// fakeChain is go-keyring's part: a map, with the limits of the real ones, that
// can fail or keep silent until it is let go.
type fakeChain struct {
	mu     sync.Mutex
	items  map[string]string
	err    error
	silent chan struct{}
	panics bool
}

func newFakeChain() *fakeChain { return &fakeChain{items: map[string]string{}} }

func (c *fakeChain) do(run func() error) error {
	if c.silent != nil {
		<-c.silent
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.panics {
		panic("a defect of the library")
	}
	if c.err != nil {
		return c.err
	}
	return run()
}

func (c *fakeChain) Get(service, account string) (text string, err error) {
	err = c.do(func() error {
		var ok bool
		if text, ok = c.items[service+":"+account]; !ok {
			return errChainAbsent
		}
		return nil
	})
	return text, err
}

func (c *fakeChain) Set(service, account, text string) error {
	return c.do(func() error {
		if len(text) > 2560 {
			return errChainTooBig
		}
		c.items[service+":"+account] = text
		return nil
	})
}

func (c *fakeChain) Delete(service, account string) error {
	return c.do(func() error {
		if _, ok := c.items[service+":"+account]; !ok {
			return errChainAbsent
		}
		delete(c.items, service+":"+account)
		return nil
	})
}

func on(goos string, c chain, waits patience.Patience) *Store {
	return &Store{engine: newNative(platforms[goos], c, waits)}
}

var nativeRef = profile.Reference{Service: profile.DefaultService, Account: "example.atlassian.net/default"}

func TestNativeConforms(t *testing.T) {
	for goos := range platforms {
		t.Run(goos, func(t *testing.T) {
			portstest.TestSecretStore(t, func(t *testing.T) portstest.SecretStoreHarness {
				c := newFakeChain()
				return portstest.SecretStoreHarness{
					Store: on(goos, c, patience.Patience{Machine: time.Hour}),
					Other: on(goos, c, patience.Patience{Machine: time.Hour}),
					Reference: func(i int) profile.Reference {
						return profile.Reference{Service: profile.DefaultService, Account: fmt.Sprintf("example.atlassian.net/p%d", i)}
					},
					Silent: func(t *testing.T) ports.SecretStore {
						mute := newFakeChain()
						mute.silent = make(chan struct{})
						t.Cleanup(func() { close(mute.silent) })
						return on(goos, mute, patience.Patience{Machine: time.Hour})
					},
				}
			})
		})
	}
}

// exitError is what go-keyring passes on of /usr/bin/security.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit status %d", int(e)) }
func (e exitError) ExitCode() int { return int(e) }

func TestNativeErrors(t *testing.T) {
	const token = "ATATT3xFfGF0-example-of-a-token-ABCD"
	for _, c := range []struct {
		goos string
		err  error
		want fault.Code
	}{
		{"darwin", exitError(36), fault.KeyringLocked},
		{"darwin", exitError(51), fault.KeyringLocked},
		{"darwin", exitError(128), fault.KeyringDismissed},
		{"darwin", exitError(37), fault.KeyringUnavailable},
		{"darwin", exitError(53), fault.KeyringUnavailable},
		{"darwin", exitError(1), fault.KeyringFailed},
		{"darwin", errors.New("exec: security not found"), fault.KeyringFailed},
		{"darwin", errChainTooBig, fault.SecretTooLarge},
		{"darwin", errChainUnsupported, fault.KeyringUnavailable},
		{"windows", fmt.Errorf("write: %w", syscall.Errno(1312)), fault.KeyringUnavailable},
		{"windows", syscall.Errno(1223), fault.KeyringDismissed},
		{"windows", syscall.Errno(5), fault.KeyringFailed},
	} {
		chain := newFakeChain()
		chain.err = c.err
		store := on(c.goos, chain, patience.Patience{Machine: time.Hour})
		_, getErr := store.Get(t.Context(), nativeRef)
		for name, err := range map[string]error{
			"Get": getErr, "Put": store.Put(t.Context(), nativeRef, secret.New(token)),
			"Delete": store.Delete(t.Context(), nativeRef), "Probe": store.Probe(t.Context()),
		} {
			if fault.CodeOf(err) != c.want {
				t.Errorf("%s: %s after %v: %v (%s), want %s", c.goos, name, c.err, err, fault.CodeOf(err), c.want)
			}
		}
	}
}

// A failed write keeps no cause: go-keyring makes a command line of the secret.
func TestNativeWriteKeepsNoCause(t *testing.T) {
	const token = "ATATT3xFfGF0-example-of-a-token-ABCD"
	chain := newFakeChain()
	chain.err = errors.New("security: add-generic-password -w " + token)
	err := on("darwin", chain, patience.Patience{}).Put(t.Context(), nativeRef, secret.New(token))
	for e := err; e != nil; e = errors.Unwrap(e) {
		if strings.Contains(fmt.Sprintf("%+v", e), token) {
			t.Errorf("the error shows the secret")
		}
	}
}

func TestNativeLimits(t *testing.T) {
	for _, c := range []struct {
		goos, service string
		want          fault.Code
	}{
		{"windows", "jira:cli", fault.ArgumentInvalid},
		{"windows", "jira-cli", ""},
		{"darwin", "jira:cli", ""},
		{"darwin", "jira\ncli", fault.ArgumentInvalid},
	} {
		chain := newFakeChain()
		ref := profile.Reference{Account: "a/b"}
		store := on(c.goos, chain, patience.Patience{})
		store.opts.ServiceOverride = c.service
		err := store.Put(t.Context(), ref, secret.New("x"))
		if fault.CodeOf(err) != c.want {
			t.Errorf("%s: service %q: %v", c.goos, c.service, err)
		}
		if c.want != "" && len(chain.items) > 0 {
			t.Errorf("%s: service %q was written", c.goos, c.service)
		}
	}
}

// A write that was given up may still land, and must not overtake a later one.
func TestAnAbandonedWriteDoesNotOvertake(t *testing.T) {
	chain := newFakeChain()
	chain.silent = make(chan struct{})
	store := on("darwin", chain, patience.Patience{Machine: time.Hour})
	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan error, 1)
	go func() { first <- store.Put(ctx, nativeRef, secret.New("abandoned")) }()
	cancel()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Fatalf("the abandoned Put: %v", err)
	}
	second := make(chan error, 1)
	go func() { second <- store.Put(t.Context(), nativeRef, secret.New("later")) }()
	close(chain.silent)
	if err := <-second; err != nil {
		t.Fatal(err)
	}
	got, err := store.Get(t.Context(), nativeRef)
	if err != nil || got.Reveal() != "later" {
		t.Errorf("Get = %v, %v: the abandoned write overtook", got, err)
	}
}

func TestNativeTimeout(t *testing.T) {
	for _, interactive := range []bool{false, true} {
		chain := newFakeChain()
		chain.silent = make(chan struct{})
		store := on("windows", chain, patience.Patience{Machine: time.Millisecond, Person: time.Millisecond, Interactive: interactive})
		_, err := store.Get(t.Context(), nativeRef)
		if fault.CodeOf(err) != fault.KeyringTimeout {
			t.Errorf("Get: %v", err)
		}
		close(chain.silent)
	}
}

// env is an environment.
type env map[string]string

func (e env) Lookup(name string) (string, bool) { v, ok := e[name]; return v, ok }

func TestBusAddress(t *testing.T) {
	for want, e := range map[string]env{
		"unix:path=/x":                 {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/x", "XDG_RUNTIME_DIR": "/run/user/1000"},
		"unix:path=/run/user/1000/bus": {"XDG_RUNTIME_DIR": "/run/user/1000", "DBUS_SESSION_BUS_ADDRESS": "autolaunch:"},
		"unix:path=/t%20m%2cp/bus":     {"XDG_RUNTIME_DIR": "/t m,p"},
		"":                             {"DISPLAY": ":0"},
	} {
		if got, _ := BusAddress(e); got != want {
			t.Errorf("BusAddress(%v) = %q, want %q", maps.Clone(e), got, want)
		}
	}
}

func TestAReferenceWithoutAccountIsRefused(t *testing.T) {
	_, err := on("darwin", newFakeChain(), patience.Patience{}).Get(t.Context(), profile.Reference{Service: "jira-cli"})
	if fault.CodeOf(err) != fault.ConfigInvalid {
		t.Errorf("Get: %v", err)
	}
}

// A panic of the library ends its call; a write that panicked frees the turn.
func TestPanicOfTheLibrary(t *testing.T) {
	chain := newFakeChain()
	chain.panics = true
	n := newNative(platforms["darwin"], chain, patience.Patience{Machine: time.Hour})
	for range 2 {
		if err := n.put(t.Context(), slot{"jira-cli", "a"}, "text"); fault.CodeOf(err) != fault.InternalError {
			t.Errorf("put: %v", err)
		}
	}
	chain.panics = false
	if err := n.put(t.Context(), slot{"jira-cli", "a"}, "text"); err != nil {
		t.Errorf("put: %v", err)
	}
}
