package faulty

import (
	"context"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// store passes a store's calls through a plan.
type store struct {
	plan *Plan
	name string
	code fault.Code
	real ports.SecretStore
}

// storeCodes are the codes that suit the backends' own failures.
var storeCodes = map[profile.Backend]fault.Code{
	profile.Keyring:     fault.KeyringFailed,
	profile.OnePassword: fault.OnePasswordUnavailable,
	profile.File:        fault.FileStoreFailed,
	profile.Command:     fault.CommandFailed,
	profile.Env:         fault.SecretInvalid,
}

// NewSecretStore decorates the store of a backend. Its calls are named
// <backend>.Get and so on. The result is a ports.BulkReader and a ports.Undoer
// where s is.
func NewSecretStore(p *Plan, b profile.Backend, s ports.SecretStore) ports.SecretStore {
	d := &store{plan: p, name: string(b) + ".", code: storeCodes[b], real: s}
	bulk, reads := s.(ports.BulkReader)
	undo, undoes := s.(ports.Undoer)
	switch {
	case reads && undoes:
		return &struct {
			*store
			bulkReader
			undoer
		}{d, bulkReader{d, bulk}, undoer{d, undo}}
	case reads:
		return &struct {
			*store
			bulkReader
		}{d, bulkReader{d, bulk}}
	case undoes:
		return &struct {
			*store
			undoer
		}{d, undoer{d, undo}}
	}
	return d
}

func (s *store) Traits() ports.Traits { return s.real.Traits() }

func (s *store) Get(ctx context.Context, ref profile.Reference) (secret.Secret, error) {
	return do(ctx, s.plan, s.name+"Get", s.code, func() (secret.Secret, error) { return s.real.Get(ctx, ref) })
}

func (s *store) Put(ctx context.Context, ref profile.Reference, sec secret.Secret) error {
	return only(ctx, s.plan, s.name+"Put", s.code, func() error { return s.real.Put(ctx, ref, sec) })
}

func (s *store) Delete(ctx context.Context, ref profile.Reference) error {
	return only(ctx, s.plan, s.name+"Delete", s.code, func() error { return s.real.Delete(ctx, ref) })
}

func (s *store) Locate(ctx context.Context, ref profile.Reference) (ports.Slot, error) {
	return do(ctx, s.plan, s.name+"Locate", s.code, func() (ports.Slot, error) { return s.real.Locate(ctx, ref) })
}

func (s *store) Probe(ctx context.Context) error {
	return only(ctx, s.plan, s.name+"Probe", s.code, func() error { return s.real.Probe(ctx) })
}

type bulkReader struct {
	outer *store
	real  ports.BulkReader
}

// GetAll is one call: its fault is every answer's.
func (b bulkReader) GetAll(ctx context.Context, refs []profile.Reference) []ports.Found {
	found, err := do(ctx, b.outer.plan, b.outer.name+"GetAll", b.outer.code, func() ([]ports.Found, error) {
		return b.real.GetAll(ctx, refs), nil
	})
	if err != nil {
		found = make([]ports.Found, len(refs))
		for i := range found {
			found[i].Err = err
		}
	}
	return found
}

type undoer struct {
	outer *store
	real  ports.Undoer
}

// Undo passes through the plan as Delete does.
func (u undoer) Undo(ctx context.Context, ref profile.Reference) error {
	return only(ctx, u.outer.plan, u.outer.name+"Undo", u.outer.code, func() error { return u.real.Undo(ctx, ref) })
}
