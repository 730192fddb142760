// Package ports states what the use cases need from the world: interfaces, the
// obligations of whoever implements them, and the sentinel errors. It holds no
// behaviour but the pausing of a budget, which several adapters share.
//
// Three rules hold for every method that takes a context:
//
//   - When the context ends, the method returns promptly (within a second, also
//     where the technology behind it cannot be interrupted) with an error for
//     which errors.Is(err, context.Cause(ctx)) holds.
//   - Every other error is a *fault.Fault with a code of the closed table, or
//     one of the sentinels of this package. An error never stands for absence,
//     and absence never for an error: "unavailable" does not read as "not
//     found".
//   - No error contains a secret, nor any part of one.
package ports

import (
	"context"
	"time"

	"jira-cli/domain/profile"
)

// Config is the config file.
type Config interface {
	// Path returns the path of the file as selected, before symlinks are
	// resolved. The file need not exist.
	Path() string

	// Load reads and checks the file. An absent file is an empty Config and no
	// error. Codes: ConfigInvalid with line and column in the message,
	// ConfigReadFailed.
	Load(ctx context.Context) (profile.Config, error)

	// Lock takes the one lock that serialises every change, across processes,
	// waiting up to ten seconds: ConfigLocked after that, ConfigWriteFailed
	// where the lock cannot be created. It changes nothing else.
	Lock(ctx context.Context) (ConfigTx, error)
}

// ConfigTx is the config file under its lock. It is used by one goroutine.
type ConfigTx interface {
	// Load reads the file anew, as Config.Load.
	Load(ctx context.Context) (profile.Config, error)

	// Save makes the file say what c says, durably and atomically: after an
	// error the file's bytes are the old ones or, where even that is unknown,
	// the whole new ones, never a mixture; the caller loads again to learn
	// which. Everything that Config does not model survives (comments, order,
	// unknown keys). Saving what the file already says leaves its bytes alone.
	// Codes: ConfigWriteFailed, ConfigInvalid.
	Save(ctx context.Context, c profile.Config) error

	// Unlock releases the lock; a second call does nothing. A process that dies
	// releases it too.
	Unlock()
}

// ConfigRepairer is a ConfigTx whose file may hold a value that Load refuses.
type ConfigRepairer interface {
	// Repair gives one key, in its dotted form, a value that was checked, where
	// its value is what Load refuses; what else the file says stays as it is, as
	// with Save. Codes: those of Save, and ConfigInvalid where the key's value is
	// not what is wrong.
	Repair(ctx context.Context, key, value string) error
}

// Environment is the process environment.
type Environment interface {
	// Lookup returns a variable's value and whether it is set.
	Lookup(name string) (string, bool)
}

// Clock tells the time and passes it.
type Clock interface {
	// Now returns the current time.
	Now() time.Time
	// Sleep returns nil after d, or context.Cause(ctx) when ctx ends first.
	Sleep(ctx context.Context, d time.Duration) error
}

// IDs makes the identifiers of runs.
type IDs interface {
	// RequestID returns a new identifier of 16 characters or more from
	// [0-9A-Za-z-], unique for all practical purposes.
	RequestID() string
}
