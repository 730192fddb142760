//go:build cgo && !race

package onepassword_test

import (
	"testing"

	"jira-cli/adapters/onepassword"
	"jira-cli/domain/fault"
	"jira-cli/domain/secret"
)

// The service account's core is WASM and talks to nobody before the token and
// the client's description make sense to it. (Under the race detector it takes
// half a minute to compile: the run without it has this test.)
func TestServiceAccountThroughTheSDK(t *testing.T) {
	const bad = "ops_eyJzaWduSW5BZGRyZXNzIjoibXkuMXBhc3N3b3JkLmNvbSJ9"
	store, err := onepassword.New(onepassword.Options{
		Version:             "v0.0.0-20260101000000-abcdef012345+dirty",
		ServiceAccountToken: func() (secret.Secret, bool) { return secret.New(bad), true },
	})
	if err != nil {
		t.Fatal(err)
	}
	ref := reference("x")
	ref.Account = ""
	_, err = store.Get(t.Context(), ref)
	isFault(t, "Get", err, fault.OnePasswordTokenInvalid, "OP_SERVICE_ACCOUNT_TOKEN")
}
