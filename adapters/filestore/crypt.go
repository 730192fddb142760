package filestore

import (
	"context"
	"crypto/sha256"
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

	// maxWorkFactor bounds what a foreign header can make the program spend: what
	// its own files cost. Each step more doubles the time and the memory.
	maxWorkFactor = workFactor

	// maxFile bounds the encrypted file: the document, 16 bytes per 64 KiB
	// chunk, and a header.
	maxFile = maxDocument + maxDocument/4096 + 64<<10
	// maxArmored is as many bytes as Base64 in lines of 64 characters.
	maxArmored = maxFile + maxFile/2

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

	armored bool // as the file was
	wanted  int  // how many recipients the file has, 0 where it is new
	others  []age.Recipient
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
	data, err := atomicfile.ReadIf(target, maxArmored, func(info fs.FileInfo) error { return s.trusted(info, "the encrypted file", target) })
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, nil
	case errors.Is(err, atomicfile.ErrTooLarge):
		return nil, nil, corruptFault(target, "it is too large")
	case fault.CodeOf(err) == fault.FileStorePermissions:
		return nil, nil, err
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
	source, armored := unarmored(data)
	plain, err := age.Decrypt(source, o)
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
	o.key.armored = armored
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
	for _, s := range stanzas {
		if factor, over := excessive(s); over {
			return o.fail(workFactorFault(o.target, factor))
		}
	}
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
	identities, err := o.store.loadIdentity(o.identity)
	if errors.Is(err, fs.ErrNotExist) {
		return o.fail(keyMissingFault(o.identity, o.target))
	}
	if err != nil {
		return o.fail(err)
	}
	o.key = &key{identities: identities, wanted: recipientsOf(stanzas)}
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
