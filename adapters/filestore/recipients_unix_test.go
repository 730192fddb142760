//go:build unix

package filestore_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jira-cli/domain/fault"
	"jira-cli/domain/secret"
)

// What `age --armor` wrote is read, and stays armored when it is written.
func TestArmoredFile(t *testing.T) {
	p := newPlace(t)
	put(t, p.store(""), account, sample)
	identity := filepath.Join(p.dir, "identity.txt")
	plain := filepath.Join(t.TempDir(), "plain")
	ageTool(t, "--decrypt", "--identity", identity, "--output", plain, p.path)
	ageTool(t, "--encrypt", "--armor", "--identity", identity, "--output", p.path, plain)
	wantSecret(t, p.store(""), account, sample)
	other := secret.New(strings.Repeat("another secret ", 4000))
	put(t, p.store(""), account, other)
	if text := string(readFile(t, p.path)); !strings.HasPrefix(text, "-----BEGIN AGE ENCRYPTED FILE-----") {
		t.Errorf("%.60q", text)
	}
	wantSecret(t, p.store(""), account, other)
}

// A recipient that was added with age is never dropped: where it is not known
// the file is left as it is, and once it is listed it keeps its access.
func TestAddedRecipientIsKept(t *testing.T) {
	p := newPlace(t)
	put(t, p.store(""), account, sample)
	dir := t.TempDir()
	identity, backup, plain := filepath.Join(p.dir, "identity.txt"), filepath.Join(dir, "backup.txt"), filepath.Join(dir, "plain")
	keygen(t, "-o", backup)
	recipient := strings.TrimSpace(keygen(t, "-y", backup))
	ageTool(t, "--decrypt", "--identity", identity, "--output", plain, p.path)
	ageTool(t, "--encrypt", "--identity", identity, "--recipient", recipient, "--output", p.path, plain)
	before := string(readFile(t, p.path))

	wantSecret(t, p.store(""), account, sample)
	other := secret.New("ATATT3xFfGF0-another-WXYZ")
	err := p.store("").Put(t.Context(), ref(account), other)
	wantCode(t, err, fault.FileStoreFailed)
	if hint := fault.From(err).Hint; !strings.Contains(hint, "recipients.txt") {
		t.Errorf("%q", hint)
	}
	wantCode(t, p.store("").Delete(t.Context(), ref(account)), fault.FileStoreFailed)
	if string(readFile(t, p.path)) != before {
		t.Error("it was written all the same")
	}

	list := filepath.Join(p.dir, "recipients.txt")
	writeFile(t, list, []byte("# the backup\n"+recipient+"\n"))
	for range 2 {
		put(t, p.store(""), account, other)
		wantSecret(t, p.store(""), account, other)
		if text := ageTool(t, "--decrypt", "--identity", backup, p.path); !strings.Contains(text, "another-WXYZ") {
			t.Error("the added recipient cannot read the file any more")
		}
	}
	writeFile(t, list, []byte("somebody\n"))
	wantCode(t, p.store("").Put(t.Context(), ref(account), other), fault.FileStoreFailed)
	if err := os.Remove(list); err != nil {
		t.Fatal(err)
	}
	wantCode(t, p.store("").Put(t.Context(), ref(account), other), fault.FileStoreFailed)
}
