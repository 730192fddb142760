//go:build linux

package keychain_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"
	gokeyring "github.com/zalando/go-keyring"

	"jira-cli/adapters/keychain"
	"jira-cli/adapters/keychain/keyringtest"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

const (
	account  = "example.atlassian.net/default"
	helper   = "KEYCHAIN_TEST_HELPER"
	theToken = "ATATT3xFfGF0-example-of-a-token-ABCD"
)

var ref = profile.Reference{Backend: profile.Keyring, Service: profile.DefaultService, Account: account}

// TestMain is also the second process of the tests below: go-keyring finds its
// bus in the environment only, and processes are what must not lose anything.
func TestMain(m *testing.M) {
	switch args := strings.Fields(os.Getenv(helper)); {
	case len(args) == 0:
		os.Exit(m.Run())
	case args[0] == "go-keyring-get":
		text, err := gokeyring.Get(args[1], args[2])
		fmt.Print(text)
		exitWith(err)
	case args[0] == "go-keyring-set":
		exitWith(gokeyring.Set(args[1], args[2], args[3]))
	case args[0] == "get":
		store := keychain.New(keychain.Options{BusAddress: os.Getenv("DBUS_SESSION_BUS_ADDRESS")})
		_, err := store.Get(context.Background(), ref)
		exitWith(fmt.Errorf("%s: %w", fault.CodeOf(err), err))
	case args[0] == "put":
		store := keychain.New(keychain.Options{BusAddress: os.Getenv("DBUS_SESSION_BUS_ADDRESS"), MachineBound: hour})
		exitWith(store.Put(context.Background(), profile.Reference{Service: args[1], Account: args[2]}, secret.New(args[3])))
	}
}

func exitWith(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// inProcess runs this test binary as a helper on the bus.
func inProcess(env []string, args ...string) (string, error) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(env, helper+"="+strings.Join(args, " "))
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s: %w: %s", args[0], err, errs.String())
	}
	return out.String(), nil
}

func mustGet(t *testing.T, store *keychain.Store, ref profile.Reference, want string) {
	t.Helper()
	got, err := store.Get(t.Context(), ref)
	if err != nil || got.Reveal() != want {
		t.Fatalf("Get = %v, %v, want the text %q", got, err, want)
	}
}

func mustPut(t *testing.T, store *keychain.Store, ref profile.Reference, text string) {
	t.Helper()
	if err := store.Put(t.Context(), ref, secret.New(text)); err != nil {
		t.Fatalf("Put: %v", err)
	}
}

func TestOthersReadWhatWeWrite(t *testing.T) {
	k := keyringtest.Start(t)
	mustPut(t, open(t, keychain.Options{BusAddress: k.Address, MachineBound: hour}), ref, theToken)
	if got := k.Lookup(t, "service", "jira-cli", "account", account); got != theToken {
		t.Errorf("the documented secret-tool lookup prints %q", got)
	}
	if got, err := inProcess(k.Env(), "go-keyring-get", "jira-cli", account); err != nil || got != theToken {
		t.Errorf("go-keyring reads %q, %v", got, err)
	}
}

func TestWeReadWhatGoKeyringWroteAndReplaceItInPlace(t *testing.T) {
	k := keyringtest.Start(t)
	store := open(t, keychain.Options{BusAddress: k.Address, MachineBound: hour})
	set := func(text string) {
		t.Helper()
		if _, err := inProcess(k.Env(), "go-keyring-set", "jira-cli", account, text); err != nil {
			t.Fatal(err)
		}
	}
	only := func() {
		t.Helper()
		if n := k.Items(t, map[string]string{"service": "jira-cli"}); n != 1 {
			t.Fatalf("there are %d items, want one", n)
		}
	}
	set("theirs")
	mustGet(t, store, ref, "theirs")
	if got := k.Lookup(t, "service", "jira-cli", "account", account); got != "" {
		t.Fatalf("go-keyring's item has an account already: the test proves nothing")
	}
	mustPut(t, store, ref, theToken)
	only()
	if got := k.Lookup(t, "service", "jira-cli", "account", account); got != theToken {
		t.Errorf("the item did not gain the account: secret-tool prints %q", got)
	}
	set("theirs-again") // drops the account, as go-keyring does
	only()
	mustGet(t, store, ref, "theirs-again")
	mustPut(t, store, ref, theToken)
	if got, err := inProcess(k.Env(), "go-keyring-get", "jira-cli", account); err != nil || got != theToken {
		t.Errorf("go-keyring reads %q, %v", got, err)
	}
	if err := store.Delete(t.Context(), ref); err != nil {
		t.Fatal(err)
	}
	if n := k.Items(t, map[string]string{"service": "jira-cli"}); n != 0 {
		t.Errorf("%d items are left", n)
	}
}

// An item stored by hand has the account and no username. A copy of ours beside
// it is the older one, and must not outlive the slot, whatever its user added.
func TestEveryCopyOfASlotIsReplacedAndDeleted(t *testing.T) {
	k := keyringtest.Start(t)
	store := open(t, keychain.Options{BusAddress: k.Address, MachineBound: hour})
	k.Plant(t, "by hand", "service", "jira-cli", "account", account)
	mustGet(t, store, ref, "by hand")
	k.Plant(t, "beside", "service", "jira-cli", "username", account, "account", account, "note", "mine")
	mustPut(t, store, ref, theToken)
	mustGet(t, store, ref, theToken)
	if got := k.Lookup(t, "service", "jira-cli", "account", account); got != theToken {
		t.Errorf("secret-tool prints %q", got)
	}
	if n := k.Items(t, map[string]string{"service": "jira-cli"}); n != 1 {
		t.Errorf("there are %d items, want one", n)
	}
	k.Plant(t, "beside", "service", "jira-cli", "username", account, "account", account, "note", "mine")
	found := store.GetAll(t.Context(), []profile.Reference{ref})
	if found[0].Err != nil {
		t.Errorf("GetAll with two copies: %v", found[0].Err)
	}
	k.Plant(t, "another service's", "service", "other", "account", account)
	if err := store.Delete(t.Context(), ref); err != nil {
		t.Fatal(err)
	}
	if n := k.Items(t, map[string]string{}); n != 1 {
		t.Errorf("%d items are left, want the other service's", n)
	}
}

