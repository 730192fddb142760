package filestore_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"

	"jira-cli/adapters/filestore"
	"jira-cli/adapters/internal/atomicfile"
	"jira-cli/adapters/memory"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
)

const passphrase = "correct horse battery"

func TestDefaultPaths(t *testing.T) {
	for _, c := range []struct {
		goos     string
		env      memory.Environment
		home     string
		path, id string
	}{
		{"linux", nil, "/home/john", "/home/john/.local/share/jira-cli/credentials.age", "/home/john/.local/share/jira-cli/identity.txt"},
		{"darwin", nil, "/Users/john", "/Users/john/.local/share/jira-cli/credentials.age", "/Users/john/.local/share/jira-cli/identity.txt"},
		{"linux", memory.Environment{"XDG_DATA_HOME": "/data/"}, "/home/john", "/data/jira-cli/credentials.age", "/data/jira-cli/identity.txt"},
		{"linux", memory.Environment{"XDG_DATA_HOME": "/data"}, "", "/data/jira-cli/credentials.age", "/data/jira-cli/identity.txt"},
		{"linux", memory.Environment{"XDG_DATA_HOME": "data"}, "/home/john", "/home/john/.local/share/jira-cli/credentials.age", "/home/john/.local/share/jira-cli/identity.txt"},
		{"linux", memory.Environment{"XDG_DATA_HOME": "data"}, "", "", ""},
		{"windows", memory.Environment{"LocalAppData": `C:\Users\john\AppData\Local`}, "", `C:\Users\john\AppData\Local\jira-cli\credentials.age`, `C:\Users\john\AppData\Local\jira-cli\identity.txt`},
		{"windows", nil, `C:\Users\john`, `C:\Users\john\AppData\Local\jira-cli\credentials.age`, `C:\Users\john\AppData\Local\jira-cli\identity.txt`},
	} {
		path, id := filestore.DefaultPaths(c.goos, c.env.Lookup, c.home)
		if path != c.path || id != c.id {
			t.Errorf("DefaultPaths(%s, %v, %s) = %s, %s", c.goos, c.env, c.home, path, id)
		}
	}
}

func TestReferencesThatMeanNoPlace(t *testing.T) {
	p := newPlace(t)
	for name, c := range map[string]struct {
		store *filestore.Store
		ref   profile.Reference
		code  fault.Code
	}{
		"no home":      {filestore.New(filestore.Options{}), ref(account), fault.FileStoreFailed},
		"relative":     {p.store(""), profile.Reference{Path: "credentials.age", Account: account}, fault.ConfigInvalid},
		"home":         {p.store(""), profile.Reference{Path: "~/credentials.age", Account: account}, fault.ConfigInvalid},
		"no account":   {p.store(""), ref(""), fault.ConfigInvalid},
		"not a text":   {p.store(""), ref("\xff"), fault.ConfigInvalid},
		"below a file": {p.store(""), profile.Reference{Path: os.Args[0] + "/x", Account: account}, fault.FileStoreFailed},
	} {
		_, err := c.store.Get(t.Context(), c.ref)
		wantCode(t, err, c.code)
		wantCode(t, c.store.Put(t.Context(), c.ref, sample), c.code)
		wantCode(t, c.store.Delete(t.Context(), c.ref), c.code)
		if _, err := c.store.Locate(t.Context(), c.ref); fault.CodeOf(err) != c.code {
			t.Errorf("%s: Locate: %v", name, err)
		}
	}
	wantNoFile(t, p.dir)
}

// Nothing is created to find out that nothing is there.
func TestLookingCreatesNothing(t *testing.T) {
	p := newPlace(t)
	s := p.store("")
	if err := s.Probe(t.Context()); err != nil {
		t.Error(err)
	}
	_, _ = s.Get(t.Context(), ref(account))
	_ = s.Delete(t.Context(), ref(account))
	_, _ = s.Locate(t.Context(), ref(account))
	_ = s.Put(t.Context(), ref(account), secret.New(strings.Repeat("x", secret.MaxBytes+1)))
	_ = s.Put(t.Context(), ref(account), secret.New("\xff"))
	_ = s.Put(t.Context(), ref(account), secret.Secret{})
	wantNoFile(t, p.dir)
}

