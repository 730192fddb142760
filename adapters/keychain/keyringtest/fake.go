package keyringtest

import (
	"maps"
	"strings"
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
	promptPath    = root + "/prompt/p"
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
	purpose   string // of the prompt that is out
	prompts   int
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
	t.Cleanup(func() { close(f.stop) })
	f.conn = bus.Connect(t)
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

// Prompts returns how many prompts were shown.
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

type fakeService struct{ f *Fake }

func (s *fakeService) OpenSession(algorithm string, _ dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
	none := dbus.MakeVariant("")
	if err := s.f.enter(); err != nil {
		return none, "/", err
	}
	defer s.f.mu.Unlock()
	if algorithm != "plain" {
		return none, "/", dbus.NewError("org.freedesktop.DBus.Error.NotSupported", []any{"plain only"})
	}
	return none, sessionPath, nil
}

func (s *fakeService) ReadAlias(string) (dbus.ObjectPath, *dbus.Error) {
	if err := s.f.enter(); err != nil {
		return "/", err
	}
	defer s.f.mu.Unlock()
	if s.f.opts.NoCollection {
		return "/", nil
	}
	return collection, nil
}

func (s *fakeService) SearchItems(attributes map[string]string) (open, shut []dbus.ObjectPath, _ *dbus.Error) {
	if err := s.f.enter(); err != nil {
		return nil, nil, err
	}
	defer s.f.mu.Unlock()
	found := []dbus.ObjectPath{}
	for path, item := range s.f.items {
		matches := true
		for name, value := range attributes {
			matches = matches && item.attributes[name] == value
		}
		if matches {
			found = append(found, path)
		}
	}
	switch {
	case s.f.opts.Locked && s.f.opts.Hidden:
		return []dbus.ObjectPath{}, []dbus.ObjectPath{}, nil
	case s.f.opts.Locked:
		return []dbus.ObjectPath{}, found, nil
	}
	return found, []dbus.ObjectPath{}, nil
}

func (s *fakeService) Unlock(objects []dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	if err := s.f.enter(); err != nil {
		return nil, "/", err
	}
	defer s.f.mu.Unlock()
	if !s.f.opts.Locked || s.f.opts.FalseUnlock {
		return objects, "/", nil
	}
	s.f.purpose = "unlock"
	return []dbus.ObjectPath{}, promptPath, nil
}

func (s *fakeService) CreateCollection(map[string]dbus.Variant, string) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	if err := s.f.enter(); err != nil {
		return "/", "/", err
	}
	defer s.f.mu.Unlock()
	s.f.purpose = "create"
	return "/", promptPath, nil
}

func (s *fakeService) GetSecrets(paths []dbus.ObjectPath, _ dbus.ObjectPath) (map[dbus.ObjectPath]wireSecret, *dbus.Error) {
	if err := s.f.enter(); err != nil {
		return nil, err
	}
	defer s.f.mu.Unlock()
	if s.f.opts.NoSession {
		return nil, noSession()
	}
	secrets := map[dbus.ObjectPath]wireSecret{}
	for _, path := range paths {
		if item := s.f.items[path]; item != nil {
			secrets[path] = wireSecret{sessionPath, []byte{}, item.value, "text/plain"}
		}
	}
	return secrets, nil
}

type fakeCollection struct{ f *Fake }

func (c *fakeCollection) CreateItem(props map[string]dbus.Variant, s wireSecret, replace bool) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	if err := c.f.enter(); err != nil {
		return "/", "/", err
	}
	defer c.f.mu.Unlock()
	attributes, _ := props[itemAPI+".Attributes"].Value().(map[string]string)
	for path, item := range c.f.items {
		if replace && maps.Equal(item.attributes, attributes) {
			item.value = s.Value
			return path, "/", nil
		}
	}
	c.f.next++
	path := collection + dbus.ObjectPath("/"+strings.Repeat("i", c.f.next))
	c.f.items[path] = &fakeItem{attributes: attributes, value: s.Value, modified: uint64(c.f.next)}
	return path, "/", nil
}

type fakeItems struct{ f *Fake }

func (i *fakeItems) GetSecret(msg dbus.Message, _ dbus.ObjectPath) (wireSecret, *dbus.Error) {
	if err := i.f.enter(); err != nil {
		return wireSecret{}, err
	}
	defer i.f.mu.Unlock()
	item := i.f.items[pathOf(msg)]
	if item == nil {
		return wireSecret{}, noSuchObject()
	}
	if i.f.opts.NoSession {
		return wireSecret{}, noSession()
	}
	return wireSecret{sessionPath, []byte{}, item.value, "text/plain"}, nil
}

func (i *fakeItems) SetSecret(msg dbus.Message, s wireSecret) *dbus.Error {
	if err := i.f.enter(); err != nil {
		return err
	}
	defer i.f.mu.Unlock()
	item := i.f.items[pathOf(msg)]
	if item == nil {
		return noSuchObject()
	}
	if i.f.opts.NoSession {
		return noSession()
	}
	i.f.next++
	item.value, item.modified = s.Value, uint64(i.f.next)
	return nil
}

func (i *fakeItems) Delete(msg dbus.Message) (dbus.ObjectPath, *dbus.Error) {
	if err := i.f.enter(); err != nil {
		return "/", err
	}
	defer i.f.mu.Unlock()
	if i.f.items[pathOf(msg)] == nil {
		return "/", noSuchObject()
	}
	delete(i.f.items, pathOf(msg))
	return "/", nil
}

func pathOf(msg dbus.Message) dbus.ObjectPath {
	path, _ := msg.Headers[dbus.FieldPath].Value().(dbus.ObjectPath)
	return path
}

// Lock locks the collection.
func (f *Fake) Lock() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.opts.Locked = true
}
