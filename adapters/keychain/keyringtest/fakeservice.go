package keyringtest

import "github.com/godbus/dbus/v5"

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

// SearchItems searches every collection. KeePassXC's asks to be unlocked first,
// and answers when it is.
func (s *fakeService) SearchItems(attributes map[string]string) (open, shut []dbus.ObjectPath, _ *dbus.Error) {
	if err := s.f.enter(); err != nil {
		return nil, nil, err
	}
	if s.f.opts.KeePassXC && s.f.opts.Locked {
		s.f.prompts++
		s.f.mu.Unlock()
		<-s.f.stop
		s.f.mu.Lock()
	}
	defer s.f.mu.Unlock()
	if s.f.locked() {
		return []dbus.ObjectPath{}, s.f.matching(attributes), nil
	}
	return s.f.matching(attributes), []dbus.ObjectPath{}, nil
}

// Unlock leaves to a prompt what is locked, or only says so.
func (s *fakeService) Unlock(objects []dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	if err := s.f.enter(); err != nil {
		return nil, "/", err
	}
	defer s.f.mu.Unlock()
	if !s.f.locked() || s.f.opts.FalseUnlock {
		return objects, "/", nil
	}
	return []dbus.ObjectPath{}, s.f.promise(s.f.opts.Locked, func() dbus.Variant {
		s.f.opts.Locked, s.f.claims = false, false
		all := []dbus.ObjectPath{collection}
		for path := range s.f.items {
			all = append(all, path)
		}
		return dbus.MakeVariant(all)
	}), nil
}

func (s *fakeService) CreateCollection(map[string]dbus.Variant, string) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	if err := s.f.enter(); err != nil {
		return "/", "/", err
	}
	defer s.f.mu.Unlock()
	return "/", s.f.promise(true, func() dbus.Variant {
		s.f.opts.NoCollection = false
		return dbus.MakeVariant(collection)
	}), nil
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