func TestModesAndNames(t *testing.T) {
	p := newPlace(t)
	put(t, p.store(""), account, sample)
	entries, err := os.ReadDir(p.dir)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]os.FileMode{}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		got[e.Name()] = info.Mode()
	}
	want := map[string]os.FileMode{
		"credentials.age": 0o600, "credentials.age.lock": 0o600, "identity.txt": 0o600, "identity.txt.lock": 0o600,
	}
	if diff := cmp.Diff(want, got); diff != "" && runtime.GOOS != "windows" {
		t.Errorf("the directory holds (-want +got):\n%s", diff)
	}
	if info, err := os.Stat(p.dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the directory: %v, %v", info.Mode(), err)
	}
	if err := os.Chmod(p.path, 0o644); err != nil {
		t.Fatal(err)
	}
	put(t, p.store(""), account, sample)
	if info, err := os.Stat(p.path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("a loose mode after a write: %v, %v", info.Mode(), err)
	}
}

// plainText decrypts the file as the age library's users do.
func plainText(t *testing.T, p place, ids ...age.Identity) string {
	t.Helper()
	r, err := age.Decrypt(bytes.NewReader(readFile(t, p.path)), ids...)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const samplePlain = `{
  "version": 1,
  "entries": {
    "example.atlassian.net/default": {
      "secret": "ATATT3xFfGF0-sample-ABCD"
    }
  }
}
`

func TestFilesAreThoseOfAge(t *testing.T) {
	p := newPlace(t)
	put(t, p.store(""), account, sample)
	ids, err := age.ParseIdentities(bytes.NewReader(readFile(t, p.identity)))
	if err != nil || len(ids) != 1 {
		t.Fatalf("the identity file: %v, %v", ids, err)
	}
	if diff := cmp.Diff(samplePlain, plainText(t, p, ids...)); diff != "" {
		t.Error(diff)
	}
	public := ids[0].(*age.X25519Identity).Recipient().String()
	if !strings.Contains(string(readFile(t, p.identity)), "\n# public key: "+public+"\n") {
		t.Error("the identity file does not tell its public key")
	}

	q := newPlace(t)
	put(t, q.store(passphrase), account, sample)
	wantNoFile(t, q.identity)
	id, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(samplePlain, plainText(t, q, id)); diff != "" {
		t.Error(diff)
	}
}

// What a file began with it keeps, whatever is given later.
func TestTheFileSaysWhichKey(t *testing.T) {
	p := newPlace(t)
	put(t, p.store(""), account, sample)
	before := readFile(t, p.identity)
	put(t, p.store(passphrase), "other", sample)
	wantSecret(t, p.store(""), "other", sample)
	if !bytes.Equal(before, readFile(t, p.identity)) {
		t.Error("the identity changed")
	}

	q := newPlace(t)
	put(t, q.store(passphrase), account, sample)
	_, err := q.store("").Get(t.Context(), ref(account))
	wantCode(t, err, fault.InputRequired)
	wantCode(t, q.store("").Put(t.Context(), ref(account), sample), fault.InputRequired)
	wantNoFile(t, q.identity)
}

func TestDeletingTheLastKeepsTheFileAndItsKey(t *testing.T) {
	p := newPlace(t)
	put(t, p.store(passphrase), account, sample)
	if err := p.store(passphrase).Delete(t.Context(), ref(account)); err != nil {
		t.Fatal(err)
	}
	wantCode(t, p.store("").Put(t.Context(), ref(account), sample), fault.InputRequired)
}

// Every way in which a key can be wrong has its code, for every call, and
// nothing is changed or made anew.
func TestKeysToldApart(t *testing.T) {
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	hybrid, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	loose := func(mode os.FileMode) func(*testing.T, place) {
		return func(t *testing.T, p place) {
			if err := os.Chmod(p.identity, mode); err != nil {
				t.Fatal(err)
			}
		}
	}
	with := func(text string) func(*testing.T, place) {
		return func(t *testing.T, p place) { writeFile(t, p.identity, []byte(text)) }
	}
	for name, c := range map[string]struct {
		harm func(t *testing.T, p place)
		code fault.Code
	}{
		"missing":       {func(t *testing.T, p place) { _ = os.Remove(p.identity) }, fault.FileKeyMissing},
		"another":       {with(other.String()), fault.FileKeyWrong},
		"empty":         {with(""), fault.FileKeyWrong},
		"garbage":       {with("hush-hush"), fault.FileKeyWrong},
		"cut":           {with(other.String()[:40]), fault.FileKeyWrong},
		"another kind":  {with(hybrid.String()), fault.FileKeyWrong},
		"huge":          {with(strings.Repeat("#\n", 64<<10)), fault.FileKeyWrong},
		"group reads":   {loose(0o640), fault.FileStorePermissions},
		"others read":   {loose(0o604), fault.FileStorePermissions},
		"group writes":  {loose(0o620), fault.FileStorePermissions},
		"a directory":   {func(t *testing.T, p place) { _ = os.Remove(p.identity); _ = os.Mkdir(p.identity, 0o700) }, fault.FileStoreFailed},
		"a broken link": {func(t *testing.T, p place) { _ = os.Remove(p.identity); _ = os.Symlink("none", p.identity) }, fault.FileKeyMissing},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t)
			put(t, p.store(""), account, sample)
			file := readFile(t, p.path)
			c.harm(t, p)
			key, keyErr := os.ReadFile(p.identity)
			s := p.store("")
			_, err := s.Get(t.Context(), ref(account))
			wantCode(t, err, c.code)
			if f := fault.From(err); f == nil || !strings.Contains(f.Message, p.dir) || strings.Contains(f.Message+f.Hint, "hush") {
				t.Errorf("the error is %+v", f)
			}
			wantCode(t, s.Put(t.Context(), ref(account), sample), c.code)
			wantCode(t, s.Delete(t.Context(), ref(account)), c.code)
			wantCode(t, s.Probe(t.Context()), c.code)
			if !bytes.Equal(file, readFile(t, p.path)) {
				t.Error("the encrypted file changed")
			}
			if now, err := os.ReadFile(p.identity); !bytes.Equal(now, key) || (err == nil) != (keyErr == nil) {
				t.Error("the identity changed")
			}
		})
	}
}

