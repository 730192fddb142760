package filestore

import (
	"context"
	"errors"
	"io/fs"

	"jira-cli/adapters/internal/atomicfile"
	"jira-cli/ports"
)

// creating says whether a change may make the file. Where it must be there,
// nothing is created to find out that it is not: no directory and no lock.
type creating bool

const (
	mayCreate creating = true
	mustExist creating = false
)

// change rewrites the file under its lock. Everything slow comes before
// t.begin, everything that changes something after it.
func (s *Store) change(ctx context.Context, path string, create creating, edit func(document) error) error {
	_, err := within(ctx, func(t *turn) (struct{}, error) { return struct{}{}, s.rewrite(t, path, create, edit) })
	return err
}

func (s *Store) rewrite(t *turn, path string, create creating, edit func(document) error) error {
	target, err := resolve(path)
	if err != nil {
		return err
	}
	if create == mustExist && absent(target) {
		return ports.ErrNotFound
	}
	lock, err := atomicfile.Acquire(t.ctx, target, s.opts.LockTimeout)
	if err != nil {
		return lockFault(t.ctx, err, target)
	}
	defer lock.Release()
	k, doc, err := s.open(t.ctx, path, mayAsk)
	if err != nil {
		return err
	}
	doc = doc.clone()
	if err := edit(doc); err != nil {
		return err
	}
	if k == nil {
		if k, err = s.newKey(t.ctx, path); err != nil {
			return err
		}
	}
	k = k.copy()
	if err := s.withRecipients(k, path); err != nil {
		return err
	}
	data, err := seal(k, doc, s.opts.WorkFactor)
	if err != nil {
		return err
	}
	if err := t.begin(); err != nil {
		return err
	}
	if k.fresh {
		if data, err = s.keep(t.ctx, path, k, doc, data); err != nil {
			return err
		}
	}
	if err := atomicfile.Replace(target, data); err != nil {
		return writeFault(err, "the encrypted file", target)
	}
	return nil
}

// keep makes a fresh identity durable. Where another process was faster, with
// another encrypted file in the same directory, that one's identity counts, and
// the document is sealed again.
func (s *Store) keep(ctx context.Context, path string, k *key, doc document, data []byte) ([]byte, error) {
	identity := s.identityPath(path)
	err := createIdentity(ctx, identity, k.identities[0], s.opts.LockTimeout)
	if !errors.Is(err, fs.ErrExist) {
		return data, err
	}
	theirs, err := s.loadIdentity(identity)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, readFault(err, "the identity file", identity)
	}
	if err != nil {
		return nil, err
	}
	again := &key{identities: theirs}
	if err := s.withRecipients(again, path); err != nil {
		return nil, err
	}
	return seal(again, doc, s.opts.WorkFactor)
}
