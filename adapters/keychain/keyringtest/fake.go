package keyringtest

import (
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

const (
	collectionAPI = "org.freedesktop.Secret.Collection"
	itemAPI       = "org.freedesktop.Secret.Item"
	promptAPI     = "org.freedesktop.Secret.Prompt"
	propertiesAPI = "org.freedesktop.DBus.Properties"
	collection    = root + "/collection/fake"
	promptsPath   = root + "/prompt/"
	sessionPath   = root + "/session/s"
)

// Answer is what a Fake's prompt does when it is shown.
type Answer int

// The answers.
const (
	Accept  Answer = iota // the person gives the password
	Dismiss               // the person closes the dialogue
	Ignore                // nobody answers
	Die                   // the provider ends while the dialogue is up
)

// FakeOptions say how a Fake misbehaves.
type FakeOptions struct {
	Locked       bool          // the collection is locked, and each unlocking is a prompt
	Hidden       bool          // a locked collection shows no items, as KeePassXC's does
	NoCollection bool          // there is none, and creating one is a prompt
	Prompt       Answer        // what a prompt does
	Delay        time.Duration // before each answer
	NoSession    bool          // reading or writing a secret is answered with NoSession, for ever
	FalseUnlock  bool          // unlocking reports success and changes nothing
	KeePassXC    bool          // it behaves as KeePassXC, see fakekinds.go
	Confirm      bool          // KeePassXC has the person confirm what is deleted
	KWallet      bool          // it behaves as KWallet, see fakekinds.go
	Silent       bool          // no call is ever answered
	Error        string        // the name of the D-Bus error that every call gives, with ErrorText
	ErrorText    string
}

// Fake is a Secret Service in memory that has one collection, speaks plain
// sessions only, and misbehaves as its options say.
type Fake struct {
	conn *dbus.Conn
	stop chan struct{}

	mu        sync.Mutex
	opts      FakeOptions
	items     map[dbus.ObjectPath]*fakeItem
	next      int
	pending   map[dbus.ObjectPath]*pending
	prompts   int
	claims    bool // KWallet says that it is locked, open as it is
	dismissed chan struct{}
}

type fakeItem struct {
	attributes map[string]string
	value      []byte
	modified   uint64
}

type wireSecret struct {
	Session     dbus.ObjectPath
	Parameters  []byte
	Value       []byte
	ContentType string
}

// StartFake puts a fake provider on the bus for the time of the test.
func StartFake(t testing.TB, bus *Bus, opts FakeOptions) *Fake {
	t.Helper()
	f := &Fake{opts: opts, stop: make(chan struct{}), items: map[dbus.ObjectPath]*fakeItem{}, dismissed: make(chan struct{}, 1)}
	f.pending, f.claims = map[dbus.ObjectPath]*pending{}, opts.KWallet
	t.Cleanup(func() { close(f.stop) })
	f.conn = bus.Connect(t)
	if opts.KWallet {
		f.ownWallet(t)
	}
	for iface, object := range map[string]any{
		serviceAPI: &fakeService{f}, collectionAPI: &fakeCollection{f}, itemAPI: &fakeItems{f},
		promptAPI: &fakePrompt{f}, propertiesAPI: &fakeProperties{f},
	} {
		if err := f.conn.ExportSubtree(object, root, iface); err != nil {
			t.Fatal(err)
		}
	}
	if reply, err := f.conn.RequestName(busName, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("the fake cannot own its name: %v, %v", reply, err)
	}
	return f
}

// Prompts returns how often a person was asked. A prompt that ends by itself
// shows nothing and does not count.
func (f *Fake) Prompts() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.prompts
}

// Dismissed is sent to when a caller takes a prompt back.
func (f *Fake) Dismissed() <-chan struct{} { return f.dismissed }

// enter begins every call: it misbehaves where the options say so, and locks.
func (f *Fake) enter() *dbus.Error {
	f.mu.Lock()
	opts := f.opts
	f.mu.Unlock()
	if opts.Silent {
		<-f.stop
	}
	select {
	case <-f.stop:
	case <-time.After(opts.Delay):
	}
	if opts.Error != "" {
		return dbus.NewError(opts.Error, []any{opts.ErrorText})
	}
	f.mu.Lock()
	return nil
}

func noSuchObject() *dbus.Error {
	return dbus.NewError("org.freedesktop.Secret.Error.NoSuchObject", []any{"no such object"})
}

// Lock locks the collection.
func (f *Fake) Lock() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.opts.Locked = true
}