// An unusable identity stops the first write too.
func TestIdentityBeforeTheFirstWrite(t *testing.T) {
	p := newPlace(t)
	writeFile(t, p.identity, []byte("not an identity"))
	wantCode(t, p.store("").Put(t.Context(), ref(account), sample), fault.FileKeyWrong)
	wantCode(t, p.store("").Probe(t.Context()), fault.FileKeyWrong)
	wantNoFile(t, p.path)

	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, p.identity, []byte(id.String()+"\n"))
	put(t, p.store(""), account, sample)
	if diff := cmp.Diff(samplePlain, plainText(t, p, id)); diff != "" {
		t.Error(diff)
	}
}

// Several identities in the file: all of them open what is written, as with
// age -R.
func TestSeveralIdentities(t *testing.T) {
	p := newPlace(t)
	first, _ := age.GenerateX25519Identity()
	second, _ := age.GenerateX25519Identity()
	writeFile(t, p.identity, []byte(first.String()+"\n"+second.String()+"\n"))
	put(t, p.store(""), account, sample)
	for _, id := range []*age.X25519Identity{first, second} {
		if diff := cmp.Diff(samplePlain, plainText(t, p, id)); diff != "" {
			t.Error(diff)
		}
		writeFile(t, p.identity, []byte(id.String()))
		wantSecret(t, p.store(""), account, sample)
	}
}

