// Package keychain owns the keyring backend: macOS Keychain and Windows
// Credential Manager through go-keyring, elsewhere the Secret Service through a
// client of our own (package secretservice), because go-keyring takes no
// context, waits for ever on a prompt, starts dbus-launch, and says of every
// failure the same.
//
// It refuses to fall back: a keyring that is missing, locked, dismissed or
// silent is told apart from one that has no secret, and each is an error. A
// write that was cut off may still land, here as in any keyring: who writes
// reads back.
package keychain

import (
	"context"
	"time"

	"jira-cli/adapters/keychain/patience"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
	"jira-cli/ports/task"
)

// Options say how the keyring is used.
type Options struct {
	// ServiceOverride is JIRA_KEYRING_SERVICE: where it is set, it stands in for
	// the service of every reference, in reads and in writes.
	ServiceOverride string

	// BusAddress is where the Secret Service is, see the function BusAddress; ""
	// is a system without one. Unused on macOS and Windows.
	// BusVariable is the variable that the address comes from, for messages.
	BusAddress, BusVariable string

	// Interactive says that a person is there to answer the keyring's prompt.
	// Without one no prompt is shown, and a locked keyring is KeyringLocked.
	Interactive bool

	// Notifier tells the person what is waited for; nil tells nobody.
	Notifier ports.Notifier

	// MachineBound and PersonBound limit an operation without and with a person;
	// 0 is two seconds and five minutes.
	MachineBound, PersonBound time.Duration
}

// Store is the operating system's keyring as a ports.SecretStore. It opens
// nothing before the first operation.
type Store struct {
	opts   Options
	engine engine
}

// slot names one secret in the keyring.
type slot struct{ service, account string }

// engine is one technology under the Store. Its errors are those of
// ports.SecretStore.
type engine interface {
	get(ctx context.Context, at slot) (string, error)
	put(ctx context.Context, at slot, text string) error
	delete(ctx context.Context, at slot) error
	probe(ctx context.Context) error
	close()
	rules() rules
}

// bulkEngine is an engine that reads many secrets in one go.
type bulkEngine interface {
	getAll(ctx context.Context, at []slot) []ports.Found
}

// rules are what a platform's keyring takes.
type rules struct {
	maxBytes    int  // of a secret; 0 is secret.MaxBytes
	joinedNames bool // service and account are joined by a colon
}

// New returns the keyring of this system.
func New(opts Options) *Store { return &Store{opts: opts, engine: newEngine(opts)} }

func (o Options) patience() patience.Patience {
	return patience.Patience{Machine: o.MachineBound, Person: o.PersonBound, Interactive: o.Interactive, Notifier: o.Notifier}
}

// Close ends the connection to the keyring, where there is one.
func (s *Store) Close() { s.engine.close() }

// Traits implements ports.SecretStore.
func (s *Store) Traits() ports.Traits { return ports.Traits{MaxBytes: s.engine.rules().maxBytes} }

// at resolves a reference. One that names another application's service is
// refused: nothing there is read, overwritten or deleted.
func (s *Store) at(ctx context.Context, ref profile.Reference) (slot, error) {
	if ctx.Err() != nil {
		return slot{}, context.Cause(ctx)
	}
	service, err := ref.KeyringService(s.opts.ServiceOverride)
	if err != nil {
		return slot{}, err
	}
	if err := checkNames(s.engine.rules(), service, ref.Account); err != nil {
		return slot{}, err
	}
	return slot{service, ref.Account}, nil
}

// Get implements ports.SecretStore.
func (s *Store) Get(ctx context.Context, ref profile.Reference) (secret.Secret, error) {
	at, err := s.at(ctx, ref)
	if err != nil {
		return secret.Secret{}, err
	}
	return found(s.engine.get(ctx, at))
}

// found makes a secret of what an engine found. An empty item holds none.
func found(text string, err error) (secret.Secret, error) {
	switch {
	case err != nil:
		return secret.Secret{}, err
	case text == "":
		return secret.Secret{}, ports.ErrNotFound
	}
	return secret.New(text), nil
}

// GetAll implements ports.BulkReader.
func (s *Store) GetAll(ctx context.Context, refs []profile.Reference) []ports.Found {
	bulk, ok := s.engine.(bulkEngine)
	if !ok {
		return s.getEach(ctx, refs)
	}
	slots := make([]slot, len(refs))
	for i, ref := range refs {
		at, err := s.at(ctx, ref)
		if err != nil {
			return s.getEach(ctx, refs) // one bad reference spoils its own answer only
		}
		slots[i] = at
	}
	return bulk.getAll(ctx, slots)
}

// readers is how many reads run at once where each is a call of its own.
const readers = 4

func (s *Store) getEach(ctx context.Context, refs []profile.Reference) []ports.Found {
	answers := make([]ports.Found, len(refs))
	next := make(chan int)
	var group task.Group
	for range min(readers, len(refs)) {
		group.Go(func() {
			for i := range next {
				answers[i] = s.getOne(ctx, refs[i])
			}
		}, nil)
	}
	for i := range refs {
		next <- i
	}
	close(next)
	group.Wait()
	return answers
}

// getOne is Get for a reader that must live on: a panic spoils one answer.
func (s *Store) getOne(ctx context.Context, ref profile.Reference) (found ports.Found) {
	found.Secret, found.Err = task.Call(ctx, func(ctx context.Context) (secret.Secret, error) { return s.Get(ctx, ref) }, nil)
	return found
}

// Put implements ports.SecretStore.
func (s *Store) Put(ctx context.Context, ref profile.Reference, sec secret.Secret) error {
	at, err := s.at(ctx, ref)
	if err != nil {
		return err
	}
	limit := s.engine.rules().maxBytes
	if limit == 0 {
		limit = secret.MaxBytes
	}
	if sec.Len() > limit {
		return fault.New(fault.SecretTooLarge, "the secret has %d bytes, and the keyring takes %d", sec.Len(), limit)
	}
	return s.engine.put(ctx, at, sec.Reveal())
}

// Delete implements ports.SecretStore.
func (s *Store) Delete(ctx context.Context, ref profile.Reference) error {
	at, err := s.at(ctx, ref)
	if err != nil {
		return err
	}
	return s.engine.delete(ctx, at)
}

// Locate implements ports.SecretStore.
func (s *Store) Locate(ctx context.Context, ref profile.Reference) (ports.Slot, error) {
	at, err := s.at(ctx, ref)
	return ports.Slot(at.service + "\x1f" + at.account), err
}

// Probe implements ports.SecretStore.
func (s *Store) Probe(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return s.engine.probe(ctx)
}
