package filestore_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"jira-cli/adapters/filestore"
	"jira-cli/adapters/memory"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
	"jira-cli/ports/portstest"
)

const account = "example.atlassian.net/default"

var sample = secret.New("ATATT3xFfGF0-sample-ABCD")

// place is a store in a directory of its own.
type place struct {
	dir, path, identity string
}

func newPlace(t *testing.T) place {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	dir = filepath.Join(dir, "jira-cli")
	return place{dir, filepath.Join(dir, "credentials.age"), filepath.Join(dir, "identity.txt")}
}

// options are for an identity, or for a passphrase where one is given. The
// scrypt cost is the smallest that there is.
func (p place) options(passphrase string) filestore.Options {
	o := filestore.Options{Path: p.path, IdentityPath: p.identity, WorkFactor: 1}
	if passphrase != "" {
		o.Passphrase = filestore.PassphraseFrom(memory.Environment{filestore.PassphraseVariable: passphrase})
	}
	return o
}

func (p place) store(passphrase string) *filestore.Store { return filestore.New(p.options(passphrase)) }

func ref(account string) profile.Reference {
	return profile.Reference{Backend: profile.File, Account: account}
}

func put(t *testing.T, s *filestore.Store, account string, value secret.Secret) {
	t.Helper()
	if err := s.Put(t.Context(), ref(account), value); err != nil {
		t.Fatalf("Put: %v", err)
	}
}

func wantSecret(t *testing.T, s *filestore.Store, account string, want secret.Secret) {
	t.Helper()
	got, err := s.Get(t.Context(), ref(account))
	if err != nil || !got.Equal(want) {
		t.Errorf("Get(%s) = %v, %v", account, got, err)
	}
}

func wantCode(t *testing.T, err error, want fault.Code) {
	t.Helper()
	if fault.CodeOf(err) != want {
		t.Errorf("the error is %v (%s), want %s", err, fault.CodeOf(err), want)
	}
}

func wantNoFile(t *testing.T, path string) {
	t.Helper()
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is there: %v", path, err)
	}
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func writeFile(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestConformance(t *testing.T) {
	for name, passphrase := range map[string]string{"identity": "", "passphrase": "correct horse"} {
		t.Run(name, func(t *testing.T) {
			portstest.TestSecretStore(t, func(t *testing.T) portstest.SecretStoreHarness {
				p := newPlace(t)
				reference := func(i int) profile.Reference {
					return ref("example.atlassian.net/profile-" + string(rune('a'+i)))
				}
				return portstest.SecretStoreHarness{
					Store: p.store(passphrase), Other: p.store(passphrase), Reference: reference,
					Alias: func(t *testing.T, i int) profile.Reference {
						link := filepath.Join(filepath.Dir(p.dir), "link")
						if err := os.Symlink(p.dir, link); err != nil {
							t.Fatal(err)
						}
						r := reference(i)
						r.Path = filepath.Join(link, "credentials.age")
						return r
					},
					Silent: func(t *testing.T) ports.SecretStore { return silent(t, newPlace(t)) },
				}
			})
		})
	}
}

// silent returns a store of a passphrase file whose passphrase never comes,
// not even when the context ends.
func silent(t *testing.T, p place) *filestore.Store {
	put(t, p.store("anything"), account, sample)
	o := p.options("")
	done := make(chan struct{})
	t.Cleanup(func() { close(done) })
	o.Passphrase = func(context.Context) (secret.Secret, bool, error) {
		<-done
		return secret.Secret{}, false, nil
	}
	return filestore.New(o)
}
