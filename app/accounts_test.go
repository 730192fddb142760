package app_test

import (
	"context"
	"testing"
	"time"

	"jira-cli/adapters/memory"
	"jira-cli/app"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// printing is a store whose secret is what a program printed.
type printing struct {
	ports.SecretStore
	text string
}

func (p printing) Get(context.Context, profile.Reference) (secret.Secret, error) {
	return secret.New(p.text), nil
}

// printer is the stores of a machine on which every program prints one text.
type printer string

func (p printer) Store(profile.Backend) (ports.SecretStore, error) {
	return printing{text: string(p)}, nil
}

// TestHeaderValues: the value of a header may name a scheme, whether a variable
// or a program has it, and no character of it is shown.
func TestHeaderValues(t *testing.T) {
	const value = "Bearer a-value-that-the-company-made"
	p := profile.Profile{Name: "work"}
	p.Network.Headers = map[string]profile.HeaderSource{"X-Variable": {Variable: "COMPANY"}, "X-Program": {Argv: []string{"show"}}}
	accounts := app.NewAccounts(memory.Environment{"COMPANY": value}, printer(value), memory.NewClock(time.Time{}))
	account, err := accounts.Of(t.Context(), p, secret.Secret{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"X-Variable", "X-Program"} {
		got := account.Headers[name]
		if !got.Equal(secret.New(value)) || got.Redacted() != "****" {
			t.Errorf("%s is %s", name, got)
		}
	}
}

// TestCommandThatPrintsAHeader: what may be a header's value is no credential.
func TestCommandThatPrintsAHeader(t *testing.T) {
	site, err := profile.ParseSite("example")
	if err != nil {
		t.Fatal(err)
	}
	p := profile.Profile{Name: "work", Site: site, Credential: &profile.Reference{Backend: profile.Command, Argv: []string{"show"}, Site: site.Origin()}}
	got := app.NewResolver(memory.Environment{}, printer("Bearer a-value-that-the-company-made")).Resolve(t.Context(), p)
	if fault.CodeOf(got.Err) != fault.SecretInvalid || !got.Secret.IsZero() {
		t.Errorf("the resolution is %+v", got)
	}
}
