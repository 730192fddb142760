package faulty

import (
	"context"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// Config passes a config's calls through a plan.
type Config struct {
	plan *Plan
	real ports.Config
}

// NewConfig decorates a config. Its calls are config.Load, config.Lock,
// tx.Load and tx.Save; releasing the lock is none, because it cannot fail and a
// process that dies does it too.
func NewConfig(p *Plan, c ports.Config) *Config { return &Config{p, c} }

// Path implements ports.Config.
func (c *Config) Path() string { return c.real.Path() }

// Load implements ports.Config.
func (c *Config) Load(ctx context.Context) (profile.Config, error) {
	return do(ctx, c.plan, "config.Load", fault.ConfigReadFailed, func() (profile.Config, error) { return c.real.Load(ctx) })
}

// Lock implements ports.Config. A lock whose taking fails or hangs afterwards is
// released: nobody holds what he was not given.
func (c *Config) Lock(ctx context.Context) (ports.ConfigTx, error) {
	var taken ports.ConfigTx
	tx, err := do(ctx, c.plan, "config.Lock", fault.ConfigWriteFailed, func() (_ ports.ConfigTx, err error) {
		taken, err = c.real.Lock(ctx)
		return taken, err
	})
	if err != nil {
		if taken != nil {
			taken.Unlock()
		}
		return nil, err
	}
	return &configTx{c.plan, tx}, nil
}

type configTx struct {
	plan *Plan
	real ports.ConfigTx
}

func (t *configTx) Load(ctx context.Context) (profile.Config, error) {
	return do(ctx, t.plan, "tx.Load", fault.ConfigReadFailed, func() (profile.Config, error) { return t.real.Load(ctx) })
}

func (t *configTx) Save(ctx context.Context, cfg profile.Config) error {
	return only(ctx, t.plan, "tx.Save", fault.ConfigWriteFailed, func() error { return t.real.Save(ctx, cfg) })
}

func (t *configTx) Unlock() { t.real.Unlock() }
