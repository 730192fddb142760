package onepassword

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// stub is a client with one vault and the items given; it needs no CGO.
type stub struct {
	list  []item
	fail  error
	calls []string
}

func (c *stub) vaults(context.Context) ([]vault, error) {
	c.calls = append(c.calls, "vaults")
	return []vault{{"v1", "Work"}}, c.fail
}

func (c *stub) items(context.Context, string) ([]overview, error) {
	c.calls = append(c.calls, "items")
	var out []overview
	for _, it := range c.list {
		out = append(out, overview{it.id, it.title})
	}
	return out, nil
}

func (c *stub) item(_ context.Context, _, id string) (item, error) {
	c.calls = append(c.calls, "item")
	for _, it := range c.list {
		if it.id == id {
			return it, nil
		}
	}
	return item{}, errors.New("item not found")
}

func (c *stub) create(_ context.Context, it item) (string, error) {
	it.id = "new"
	c.list = append(c.list, it)
	return it.id, nil
}

func (c *stub) archive(_ context.Context, _, id string) error {
	c.calls = append(c.calls, "archive")
	c.list = slices.DeleteFunc(c.list, func(it item) bool { return it.id == id })
	return nil
}

func (c *stub) put(_ context.Context, it item) error {
	for i := range c.list {
		if c.list[i].id == it.id {
			c.list[i] = it
		}
	}
	return nil
}

func stubbed(title, value string) *stub {
	return &stub{list: []item{{
		id: "i-" + title, title: title, vaultID: "v1", category: categoryPassword,
		fields: []field{{id: "password", title: "password", kind: kindConcealed, value: value}},
	}}}
}

func serviceToken(text string) func() (secret.Secret, bool) {
	return func() (secret.Secret, bool) { return secret.New(text), true }
}

func at(account, item string) profile.Reference {
	return profile.Reference{Backend: profile.OnePassword, Account: account, Vault: "Work", Item: item}
}

func TestServiceAccount(t *testing.T) {
	var dialled []string
	s := newStore(Options{ServiceAccountToken: serviceToken("ops_abcdef")}, func(_ context.Context, account, token string) (client, error) {
		dialled = append(dialled, account+"|"+token)
		return stubbed("one", "the value"), nil
	})
	for range 2 {
		if got, err := s.Get(t.Context(), at("", "one")); err != nil || got.Reveal() != "the value" {
			t.Errorf("Get gives %v, %v", got, err)
		}
	}
	if got, err := s.Get(t.Context(), at("my-account", "one")); err != nil || got.IsZero() {
		t.Errorf("Get through the app gives %v, %v", got, err)
	}
	if want := "|ops_abcdef my-account|"; strings.Join(dialled, " ") != want {
		t.Errorf("dialled %q, want %q", dialled, want)
	}
}

