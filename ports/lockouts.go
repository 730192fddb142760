package ports

import (
	"context"
	"time"

	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
)

// Tried is a credential as it was sent: to which site, as whom, with what.
// Guessable says that the secret was chosen by a person, or is so short that
// trying them all would find it.
type Tried struct {
	Site   profile.Site
	User   string
	Secret secret.Secret

	Guessable bool
}

// Lockouts remembers, across processes, for which credentials Jira last wanted a
// CAPTCHA. It keeps no credential, nothing from which one could be found without
// having it, and no name of an account. Of a guessable secret it keeps nothing at
// all, no digest either: such a credential is known by its site and user alone.
// It is a memory aid: what it forgets or cannot keep is no failure of a command.
// It is safe for concurrent use, by several processes too: none loses what
// another one remembered.
type Lockouts interface {
	// Remember keeps the credential with the time, and drops what is older than
	// an hour.
	Remember(ctx context.Context, t Tried, at time.Time) error

	// Recall returns when the very same credential was last remembered, or with a
	// guessable secret any such one of that user at that site; the zero time for
	// never, and where the memory cannot be read, beside the error.
	Recall(ctx context.Context, t Tried) (time.Time, error)

	// Forget drops the credential; nil where it was not there.
	Forget(ctx context.Context, t Tried) error
}
