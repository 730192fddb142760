package app

import (
	"context"
	"errors"

	"jira-cli/domain/fault"
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
	return settle(ctx, store, ref, store.Delete, isAbsent)
}

// takeBack makes a slot as absent as it was before a Put.
func (s slots) takeBack(ctx context.Context, ref profile.Reference) error {
	store, err := s.stores.Store(ref.Backend)
	if err != nil {
		return err
	}
	if _, err := store.Get(ctx, ref); neverWas(err) {
		return nil
	}
	if u, ok := store.(ports.Undoer); ok {
		return settle(ctx, store, ref, u.Undo, neverWas)
	}
	return settle(ctx, store, ref, store.Delete, neverWas)
}

// settle removes a secret and, where that reports an error, reads whether it is
// gone all the same: absent judges the answer. The reading is a clean-up, so
// that the end of ctx does not leave it open.
func settle(ctx context.Context, store ports.SecretStore, ref profile.Reference,
	do func(context.Context, profile.Reference) error, absent func(error) bool) error {
	err := do(ctx, ref)
	if err == nil || absent(err) {
		return nil
	}
	clean, cancel := cleanup(ctx)
	defer cancel()
	if _, now := store.Get(clean, ref); absent(now) {
		return nil
	}
	return err
}

// isAbsent reports whether an error means that there is no secret.
func isAbsent(err error) bool { return errors.Is(err, ports.ErrNotFound) }

// neverWas is isAbsent without the item that lost its field.
func neverWas(err error) bool { return isAbsent(err) && !errors.Is(err, ports.ErrFieldMissing) }

// same reports whether two references share one secret. An error means that the
// store cannot say, and then nothing may be removed on the strength of it.
func (s slots) same(ctx context.Context, a, b profile.Reference) (bool, error) {
	if a.Backend != b.Backend {
		return false, nil
	}
	if a.Equal(b) {
		return true, nil
	}
	store, err := s.stores.Store(a.Backend)
	if err != nil {
		return false, err
	}
	slotA, errA := store.Locate(ctx, a)
	slotB, errB := store.Locate(ctx, b)
	switch {
	case leadsNowhere(errA), leadsNowhere(errB):
		return false, nil
	case errA != nil:
		return false, errA
	case errB != nil:
		return false, errB
	}
	return slotA == slotB, nil
}

// leadsNowhere reports whether a reference names a place that does not exist,
// or that is another application's:
// nothing shares a secret with it, and a profile with such a reference must not
// stand in another one's way.
func leadsNowhere(err error) bool {
	code := fault.CodeOf(err)
	return code == fault.ConfigInvalid || code == fault.OnePasswordVaultNotFound || code == fault.OnePasswordAccountUnknown
}

// named reports whether a profile of cfg other than except uses the secret at
// ref. An error means that it may.
func (s slots) named(ctx context.Context, cfg profile.Config, ref profile.Reference, except profile.Name) (bool, error) {
	var unknown error
	for _, p := range cfg.Profiles {
		if p.Name == except || p.Credential == nil {
			continue
		}
		same, err := s.same(ctx, *p.Credential, ref)
		if same {
			return true, nil
		}
		if err != nil {
			unknown = err
		}
	}
	return false, unknown
}

// writable reports whether secrets of the backend can be stored and removed. A
// backend that this build lacks counts as writable: what is there is not gone.
func (s slots) writable(b profile.Backend) bool {
	store, err := s.stores.Store(b)
	return err != nil || !store.Traits().ReadOnly
}
