// Package filestore owns the `file` backend: one file per machine, encrypted
// with age (https://age-encryption.org/v1), that holds the secrets of all
// profiles, for hosts that have no keyring. It is an ordinary age file with a
// JSON document inside, so that `age -d -i identity.txt credentials.age` shows
// what it holds.
//
// The key is an X25519 identity in a file of its own (mode 0600), or a
// passphrase; the encrypted file's header says which. What a file begins with it
// keeps. The identity beside the file protects copies, backups and synchronised
// folders that lack it, and nothing against whoever can read the user's files;
// the passphrase protects against that too, as well as it was chosen.
//
// Every change is a whole new file put in the old one's place under a lock, so
// that at any instant the old or the new file is there. Readers take no lock.
// Plain text never reaches the disk. The identity is durable before anything is
// encrypted to it, and one that went missing is never silently replaced: that
// would lock out what is there.
//
// The package refuses to read the environment, to know the profile, and to
// choose itself: it is used where its name is written.
package filestore

import (
	"context"
	"errors"
	"sync"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// Options fix where the store is and how its key is had.
type Options struct {
	// Path and IdentityPath are those of DefaultPaths. Path serves references
	// that name none; any other path has its identity.txt beside it.
	Path, IdentityPath string

	// Home is the home directory. Run as root, the files of its owner are used
	// as well as root's own; "" is none.
	Home string

	// Passphrase returns the passphrase that was given for this run and whether
	// there is one; see PassphraseFrom. Nil is none.
	Passphrase func(ctx context.Context) (secret.Secret, bool, error)

	// Prompter is asked for the passphrase of a file that has one where none
	// was given, at most once in the store's life, if Interactive says that
	// somebody is there. Nil for either is nobody.
	Prompter    ports.Prompter
	Interactive func() bool

	// LockTimeout is how long a change waits for another one, 0 for ten seconds.
	LockTimeout time.Duration

	// WorkFactor is the scrypt cost of new passphrase files as a power of two,
	// 0 for the package's choice. Tests use a small one.
	WorkFactor int
}

const defaultLockTimeout = 10 * time.Second

// Store is the encrypted file as a ports.SecretStore and ports.BulkReader. It
// addresses secrets by Reference.Path and Reference.Account.
type Store struct {
	opts   Options
	asked  chan *answer // one token: nil until the passphrase was asked for
	memory sync.Mutex   // guards opened
	opened *opened
}

// New returns a store. It does no I/O.
func New(opts Options) *Store {
	if opts.LockTimeout == 0 {
		opts.LockTimeout = defaultLockTimeout
	}
	if opts.WorkFactor == 0 {
		opts.WorkFactor = workFactor
	}
	s := &Store{opts: opts, asked: make(chan *answer, 1)}
	s.asked <- nil
	return s
}

// Get implements ports.SecretStore.
func (s *Store) Get(ctx context.Context, ref profile.Reference) (secret.Secret, error) {
	found := s.GetAll(ctx, []profile.Reference{ref})[0]
	return found.Secret, found.Err
}

// GetAll implements ports.BulkReader: every file is decrypted once.
func (s *Store) GetAll(ctx context.Context, refs []profile.Reference) []ports.Found {
	type content struct {
		doc document
		err error
	}
	files := map[string]content{}
	answers := make([]ports.Found, len(refs))
	for i, ref := range refs {
		path, err := s.place(ref)
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		if err != nil {
			answers[i].Err = err
			continue
		}
		file, known := files[path]
		if !known {
			file.doc, file.err = s.read(ctx, path)
			files[path] = file
		}
		answers[i] = pick(file.doc, file.err, ref.Account)
	}
	return answers
}

func pick(doc document, err error, account string) ports.Found {
	if err != nil {
		return ports.Found{Err: err}
	}
	if s, ok := doc[account]; ok {
		return ports.Found{Secret: s}
	}
	return ports.Found{Err: ports.ErrNotFound}
}

// read returns what the file holds; an absent one holds nothing.
func (s *Store) read(ctx context.Context, path string) (document, error) {
	return within(ctx, func(t *turn) (document, error) {
		_, doc, err := s.open(t.ctx, path, mayAsk)
		return doc, err
	})
}

// Put implements ports.SecretStore.
func (s *Store) Put(ctx context.Context, ref profile.Reference, value secret.Secret) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	path, err := s.place(ref)
	if err != nil {
		return err
	}
	if err := acceptable(value); err != nil {
		return err
	}
	return s.change(ctx, path, mayCreate, func(doc document) error {
		doc[ref.Account] = value
		return nil
	})
}

// Delete implements ports.SecretStore. The last entry leaves an empty document,
// so that the file keeps its key.
func (s *Store) Delete(ctx context.Context, ref profile.Reference) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	path, err := s.place(ref)
	if err != nil {
		return err
	}
	return s.change(ctx, path, mustExist, func(doc document) error {
		if _, ok := doc[ref.Account]; !ok {
			return ports.ErrNotFound
		}
		delete(doc, ref.Account)
		return nil
	})
}

// Locate implements ports.SecretStore: the real path, and the account.
func (s *Store) Locate(ctx context.Context, ref profile.Reference) (ports.Slot, error) {
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	path, err := s.place(ref)
	if err != nil {
		return "", err
	}
	target, err := resolve(path)
	if err != nil {
		return "", err
	}
	return ports.Slot(target + "\x00" + ref.Account), nil
}

// Probe implements ports.SecretStore for the default file: it is decrypted with
// the key that there is. Where a passphrase would have to be asked for and
// somebody is there to ask, the store counts as usable. Where there is no file,
// it must be possible to make one.
func (s *Store) Probe(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	path, err := s.place(profile.Reference{Account: "-"})
	if err != nil {
		return err
	}
	_, err = within(ctx, func(t *turn) (struct{}, error) { return struct{}{}, s.probe(t.ctx, path) })
	return err
}

func (s *Store) probe(ctx context.Context, path string) error {
	k, _, err := s.open(ctx, path, mustNotAsk)
	if errors.Is(err, errWouldAsk) {
		return nil
	}
	if err != nil || k != nil {
		return err
	}
	if _, err := s.newKey(ctx, path); err != nil {
		return err
	}
	target, err := resolve(path)
	if err != nil {
		return err
	}
	return creatable(target)
}

// Traits implements ports.SecretStore.
func (s *Store) Traits() ports.Traits { return ports.Traits{} }

// acceptable refuses what the document cannot hold letter by letter.
func acceptable(value secret.Secret) error {
	switch {
	case value.IsZero():
		return fault.New(fault.SecretInvalid, "%v", secret.ErrEmpty)
	case value.Len() > secret.MaxBytes:
		return fault.New(fault.SecretTooLarge, "the secret has %d bytes, and the encrypted file takes %d",
			value.Len(), secret.MaxBytes)
	case !isText(value):
		return fault.New(fault.SecretInvalid, "%v", secret.ErrNotText)
	}
	return nil
}