func TestServiceOverride(t *testing.T) {
	k := keyringtest.Start(t)
	mustPut(t, open(t, keychain.Options{BusAddress: k.Address, ServiceOverride: "jira-ci", MachineBound: hour}), ref, theToken)
	if got := k.Lookup(t, "service", "jira-ci", "account", account); got != theToken {
		t.Errorf("the write went elsewhere: %q", got)
	}
	plain := open(t, keychain.Options{BusAddress: k.Address, MachineBound: hour})
	if _, err := plain.Get(t.Context(), ref); !errors.Is(err, ports.ErrNotFound) {
		t.Errorf("without the override: %v", err)
	}
	mustGet(t, open(t, keychain.Options{BusAddress: k.Address, ServiceOverride: "jira-ci", MachineBound: hour}), ref, theToken)
}

func TestProcessesAtOnceLoseNothing(t *testing.T) {
	k := keyringtest.Start(t)
	const n = 20
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			// Two for each slot: one of both texts, whole, must be there.
			at := fmt.Sprintf("example.atlassian.net/p%d", i/2)
			if _, err := inProcess(k.Env(), "put", "jira-cli", at, fmt.Sprintf("token-%d", i)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	store := open(t, keychain.Options{BusAddress: k.Address, MachineBound: hour})
	for i := range n / 2 {
		got, err := store.Get(t.Context(), profile.Reference{Service: "jira-cli", Account: fmt.Sprintf("example.atlassian.net/p%d", i)})
		if text := got.Reveal(); err != nil || text != fmt.Sprintf("token-%d", 2*i) && text != fmt.Sprintf("token-%d", 2*i+1) {
			t.Errorf("slot %d: %v, %v", i, got, err)
		}
	}
	if items := k.Items(t, map[string]string{"service": "jira-cli"}); items != n/2 {
		t.Errorf("there are %d items for %d slots", items, n/2)
	}
}

// Whoever listens on the bus sees that secrets travel, and not which.
func TestTheBusSeesNoSecret(t *testing.T) {
	k := keyringtest.Start(t)
	monitor := k.Connect(t)
	if err := monitor.BusObject().Call("org.freedesktop.DBus.Monitoring.BecomeMonitor", 0, []string{}, uint32(0)).Err; err != nil {
		t.Fatal(err)
	}
	seen := make(chan *dbus.Message, 1000)
	monitor.Eavesdrop(seen)
	t.Cleanup(func() { monitor.Eavesdrop(nil) }) // godbus sends to it after it closed it
	store := open(t, keychain.Options{BusAddress: k.Address, MachineBound: hour})
	mustPut(t, store, ref, theToken)
	mustGet(t, store, ref, theToken)
	store.GetAll(t.Context(), []profile.Reference{ref})
	secrets := 0
	for m := range seen {
		if bytes.Contains(fmt.Appendf(nil, "%v", m.Body), []byte(theToken)) || bytes.Contains(fmt.Appendf(nil, "%v", m.Body), fmt.Appendf(nil, "%v", []byte(theToken))) {
			t.Error("the token crossed the bus in the open")
		}
		if member, _ := m.Headers[dbus.FieldMember].Value().(string); member == "GetSecrets" {
			secrets++
			break // the last call that carries one; its answer is encrypted alike
		}
	}
	if secrets == 0 {
		t.Error("the monitor saw nothing: the test proves nothing")
	}
}

func fifty(b testing.TB, k *keyringtest.Keyring) []profile.Reference {
	store := open(b, keychain.Options{BusAddress: k.Address, MachineBound: hour})
	refs := make([]profile.Reference, 50)
	for i := range refs {
		refs[i] = profile.Reference{Service: "jira-cli", Account: fmt.Sprintf("example.atlassian.net/p%d", i)}
		if err := store.Put(b.Context(), refs[i], secret.New(fmt.Sprint(theToken, i))); err != nil {
			b.Fatal(err)
		}
	}
	return refs
}

// BenchmarkFifty reads fifty credentials as one process does: connection and
// session included.
func BenchmarkFifty(b *testing.B) {
	k := keyringtest.Start(b)
	refs := fifty(b, k)
	b.Run("at once", func(b *testing.B) {
		for b.Loop() {
			store := keychain.New(keychain.Options{BusAddress: k.Address, MachineBound: hour})
			for _, f := range store.GetAll(b.Context(), refs) {
				if f.Err != nil {
					b.Fatal(f.Err)
				}
			}
			store.Close()
		}
	})
	b.Run("one by one", func(b *testing.B) {
		for b.Loop() {
			store := keychain.New(keychain.Options{BusAddress: k.Address, MachineBound: hour})
			for _, ref := range refs {
				if _, err := store.Get(b.Context(), ref); err != nil {
					b.Fatal(err)
				}
			}
			store.Close()
		}
	})
	b.Run("one", func(b *testing.B) {
		for b.Loop() {
			store := keychain.New(keychain.Options{BusAddress: k.Address, MachineBound: hour})
			if _, err := store.Get(b.Context(), refs[0]); err != nil {
				b.Fatal(err)
			}
			store.Close()
		}
	})
}
