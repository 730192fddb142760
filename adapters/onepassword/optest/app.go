// Package optest is an in-memory 1Password for tests: accounts, vaults and
// items behind the protocol by which the official SDK talks to the desktop app,
// and every way in which that app fails. A small C library, compiled when it is
// first needed, stands in for the app's own and forwards to it, so that the
// real SDK runs. Package hook makes the SDK load that library.
//
// What the app does beyond the protocol is imitated as strictly as is known:
// versions are compared, fields outside an item's built-in ones need a section,
// and lists must not be null. It is linked into tests only.
package optest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"jira-cli/adapters/onepassword/optest/hook"
)

// App is the fake desktop app. It is safe for concurrent use.
type App struct {
	library  string
	dir      string
	listener net.Listener
	running  sync.WaitGroup

	mu       sync.Mutex
	world    world
	state    State
	raw      []byte
	code     int32
	failures map[string]protocolError // by method
	before   map[string]func()        // by method
	replies  map[string][]byte        // by method
	clients  map[uint64]client
	nextID   uint64
	requests int
	calls    []string
	changed  chan struct{} // closed and replaced whenever state changes
	closed   bool
}

type client struct {
	account string
	gone    string // name of the error that its calls get, "" for none
}

// State is what the app does with every message.
type State string

// The states. OK approves and serves; the others are as their names say, until
// the state is set anew.
const (
	OK          State = "ok"
	Locked      State = "locked"       // refuses clients and calls
	Declined    State = "declined"     // a person says no to every new client
	Off         State = "off"          // "Integrate with other apps" is off: channel closed
	Dropped     State = "dropped"      // hangs up on every message
	Expired     State = "expired"      // approves, then says that the session expired
	RateLimited State = "rate-limited" // approves, then refuses calls
	Offline     State = "offline"      // approves, then cannot reach 1password.com
	ReadOnly    State = "read-only"    // the account may not change items
	Strict      State = "strict"       // Password items need a password
	Stalled     State = "stalled"      // answers nothing while it lasts
	Garbage     State = "garbage"      // answers with the bytes of SetRaw
	BrokenCode  State = "broken-code"  // returns the code of SetCode
)

var states = []State{OK, Locked, Declined, Off, Dropped, Expired, RateLimited, Offline, ReadOnly, Strict, Stalled, Garbage, BrokenCode}

// New starts an app with the one account "my-account" and its empty vaults
// "Work" and "Private". It needs a C compiler.
func New() (*App, error) {
	binary, err := library()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "op-")
	if err != nil {
		return nil, err
	}
	a := &App{
		dir:      dir,
		library:  filepath.Join(dir, "libop_sdk_ipc_client.so"),
		world:    newWorld(),
		state:    OK,
		failures: map[string]protocolError{},
		before:   map[string]func(){},
		replies:  map[string][]byte{},
		clients:  map[uint64]client{},
		changed:  make(chan struct{}),
	}
	if err := os.WriteFile(a.library, binary, 0o700); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	a.listener, err = net.Listen("unix", filepath.Join(dir, "app.sock"))
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	a.AddVault("my-account", "Work")
	a.AddVault("my-account", "Private")
	a.running.Go(a.accept)
	return a, nil
}

// Start is New for the length of a test; a missing compiler fails it.
func Start(tb testing.TB) *App {
	tb.Helper()
	a, err := New()
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(a.Close)
	return a
}

// Library returns the path of the stand-in for the app's library.
func (a *App) Library() string { return a.library }

// Env returns the environment with which a binary built with the tag optest
// talks to this app.
func (a *App) Env() []string { return []string{hook.LibraryVariable + "=" + a.library} }

// Close ends the app and removes its files.
func (a *App) Close() {
	a.mu.Lock()
	again := a.closed
	a.closed = true
	a.mu.Unlock()
	if again {
		return
	}
	_ = a.listener.Close()
	a.SetState(OK)
	a.running.Wait()
	_ = os.RemoveAll(a.dir)
}

func (a *App) accept() {
	for {
		conn, err := a.listener.Accept()
		if err != nil {
			return
		}
		a.running.Go(func() { a.serve(conn) })
	}
}

// serve answers the one message of a connection; see the C source.
func (a *App) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	var size uint32
	if binary.Read(conn, binary.NativeEndian, &size) != nil {
		return
	}
	message := make([]byte, size)
	if _, err := io.ReadFull(conn, message); err != nil {
		return
	}
	code, answer, hangUp := a.answer(message)
	if hangUp {
		return
	}
	out := binary.NativeEndian.AppendUint32(nil, uint32(code))
	out = binary.NativeEndian.AppendUint32(out, uint32(len(answer)))
	_, _ = conn.Write(append(out, answer...))
}

// SetState changes what the app does from now on; messages that wait in
// Stalled are served then.
func (a *App) SetState(s State) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.state = s
	close(a.changed)
	a.changed = make(chan struct{})
}

// SetRaw makes the app answer every message with these bytes.
func (a *App) SetRaw(answer []byte) {
	a.mu.Lock()
	a.raw = answer
	a.mu.Unlock()
	a.SetState(Garbage)
}

// SetCode makes the library return the code for every message.
func (a *App) SetCode(code int32) {
	a.mu.Lock()
	a.code = code
	a.mu.Unlock()
	a.SetState(BrokenCode)
}

// Fail makes calls of the method (ItemsPut, init_client, …) fail with an error
// of the protocol; an empty message makes them work again.
func (a *App) Fail(method, name, message string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.failures, method)
	if message != "" {
		a.failures[method] = protocolError{name, message}
	}
}

// Reply makes the library return these bytes for calls of the method, whatever
// the state; nil makes them work again.
func (a *App) Reply(method string, response []byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.replies, method)
	if response != nil {
		a.replies[method] = response
	}
}

// Before makes f run just before calls of the method take effect; f may use the
// app.
func (a *App) Before(method string, f func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.before[method] = f
}

// Expire ends the authorization of all clients that there are: the next call of
// each is told so, a new client works.
func (a *App) Expire() { a.endClients("DesktopSessionExpired") }

// Restart forgets all clients, as the app does when it is restarted or locked
// and unlocked.
func (a *App) Restart() { a.endClients("Internal") }

func (a *App) endClients(name string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for id, c := range a.clients {
		c.gone = name
		a.clients[id] = c
	}
}

// Requests returns how often a person was shown an authorization request.
func (a *App) Requests() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.requests
}

// Calls returns the methods that were called, in order.
func (a *App) Calls() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]string(nil), a.calls...)
}

// waiting blocks while the app is stalled and returns its state then; false
// when the app ended meanwhile.
func (a *App) waiting() (State, bool) {
	for {
		a.mu.Lock()
		state, changed, closed := a.state, a.changed, a.closed
		a.mu.Unlock()
		if closed || state != Stalled {
			return state, !closed
		}
		<-changed
	}
}

func (s State) known() error {
	for _, k := range states {
		if s == k {
			return nil
		}
	}
	return fmt.Errorf("there is no state %q; the states are %q", s, states)
}
