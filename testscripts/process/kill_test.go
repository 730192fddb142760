//go:build linux

package process_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jira-cli/adapters/fakejira"
	"jira-cli/adapters/filestore"
	"jira-cli/adapters/keychain"
	"jira-cli/adapters/keychain/keyringtest"
	"jira-cli/adapters/tomlconfig"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// household is a home directory with a keyring service of its own, in which
// one real jira after the other runs.
type household struct {
	t       testing.TB
	keyring *keyringtest.Keyring
	service string
	home    string
	env     []string
	site    string
}

var households atomic.Int64

func newHousehold(t testing.TB, keyring *keyringtest.Keyring, site string) *household {
	h := &household{t: t, keyring: keyring, home: t.TempDir(), site: site, service: fmt.Sprintf("jira-cli-%d", households.Add(1))}
	h.env = []string{"HOME=" + h.home, "PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "JIRA_KEYRING_SERVICE=" + h.service, "JIRA_NO_INPUT=1"}
	if keyring != nil {
		h.env = append(h.env, "DBUS_SESSION_BUS_ADDRESS="+keyring.Address)
	}
	return h
}

// reply is what a command answered in JSON.
type reply struct {
	OK   bool
	Data struct{ Redacted string }
	Errs []struct{ Code string } `json:"errors"`
	text string
}

func (r reply) code() string {
	if r.OK || len(r.Errs) == 0 {
		return ""
	}
	return r.Errs[0].Code
}

func (h *household) prepare(token string, args ...string) *exec.Cmd {
	cmd := exec.Command(binary(h.t, plain), append(args, "--output", "json")...)
	cmd.Env = h.env
	cmd.Stdin = strings.NewReader(token + "\n")
	return cmd
}

// run runs jira to its end; the token is there for who reads stdin.
func (h *household) run(token string, args ...string) reply {
	h.t.Helper()
	cmd := h.prepare(token, args...)
	var out bytes.Buffer
	cmd.Stdout = &out
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		h.t.Fatal(err)
	}
	r := reply{text: out.String()}
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		h.t.Fatalf("jira %v: %v in %q", args, err, out.String())
	}
	return r
}

// must is run for what has to work.
func (h *household) must(token string, args ...string) reply {
	h.t.Helper()
	r := h.run(token, args...)
	if !r.OK {
		h.t.Fatalf("jira %v: %s", args, r.text)
	}
	return r
}

// killed runs jira until it is about to have its n-th effect, and reports
// whether it had so many.
func (h *household) killed(n int, token string, args ...string) bool {
	h.t.Helper()
	cmd := h.prepare(token, args...)
	self, err := os.Executable()
	if err != nil {
		h.t.Fatal(err)
	}
	cmd.Args = append([]string{self}, cmd.Args...)
	cmd.Path = self
	cmd.Env = append(slices.Clone(h.env), fmt.Sprintf("%s=%d", tracerVariable, n))
	var errs bytes.Buffer
	cmd.Stderr = &errs
	err = cmd.Run()
	switch cmd.ProcessState.ExitCode() {
	case tracerKilled:
		return true
	case tracerEnded:
		return false
	}
	h.t.Fatalf("the tracer failed: %v %s", err, errs.String())
	return false
}

// login is the command line of a login into a backend.
func (h *household) login(name, backend string, more ...string) []string {
	return append([]string{"auth", "login", "--profile-name", name, "--base-url", h.site, "--email", fakejira.SampleEmail,
		"--backend", backend, "--secret-stdin"}, more...)
}

// token is what a profile's reference reads: a token's last four characters, or
// the code for why there is none.
func (h *household) token(name string) string {
	h.t.Helper()
	r := h.run("", "auth", "token", "--profile", name)
	if r.OK {
		return strings.TrimPrefix(r.Data.Redacted, "****")
	}
	return r.code()
}

// store opens one of the two stores in this process. A bus has room for some
// hundred connections, so done is called soon.
func (h *household) store(b profile.Backend) (store ports.SecretStore, done func()) {
	dir := filepath.Join(h.home, ".local/share/jira-cli")
	if b == profile.File {
		return filestore.New(filestore.Options{Path: filepath.Join(dir, "credentials.age"), IdentityPath: filepath.Join(dir, "identity.txt")}), func() {}
	}
	keyring := keychain.New(keychain.Options{ServiceOverride: h.service, BusAddress: h.keyring.Address, MachineBound: time.Minute})
	return keyring, keyring.Close
}

