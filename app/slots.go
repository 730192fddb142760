package app

import (
	"context"
	"errors"

	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// slots are the places of all backends. Its methods find the store of a
// reference and settle what an error left open: a store that reports an error
// may have done its work all the same, and only reading tells.
type slots struct{ stores ports.Stores }

func (s slots) get(ctx context.Context, ref profile.Reference) (secret.Secret, error) {
	store, err := s.stores.Store(ref.Backend)
	if err != nil {
		return secret.Secret{}, err
	}
	return store.Get(ctx, ref)
}

func (s slots) put(ctx context.Context, ref profile.Reference, value secret.Secret) error {
	store, err := s.stores.Store(ref.Backend)
	if err != nil {
		return err
	}
	return store.Put(ctx, ref, value)
}

// restore puts a secret back where it was.
func (s slots) restore(ctx context.Context, ref profile.Reference, value secret.Secret) error {
	if now, err := s.get(ctx, ref); err == nil && now.Equal(value) {
		return nil
	}
	err := s.put(ctx, ref, value)
	if err == nil {
		return nil
	}
	if now, again := s.get(ctx, ref); again == nil && now.Equal(value) {
		return nil
	}
	return err
}

// remove deletes the secret at ref; that there is none is as good.
func (s slots) remove(ctx context.Context, ref profile.Reference) error {
	store, err := s.stores.Store(ref.Backend)
	if err != nil {
		return err
	}
	return s.settle(ctx, store, ref, store.Delete)
}

// takeBack makes a slot as absent as it was before a Put.
func (s slots) takeBack(ctx context.Context, ref profile.Reference) error {
	store, err := s.stores.Store(ref.Backend)
	if err != nil {
		return err
	}
	if _, err := store.Get(ctx, ref); errors.Is(err, ports.ErrNotFound) && !errors.Is(err, ports.ErrFieldMissing) {
		return nil
	}
	if u, ok := store.(ports.Undoer); ok {
		return s.settle(ctx, store, ref, u.Undo)
	}
	return s.settle(ctx, store, ref, store.Delete)
}

func (s slots) settle(ctx context.Context, store ports.SecretStore, ref profile.Reference, do func(context.Context, profile.Reference) error) error {
	err := do(ctx, ref)
	if err == nil || errors.Is(err, ports.ErrNotFound) {
		return nil
	}
	if _, now := store.Get(ctx, ref); errors.Is(now, ports.ErrNotFound) {
		return nil
	}
	return err
}

// same reports whether two references share one secret. Where a store cannot
// say, they do when they read the same.
func (s slots) same(ctx context.Context, a, b profile.Reference) bool {
	if a.Backend != b.Backend {
		return false
	}
	if a.Equal(b) {
		return true
	}
	store, err := s.stores.Store(a.Backend)
	if err != nil {
		return false
	}
	slotA, errA := store.Locate(ctx, a)
	slotB, errB := store.Locate(ctx, b)
	return errA == nil && errB == nil && slotA == slotB
}

// named reports whether a profile of cfg other than except uses the secret at
// ref.
func (s slots) named(ctx context.Context, cfg profile.Config, ref profile.Reference, except profile.Name) bool {
	for _, p := range cfg.Profiles {
		if p.Name != except && p.Credential != nil && s.same(ctx, *p.Credential, ref) {
			return true
		}
	}
	return false
}

// writable reports whether secrets of the backend can be stored and removed. A
// backend that this build lacks counts as writable: what is there is not gone.
func (s slots) writable(b profile.Backend) bool {
	store, err := s.stores.Store(b)
	return err != nil || !store.Traits().ReadOnly
}
