package filestore_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"filippo.io/age"

	"jira-cli/adapters/filestore"
	"jira-cli/adapters/memory"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// changed returns the file with one byte changed, for every byte in two
// ways.
func changed(file []byte, yield func(i int, damaged []byte) bool) {
	for i := range file {
		for _, mask := range []byte{0x01, 0x20} {
			damaged := bytes.Clone(file)
			damaged[i] ^= mask
			if !yield(i, damaged) {
				return
			}
		}
	}
}

// Whatever byte is changed, wherever the file is cut and whatever is added, it
// is damaged, and not the wrong key, nor nothing, nor another secret.
func TestDamageUnderAnIdentity(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	put(t, p.store(""), account, sample)
	file := readFile(t, p.path)
	s := p.store("")
	damaged := func(what string, i int, data []byte) {
		t.Helper()
		writeFile(t, p.path, data)
		if got, err := s.Get(t.Context(), ref(account)); fault.CodeOf(err) != fault.FileStoreCorrupt || !got.IsZero() {
			t.Errorf("%s at %d of %d: %v, %v", what, i, len(file), got, err)
		}
	}
	for i, data := range func(yield func(int, []byte) bool) { changed(file, yield) } {
		damaged("changed", i, data)
	}
	for i := range file {
		damaged("cut", i, file[:i])
		damaged("one byte lost", i, append(bytes.Clone(file[:i]), file[i+1:]...))
	}
	damaged("added", len(file), append(bytes.Clone(file), 'x'))
	damaged("twice", len(file), append(bytes.Clone(file), file...))
	damaged("plain", 0, []byte(samplePlain))
	wantCode(t, s.Put(t.Context(), ref(account), sample), fault.FileStoreCorrupt)
	wantCode(t, s.Delete(t.Context(), ref(account)), fault.FileStoreCorrupt)
	wantCode(t, s.Probe(t.Context()), fault.FileStoreCorrupt)
	if !bytes.Equal(readFile(t, p.path), []byte(samplePlain)) {
		t.Error("a damaged file was changed")
	}
	writeFile(t, p.path, file)
	wantSecret(t, s, account, sample)
}

// Under a passphrase, damage to the stanza that carries the passphrase's salt
// and the wrapped key cannot be told from another passphrase: that is what
// authenticated encryption means. Everywhere else it can.
func TestDamageUnderAPassphrase(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	put(t, p.store(passphrase), account, sample)
	file := readFile(t, p.path)
	s := p.store(passphrase)
	stanza := bytes.Index(file, []byte("-> scrypt "))
	mac := bytes.Index(file, []byte("\n---")) + 1
	for i, data := range func(yield func(int, []byte) bool) { changed(file, yield) } {
		writeFile(t, p.path, data)
		got, err := s.Get(t.Context(), ref(account))
		code := fault.CodeOf(err)
		indistinct := code == fault.FilePassphraseWrong && stanza <= i && i < mac
		if code != fault.FileStoreCorrupt && !indistinct || !got.IsZero() {
			t.Errorf("changed at %d: %v, %v", i, got, err)
		}
	}
	for i := range file {
		writeFile(t, p.path, file[:i])
		if _, err := s.Get(t.Context(), ref(account)); fault.CodeOf(err) != fault.FileStoreCorrupt {
			t.Errorf("cut at %d: %v", i, err)
		}
	}
}

// A header that asks for more work than anybody would choose is not obeyed.
func TestExcessiveWorkFactor(t *testing.T) {
	p := newPlace(t)
	put(t, p.store(passphrase), account, sample)
	lines := strings.SplitN(string(readFile(t, p.path)), "\n", 3)
	lines[1] = strings.TrimSuffix(lines[1], "1") + "30"
	writeFile(t, p.path, []byte(strings.Join(lines, "\n")))
	for _, s := range []*filestore.Store{p.store(passphrase), p.asks(memory.NewPrompter(), true)} {
		_, err := s.Get(t.Context(), ref(account)) // the passphrase is not asked for in vain
		wantCode(t, err, fault.FileStoreFailed)
		if !strings.Contains(err.Error(), "work factor") {
			t.Error(err)
		}
		wantCode(t, s.Put(t.Context(), ref(account), sample), fault.FileStoreFailed)
	}
}

