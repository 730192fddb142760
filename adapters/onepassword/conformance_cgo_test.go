//go:build cgo

package onepassword_test

import (
	"fmt"
	"strings"
	"testing"

	"jira-cli/adapters/onepassword"
	"jira-cli/adapters/onepassword/optest"
	"jira-cli/adapters/onepassword/optest/hook"
	"jira-cli/domain/profile"
	"jira-cli/ports"
	"jira-cli/ports/portstest"
)

const account = "my-account"

// start runs an app and makes the SDK of this process use it, as if the process
// had just begun. The SDK's library is a global: these tests are not parallel.
func start(t *testing.T) *optest.App {
	t.Helper()
	app := optest.Start(t)
	if err := hook.Load(app.Library(), account); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(hook.Unload)
	return app
}

func newStore(t *testing.T, app *optest.App, o onepassword.Options) *onepassword.Store {
	t.Helper()
	s, err := onepassword.New(o)
	if err != nil {
		t.Fatal(err)
	}
	s.SetInstalled(true)
	t.Cleanup(func() {
		app.SetState(optest.OK) // ends what a test left stalled
		s.Settle()
	})
	return s
}

func reference(item string) profile.Reference {
	return profile.Reference{Backend: profile.OnePassword, Account: account, Vault: "Work", Item: item}
}

// numbered names what secret references could not: colons, at signs and
// letters beyond ASCII.
func numbered(i int) profile.Reference {
	ref := reference(fmt.Sprintf("jira-cli Exämple.atlassian.net:8443/%d @home", i/2))
	if i%2 == 1 {
		ref.Field = "Tökén 100%"
	}
	return ref
}

func TestConformanceThroughTheSDK(t *testing.T) {
	portstest.TestSecretStore(t, func(t *testing.T) portstest.SecretStoreHarness {
		app := start(t)
		return portstest.SecretStoreHarness{
			Store:     newStore(t, app, onepassword.Options{Interactive: true}),
			Other:     newStore(t, app, onepassword.Options{Interactive: true}),
			Reference: func(i int) profile.Reference { return numbered(2 * i) },
			Alias: func(t *testing.T, i int) profile.Reference {
				ref := numbered(2 * i)
				it, err := app.Item("Work", ref.Item)
				if err != nil {
					t.Fatal(err)
				}
				ref.Vault, ref.Item, ref.Field = strings.ToUpper(ref.Vault), it.ID, "PassWord"
				return ref
			},
			Silent: func(t *testing.T) ports.SecretStore {
				app.SetState(optest.Stalled)
				return newStore(t, app, onepassword.Options{Interactive: true})
			},
		}
	})
}
