package keyringtest

import "github.com/godbus/dbus/v5"

type fakePrompt struct{ f *Fake }

// Prompt shows the prompt that is out, and has its person answer.
func (p *fakePrompt) Prompt(string) *dbus.Error {
	if err := p.f.enter(); err != nil {
		return err
	}
	defer p.f.mu.Unlock()
	p.f.prompts++
	switch p.f.opts.Prompt {
	case Ignore:
		return nil
	case Die:
		go func() { _ = p.f.conn.Close() }()
		return nil
	case Dismiss:
		p.complete(true, dbus.MakeVariant([]dbus.ObjectPath{}))
		return nil
	}
	result := dbus.MakeVariant([]dbus.ObjectPath{collection})
	switch p.f.purpose {
	case "create":
		p.f.opts.NoCollection = false
		result = dbus.MakeVariant(collection)
	case "unlock":
		p.f.opts.Locked = false
		all := []dbus.ObjectPath{collection}
		for path := range p.f.items {
			all = append(all, path)
		}
		result = dbus.MakeVariant(all)
	}
	p.complete(false, result)
	return nil
}

// Dismiss takes the prompt back.
func (p *fakePrompt) Dismiss() *dbus.Error {
	select {
	case p.f.dismissed <- struct{}{}:
	default:
	}
	return nil
}

func (p *fakePrompt) complete(dismissed bool, result dbus.Variant) {
	go func() { _ = p.f.conn.Emit(promptPath, promptAPI+".Completed", dismissed, result) }()
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
	case "Locked":
		return dbus.MakeVariant(p.f.opts.Locked), nil
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
