package tomlconfig

import (
	"bytes"
	"context"
	"errors"

	"jira-cli/adapters/internal/atomicfile"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
)

// transaction is the file under its lock. It implements ports.ConfigTx.
type transaction struct {
	path   string // for messages
	target string // what path led to when the lock was taken
	lock   *atomicfile.Lock
}

// Load implements ports.ConfigTx.
func (t *transaction) Load(ctx context.Context) (profile.Config, error) {
	return load(ctx, t.target)
}

// Save implements ports.ConfigTx. The edit starts from what is on disk now: an
// editor takes no lock.
func (t *transaction) Save(ctx context.Context, c profile.Config) error {
	if t.lock == nil {
		return fault.New(fault.InternalError, "the config was saved after its lock was released")
	}
	text, err := read(ctx, t.target)
	if err != nil {
		return err
	}
	edited, err := rewrite(text, c)
	if err != nil {
		return inFile(t.path, err)
	}
	return t.replace(ctx, text, edited)
}

// replace writes the edited text in the place of the text.
func (t *transaction) replace(ctx context.Context, text, edited []byte) error {
	if bytes.Equal(edited, text) {
		return nil
	}
	if len(edited) > maxBytes {
		return fault.New(fault.ConfigWriteFailed, "the config file %s would be larger than %d bytes", t.path, maxBytes).
			WithHint("remove what is not needed from the file")
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	// After a replacement that may not survive a loss of power the file says
	// what it should: that is no failure of the save.
	if err := atomicfile.Replace(t.target, edited); err != nil && !errors.Is(err, atomicfile.ErrNotDurable) {
		return writeFailed(t.path, err)
	}
	return nil
}

// Unlock implements ports.ConfigTx. The lock file is left in place: removing it
// would let two processes lock two files of one name.
func (t *transaction) Unlock() {
	if t.lock != nil {
		t.lock.Release()
		t.lock = nil
	}
}