func TestOddFiles(t *testing.T) {
	p := newPlace(t)
	put(t, p.store(""), account, sample)
	s := p.store("")
	writeFile(t, p.path, bytes.Repeat([]byte("age-encryption.org/v1\n"), 1<<19))
	_, err := s.Get(t.Context(), ref(account))
	wantCode(t, err, fault.FileStoreCorrupt)
	if err := os.Remove(p.path); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(p.path, 0o700); err != nil {
		t.Fatal(err)
	}
	_, err = s.Get(t.Context(), ref(account))
	wantCode(t, err, fault.FileStoreFailed)
	wantCode(t, s.Put(t.Context(), ref(account), sample), fault.FileStoreFailed)
}

// sealed encrypts a document as anybody with the age library can.
func sealed(t *testing.T, id *age.X25519Identity, text []byte) []byte {
	t.Helper()
	var file bytes.Buffer
	w, err := age.Encrypt(&file, id.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// A genuine file whose document is not of this program, or of a later one,
// which must not lose what this one cannot write back.
func TestForeignDocuments(t *testing.T) {
	p := newPlace(t)
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, p.identity, []byte(id.String()))
	for text, want := range map[string]fault.Code{
		"":                            fault.FileStoreCorrupt,
		"hush-hush":                   fault.FileStoreCorrupt,
		`{"entries":{}}`:              fault.FileStoreCorrupt,
		`{"version":1,"entries":{}}x`: fault.FileStoreCorrupt,
		`{"version":1,"entries":{"example.atlassian.net/default":{"secret":""}}}`: fault.FileStoreCorrupt,
		`{"version":2,"entries":[]}`: fault.FileStoreFailed,
		`{"version":1,"entries":{"example.atlassian.net/default":{"secret":"x","expiry":1}}}`: fault.FileStoreFailed,
		`{"version":1,"entries":{},"more":1}`:                                                 fault.FileStoreFailed,
	} {
		file := sealed(t, id, []byte(text))
		writeFile(t, p.path, file)
		_, err := p.store("").Get(t.Context(), ref(account))
		wantCode(t, err, want)
		wantCode(t, p.store("").Put(t.Context(), ref(account), sample), want)
		if strings.Contains(err.Error(), "hush") || !bytes.Equal(readFile(t, p.path), file) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// A file that has no room for one more secret refuses it and keeps the others.
func TestFullFile(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, p.identity, []byte(id.String()))
	const n = 31
	large := strings.Repeat("x", secret.MaxBytes)
	entries, refs := map[string]map[string]string{}, []profile.Reference{}
	for i := range n {
		name := strconv.Itoa(i)
		entries[name] = map[string]string{"secret": large}
		refs = append(refs, ref(name))
	}
	text, err := json.Marshal(map[string]any{"version": 1, "entries": entries})
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, p.path, sealed(t, id, text))

	s := p.store("")
	wantCode(t, s.Put(t.Context(), ref("one more"), secret.New(large)), fault.FileStoreFailed)
	put(t, s, "a small one", sample)
	for i, found := range s.GetAll(t.Context(), refs) {
		if found.Err != nil || found.Secret.Reveal() != large {
			t.Fatalf("secret %d: %v", i, found.Err)
		}
	}
}

// What a process that dies at any instant leaves on the disk: after it the old
// or the new secret is there, whole, and the next write works.
func TestEveryStateThatACrashLeaves(t *testing.T) {
	t.Parallel()
	fresh := secret.New("ATATT3xFfGF0-second-EFGH")
	p := newPlace(t)
	put(t, p.store(""), account, sample)
	before, identity := readFile(t, p.path), readFile(t, p.identity)
	put(t, p.store(""), account, fresh)
	after := readFile(t, p.path)

	q := newPlace(t)
	reset := func(file []byte) {
		t.Helper()
		if err := os.RemoveAll(q.dir); err != nil {
			t.Fatal(err)
		}
		writeFile(t, q.identity, identity)
		if file != nil {
			writeFile(t, q.path, file)
		}
	}
	for n := range len(after) + 1 {
		reset(before)
		writeFile(t, q.path+".tmp", after[:n])
		wantSecret(t, q.store(""), account, sample)
		if n%8 == 0 || n == len(after) { // flushing takes its time
			put(t, q.store(""), account, fresh)
			wantSecret(t, q.store(""), account, fresh)
			wantNoFile(t, q.path+".tmp")
		}

		reset(nil)
		writeFile(t, q.path+".tmp", after[:n])
		if _, err := q.store("").Get(t.Context(), ref(account)); !errors.Is(err, ports.ErrNotFound) {
			t.Fatalf("without a file: %v", err)
		}
	}
	for n := 0; n <= len(identity); n += 4 {
		if err := os.RemoveAll(q.dir); err != nil {
			t.Fatal(err)
		}
		writeFile(t, q.identity+".tmp", identity[:n])
		if _, err := q.store("").Get(t.Context(), ref(account)); !errors.Is(err, ports.ErrNotFound) {
			t.Fatalf("with a part of an identity: %v", err)
		}
		put(t, q.store(""), account, fresh)
		wantSecret(t, q.store(""), account, fresh)
		wantNoFile(t, q.identity+".tmp")
	}
}

// A write that fails half way: the old secret stays. The obstacles stop root
// too.
func TestFailedWrites(t *testing.T) {
	p := newPlace(t)
	put(t, p.store(""), account, sample)
	writeFile(t, filepath.Join(p.path+".tmp", "occupied"), nil)
	err := p.store("").Put(t.Context(), ref(account), secret.New("another-another"))
	wantCode(t, err, fault.FileStoreFailed)
	if !strings.Contains(err.Error(), p.path) {
		t.Errorf("the error does not say where: %v", err)
	}
	wantSecret(t, p.store(""), account, sample)

	// Nor does the store itself believe what it failed to write.
	r := newPlace(t)
	s := r.store(passphrase)
	put(t, s, account, sample)
	wantSecret(t, s, account, sample)
	writeFile(t, filepath.Join(r.path+".tmp", "occupied"), nil)
	wantCode(t, s.Put(t.Context(), ref(account), secret.New("another-another")), fault.FileStoreFailed)
	wantCode(t, s.Delete(t.Context(), ref(account)), fault.FileStoreFailed)
	wantSecret(t, s, account, sample)

	// Without an identity on the disk nothing may be encrypted to one.
	q := newPlace(t)
	writeFile(t, filepath.Join(q.identity+".tmp", "occupied"), nil)
	wantCode(t, q.store("").Put(t.Context(), ref(account), sample), fault.FileStoreFailed)
	wantNoFile(t, q.path)
}

// The secret stands in no file, whatever was done.
func TestNothingReadableAtRest(t *testing.T) {
	for _, phrase := range []string{"", passphrase} {
		p := newPlace(t)
		s := p.store(phrase)
		put(t, s, account, sample)
		put(t, s, "other", sample)
		wantSecret(t, s, account, sample)
		if err := s.Delete(t.Context(), ref("other")); err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob(filepath.Join(p.dir, "*"))
		if err != nil || len(files) < 2 {
			t.Fatalf("the directory holds %q, %v", files, err)
		}
		for _, file := range files {
			data := readFile(t, file)
			for _, text := range []string{sample.Reveal(), "ATATT", account, passphrase} {
				if bytes.Contains(data, []byte(text)) {
					t.Errorf("%s contains %q", file, text)
				}
			}
		}
	}
}

func BenchmarkGet(b *testing.B) {
	dir := b.TempDir()
	s := filestore.New(filestore.Options{Path: filepath.Join(dir, "credentials.age"), IdentityPath: filepath.Join(dir, "identity.txt")})
	if err := s.Put(b.Context(), ref(account), sample); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.Get(b.Context(), ref(account)); err != nil {
			b.Fatal(err)
		}
	}
}
