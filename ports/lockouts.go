package ports

import (
	"context"
	"time"

	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
)

// Tried is a credential as it was sent: to which site, as whom, with what.
type Tried struct {
	Site   profile.Site
	User   string
	Secret secret.Secret
}

// Lockouts remembers, across processes, for which credentials Jira last wanted a
// CAPTCHA. It keeps no credential, nothing from which one could be found without
// having it, and no name of an account. It is a memory aid: what it forgets or
// cannot keep is no failure of a command. It is safe for concurrent use; of two
// processes that remember at once one may be lost.
type Lockouts interface {
	// Remember keeps the credential with the time, and drops what is older than
	// an hour.
	Remember(ctx context.Context, t Tried, at time.Time) error

	// Recall returns when the very same credential was last remembered; the zero
	// time for never, and where the memory cannot be read, beside the error.
	Recall(ctx context.Context, t Tried) (time.Time, error)

	// Forget drops the credential; nil where it was not there.
	Forget(ctx context.Context, t Tried) error
}
