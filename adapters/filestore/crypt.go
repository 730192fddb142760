package filestore

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"slices"

	"filippo.io/age"

	"jira-cli/adapters/internal/atomicfile"
	"jira-cli/domain/fault"
	"jira-cli/domain/secret"
)

const (
	// workFactor is the scrypt cost of new files, N = 2^17 with r = 8, p = 1:
	// the least that OWASP's password storage cheat sheet recommends. It costs
	// some 0.4 s and 128 MiB for each opening; age's own 18 is meant for one
	// opening by hand, and a login opens the file several times.
	workFactor = 17

	// maxWorkFactor bounds what a foreign header can make us spend: 1 GiB. It
	// leaves room for files that age or rage re-encrypted.
	maxWorkFactor = 20

	// maxFile bounds the encrypted file: the document, 16 bytes per 64 KiB
	// chunk, and a header.
	maxFile = maxDocument + maxDocument/4096 + 64<<10

	stanzaScrypt   = "scrypt"
	stanzaIdentity = "X25519"

	// stanzaMark names, by a digest, the identity that the file was encrypted
	// to. age ignores stanzas that it does not know. It is how a header that was
	// tampered with is told from an identity that is the wrong one.
	stanzaMark = "jira-cli"
)

// key opens and seals one file: a passphrase or identities, never both. fresh
// identities are not on the disk yet.
type key struct {
	passphrase secret.Secret
	identities []*age.X25519Identity
	fresh      bool
}

// opened remembers the last document that a passphrase opened, by the digest of
// its cipher text: a command reads the file several times, and scrypt is slow.
type opened struct {
	sum [sha256.Size]byte
	key *key
	doc document
}

// open reads and decrypts the file. An absent one is nil, nil, nil.
func (s *Store) open(ctx context.Context, path string, ask asking) (*key, document, error) {
	target, err := resolve(path)
	if err != nil {
		return nil, nil, err
	}
	data, err := atomicfile.Read(target, maxFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, nil
	case errors.Is(err, atomicfile.ErrTooLarge):
		return nil, nil, corruptFault(target, "it is too large")
	case err != nil:
		return nil, nil, readFault(err, "the encrypted file", target)
	}
	sum := sha256.Sum256(data)
	if o := s.recall(sum); o != nil {
		return o.key, o.doc, nil
	}
	opening := &opening{ctx: ctx, store: s, target: target, identity: s.identityPath(path), ask: ask}
	doc, err := opening.decrypt(data)
	if err != nil {
		return nil, nil, err
	}
	if !opening.key.passphrase.IsZero() {
		s.memory.Lock()
		s.opened = &opened{sum: sum, key: opening.key, doc: doc}
		s.memory.Unlock()
	}
	return opening.key, doc, nil
}

func (s *Store) recall(sum [sha256.Size]byte) *opened {
	s.memory.Lock()
	defer s.memory.Unlock()
	if s.opened != nil && s.opened.sum == sum {
		return s.opened
	}
	return nil
}

// opening is one decryption. It is an age.Identity that chooses the key by the
// header.
type opening struct {
	ctx      context.Context
	store    *Store
	target   string
	identity string
	ask      asking
	key      *key
	err      error // why Unwrap failed, where the reason is not age's
}

// decrypt translates every outcome. The errors of age are not passed on: they
// quote what they could not parse, and that may be a secret in a file that is
// not encrypted at all.
func (o *opening) decrypt(data []byte) (document, error) {
	plain, err := age.Decrypt(bytes.NewReader(data), o)
	if err != nil {
		if o.err != nil {
			return nil, o.err
		}
		return nil, corruptFault(o.target, "its header is broken")
	}
	text, err := io.ReadAll(io.LimitReader(plain, maxDocument+1))
	if err != nil || len(text) > maxDocument {
		return nil, corruptFault(o.target, "its content is broken")
	}
	doc, err := decode(text)
	if errors.Is(err, errNewer) {
		return nil, newerFault(o.target)
	}
	if err != nil {
		return nil, corruptFault(o.target, "what it holds is not a document of this program")
	}
	return doc, nil
}

