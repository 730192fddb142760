package filestore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// What decode accepts it can write back and read again, and what it refuses it
// refuses in words of its own.
func FuzzDocument(f *testing.F) {
	for _, text := range []string{
		`{"version":1,"entries":{"a/b":{"secret":"x"}}}`, `{"version":1}`, `{"version":1,"entries":null}`,
		`{"version":2,"entries":{}}`, `{"version":0}`, `{"version":1,"entries":{"a":{"secret":""}}}`, `{}`, `[]`, ``,
		`{"version":1,"entries":{"a":{"secret":"x","note":"y"}}}`, `{"version":1}{}`, `{"version":1e3}`, "{\"version\":1,\"entries\":{\"\xff\":{}}}",
		`{"version":1,"entries":{"a":{"secret":"\ud800"}}}`, `{"version":1,"entries":{"a":{"secret":"<&>\u2028"}}}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := decode(text)
		if err != nil {
			if !errors.Is(err, errDocument) && !errors.Is(err, errNewer) || d != nil {
				t.Fatalf("decode = %v, %v", d, err)
			}
			return
		}
		wantRoundTrip(t, d)
	})
}

// Any text comes back letter by letter.
func FuzzEntry(f *testing.F) {
	f.Add("example.atlassian.net/default", "ATATT3xFfGF0-sample-ABCD")
	f.Add("a", "<&>\u2028\x00\\\"é🔑")
	f.Fuzz(func(t *testing.T, account, text string) {
		if account == "" || text == "" || len(text) > secret.MaxBytes || !utf8.ValidString(account) || !utf8.ValidString(text) {
			return
		}
		wantRoundTrip(t, document{account: secret.New(text)})
	})
}

func wantRoundTrip(t *testing.T, d document) {
	t.Helper()
	text, err := encode(d)
	if err != nil {
		t.Fatal(err)
	}
	back, err := decode(text)
	if err != nil || len(back) != len(d) {
		t.Fatalf("decode(encode) = %v, %v", back, err)
	}
	for account, s := range d {
		if !back[account].Equal(s) {
			t.Fatalf("the secret of %q came back as another", account)
		}
	}
}

// Any file is opened or refused with a code, within bounds, and never quoted.
func FuzzOpen(f *testing.F) {
	dir := f.TempDir()
	s := New(Options{Path: filepath.Join(dir, "credentials.age"), IdentityPath: filepath.Join(dir, "identity.txt")})
	ref := profile.Reference{Account: "example.atlassian.net/default"}
	if err := s.Put(context.Background(), ref, secret.New("ATATT3xFfGF0-sample-ABCD")); err != nil {
		f.Fatal(err)
	}
	good, err := os.ReadFile(s.opts.Path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add(bytes.ReplaceAll(good, []byte("X25519"), []byte("scrypt")))
	f.Add([]byte("age-encryption.org/v1\n-> scrypt bBjIAKEIxFnZYwYZ3lcbJQ 18\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n--- x\n"))
	f.Add([]byte("AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQS8SFX7"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(s.opts.Path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := s.Get(t.Context(), ref)
		if err == nil || errors.Is(err, ports.ErrNotFound) {
			if !bytes.Equal(data, good) {
				t.Fatalf("a foreign file gave %v, %v", got, err)
			}
			return
		}
		f := fault.From(err)
		switch f.Code {
		case fault.FileStoreCorrupt, fault.FileKeyWrong, fault.InputRequired:
		default:
			t.Fatalf("the code is %s: %v", f.Code, err)
		}
		if shown := fmt.Sprintf("%+v", *f); len(data) > 20 && strings.Contains(shown, string(data[:20])) {
			t.Fatalf("the error quotes the file: %s", shown)
		}
	})
}
