package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"jira-cli/adapters/fakejira"
	"jira-cli/cmd/internal/privatekeyring"
)

const (
	// token exists in this program only; the fake accepts it.
	token = "ATATT3xFfGF0-the-token-of-the-benchmark-ABCD"

	// many is how many profiles the large cases have.
	many = 50
)

// floors are the programs to compare with, by the name of their directory.
func floors() []string { return []string{"empty", "cobra", "requests"} }

// stage is what the measured processes find: a home, sites, and programs.
type stage struct {
	options
	home      string
	env       []string
	noKeyring string // why there is no keyring, "" where there is one
	fake      *fakejira.Server
	near, far *fakejira.Endpoint
	closers   []func()
}

func newStage(ctx context.Context, o options) (*stage, error) {
	home, err := os.MkdirTemp("", "jira-bench-")
	if err != nil {
		return nil, err
	}
	s := &stage{options: o, home: home, closers: []func(){func() { _ = os.RemoveAll(home) }}}
	for _, step := range []func(context.Context) error{s.build, s.listen, s.settle, s.profiles} {
		if err := step(ctx); err != nil {
			s.close()
			return nil, err
		}
	}
	return s, nil
}

func (s *stage) close() {
	for i := len(s.closers) - 1; i >= 0; i-- {
		s.closers[i]()
	}
}

// build builds the floors as a release is built.
func (s *stage) build(ctx context.Context) error {
	for _, name := range floors() {
		cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", s.floor(name), "jira-cli/cmd/bench/floor/"+name)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("the floor %s could not be built: %w\n%s", name, err, out)
		}
	}
	return nil
}

func (s *stage) floor(name string) string { return filepath.Join(s.home, "floor-"+name) }

// listen opens the fake at no distance and at the far one, with certificates.
func (s *stage) listen(context.Context) error {
	s.fake = fakejira.Sample(token)
	s.closers = append(s.closers, s.fake.Close)
	ca, err := fakejira.NewCA()
	if err != nil {
		return err
	}
	config, err := ca.Config(fakejira.Leaf{})
	if err != nil {
		return err
	}
	if s.near, err = s.fake.Listen(fakejira.Socket{TLS: config.Clone()}); err != nil {
		return err
	}
	s.closers = append(s.closers, s.near.Close)
	if s.far, err = s.fake.Listen(fakejira.Socket{TLS: config.Clone(), RTT: s.rtt}); err != nil {
		return err
	}
	s.closers = append(s.closers, s.far.Close)
	return os.WriteFile(s.bundle(), append(systemBundle(), ca.PEM()...), 0o600)
}

// systemBundle is the machine's own certificates, so that the programs have as
// much to read as in earnest; nothing where it has none in one file.
func systemBundle() []byte {
	for _, file := range []string{"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"} {
		if pem, err := os.ReadFile(file); err == nil {
			return append(bytes.TrimRight(pem, "\n"), '\n')
		}
	}
	return nil
}

func (s *stage) bundle() string { return filepath.Join(s.home, "bundle.pem") }

// settle makes the environment of every process.
func (s *stage) settle(context.Context) error {
	path := ""
	for _, variable := range os.Environ() {
		if value, found := strings.CutPrefix(variable, "PATH="); found {
			path = value
		}
	}
	keyring, stop, why := privatekeyring.Start(s.home, path)
	s.closers = append(s.closers, stop)
	s.noKeyring = why
	s.env = append([]string{"PATH=" + path, "HOME=" + s.home, "SSL_CERT_FILE=" + s.bundle(), "LC_ALL=C.UTF-8"}, keyring...)
	return nil
}

// The configs of the cases, each a file below the home.
const (
	oneNear  = "one"   // one profile on the near site, credential in the environment
	oneFar   = "far"   // one on the far site
	oneFile  = "file"  // one, credential in the encrypted file
	oneRing  = "ring"  // one, credential in the keyring
	manyNear = "many"  // fifty on the near site, credentials in the environment
	manyFar  = "afar"  // fifty on the far site
	manyFile = "files" // fifty, credentials in the encrypted file
	manyRing = "rings" // fifty, credentials in the keyring
)

// profiles makes every config with the program itself.
func (s *stage) profiles(ctx context.Context) error {
	for _, c := range []struct {
		config, site, backend string
		n                     int
	}{
		{oneNear, s.near.URL, "", 1}, {oneFar, s.far.URL, "", 1}, {oneFile, s.near.URL, "file", 1}, {oneRing, s.near.URL, "keyring", 1},
		{manyNear, s.near.URL, "", many}, {manyFar, s.far.URL, "", many},
		{manyFile, s.near.URL, "file", many}, {manyRing, s.near.URL, "keyring", many},
	} {
		if c.backend == "keyring" && s.noKeyring != "" {
			continue
		}
		for i := range c.n {
			args := []string{"config", "init", "--profile", names(c.n)[i]}
			if c.backend != "" {
				args = []string{"auth", "login", "--profile-name", names(c.n)[i], "--backend", c.backend, "--secret-stdin", "--skip-verify"}
			}
			args = append(args, "--no-input", "--base-url", c.site, "--email", fakejira.SampleEmail)
			cmd := exec.CommandContext(ctx, s.binary, args...)
			cmd.Env, cmd.Stdin = append(s.with(c.config), "JIRA_TIMEOUT=2m"), strings.NewReader(token+"\n")
			if out, err := cmd.CombinedOutput(); err != nil {
				return errors.Join(fmt.Errorf("jira %s: %w", strings.Join(args, " "), err), errors.New(string(out)))
			}
		}
	}
	return nil
}

// names are the profiles of a config with n of them.
func names(n int) []string {
	if n == 1 {
		return []string{"default"}
	}
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("p%02d", i)
	}
	return list
}

// with is the environment for a config of the stage.
func (s *stage) with(config string, more ...string) []string {
	return append(append([]string{"JIRA_CONFIG=" + filepath.Join(s.home, config+".toml")}, s.env...), more...)
}

// tokens are the variables with the credentials of n profiles.
func tokens(n int) []string {
	list := names(n)
	for i, name := range list {
		list[i] = "JIRA_TOKEN_" + strings.ToUpper(name) + "=" + token
	}
	return list
}
