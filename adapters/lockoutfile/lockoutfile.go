// Package lockoutfile owns the file in which this machine remembers for which
// credentials Jira wants a CAPTCHA. The file holds salted fingerprints and
// times: whoever reads it learns that somebody was locked out, and when. The salt
// lies beside the fingerprints and hinders nobody who tries all short secrets, so
// that a guessable one is no part of any fingerprint. The package refuses to own what follows from that, and to stand in anybody's way: a file
// that is damaged is replaced, and one that cannot be written is the caller's to
// ignore.
package lockoutfile

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"time"

	"jira-cli/adapters/internal/atomicfile"
	"jira-cli/domain/fault"
	"jira-cli/ports"
)

const (
	// memory is how long a lockout is kept.
	memory = time.Hour
	// maxFile is many times what a file of one hour can hold.
	maxFile = 1 << 20
	// saltLen is the size of the key of the fingerprints, in bytes.
	saltLen = 32
	// lockWait is how long a change waits for those of other processes, which
	// take milliseconds each.
	lockWait = 5 * time.Second
)

var errNowhere = errors.New("there is no directory for it")

// Store implements ports.Lockouts over one file.
type Store struct {
	path string
	mu   sync.Mutex
}

// New returns a store over the file at path, which need not exist. With "" it
// remembers nothing and says so.
func New(path string) *Store { return &Store{path: path} }

// DefaultPath returns where the file is on an operating system (a runtime.GOOS):
// below $XDG_STATE_HOME, else ~/.local/state, on macOS too; on Windows below
// %LocalAppData%. It is "" where there is no such directory.
func DefaultPath(goos string, lookup func(string) (string, bool), home string) string {
	separator, variable, fallback := "/", "XDG_STATE_HOME", []string{".local", "state"}
	if goos == "windows" {
		separator, variable, fallback = `\`, "LocalAppData", []string{"AppData", "Local"}
	}
	base, _ := lookup(variable)
	if goos != "windows" && !strings.HasPrefix(base, "/") {
		base = "" // as the XDG specification demands of relative ones
	}
	if base == "" && home != "" {
		base = strings.Join(append([]string{home}, fallback...), separator)
	}
	if base == "" {
		return ""
	}
	return strings.TrimRight(base, separator) + separator + "jira-cli" + separator + "lockouts.json"
}

// version is of files whose fingerprints hold no guessable secret. What an
// earlier one kept is dropped with the next write.
const version = 2

// document is the file. The salt is made with it and never changes, so that the
// fingerprints of two machines cannot be compared.
type document struct {
	Version  int                  `json:"version"`
	Salt     string               `json:"salt"`
	Lockouts map[string]time.Time `json:"lockouts"`
}

// Remember implements ports.Lockouts.
func (s *Store) Remember(ctx context.Context, t ports.Tried, at time.Time) error {
	return s.change(ctx, func(d *document) bool {
		for print, when := range d.Lockouts {
			if at.Sub(when) > memory {
				delete(d.Lockouts, print)
			}
		}
		d.Lockouts[d.fingerprint(t)] = at.UTC()
		return true
	})
}

// Recall implements ports.Lockouts.
func (s *Store) Recall(ctx context.Context, t ports.Tried) (time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ctx.Err() != nil {
		return time.Time{}, context.Cause(ctx)
	}
	d, err := s.load()
	if err != nil || d.Salt == "" {
		return time.Time{}, err
	}
	return d.Lockouts[d.fingerprint(t)], nil
}

// Forget implements ports.Lockouts.
func (s *Store) Forget(ctx context.Context, t ports.Tried) error {
	return s.change(ctx, func(d *document) bool {
		print := d.fingerprint(t)
		_, known := d.Lockouts[print]
		delete(d.Lockouts, print)
		return known
	})
}

// change writes the file where do says that it changed something.
func (s *Store) change(ctx context.Context, do func(*document) bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if s.path == "" {
		return failed(errNowhere)
	}
	target, err := atomicfile.Resolve(s.path)
	if err != nil {
		return failed(err)
	}
	lock, err := atomicfile.Acquire(ctx, target, lockWait)
	if err != nil {
		return failed(err)
	}
	defer lock.Release()
	d, err := s.load()
	if err != nil {
		return err
	}
	if d.Salt == "" {
		salt := make([]byte, saltLen)
		_, _ = rand.Read(salt) // never fails, says its documentation
		d.Salt = hex.EncodeToString(salt)
	}
	if !do(&d) {
		return nil
	}
	text, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return failed(err)
	}
	if err := atomicfile.Replace(target, append(text, '\n')); err != nil {
		return failed(err)
	}
	return nil
}

// load returns the file's document; an empty one for a file that is absent or
// damaged, which the next write mends.
func (s *Store) load() (document, error) {
	empty := document{Version: version, Lockouts: map[string]time.Time{}}
	if s.path == "" {
		return empty, failed(errNowhere)
	}
	text, err := atomicfile.Read(s.path, maxFile)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, atomicfile.ErrTooLarge) {
		return empty, nil
	}
	if err != nil {
		return empty, failed(err)
	}
	var d document
	if json.Unmarshal(text, &d) != nil || d.Version != version {
		return empty, nil
	}
	if salt, bad := hex.DecodeString(d.Salt); bad != nil || len(salt) != saltLen {
		return empty, nil
	}
	if d.Lockouts == nil {
		d.Lockouts = map[string]time.Time{}
	}
	return d, nil
}

// fingerprint is a keyed hash over the parts, each with its length before it. A
// guessable secret is not one of them; a credential with it has a part less, and
// so the fingerprint of no other one.
func (d *document) fingerprint(t ports.Tried) string {
	salt, _ := hex.DecodeString(d.Salt)
	hash := hmac.New(sha256.New, salt)
	parts := []string{t.Site.Origin(), t.User}
	if !t.Guessable {
		parts = append(parts, t.Secret.Reveal())
	}
	for _, part := range parts {
		_ = binary.Write(hash, binary.BigEndian, uint64(len(part)))
		hash.Write([]byte(part))
	}
	return hex.EncodeToString(hash.Sum(nil)[:16])
}

func failed(err error) error {
	return fault.Wrap(err, fault.FileStoreFailed, "the memory of lockouts could not be kept")
}
