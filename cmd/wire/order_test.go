package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"jira-cli/adapters/cli"
	"jira-cli/adapters/memory"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// How far a command goes: each step is only taken where the one before worked.
const (
	readsNothing = iota
	readsConfig
	readsStore
	asksJira
)

// commandLines has a good command line of every command, and how far it goes.
var commandLines = map[string]struct {
	args  string
	reads int
}{
	"auth.backends":         {"", readsStore},
	"auth.delete":           {"default --force", readsStore},
	"auth.explain":          {"", asksJira},
	"auth.list":             {"", readsConfig},
	"auth.login":            {"--no-input --secret-stdin --force", asksJira},
	"auth.logout":           {"default", readsStore},
	"auth.migrate":          {"--backend file", readsStore},
	"auth.refresh":          {"", asksJira},
	"auth.rename":           {"default work", readsStore},
	"auth.status":           {"", asksJira},
	"auth.switch":           {"default", readsConfig},
	"auth.test":             {"default", asksJira},
	"auth.token":            {"", readsStore},
	"auth.whoami":           {"", asksJira},
	"completion":            {"bash", readsNothing},
	"config.get":            {"output", readsConfig},
	"config.init":           {"--base-url example --email john.doe@example.com", readsConfig},
	"config.path":           {"", readsNothing},
	"config.profile.delete": {"default --force", readsStore},
	"config.profile.list":   {"", readsConfig},
	"config.profile.rename": {"default work", readsStore},
	"config.profile.show":   {"default", readsConfig},
	"config.set":            {"output json", readsConfig},
	"version":               {"", readsNothing},
}

// emptyMeansNone are the flags whose empty value says something.
var emptyMeansNone = []string{"onepassword-account", "ca-file", "client-cert", "client-key", "proxy"}

// ordered is a world in which a step can be broken and is watched.
type ordered struct {
	ports.Config
	broken  bool
	touched []string
}

func (o *ordered) Load(ctx context.Context) (profile.Config, error) {
	if o.broken {
		return profile.Config{}, fault.New(fault.ConfigInvalid, "broken")
	}
	return o.Config.Load(ctx)
}

func (o *ordered) Lock(ctx context.Context) (ports.ConfigTx, error) {
	if o.broken {
		return nil, fault.New(fault.ConfigInvalid, "broken")
	}
	return o.Config.Lock(ctx)
}

func (o *ordered) Store(profile.Backend) (ports.SecretStore, error) {
	o.touched = append(o.touched, "store")
	return nil, fault.New(fault.KeyringLocked, "locked")
}

func (o *ordered) RoundTrip(r *http.Request) (*http.Response, error) {
	o.touched = append(o.touched, "network")
	return nil, errors.New("no network in this test")
}

// run returns the first error's record.
func (o *ordered) run(t *testing.T, args ...string) (code fault.Code, flag string) {
	t.Helper()
	site, err := profile.ParseSite("example")
	if err != nil {
		t.Fatal(err)
	}
	p := profile.Profile{Name: "default", Site: site, Email: "john.doe@example.com", AuthType: profile.AuthToken}
	p.Credential = &profile.Reference{Backend: profile.Keyring, Site: site.Origin(), Service: profile.DefaultService, Account: profile.Account(site, p.Name)}
	o.Config = memory.NewConfig(profile.Config{Default: "default", Profiles: []profile.Profile{p}})
	env := memory.Environment{}
	clock := memory.NewClock(time.Date(2026, 5, 27, 0, 0, 0, 0, time.UTC))
	var out bytes.Buffer
	host := cli.Host{
		Stdout: &out, Stderr: io.Discard, Colour: func(io.Writer) bool { return false }, Env: env, Clock: clock, IDs: memory.NewIDs(),
		UnbrokenPipe:  func() {},
		Interruptible: func(ctx context.Context) (context.Context, func()) { return ctx, func() {} },
		Budget:        func(ctx context.Context, _ time.Duration) (context.Context, func()) { return ctx, func() {} },
	}
	graph := NewGraph(Process{Env: env, Home: "/nowhere"}, Doubles{Config: o, Stores: o, Transport: o, Lockouts: memory.NewLockouts(),
		Terminal: memory.NewTerminal(false), Prompter: memory.NewPrompter(), Notifier: memory.NewNotifier(), Stdin: memory.NewSecretInput("example-token"), Clock: clock})
	cli.New(host, graph).Run(t.Context(), append(args, "-o", "json"))
	var envelope struct {
		Errors []struct {
			Code fault.Code
			Flag string
		}
	}
	if err := json.Unmarshal(out.Bytes(), &envelope); err != nil || len(envelope.Errors) == 0 {
		return "", ""
	}
	return envelope.Errors[0].Code, envelope.Errors[0].Flag
}

