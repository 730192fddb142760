//go:build !darwin && !windows

package keychain

import (
	"context"

	"jira-cli/adapters/keychain/secretservice"
	"jira-cli/ports"
)

// service is the Secret Service as an engine.
type service struct{ client *secretservice.Client }

func newEngine(opts Options) engine {
	return service{secretservice.New(secretservice.Options{Address: opts.BusAddress, Variable: opts.BusVariable, Patience: opts.patience()})}
}

// rules: a Secret Service takes any name and any size that secrets have.
func (s service) rules() rules { return rules{} }

func (s service) get(ctx context.Context, at slot) (string, error) {
	return s.client.Get(ctx, secretservice.Key{Service: at.service, Account: at.account})
}

func (s service) getAll(ctx context.Context, at []slot) []ports.Found {
	keys := make([]secretservice.Key, len(at))
	for i, a := range at {
		keys[i] = secretservice.Key{Service: a.service, Account: a.account}
	}
	answers := make([]ports.Found, len(at))
	for i, a := range s.client.GetAll(ctx, keys) {
		answers[i].Secret, answers[i].Err = found(a.Text, a.Err)
	}
	return answers
}

func (s service) put(ctx context.Context, at slot, text string) error {
	return s.client.Put(ctx, secretservice.Key{Service: at.service, Account: at.account}, text)
}

func (s service) delete(ctx context.Context, at slot) error {
	return s.client.Delete(ctx, secretservice.Key{Service: at.service, Account: at.account})
}

func (s service) probe(ctx context.Context) error { return s.client.Probe(ctx) }

func (s service) close() { s.client.Close() }