func (o *opening) fail(err error) ([]byte, error) {
	o.err = err
	return nil, err
}

// Unwrap implements age.Identity.
func (o *opening) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	has := func(kind string) bool {
		return slices.ContainsFunc(stanzas, func(s *age.Stanza) bool { return s.Type == kind })
	}
	switch {
	case has(stanzaScrypt):
		return o.byPassphrase(stanzas)
	case has(stanzaIdentity), has(stanzaMark):
		return o.byIdentity(stanzas)
	default:
		return o.fail(corruptFault(o.target, "it is encrypted neither to an X25519 identity nor under a passphrase"))
	}
}

func (o *opening) byPassphrase(stanzas []*age.Stanza) ([]byte, error) {
	passphrase, err := o.store.passphrase(o.ctx, o.target, o.ask)
	if err != nil {
		return o.fail(err)
	}
	id, err := age.NewScryptIdentity(passphrase.Reveal())
	if err != nil {
		return o.fail(wrongPassphraseFault(o.target))
	}
	id.SetMaxWorkFactor(maxWorkFactor)
	fileKey, err := id.Unwrap(stanzas)
	if errors.Is(err, age.ErrIncorrectIdentity) {
		return o.fail(wrongPassphraseFault(o.target))
	}
	o.key = &key{passphrase: passphrase}
	return fileKey, err
}

func (o *opening) byIdentity(stanzas []*age.Stanza) ([]byte, error) {
	identities, err := loadIdentity(o.identity)
	if errors.Is(err, fs.ErrNotExist) {
		return o.fail(keyMissingFault(o.identity, o.target))
	}
	if err != nil {
		return o.fail(err)
	}
	o.key = &key{identities: identities}
	for _, id := range identities {
		fileKey, err := id.Unwrap(stanzas)
		if !errors.Is(err, age.ErrIncorrectIdentity) {
			return fileKey, err
		}
	}
	for _, s := range stanzas {
		if s.Type == stanzaMark && slices.Equal(s.Args, marks(identities)) {
			return o.fail(corruptFault(o.target, "its header is broken"))
		}
	}
	return o.fail(keyWrongFault(o.identity, o.target))
}

// seal encrypts a document to a key.
func seal(k *key, doc document, work int) ([]byte, error) {
	text, err := encode(doc)
	if errors.Is(err, errFull) {
		return nil, fault.New(fault.FileStoreFailed, "the encrypted file would grow over %d MiB", maxDocument>>20).
			WithHint("log out of profiles that are no longer used")
	}
	if err != nil {
		return nil, fault.Wrap(err, fault.InternalError, "the document could not be encoded")
	}
	recipient, err := k.recipient(work)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, recipient)
	if err == nil {
		_, err = w.Write(text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, fault.Wrap(err, fault.InternalError, "the document could not be encrypted")
	}
	return out.Bytes(), nil
}

func (k *key) recipient(work int) (age.Recipient, error) {
	if k.passphrase.IsZero() {
		return markedRecipient(k.identities), nil
	}
	r, err := age.NewScryptRecipient(k.passphrase.Reveal())
	if err != nil {
		return nil, fault.Wrap(err, fault.InternalError, "the passphrase could not be used")
	}
	r.SetWorkFactor(work)
	return r, nil
}

// markedRecipient encrypts to every identity and adds the mark.
type markedRecipient []*age.X25519Identity

// Wrap implements age.Recipient.
func (m markedRecipient) Wrap(fileKey []byte) ([]*age.Stanza, error) {
	var stanzas []*age.Stanza
	for _, id := range m {
		s, err := id.Recipient().Wrap(fileKey)
		if err != nil {
			return nil, err
		}
		stanzas = append(stanzas, s...)
	}
	return append(stanzas, &age.Stanza{Type: stanzaMark, Args: marks(m)}), nil
}

// marks names identities without telling their public keys.
func marks(identities []*age.X25519Identity) []string {
	names := make([]string, 0, len(identities))
	for _, id := range identities {
		sum := sha256.Sum256([]byte("jira-cli encrypted file\n" + id.Recipient().String()))
		names = append(names, hex.EncodeToString(sum[:8]))
	}
	return names
}
