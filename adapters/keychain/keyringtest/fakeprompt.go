package keyringtest

import (
	"strconv"
	"time"

	"github.com/godbus/dbus/v5"
)

// selfEnding is how long a prompt takes that asks nobody.
const selfEnding = 20 * time.Millisecond

// pending is a prompt that is out: what it does once it was called, and whether
// a person is asked for it.
type pending struct {
	asks bool
	do   func() dbus.Variant
}

// promise makes a prompt.
func (f *Fake) promise(asks bool, do func() dbus.Variant) dbus.ObjectPath {
	path := promptsPath + dbus.ObjectPath("p"+strconv.Itoa(len(f.pending)))
	f.pending[path] = &pending{asks, do}
	return path
}

type fakePrompt struct{ f *Fake }

// Prompt carries a prompt out, and has its person answer where there is one.
func (p *fakePrompt) Prompt(msg dbus.Message, _ string) *dbus.Error {
	if err := p.f.enter(); err != nil {
		return err
	}
	defer p.f.mu.Unlock()
	path := pathOf(msg)
	out := p.f.pending[path]
	if out == nil {
		return noSuchObject()
	}
	if !out.asks {
		go p.f.end(path, out, selfEnding)
		return nil
	}
	p.f.prompts++
	switch p.f.opts.Prompt {
	case Ignore:
	case Die:
		go func() { _ = p.f.conn.Close() }()
	case Dismiss:
		go func() { _ = p.f.conn.Emit(path, promptAPI+".Completed", true, dbus.MakeVariant("")) }()
	case Accept:
		go p.f.end(path, out, 0)
	}
	return nil
}

// end does what a prompt is for, and says so.
func (f *Fake) end(path dbus.ObjectPath, out *pending, after time.Duration) {
	select {
	case <-f.stop:
		return
	case <-time.After(after):
	}
	f.mu.Lock()
	result := out.do()
	f.mu.Unlock()
	_ = f.conn.Emit(path, promptAPI+".Completed", false, result)
}

// Dismiss takes the prompt back.
func (p *fakePrompt) Dismiss() *dbus.Error {
	select {
	case p.f.dismissed <- struct{}{}:
	default:
	}
	return nil
}

type fakeProperties struct{ f *Fake }

// Get implements org.freedesktop.DBus.Properties for what clients read.
func (p *fakeProperties) Get(msg dbus.Message, _, name string) (dbus.Variant, *dbus.Error) {
	if err := p.f.enter(); err != nil {
		return dbus.MakeVariant(""), err
	}
	defer p.f.mu.Unlock()
	switch name {
	case "Collections":
		if p.f.opts.NoCollection {
			return dbus.MakeVariant([]dbus.ObjectPath{}), nil
		}
		return dbus.MakeVariant([]dbus.ObjectPath{collection}), nil
	case "Label":
		return dbus.MakeVariant(walletName), nil
	case "Locked":
		return dbus.MakeVariant(p.f.locked()), nil
	}
	item := p.f.items[pathOf(msg)]
	switch {
	case item == nil:
		return dbus.MakeVariant(""), noSuchObject()
	case name == "Attributes":
		return dbus.MakeVariant(item.attributes), nil
	}
	return dbus.MakeVariant(item.modified), nil
}

// Set changes an item's attributes.
func (p *fakeProperties) Set(msg dbus.Message, _, _ string, value dbus.Variant) *dbus.Error {
	if err := p.f.enter(); err != nil {
		return err
	}
	defer p.f.mu.Unlock()
	item := p.f.items[pathOf(msg)]
	attributes, ok := value.Value().(map[string]string)
	if item == nil || !ok {
		return noSuchObject()
	}
	item.attributes = attributes
	return nil
}

func noSession() *dbus.Error {
	return dbus.NewError("org.freedesktop.Secret.Error.NoSession", []any{"no such session"})
}

// ForgetSessions makes every later use of a session fail with NoSession.
func (f *Fake) ForgetSessions() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.opts.NoSession = true
}