func TestWrongPassphrase(t *testing.T) {
	p := newPlace(t)
	put(t, p.store(passphrase), account, sample)
	file := readFile(t, p.path)
	s := p.store("wrong")
	_, err := s.Get(t.Context(), ref(account))
	wantCode(t, err, fault.FilePassphraseWrong)
	if strings.Contains(err.Error(), "wrong") || strings.Contains(fault.From(err).Hint, "horse") {
		t.Errorf("the error shows the passphrase: %v", err)
	}
	wantCode(t, s.Put(t.Context(), ref(account), sample), fault.FilePassphraseWrong)
	wantCode(t, s.Delete(t.Context(), ref(account)), fault.FilePassphraseWrong)
	wantCode(t, s.Probe(t.Context()), fault.FilePassphraseWrong)
	if !bytes.Equal(file, readFile(t, p.path)) {
		t.Error("the encrypted file changed")
	}
	if err := p.store(passphrase).Probe(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestMalformedPassphraseVariable(t *testing.T) {
	p := newPlace(t)
	s := p.store("two\nlines")
	err := s.Put(t.Context(), ref(account), sample)
	wantCode(t, err, fault.SecretInvalid)
	if !strings.Contains(err.Error(), "JIRA_FILE_PASSPHRASE") || strings.Contains(err.Error(), "two") {
		t.Errorf("the error is %v", err)
	}
	wantNoFile(t, p.path)
}

// asks returns a store whose passphrase comes from a person.
func (p place) asks(prompter *memory.Prompter, interactive bool) *filestore.Store {
	o := p.options("")
	o.Prompter, o.Interactive = prompter, func() bool { return interactive }
	return filestore.New(o)
}

func TestPassphraseIsAskedForOnce(t *testing.T) {
	p := newPlace(t)
	put(t, p.store(passphrase), account, sample)

	person := memory.NewPrompter(memory.Answer("Passphrase", passphrase))
	s := p.asks(person, true)
	if err := s.Probe(t.Context()); err != nil || len(person.Asked()) != 0 {
		t.Errorf("Probe: %v, asked %q", err, person.Asked())
	}
	wantSecret(t, s, account, sample)
	put(t, s, "other", sample)
	wantSecret(t, s, "other", sample)
	if err := s.Probe(t.Context()); err != nil || len(person.Asked()) != 1 {
		t.Errorf("Probe: %v, asked %q", err, person.Asked())
	}
	if !strings.Contains(person.Transcript(), p.path) {
		t.Errorf("the prompt does not say what for:\n%s", person.Transcript())
	}

	person = memory.NewPrompter(memory.Answer("Passphrase", "wrong-wrong"))
	s = p.asks(person, true)
	for range 2 {
		_, err := s.Get(t.Context(), ref(account))
		wantCode(t, err, fault.FilePassphraseWrong)
	}
	if len(person.Asked()) != 1 {
		t.Errorf("asked %q", person.Asked())
	}
}

func TestPassphraseNobodyTypes(t *testing.T) {
	p := newPlace(t)
	put(t, p.store(passphrase), account, sample)

	person := memory.NewPrompter()
	s := p.asks(person, false)
	_, err := s.Get(t.Context(), ref(account))
	wantCode(t, err, fault.InputRequired)
	f := fault.From(err)
	if diff := cmp.Diff([]fault.Missing{{Field: "passphrase", Flag: "JIRA_FILE_PASSPHRASE"}}, f.Details.Missing); diff != "" || !strings.Contains(f.Hint, "JIRA_FILE_PASSPHRASE") {
		t.Errorf("the fault is %+v", f)
	}
	wantCode(t, s.Probe(t.Context()), fault.InputRequired)
	if len(person.Asked()) != 0 {
		t.Error("somebody was asked")
	}

	s = p.asks(memory.NewPrompter(memory.EndOfInput("Passphrase")), true)
	for range 2 {
		_, err = s.Get(t.Context(), ref(account))
		wantCode(t, err, fault.Canceled)
	}

	why := errors.New("enough")
	ctx, end := context.WithCancelCause(t.Context())
	time.AfterFunc(10*time.Millisecond, func() { end(why) })
	s = p.asks(memory.NewPrompter(memory.Silence("Passphrase"), memory.Answer("Passphrase", passphrase)), true)
	if _, err := s.Get(ctx, ref(account)); !errors.Is(err, why) {
		t.Errorf("an ended context: %v", err)
	}
}

func TestBulkReadAsksForTheKeyOnce(t *testing.T) {
	p := newPlace(t)
	put(t, p.store(passphrase), account, sample)
	o := p.options(passphrase)
	calls := 0
	given := o.Passphrase
	o.Passphrase = func(ctx context.Context) (secret.Secret, bool, error) { calls++; return given(ctx) }
	found := filestore.New(o).GetAll(t.Context(), []profile.Reference{ref(account), ref("none"), ref(""), ref(account)})
	if calls != 1 || !found[0].Secret.Equal(sample) || found[1].Err == nil || fault.CodeOf(found[2].Err) != fault.ConfigInvalid || !found[3].Secret.Equal(sample) {
		t.Errorf("%d decryptions gave %v", calls, found)
	}
}

func TestOtherPathHasItsIdentityBesideIt(t *testing.T) {
	p, q := newPlace(t), newPlace(t)
	s := p.store("")
	elsewhere := profile.Reference{Path: q.path, Account: account}
	if err := s.Put(t.Context(), elsewhere, sample); err != nil {
		t.Fatal(err)
	}
	wantSecret(t, q.store(""), account, sample)
	wantNoFile(t, p.dir)
}

// A dangling link is written through, and stays a link.
func TestDanglingLink(t *testing.T) {
	p := newPlace(t)
	target := filepath.Join(filepath.Dir(p.dir), "synced", "jira.age")
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, p.path); err != nil {
		t.Fatal(err)
	}
	s := p.store("")
	before, err := s.Locate(t.Context(), ref(account))
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, account, sample)
	if info, err := os.Lstat(p.path); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is %v, %v", info, err)
	}
	readFile(t, target)
	wantSecret(t, p.store(""), account, sample)
	if after, err := s.Locate(t.Context(), ref(account)); err != nil || after != before || string(after) != target+"\x00"+account {
		t.Errorf("Locate = %q before and %q after, %v", before, after, err)
	}
}

