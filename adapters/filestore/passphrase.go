package filestore

import (
	"context"
	"errors"

	"jira-cli/domain/fault"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// PassphraseVariable carries the passphrase of the encrypted file.
const PassphraseVariable = "JIRA_FILE_PASSPHRASE"

// PassphraseFrom returns Options.Passphrase for an environment: the variable is
// taken in as a token is, so that what was typed at the prompt and what a pipe
// wrote are the same passphrase. Not set or empty is none; malformed is
// SecretInvalid.
func PassphraseFrom(env ports.Environment) func(context.Context) (secret.Secret, bool, error) {
	return func(context.Context) (secret.Secret, bool, error) {
		raw, _ := env.Lookup(PassphraseVariable)
		if raw == "" {
			return secret.Secret{}, false, nil
		}
		s, err := secret.Parse(raw)
		if err != nil {
			return secret.Secret{}, false, fault.Wrap(err, fault.SecretInvalid, "the variable %s: %v", PassphraseVariable, err).
				WithHint("set %s again, without quotes, blanks or line breaks", PassphraseVariable)
		}
		return s.Mute(), true, nil
	}
}

// asking says whether a person may be asked for the passphrase.
type asking bool

const (
	mayAsk     asking = true
	mustNotAsk asking = false
)

// errWouldAsk means that the passphrase would have to be asked for, and that
// somebody is there to ask. It never leaves the package.
var errWouldAsk = errors.New("the passphrase would be asked for")

// answer is what the person said, or why there was no answer.
type answer struct {
	passphrase secret.Secret
	err        error
}

func (s *Store) given(ctx context.Context) (secret.Secret, bool, error) {
	if s.opts.Passphrase == nil {
		return secret.Secret{}, false, nil
	}
	return s.opts.Passphrase(ctx)
}

// passphrase returns the passphrase that was given, else the one that a person
// types. They are asked once: a wrong answer stays wrong until the next run.
func (s *Store) passphrase(ctx context.Context, target string, ask asking) (secret.Secret, error) {
	p, ok, err := s.given(ctx)
	if ok || err != nil {
		return p, err
	}
	var before *answer
	select {
	case before = <-s.asked:
	case <-ctx.Done():
		return secret.Secret{}, context.Cause(ctx)
	}
	after := before
	defer func() { s.asked <- after }()
	if before != nil {
		return before.passphrase, before.err
	}
	if s.opts.Prompter == nil || s.opts.Interactive == nil || !s.opts.Interactive() {
		return secret.Secret{}, needPassphraseFault(target)
	}
	if ask == mustNotAsk {
		return secret.Secret{}, errWouldAsk
	}
	p, err = s.opts.Prompter.Secret(ctx, ports.Question{
		Label: "Passphrase",
		Note:  []string{"The credentials are encrypted in " + target},
	})
	p = p.Mute()
	if ctx.Err() == nil {
		after = &answer{p, err}
	}
	return p, err
}