// config reads the config in this process.
func (h *household) config() profile.Config {
	h.t.Helper()
	c, err := tomlconfig.New(tomlconfig.Options{Path: filepath.Join(h.home, ".config/jira-cli/config.toml")}).Load(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// reads is token without a process: there are thousands of questions.
func (h *household) reads(name profile.Name) string {
	h.t.Helper()
	p, found := h.config().Find(name)
	switch {
	case !found:
		return "profile_not_found"
	case p.Credential == nil:
		return "credential_not_found"
	}
	store, done := h.store(p.Credential.Backend)
	defer done()
	s, err := store.Get(h.t.Context(), *p.Credential)
	if errors.Is(err, ports.ErrNotFound) {
		return "credential_not_found"
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return strings.TrimPrefix(s.Redacted(), "****")
}

// another returns a household that is as h is.
func (h *household) another() *household {
	h.t.Helper()
	o := newHousehold(h.t, h.keyring, h.site)
	err := filepath.WalkDir(h.home, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == h.home {
			return err
		}
		to := o.home + strings.TrimPrefix(path, h.home)
		if d.IsDir() {
			return os.Mkdir(to, 0o700)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if d.Name() == "config.toml" {
			text = bytes.ReplaceAll(text, []byte(h.home), []byte(o.home))
			text = bytes.ReplaceAll(text, []byte(`"`+h.service+`"`), []byte(`"`+o.service+`"`))
		}
		return os.WriteFile(to, text, 0o600)
	})
	if err != nil {
		h.t.Fatal(err)
	}
	for _, p := range o.config().Profiles {
		if c := p.Credential; c != nil && c.Backend == profile.Keyring {
			store, done := o.store(c.Backend)
			err := store.Put(h.t.Context(), *c, secret.New(tokens["TOKEN"]))
			done()
			if err != nil {
				h.t.Fatal(err)
			}
		}
	}
	return o
}

// stored lists the secrets that both stores hold, with how often: by their last
// four characters.
func (h *household) stored() string {
	h.t.Helper()
	var all []string
	dir := filepath.Join(h.home, ".local/share/jira-cli")
	if _, err := os.Stat(filepath.Join(dir, "credentials.age")); err == nil {
		cmd := exec.Command("age", "--decrypt", "--identity", filepath.Join(dir, "identity.txt"), filepath.Join(dir, "credentials.age"))
		text, err := cmd.Output()
		if err != nil {
			h.t.Fatalf("age cannot read the file: %v", err)
		}
		for _, token := range tokens {
			for range strings.Count(string(text), token) {
				all = append(all, "file:"+token[len(token)-4:])
			}
		}
	}
	if h.keyring != nil {
		for range h.keyring.Items(h.t, map[string]string{"service": h.service}) {
			all = append(all, "keyring")
		}
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

// litter is what no crash and no repetition may leave: a secret in the clear.
// After a repetition nothing half done is there either.
func (h *household) litter(repeated bool) string {
	found := ""
	err := filepath.WalkDir(h.home, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if leak := findSecret(string(text)); leak != "" {
			found = path + " holds " + leak
		}
		if repeated && (strings.HasSuffix(path, ".tmp") || strings.HasSuffix(path, ".toml") && strings.Contains(string(text), "leftover")) {
			found = path + " is left, or has something left over"
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return found
}

// killing is a command that is killed at each of its effects.
type killing struct {
	name    string
	before  func(*household)
	command func(*household) []string
	names   []profile.Name // the profile's, before and after
	reads   []string       // what the reference may read in between: tokens and codes
	again   []string       // the codes with which the repetition may say that it is done
	after   string         // what the reference reads in the end
	stored  string         // and what the stores hold
}

func (k killing) run(t testing.TB, keyring *keyringtest.Keyring, site string) {
	died := int64(0)
	first := newHousehold(t, keyring, site)
	if k.before != nil {
		k.before(first)
	}
	for n, more := 1, true; more; n += stride {
		h := first.another()
		args := k.command(h)
		if more = h.killed(n, tokens["TOKEN2"], args...); more {
			died++
		}
		var read []string
		for _, name := range k.names {
			read = append(read, h.reads(name))
		}
		found := slices.ContainsFunc(read, func(r string) bool { return slices.Contains(k.reads, r) })
		if litter := h.litter(false); !found || litter != "" {
			t.Errorf("killed at effect %d, the profile reads %v, and %s", n, read, litter)
		}
		if r := h.run(tokens["TOKEN2"], args...); !r.OK && !slices.Contains(k.again, r.code()) {
			t.Errorf("killed at effect %d, the repetition says %s", n, r.text)
		}
		name := k.names[len(k.names)-1]
		if read, litter := h.reads(name), h.litter(true); read != k.after || h.stored() != k.stored || litter != "" {
			t.Errorf("killed at effect %d and repeated, the profile reads %s, the stores hold %q, and %s", n, read, h.stored(), litter)
		}
		if more {
			continue
		}
		if told := h.token(string(name)); told != k.after { // jira says the same of it
			t.Errorf("jira reads %s", told)
		}
	}
	kills.Add(died)
	t.Logf("killed at %d effects", died)
}

var kills atomic.Int64

// already is a profile with the first token in a backend.
func already(backend string) func(*household) {
	return func(h *household) {
		h.must(tokens["TOKEN"], h.login("work", backend, "--skip-verify")...)
	}
}

func line(args ...string) func(*household) []string {
	return func(*household) []string { return args }
}

func killings() []killing {
	const absent, gone = "credential_not_found", "profile_not_found"
	both, work := []string{"ABCD", "WXYZ"}, []profile.Name{"work"}
	into := func(backend string, more ...string) func(*household) []string {
		return func(h *household) []string { return h.login("work", backend, more...) }
	}
	entry := map[string]string{"file": "file:", "keyring": "keyring"}
	holds := func(backend, token string) string {
		if backend == "file" {
			return entry[backend] + token
		}
		return entry[backend]
	}
	var all []killing
	for _, b := range []string{"file", "keyring"} {
		other := map[string]string{"file": "keyring", "keyring": "file"}[b]
		all = append(all,
			killing{"login new in " + b, nil, into(b), work, []string{gone, "WXYZ"}, []string{"already_authenticated"}, "WXYZ", holds(b, "WXYZ")},
			killing{"login in place in " + b, already(b), into(b, "--force", "--skip-verify"), work, both, nil, "WXYZ", holds(b, "WXYZ")},
			killing{"login from " + b + " to " + other, already(b), into(other, "--force", "--skip-verify"), work, both, nil, "WXYZ", holds(other, "WXYZ")},
			killing{"migrate from " + b + " to " + other, already(b), line("auth", "migrate", "--profile", "work", "--backend", other), work, both[:1], nil, "ABCD", holds(other, "ABCD")},
			killing{"rename in " + b, already(b), line("config", "profile", "rename", "work", "job"), []profile.Name{"work", "job"}, both[:1], []string{gone}, "ABCD", holds(b, "ABCD")},
			killing{"logout in " + b, already(b), line("auth", "logout", "work"), work, []string{"ABCD", absent}, nil, absent, ""},
			killing{"delete in " + b, already(b), line("config", "profile", "delete", "work", "--force"), work, []string{"ABCD", absent, gone}, []string{gone}, gone, ""},
		)
	}
	return all
}

// TestNoKillLosesASecret kills the released binary with SIGKILL at every
// effect of every change of a credential, on a real encrypted file and a real
// Secret Service, and repeats the command.
func TestNoKillLosesASecret(t *testing.T) {
	fake := fakejira.Sample(tokens["TOKEN2"])
	t.Cleanup(fake.Close)
	endpoint, err := fake.Listen(fakejira.Socket{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(endpoint.Close)
	t.Cleanup(func() {
		fmt.Printf("kills of the real process: %d, one at each effect of %d commands\n", kills.Load(), len(killings()))
	})
	for _, k := range killings() {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			withKeyring(t, func(t testing.TB, keyring *keyringtest.Keyring) { k.run(t, keyring, endpoint.URL) })
		})
	}
}
