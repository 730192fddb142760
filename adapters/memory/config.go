package memory

import (
	"context"
	"sync"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// configWait is how long Lock waits, as in the config file's adapter.
const configWait = 10 * time.Second

// Config is a config file without a file. It is safe for concurrent use.
type Config struct {
	state *configState
	wait  time.Duration
}

// configState is what several views of one config share.
type configState struct {
	lock chan struct{} // holds a token while the config is locked

	mu     sync.Mutex
	config profile.Config
	broken bool
	saves  int
}

var _ ports.Config = (*Config)(nil)

// NewConfig returns a config that says what c says.
func NewConfig(c profile.Config) *Config {
	return &Config{state: &configState{lock: make(chan struct{}, 1), config: c.Complete()}, wait: configWait}
}

// View returns the same config as another process sees it, waiting for its lock
// as long as is said.
func (c *Config) View(wait time.Duration) *Config { return &Config{state: c.state, wait: wait} }

// Break makes the config one that cannot be read, as if somebody had edited it.
func (c *Config) Break() { c.setBroken(true) }

// Repair takes Break back.
func (c *Config) Repair() { c.setBroken(false) }

func (c *Config) setBroken(broken bool) {
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	c.state.broken = broken
}

// State returns what the config says, broken or not.
func (c *Config) State() profile.Config {
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	return c.state.config.Complete()
}

// Saves returns how many saves have changed something.
func (c *Config) Saves() int {
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	return c.state.saves
}

// Locked reports whether the lock is held now.
func (c *Config) Locked() bool { return len(c.state.lock) > 0 }

// Path implements ports.Config.
func (c *Config) Path() string { return "/memory/jira-cli/config.toml" }

// Load implements ports.Config.
func (c *Config) Load(ctx context.Context) (profile.Config, error) {
	if ctx.Err() != nil {
		return profile.Config{}, context.Cause(ctx)
	}
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	if err := c.state.check(c.Path()); err != nil {
		return profile.Config{}, err
	}
	return c.state.config.Complete(), nil
}

func (s *configState) check(path string) error {
	if s.broken {
		return fault.New(fault.ConfigInvalid, "%s, line 1, column 1: expected a key", path)
	}
	return nil
}

// Lock implements ports.Config.
func (c *Config) Lock(ctx context.Context) (ports.ConfigTx, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	late := time.NewTimer(c.wait)
	defer late.Stop()
	select {
	case c.state.lock <- struct{}{}:
		return &configTx{config: c, held: true}, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-late.C:
		return nil, fault.New(fault.ConfigLocked, "another process has held the lock of %s for %s", c.Path(), c.wait)
	}
}

// configTx is the config under its lock.
type configTx struct {
	config *Config
	held   bool
}

// Load implements ports.ConfigTx.
func (t *configTx) Load(ctx context.Context) (profile.Config, error) { return t.config.Load(ctx) }

// Save implements ports.ConfigTx.
func (t *configTx) Save(ctx context.Context, c profile.Config) error {
	if !t.held {
		return fault.New(fault.InternalError, "the config was saved after its lock was released")
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	s := t.config.state
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.check(t.config.Path()); err != nil {
		return err
	}
	if c = c.Complete(); !s.config.Equal(c) {
		s.config = c
		s.saves++
	}
	return nil
}

// Unlock implements ports.ConfigTx.
func (t *configTx) Unlock() {
	if t.held {
		t.held = false
		<-t.config.state.lock
	}
}
