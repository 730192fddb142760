package envstore_test

import (
	"fmt"
	"strings"
	"testing"

	"jira-cli/adapters/envstore"
	"jira-cli/adapters/memory"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports/portstest"
)

func TestConformance(t *testing.T) {
	portstest.TestSecretStore(t, func(t *testing.T) portstest.SecretStoreHarness {
		env := memory.Environment{}
		return portstest.SecretStoreHarness{
			Store: envstore.New(env),
			Reference: func(i int) profile.Reference {
				return profile.Reference{Backend: profile.Env, Variable: fmt.Sprintf("JIRA_TOKEN_%d", i)}
			},
			Plant: func(_ *testing.T, ref profile.Reference, s secret.Secret) { env[ref.Variable] = s.Reveal() },
		}
	})
}

// What cannot be a token is an error and not an absence, and is not shown.
func TestMalformed(t *testing.T) {
	env := memory.Environment{}
	store := envstore.New(env)
	ref := profile.Reference{Backend: profile.Env, Variable: "JIRA_TOKEN_WORK"}
	for _, raw := range []string{"two\nlines", `"quoted-secret"`, " blank-secret", "nul\x00secret", strings.Repeat("x", secret.MaxBytes+1), "\n"} {
		env["JIRA_TOKEN_WORK"] = raw
		_, err := store.Get(t.Context(), ref)
		f := fault.From(err)
		if fault.CodeOf(err) != fault.SecretInvalid || !strings.Contains(f.Message, "JIRA_TOKEN_WORK") {
			t.Errorf("%d bytes: %v", len(raw), err)
		}
		if shown := fmt.Sprintf("%+v", *f); len(raw) > 1 && strings.Contains(shown, raw) {
			t.Errorf("the error shows the secret: %s", shown)
		}
	}
	env["JIRA_TOKEN_WORK"] = "piped-in\r\n"
	if got, err := store.Get(t.Context(), ref); err != nil || got.Reveal() != "piped-in" {
		t.Errorf("a trailing line break: %v, %v", got, err)
	}
}

func TestReferenceWithoutVariable(t *testing.T) {
	store := envstore.New(memory.Environment{"": "x"})
	if _, err := store.Get(t.Context(), profile.Reference{}); fault.CodeOf(err) != fault.ConfigInvalid {
		t.Errorf("Get: %v", err)
	}
	if _, err := store.Locate(t.Context(), profile.Reference{}); fault.CodeOf(err) != fault.ConfigInvalid {
		t.Errorf("Locate: %v", err)
	}
}
