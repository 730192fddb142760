package memory

import (
	"context"
	"path/filepath"
	"strings"
	"sync"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// SecretStoreOptions say what kind of store a SecretStore is.
type SecretStoreOptions struct {
	// Backend decides which members of a reference name the slot; Keyring where
	// it is empty.
	Backend profile.Backend

	// Service, where set, replaces the service of every Keyring reference, as
	// JIRA_KEYRING_SERVICE does.
	Service string

	// Accounts are the accounts that a OnePassword store knows; with none it
	// knows any.
	Accounts []string

	// Vaults are the titles of a OnePassword store's vaults, in every account.
	Vaults []string

	// MaxBytes limits the size of a secret; 0 is secret.MaxBytes.
	MaxBytes int

	// ReadOnly makes Put and Delete refuse, as in stores of the backends Env and
	// Command, which always do.
	ReadOnly bool
}

// SecretStore is a store in memory. A OnePassword store has vaults, items and
// fields, and keeps an item whose field is deleted; the others have one slot
// per reference. The zero value is not usable. One value serves as any number
// of handles onto the same storage.
type SecretStore struct {
	opts   SecretStoreOptions
	traits ports.Traits

	mu     sync.Mutex
	slots  map[ports.Slot]secret.Secret // of all backends but OnePassword
	vaults []*vault
	next   int // numbers the ids of vaults and items
	down   error
}

// NewSecretStore returns an empty store.
func NewSecretStore(opts SecretStoreOptions) *SecretStore {
	if opts.Backend == "" {
		opts.Backend = profile.Keyring
	}
	s := &SecretStore{opts: opts, slots: map[ports.Slot]secret.Secret{}}
	s.traits = ports.Traits{
		ReadOnly:  opts.ReadOnly || opts.Backend == profile.Env || opts.Backend == profile.Command,
		KeepsItem: opts.Backend == profile.OnePassword,
		MaxBytes:  opts.MaxBytes,
	}
	for _, title := range opts.Vaults {
		s.vaults = append(s.vaults, &vault{id: s.newID("vault"), title: title})
	}
	return s
}

// Break makes every later call fail with err, with no effect; nil mends it.
func (s *SecretStore) Break(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = err
}

// Override makes service stand in for the one of every Keyring reference from
// now on, as in a process with JIRA_KEYRING_SERVICE; "" ends that.
func (s *SecretStore) Override(service string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opts.Service = service
}

// Traits implements ports.SecretStore.
func (s *SecretStore) Traits() ports.Traits { return s.traits }

// enter begins a call about references: it locks the store, and returns the
// error with which the call ends at once.
func (s *SecretStore) enter(ctx context.Context, refs ...profile.Reference) (leave func(), err error) {
	s.mu.Lock()
	if ctx.Err() != nil {
		return s.mu.Unlock, context.Cause(ctx)
	}
	for _, ref := range refs {
		if _, err := ref.KeyringService(s.opts.Service); err != nil && s.opts.Backend == profile.Keyring {
			return s.mu.Unlock, err
		}
	}
	return s.mu.Unlock, s.down
}

// Get implements ports.SecretStore.
func (s *SecretStore) Get(ctx context.Context, ref profile.Reference) (secret.Secret, error) {
	leave, err := s.enter(ctx, ref)
	defer leave()
	if err != nil {
		return secret.Secret{}, err
	}
	return s.get(ref)
}

func (s *SecretStore) get(ref profile.Reference) (secret.Secret, error) {
	if s.opts.Backend == profile.OnePassword {
		return s.getField(ref)
	}
	found, ok := s.slots[s.slot(ref)]
	if !ok {
		return secret.Secret{}, ports.ErrNotFound
	}
	return found, nil
}

// GetAll implements ports.BulkReader.
func (s *SecretStore) GetAll(ctx context.Context, refs []profile.Reference) []ports.Found {
	leave, err := s.enter(ctx)
	defer leave()
	found := make([]ports.Found, len(refs))
	for i, ref := range refs {
		if found[i].Err = err; err == nil {
			found[i].Secret, found[i].Err = s.get(ref)
		}
	}
	return found
}

// Put implements ports.SecretStore.
func (s *SecretStore) Put(ctx context.Context, ref profile.Reference, sec secret.Secret) error {
	leave, err := s.enter(ctx, ref)
	defer leave()
	if err != nil {
		return err
	}
	limit := s.traits.MaxBytes
	if limit == 0 {
		limit = secret.MaxBytes
	}
	switch {
	case s.traits.ReadOnly:
		return s.readOnly()
	case sec.Len() > limit:
		return fault.New(fault.SecretTooLarge, "the secret has %d bytes, and the %s store takes %d", sec.Len(), s.opts.Backend, limit)
	case s.opts.Backend == profile.OnePassword:
		return s.putField(ref, sec)
	}
	s.slots[s.slot(ref)] = sec
	return nil
}

// Delete implements ports.SecretStore.
func (s *SecretStore) Delete(ctx context.Context, ref profile.Reference) error {
	leave, err := s.enter(ctx, ref)
	defer leave()
	if err != nil {
		return err
	}
	if s.traits.ReadOnly {
		return s.readOnly()
	}
	if _, err := s.get(ref); err != nil {
		return err
	}
	if s.opts.Backend == profile.OnePassword {
		return s.clearField(ref)
	}
	delete(s.slots, s.slot(ref))
	return nil
}

// Undo implements ports.Undoer. It is Delete where a Delete leaves nothing
// behind.
func (s *SecretStore) Undo(ctx context.Context, ref profile.Reference) error {
	if s.opts.Backend != profile.OnePassword {
		return s.Delete(ctx, ref)
	}
	leave, err := s.enter(ctx, ref)
	defer leave()
	if err != nil {
		return err
	}
	if _, err := s.get(ref); err != nil {
		return err
	}
	return s.undoField(ref)
}

func (s *SecretStore) readOnly() error {
	return fault.New(fault.BackendReadOnly, "the %s backend only reads", s.opts.Backend)
}

// Locate implements ports.SecretStore.
func (s *SecretStore) Locate(ctx context.Context, ref profile.Reference) (ports.Slot, error) {
	leave, err := s.enter(ctx, ref)
	defer leave()
	if err != nil {
		return "", err
	}
	if s.opts.Backend == profile.OnePassword {
		return s.locateField(ref)
	}
	return s.slot(ref), nil
}

// Probe implements ports.SecretStore.
func (s *SecretStore) Probe(ctx context.Context) error {
	leave, err := s.enter(ctx)
	defer leave()
	return err
}

// slot is the identity of a reference whose members say it all.
func (s *SecretStore) slot(ref profile.Reference) ports.Slot {
	switch s.opts.Backend {
	case profile.File:
		return join(filepath.Clean(ref.Path), ref.Account)
	case profile.Env:
		return join(ref.Variable)
	case profile.Command:
		return join(ref.Argv...)
	}
	service := ref.Service
	if s.opts.Service != "" {
		service = s.opts.Service
	}
	return join(service, ref.Account)
}

// join makes a slot of parts that contain no control characters.
func join(parts ...string) ports.Slot {
	return ports.Slot(strings.Join(parts, "\x1f"))
}

// Plant stores a secret past every refusal, as another program would.
func (s *SecretStore) Plant(ref profile.Reference, sec secret.Secret) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.opts.Backend == profile.OnePassword {
		return s.putField(ref, sec)
	}
	s.slots[s.slot(ref)] = sec
	return nil
}

// Dump returns every secret that the store holds, by slot; in a OnePassword
// store those of all accounts and of fields that others made.
func (s *SecretStore) Dump() map[ports.Slot]secret.Secret {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make(map[ports.Slot]secret.Secret, len(s.slots))
	for slot, sec := range s.slots {
		all[slot] = sec
	}
	s.dumpFields(all)
	return all
}
