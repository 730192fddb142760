package ports

import (
	"context"

	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
)

// absent is an error that means "there is no secret", in different words.
type absent struct{ text string }

func (a *absent) Error() string        { return a.text }
func (a *absent) Is(target error) bool { return target == ErrNotFound }

var (
	// ErrNotFound means that the store answered and holds no secret at the
	// reference.
	ErrNotFound error = &absent{"no secret is stored at this reference"}

	// ErrFieldMissing means that the 1Password item exists and lacks the field,
	// or that the field is empty. It is an ErrNotFound too. The text is what
	// 1Password says and is documented.
	ErrFieldMissing error = &absent{"error resolving secret reference: the specified field cannot be found within the item"}
)

// SecretStore keeps secrets at references of one backend. It is safe for
// concurrent use, also by several processes.
//
// A store never falls back to another place, never truncates, and never
// changes a secret's text. A store that cannot do something refuses it with the
// right code before anything has changed.
type SecretStore interface {
	// Get returns the secret, ErrNotFound or ErrFieldMissing where there is
	// none, and otherwise an error of the store: it could not say.
	Get(ctx context.Context, ref profile.Reference) (secret.Secret, error)

	// Put stores the secret durably, creating or replacing. After an error the
	// old or the new secret is there, whole; the caller reads back to learn
	// which. Codes: SecretTooLarge before anything changed, BackendReadOnly
	// where the store only reads.
	Put(ctx context.Context, ref profile.Reference, s secret.Secret) error

	// Delete removes the secret, and nothing else; ErrNotFound where there was
	// none. BackendReadOnly where the store only reads.
	Delete(ctx context.Context, ref profile.Reference) error

	// Locate returns the identity of the slot that the reference means, after
	// resolution of names, overrides and links: two references of one backend
	// with equal slots share one secret. It works for a slot that does not
	// exist yet, and returns an error only where the store cannot say.
	Locate(ctx context.Context, ref profile.Reference) (Slot, error)

	// Probe reports whether the store can be used here and now, without
	// changing anything, asking anybody or waiting for a person: nil, or the
	// error that Get would give.
	Probe(ctx context.Context) error

	// Traits are what holds of the store always; no I/O.
	Traits() Traits
}

// Slot is the resolved identity of a place for one secret; comparable, and
// meaningful within one backend only.
type Slot string

// Traits are a store's fixed properties.
type Traits struct {
	ReadOnly  bool // Put and Delete answer BackendReadOnly
	KeepsItem bool // Delete clears a field and leaves its item behind
	MaxBytes  int  // the largest secret it takes, 0 for secret.MaxBytes
}

// Found is one answer of a bulk read: a secret, or the error that Get would
// have returned.
type Found struct {
	Secret secret.Secret
	Err    error
}

// BulkReader is implemented by stores that read many secrets in one go.
type BulkReader interface {
	// GetAll answers each reference as Get would, in their order.
	GetAll(ctx context.Context, refs []profile.Reference) []Found
}

// Undoer is implemented by stores whose Delete leaves something behind that a
// later change would trip over, as a 1Password item without its field.
type Undoer interface {
	// Undo takes back a Put of this process into a slot that held nothing: after
	// it Get answers ErrNotFound, and not ErrFieldMissing. Nothing that was
	// there before the Put is touched.
	Undo(ctx context.Context, ref profile.Reference) error
}

// Stores are the secret stores by backend.
type Stores interface {
	// Store returns the store of a backend. BackendUnsupported where this build
	// or this system has none; the store itself may still be unavailable.
	Store(b profile.Backend) (SecretStore, error)
}