// leaves calls f with every command that does something, and how it is typed.
func leaves(t *testing.T, f func(path string, words []string, cmd *cobra.Command)) {
	seen := 0
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		if cmd.HasAvailableSubCommands() {
			for _, child := range cmd.Commands() {
				walk(child)
			}
			return
		}
		words := strings.Fields(cmd.CommandPath())[1:]
		path := strings.Join(words, ".")
		if !cmd.IsAvailableCommand() {
			return
		}
		if _, known := commandLines[path]; !known {
			t.Errorf("%s has no row in this test", path)
			return
		}
		seen++
		f(path, words, cmd)
	}
	walk(cli.Tree())
	if seen != len(commandLines) {
		t.Errorf("%d commands for %d rows", seen, len(commandLines))
	}
}

// The command line is checked before the config is read, the config before a
// store, a store before the network: in every command the first thing that is
// wrong is what is said, and nothing after it is touched.
func TestOrderOfChecks(t *testing.T) {
	t.Parallel()
	leaves(t, func(path string, words []string, _ *cobra.Command) {
		row := commandLines[path]
		line := append(words, strings.Fields(row.args)...)
		o := &ordered{broken: true}
		if code, _ := o.run(t, append(line, "a", "word", "too", "many")...); code != fault.ArgumentInvalid {
			t.Errorf("%s: words too many beside a broken config are %q", path, code)
		}
		if code, _ := o.run(t, append(line, "--no-such-flag")...); code != fault.FlagUnknown {
			t.Errorf("%s: an unknown flag beside a broken config is %q", path, code)
		}
		if named := strings.Replace(row.args, "default", "No-Name", 1); named != row.args {
			if code, _ := o.run(t, append(slices.Clone(words), strings.Fields(named)...)...); code != fault.ProfileNameInvalid {
				t.Errorf("%s: a bad name beside a broken config is %q", path, code)
			}
		}
		switch code, _ := o.run(t, line...); {
		case row.reads == readsNothing && code != "":
			t.Errorf("%s reads the config: %s", path, code)
		case row.reads > readsNothing && code != fault.ConfigInvalid:
			t.Errorf("%s: a broken config is %q", path, code)
		}
		if len(o.touched) > 0 {
			t.Errorf("%s: with a broken config it touches %v", path, o.touched)
		}
		o = &ordered{}
		o.run(t, line...)
		if want := row.reads >= readsStore; slices.Contains(o.touched, "store") != want {
			t.Errorf("%s: it touches a store: %v", path, !want)
		}
		if slices.Contains(o.touched, "network") {
			t.Errorf("%s: with a locked store it asks the network", path)
		}
	})
}

// A flag that is given with an empty value is given: it is refused by name,
// before the config is read, or its emptiness says something.
func TestEmptyFlags(t *testing.T) {
	t.Parallel()
	leaves(t, func(path string, words []string, cmd *cobra.Command) {
		line := append(words, strings.Fields(commandLines[path].args)...)
		try := func(f *pflag.Flag) {
			if f.Name == "help" || f.Name == "version" || f.Name == "output" {
				return // of output there is a transcript: its failure is text
			}
			o := &ordered{broken: true}
			code, flag := o.run(t, append(slices.Clone(line), "--"+f.Name+"=")...)
			entry := fault.Lookup(code)
			switch {
			case slices.Contains(emptyMeansNone, f.Name) && path == "auth.login":
				if code != fault.ConfigInvalid && code != fault.FlagConflict {
					t.Errorf("%s --%s= is %q", path, f.Name, code)
				}
			case code == fault.ConfigInvalid || code == "" || entry.Type != fault.TypeValidation:
				t.Errorf("%s --%s= is %q: it is not refused", path, f.Name, code)
			case flag != f.Name && code != fault.FlagConflict:
				t.Errorf("%s --%s= is %s, which names the flag %q", path, f.Name, code, flag)
			}
		}
		cmd.LocalFlags().VisitAll(try)
		cmd.InheritedFlags().VisitAll(try)
	})
}
