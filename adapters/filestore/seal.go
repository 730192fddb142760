package filestore

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"

	"jira-cli/adapters/internal/atomicfile"
	"jira-cli/domain/fault"
)

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
	if err := encrypt(&out, k, recipient, text); err != nil {
		return nil, fault.Wrap(err, fault.InternalError, "the document could not be encrypted")
	}
	return out.Bytes(), nil
}

func (k *key) recipient(work int) (age.Recipient, error) {
	if k.passphrase.IsZero() {
		return markedRecipient{k.identities, k.others}, nil
	}
	r, err := age.NewScryptRecipient(k.passphrase.Reveal())
	if err != nil {
		return nil, fault.Wrap(err, fault.InternalError, "the passphrase could not be used")
	}
	r.SetWorkFactor(work)
	return r, nil
}

// markedRecipient encrypts to every identity and every other recipient, and adds
// the mark of the identities.
type markedRecipient struct {
	identities []*age.X25519Identity
	others     []age.Recipient
}

// Wrap implements age.Recipient.
func (m markedRecipient) Wrap(fileKey []byte) ([]*age.Stanza, error) {
	var stanzas []*age.Stanza
	recipients := slices.Clone(m.others)
	for _, id := range m.identities {
		recipients = append(recipients, id.Recipient())
	}
	for _, r := range recipients {
		s, err := r.Wrap(fileKey)
		if err != nil {
			return nil, err
		}
		stanzas = append(stanzas, s...)
	}
	return append(stanzas, &age.Stanza{Type: stanzaMark, Args: marks(m.identities)}), nil
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

// copy returns a key of its own: the one that opened a file may be remembered.
func (k *key) copy() *key {
	c := *k
	return &c
}

// encrypt writes an encrypted file, armored where the one before it was.
func encrypt(out io.Writer, k *key, recipient age.Recipient, text []byte) error {
	outer := io.WriteCloser(nil)
	if k.armored {
		outer = armor.NewWriter(out)
		out = outer
	}
	w, err := age.Encrypt(out, recipient)
	if err == nil {
		_, err = w.Write(text)
	}
	if err == nil {
		err = w.Close()
	}
	if err == nil && outer != nil {
		err = outer.Close()
	}
	return err
}

// unarmored returns a reader of the encrypted bytes: `age --armor` writes them as
// text.
func unarmored(data []byte) (source io.Reader, armored bool) {
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte(armor.Header)) {
		return armor.NewReader(bytes.NewReader(data)), true
	}
	return bytes.NewReader(data), false
}

// excessive returns the work factor of a stanza that asks for more than is
// accepted. What is no number is left to age.
func excessive(s *age.Stanza) (factor int, over bool) {
	if s.Type != stanzaScrypt || len(s.Args) != 2 {
		return 0, false
	}
	factor, err := strconv.Atoi(s.Args[1])
	return factor, err == nil && factor > maxWorkFactor
}

// recipientsOf counts the recipients in a header. The header names none of them:
// an X25519 stanza looks alike for all. Stanzas that exist to be ignored are not
// counted.
func recipientsOf(stanzas []*age.Stanza) int {
	n := 0
	for _, s := range stanzas {
		if s.Type != stanzaMark && !strings.HasSuffix(s.Type, "-grease") {
			n++
		}
	}
	return n
}

// recipientsName is the file beside the encrypted one that lists recipients
// besides the identity's own, as age's --recipients-file takes it.
const recipientsName = "recipients.txt"

// withRecipients adds the listed recipients to the key. A file that has more
// recipients than are known is not rewritten: that would lock somebody out, and
// who it is cannot be told from the file.
func (s *Store) withRecipients(k *key, path string) error {
	if !k.passphrase.IsZero() {
		return nil
	}
	list := filepath.Join(filepath.Dir(path), recipientsName)
	data, err := atomicfile.ReadIf(list, maxIdentity, func(info fs.FileInfo) error { return s.trusted(info, "the list of recipients", list) })
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case fault.CodeOf(err) == fault.FileStorePermissions:
		return err
	case err != nil:
		return readFault(err, "the list of recipients", list)
	}
	own := map[string]bool{}
	for _, id := range k.identities {
		own[id.Recipient().String()] = true
	}
	k.others = nil
	for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") || own[line] {
			continue
		}
		r, err := age.ParseX25519Recipient(line)
		if err != nil {
			return recipientsFault(list)
		}
		own[line] = true
		k.others = append(k.others, r)
	}
	if k.wanted > len(own) {
		return moreRecipientsFault(path, k.wanted, len(own), list)
	}
	return nil
}
