// Package envstore owns the `env` backend: a profile that records it takes its
// secret from the environment variable that the reference names, on every run.
// It stores nothing. Which variable that is, and that it overrides other
// backends, is not its business.
package envstore

import (
	"context"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// Store is the environment as a ports.SecretStore that only reads. It addresses
// secrets by Reference.Variable.
type Store struct {
	env ports.Environment
}

// New returns a store that reads env at every call.
func New(env ports.Environment) *Store { return &Store{env: env} }

// Get implements ports.SecretStore. A variable that is not set, or empty, is
// absence; one that cannot be a token is SecretInvalid.
func (s *Store) Get(ctx context.Context, ref profile.Reference) (secret.Secret, error) {
	if ctx.Err() != nil {
		return secret.Secret{}, context.Cause(ctx)
	}
	if err := check(ref); err != nil {
		return secret.Secret{}, err
	}
	raw, _ := s.env.Lookup(ref.Variable)
	if raw == "" {
		return secret.Secret{}, ports.ErrNotFound
	}
	value, err := secret.Parse(raw)
	if err != nil {
		return secret.Secret{}, fault.Wrap(err, fault.SecretInvalid, "the variable %s: %v", ref.Variable, err).
			WithHint("set %s again, without quotes, blanks or line breaks", ref.Variable)
	}
	return value, nil
}

// Put implements ports.SecretStore by refusing.
func (s *Store) Put(ctx context.Context, ref profile.Reference, _ secret.Secret) error {
	return refuse(ctx, ref)
}

// Delete implements ports.SecretStore by refusing.
func (s *Store) Delete(ctx context.Context, ref profile.Reference) error {
	return refuse(ctx, ref)
}

func refuse(ctx context.Context, ref profile.Reference) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return fault.New(fault.BackendReadOnly, "the env backend stores nothing: the variable %s is set by whoever starts jira", ref.Variable)
}

// Locate implements ports.SecretStore with the variable's name.
func (s *Store) Locate(ctx context.Context, ref profile.Reference) (ports.Slot, error) {
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	if err := check(ref); err != nil {
		return "", err
	}
	return ports.Slot(ref.Variable), nil
}

// Probe implements ports.SecretStore: there always is an environment.
func (s *Store) Probe(ctx context.Context) error { return context.Cause(ctx) }

// Traits implements ports.SecretStore.
func (s *Store) Traits() ports.Traits { return ports.Traits{ReadOnly: true} }

func check(ref profile.Reference) error {
	if ref.Variable == "" {
		return fault.New(fault.ConfigInvalid, "the reference into the environment names no variable")
	}
	return nil
}
