//go:build linux

package process_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"jira-cli/adapters/keychain/keyringtest"
)

// attempt is a test whose failures are kept back until it is known whether they
// count.
type attempt struct {
	testing.TB
	failures []string
}

func (a *attempt) Errorf(format string, args ...any) {
	a.failures = append(a.failures, fmt.Sprintf(format, args...))
}

func (a *attempt) Fatalf(format string, args ...any) {
	a.Errorf(format, args...)
	runtime.Goexit()
}

func (a *attempt) Fatal(args ...any) {
	a.Errorf("%s", fmt.Sprint(args...))
	runtime.Goexit()
}

// withKeyring runs do with a keyring daemon of its own. When clients are killed
// in the middle of a word, gnome-keyring-daemon aborts now and then, or forgets
// for a moment which methods it has: what fails with such a daemon says nothing
// of jira, and is done again. What fails with a sane one counts at once.
func withKeyring(t *testing.T, do func(testing.TB, *keyringtest.Keyring)) {
	t.Helper()
	for range 4 {
		keyring := keyringtest.Start(t)
		a := &attempt{TB: t}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			do(a, keyring)
		}()
		<-ended
		if len(a.failures) == 0 {
			return
		}
		if keyring.Alive(t) && !strings.Contains(strings.Join(a.failures, "\n"), "is not implemented on interface") {
			for _, failure := range a.failures {
				t.Error(failure)
			}
			return
		}
		t.Logf("gnome-keyring-daemon failed; once more, after: %q", a.failures[0])
	}
	t.Error("gnome-keyring-daemon fails each time")
}