func TestLocked(t *testing.T) {
	p := newPlace(t)
	put(t, p.store(""), account, sample)
	held, err := atomicfile.Acquire(t.Context(), p.path, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Release()
	o := p.options("")
	o.LockTimeout = 50 * time.Millisecond
	wantCode(t, filestore.New(o).Put(t.Context(), ref(account), sample), fault.FileStoreLocked)
	wantCode(t, filestore.New(o).Delete(t.Context(), ref(account)), fault.FileStoreLocked)
	wantSecret(t, filestore.New(o), account, sample)

	why := errors.New("enough")
	ctx, end := context.WithCancelCause(t.Context())
	time.AfterFunc(20*time.Millisecond, func() { end(why) })
	if err := p.store("").Put(ctx, ref(account), sample); !errors.Is(err, why) {
		t.Errorf("an ended context: %v", err)
	}
}

// A write that was given up must not land later, when its caller has long
// looked at what is there.
func TestAbandonedWriteDoesNotLand(t *testing.T) {
	p := newPlace(t)
	put(t, p.store(passphrase), account, sample)
	file := readFile(t, p.path)
	o := p.options(passphrase)
	given, asked, proceed := o.Passphrase, make(chan struct{}), make(chan struct{})
	o.Passphrase = func(ctx context.Context) (secret.Secret, bool, error) {
		close(asked)
		<-proceed
		return given(ctx)
	}
	why := errors.New("enough")
	ctx, end := context.WithCancelCause(t.Context())
	go func() { <-asked; end(why) }()
	if err := filestore.New(o).Put(ctx, ref(account), secret.New("unwanted-unwanted")); !errors.Is(err, why) {
		t.Errorf("Put: %v", err)
	}
	close(proceed)
	// The lock is free again once the work has ended.
	lock, err := atomicfile.Acquire(t.Context(), p.path, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	lock.Release()
	if !bytes.Equal(file, readFile(t, p.path)) {
		t.Error("the write landed after its caller was gone")
	}
}

func TestProbeWithoutAPlace(t *testing.T) {
	p := newPlace(t)
	writeFile(t, p.dir, []byte("a file where the directory should be"))
	if err := p.store("").Probe(t.Context()); fault.CodeOf(err) != fault.FileStoreFailed {
		t.Errorf("Probe: %v", err)
	}
}

// Several encrypted files of one directory share its identity, also when their
// first writes race to make it.
func TestRaceForTheIdentity(t *testing.T) {
	p := newPlace(t)
	const n = 8
	refs := make([]profile.Reference, 0, n)
	for i := range n {
		refs = append(refs, profile.Reference{Path: filepath.Join(p.dir, strconv.Itoa(i)+".age"), Account: account})
	}
	var group sync.WaitGroup
	for _, r := range refs {
		group.Go(func() {
			if err := p.store("").Put(t.Context(), r, sample); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	for i, found := range p.store("").GetAll(t.Context(), refs) {
		if found.Err != nil || !found.Secret.Equal(sample) {
			t.Errorf("file %d: %v", i, found.Err)
		}
	}
}

// The work runs apart from the command: a defect there must come out as one.
func TestPanicIsAnInternalError(t *testing.T) {
	for _, value := range []any{"hush-hush", errors.New("hush-hush")} {
		o := newPlace(t).options("")
		o.Passphrase = func(context.Context) (secret.Secret, bool, error) { panic(value) }
		err := filestore.New(o).Put(t.Context(), ref(account), sample)
		wantCode(t, err, fault.InternalError)
		if strings.Contains(err.Error(), "hush") {
			t.Errorf("the error quotes the panic: %v", err)
		}
	}
}
