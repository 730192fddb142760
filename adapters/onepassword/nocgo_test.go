//go:build !cgo

package onepassword_test

import (
	"strings"
	"testing"

	"jira-cli/adapters/onepassword"
	"jira-cli/domain/fault"
)

func TestWithoutCGO(t *testing.T) {
	store, err := onepassword.New(onepassword.Options{})
	f := fault.From(err)
	if store != nil || onepassword.Built || f == nil || f.Code != fault.BackendUnsupported || f.Message != "1password backend requires CGO" {
		t.Errorf("New gives %v, %+v; Built is %v", store, f, onepassword.Built)
	}
	for _, way := range []string{"CGO", "keyring", "file", "{variable}"} {
		if f != nil && !strings.Contains(f.Hint, way) {
			t.Errorf("the hint %q does not name %s", f.Hint, way)
		}
	}
}