// Tokens that cannot be good are refused before the SDK's core starts.
func TestServiceAccountTokensThatCannotBe(t *testing.T) {
	refuse := func(context.Context, string, string) (client, error) {
		t.Error("the SDK was asked")
		return nil, errors.New("no")
	}
	for name, o := range map[string]Options{
		"none":      {},
		"empty":     {ServiceAccountToken: func() (secret.Secret, bool) { return secret.Secret{}, true }},
		"other":     {ServiceAccountToken: serviceToken("ATATT3xFfGF0-example-ABCD")},
		"only ops_": {ServiceAccountToken: serviceToken("ops_")},
	} {
		_, err := newStore(o, refuse).Get(t.Context(), at("", "one"))
		f := fault.From(err)
		if f.Code != fault.OnePasswordTokenInvalid || !strings.Contains(f.Hint, "OP_SERVICE_ACCOUNT_TOKEN") || strings.Contains(f.Message, "ATATT") {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// A probe asks nobody.
func TestProbe(t *testing.T) {
	none := func(context.Context, string, string) (client, error) {
		t.Error("Probe dialled")
		return nil, errors.New("no")
	}
	for _, c := range []struct {
		name      string
		installed bool
		token     string
		want      fault.Code
	}{
		{"app", true, "", ""},
		{"app and a bad token", true, "x", ""},
		{"token", false, "ops_abcdef", ""},
		{"bad token", false, "x", fault.OnePasswordTokenInvalid},
		{"nothing", false, "", fault.OnePasswordNotInstalled},
	} {
		o := Options{}
		if c.token != "" {
			o.ServiceAccountToken = serviceToken(c.token)
		}
		s := newStore(o, none)
		s.SetInstalled(c.installed)
		if got := fault.CodeOf(s.Probe(t.Context())); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	for _, path := range libraryPaths("/home/x") {
		if !strings.Contains(strings.ToLower(path), "1password") {
			t.Errorf("the app is looked for at %s", path)
		}
	}
}

func TestPatience(t *testing.T) {
	for want, o := range map[time.Duration]Options{
		5 * time.Minute:  {Interactive: true},
		30 * time.Second: {},
		time.Second:      {Interactive: true, Patience: time.Second},
	} {
		if got := newStore(o, nil).patience(); got != want {
			t.Errorf("%+v waits %s, want %s", o, got, want)
		}
	}
}

// A panic on the way through the SDK is an error like others, without what it
// says; the store can be used afterwards.
func TestPanic(t *testing.T) {
	first := true
	s := newStore(Options{}, func(context.Context, string, string) (client, error) {
		if first {
			first = false
			panic("s3cr3t")
		}
		return stubbed("one", "the value"), nil
	})
	_, err := s.Get(t.Context(), at("a", "one"))
	if fault.CodeOf(err) != fault.InternalError || strings.Contains(err.Error(), "s3cr3t") {
		t.Errorf("a panic gives %v", err)
	}
	if got, err := s.Get(t.Context(), at("a", "one")); err != nil || got.IsZero() {
		t.Errorf("afterwards Get gives %v, %v", got, err)
	}
}

// A bulk read lists each vault once, and one account's failure is not another's.
func TestGetAll(t *testing.T) {
	c := stubbed("one", "1")
	c.list = append(c.list, stubbed("two", "2").list...)
	s := newStore(Options{ServiceAccountToken: serviceToken("bad")}, func(context.Context, string, string) (client, error) { return c, nil })
	refs := []profile.Reference{at("a", "one"), at("", "one"), at("a", "none"), at("a", "two"), at("b", "one")}
	found := s.GetAll(t.Context(), refs)
	for i, want := range []string{"1", "", "", "2", ""} {
		if found[i].Secret.Reveal() != want {
			t.Errorf("answer %d is %q, want %q", i, found[i].Secret.Reveal(), want)
		}
	}
	if !errors.Is(found[2].Err, ports.ErrNotFound) || fault.CodeOf(found[1].Err) != fault.OnePasswordTokenInvalid || fault.CodeOf(found[4].Err) != fault.OnePasswordUnavailable {
		t.Errorf("the errors are %v, %v, %v", found[2].Err, found[1].Err, found[4].Err)
	}
	if got := strings.Join(c.calls, " "); got != "vaults items item item" {
		t.Errorf("the calls were %s", got)
	}
}

func TestIntegrationVersion(t *testing.T) {
	for version, want := range map[string]string{
		"": "unknown", "(devel)": "devel", "v1.2.3": "v1.2.3", "é": "unknown",
		"v0.0.0-20260101000000-abcdef012345+dirty": "v0.0.0-2026010100000",
	} {
		if got := integrationVersion(version); got != want {
			t.Errorf("%q becomes %q, want %q", version, got, want)
		}
	}
}

// Without the app every account gets to hear that, and not only the first.
func TestNotInstalledForEveryAccount(t *testing.T) {
	s := newStore(Options{}, func(context.Context, string, string) (client, error) {
		return nil, errors.New("1Password desktop application not found")
	})
	for _, account := range []string{"a", "b"} {
		_, err := s.Get(t.Context(), at(account, "one"))
		if f := fault.From(err); f.Code != fault.OnePasswordNotInstalled || !strings.Contains(f.Hint, "OP_SERVICE_ACCOUNT_TOKEN") {
			t.Errorf("account %s: %+v", account, f)
		}
	}
}
