package filestore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"filippo.io/age"

	"jira-cli/adapters/internal/atomicfile"
	"jira-cli/domain/fault"
)

// maxIdentity bounds the identity file; one identity has 75 bytes.
const maxIdentity = 64 << 10

// newKey chooses the key of a file that does not exist yet: the passphrase that
// was given, else the identity that is there, else a fresh one.
func (s *Store) newKey(ctx context.Context, path string) (*key, error) {
	passphrase, given, err := s.given(ctx)
	if err != nil {
		return nil, err
	}
	if given {
		return &key{passphrase: passphrase}, nil
	}
	identities, err := s.loadIdentity(s.identityPath(path))
	if err == nil {
		return &key{identities: identities}, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, fault.Wrap(err, fault.InternalError, "no identity could be generated")
	}
	return &key{identities: []*age.X25519Identity{id}, fresh: true}, nil
}

// loadIdentity reads the identities of an identity file; fs.ErrNotExist where
// there is none. As ssh does with its keys, it refuses one of the user's own
// that others may read, and any that others may have put there or changed: https://man.openbsd.org/ssh#FILES.
func (s *Store) loadIdentity(path string) ([]*age.X25519Identity, error) {
	data, err := atomicfile.ReadIf(path, maxIdentity, func(info fs.FileInfo) error {
		if tooLoose(info) {
			return looseFault(path, info.Mode().Perm())
		}
		return s.trusted(info, "the identity file", path)
	})
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fs.ErrNotExist
	case errors.Is(err, atomicfile.ErrTooLarge):
		return nil, noIdentityFault(path)
	case fault.CodeOf(err) == fault.FileStorePermissions:
		return nil, err
	case err != nil:
		return nil, readFault(err, "the identity file", path)
	}
	parsed, err := age.ParseIdentities(bytes.NewReader(data))
	if err != nil {
		return nil, noIdentityFault(path)
	}
	identities := make([]*age.X25519Identity, 0, len(parsed))
	for _, p := range parsed {
		id, ok := p.(*age.X25519Identity)
		if !ok {
			return nil, noIdentityFault(path)
		}
		identities = append(identities, id)
	}
	return identities, nil
}

// createIdentity writes a new identity file, durably; fs.ErrExist where one
// is there by now.
func createIdentity(ctx context.Context, path string, id *age.X25519Identity, wait time.Duration) error {
	target, err := atomicfile.Resolve(path)
	if err != nil {
		return writeFault(err, "the identity file", path)
	}
	lock, err := atomicfile.Acquire(context.WithoutCancel(ctx), target, wait)
	if err != nil {
		return lockFault(ctx, err, target)
	}
	defer lock.Release()
	text := fmt.Sprintf("# made by jira: the key of the encrypted file beside it; keep it secret, and keep a backup\n"+
		"# public key: %s\n%s\n", id.Recipient(), id)
	staged, err := atomicfile.Stage(target, []byte(text))
	if err != nil {
		return writeFault(err, "the identity file", target)
	}
	err = staged.CommitNew()
	if errors.Is(err, fs.ErrExist) {
		return fs.ErrExist
	}
	if err != nil {
		return writeFault(err, "the identity file", target)
	}
	return nil
}
