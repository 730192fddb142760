// Package commandstore owns the `command` backend: the profile names a program
// as an argument array, and what the program prints is the secret. It only
// reads.
//
// No shell is involved. The program gets the environment without this
// program's own secrets and an empty stdin, because stdin may be carrying data
// for jira. Its stdout is the secret: bounded, and never shown. Its stderr is
// shown where it fails, as one bounded line in which nothing of stdout stands.
//
// Where a person sits at a terminal, the program stays in the terminal's
// foreground process group, so that it can ask on /dev/tty (a pinentry, ssh,
// sudo), and Ctrl-C and Ctrl-Z reach it as they reach any program. The run's
// time stands still then, and five minutes are the bound. Elsewhere it gets a
// session of its own, without a terminal and without the variables that lead a
// pinentry to one or to a desktop: it fails where it would have waited
// for a person, and sixty seconds are the bound. Either way the program is
// ended together with what it started when its time is over or the run ends.
package commandstore

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// Options are what the store needs from its surroundings.
type Options struct {
	// Programs starts the program.
	Programs ports.Programs

	// Interactive says whether a person can be asked on the terminal; nil is no.
	Interactive func() bool
	// Notifier tells that person what is waited for; nil tells nothing.
	Notifier ports.Notifier

	// Timeout bounds a program that nobody attends to, PersonTimeout one that
	// may ask a person; 0 for 60 seconds and five minutes.
	Timeout, PersonTimeout time.Duration

	// MaxOutput bounds what is taken from stdout, in bytes; 0 for the largest
	// secret and its line break.
	MaxOutput int
}

const (
	defaultTimeout       = time.Minute
	defaultPersonTimeout = 5 * time.Minute
	defaultMaxOutput     = secret.MaxBytes + 2
)

// Store is a program as a ports.SecretStore that only reads. It addresses
// secrets by Reference.Argv.
type Store struct {
	opts Options
}

// New returns a store. It starts nothing.
func New(opts Options) *Store {
	if opts.Interactive == nil {
		opts.Interactive = func() bool { return false }
	}
	if opts.Timeout == 0 {
		opts.Timeout = defaultTimeout
	}
	if opts.PersonTimeout == 0 {
		opts.PersonTimeout = defaultPersonTimeout
	}
	if opts.MaxOutput == 0 {
		opts.MaxOutput = defaultMaxOutput
	}
	return &Store{opts: opts}
}

// Get implements ports.SecretStore by running the program. A program cannot say
// that there is no secret other than by failing, so absence is CommandFailed.
// What it prints may be the value of a header as well as a credential: whether
// it is one is for who asked for one to judge, as of any store.
func (s *Store) Get(ctx context.Context, ref profile.Reference) (secret.Secret, error) {
	if ctx.Err() != nil {
		return secret.Secret{}, context.Cause(ctx)
	}
	if err := check(ref); err != nil {
		return secret.Secret{}, err
	}
	attended := s.opts.Interactive()
	path, err := s.find(ref.Argv[0])
	if err != nil {
		return secret.Secret{}, err
	}
	r := run{
		programs:  s.opts.Programs,
		program:   ports.Program{Path: path, Argv: ref.Argv, Env: s.opts.Programs.Environment(attended), Attended: attended},
		timeout:   s.opts.Timeout,
		maxOutput: s.opts.MaxOutput,
	}
	if attended {
		r.timeout = s.opts.PersonTimeout
		defer s.attend(ctx, ref.Argv[0])()
	}
	out, err := r.output(ctx)
	if err != nil {
		return secret.Secret{}, err
	}
	value, err := secret.ParseHeader(out)
	if err != nil {
		return secret.Secret{}, fault.Wrap(err, fault.SecretInvalid, "what the credential command %s printed: %v", shown(ref.Argv[0]), err).
			WithHint("the command must print the token alone, on one line; a wrapper such as [\"sh\", \"-c\", \"… | head -n 1\"] can see to that")
	}
	return value, nil
}

// find returns the path of the program. A relative path would mean another
// program in every directory, and is refused, in PATH too.
func (s *Store) find(name string) (string, error) {
	path, err := s.opts.Programs.Find(name)
	switch {
	case errors.Is(err, ports.ErrProgramRelative):
		return "", fault.New(fault.ConfigInvalid, "the credential command %s is a relative path", shown(name)).
			WithHint("write the program's absolute path, or its name alone")
	case err != nil:
		return "", fault.Wrap(err, fault.CommandFailed, "the credential command %s was not found in PATH", shown(name)).
			WithHint("install it, or write its absolute path into the profile's credential")
	}
	return path, nil
}

// attend stops the run's clock and says what is waited for, until the function
// that it returns is called.
func (s *Store) attend(ctx context.Context, name string) (done func()) {
	resume := ports.Pause(ctx)
	if s.opts.Notifier == nil {
		return resume
	}
	quiet := s.opts.Notifier.Waiting(fmt.Sprintf("waiting for the credential command %s", shown(name)))
	return func() {
		quiet()
		resume()
	}
}

// Put implements ports.SecretStore by refusing.
func (s *Store) Put(ctx context.Context, _ profile.Reference, _ secret.Secret) error {
	return refuse(ctx)
}

// Delete implements ports.SecretStore by refusing.
func (s *Store) Delete(ctx context.Context, _ profile.Reference) error { return refuse(ctx) }

func refuse(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return fault.New(fault.BackendReadOnly, "the command backend only reads what its program prints")
}

// Locate implements ports.SecretStore with the quoted arguments.
func (s *Store) Locate(ctx context.Context, ref profile.Reference) (ports.Slot, error) {
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	if err := check(ref); err != nil {
		return "", err
	}
	quoted := make([]string, 0, len(ref.Argv))
	for _, arg := range ref.Argv {
		quoted = append(quoted, strconv.Quote(arg))
	}
	return ports.Slot(strings.Join(quoted, " ")), nil
}

// Probe implements ports.SecretStore: every system can start programs, and
// which one it is stands on the profile.
func (s *Store) Probe(ctx context.Context) error { return context.Cause(ctx) }

// Traits implements ports.SecretStore.
func (s *Store) Traits() ports.Traits { return ports.Traits{ReadOnly: true} }

func check(ref profile.Reference) error {
	if len(ref.Argv) == 0 || ref.Argv[0] == "" {
		return fault.New(fault.ConfigInvalid, "the credential command is empty").
			WithHint(`write a program and its arguments into the profile's credential, such as ["op", "read", "op://Work/Jira/token"]`)
	}
	for _, arg := range ref.Argv {
		if strings.ContainsRune(arg, 0) {
			return fault.New(fault.ConfigInvalid, "an argument of the credential command contains a NUL character")
		}
	}
	return nil
}
