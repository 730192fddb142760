//go:build unix && !linux

package system

import (
	"sync"

	"golang.org/x/sys/unix"
)

// coreLimits is the RLIMIT_CORE that the process began with.
type coreLimits struct {
	mu     *sync.Mutex
	before unix.Rlimit
}

func forbidCoreDumps() (coreLimits, error) {
	limits := coreLimits{mu: new(sync.Mutex)}
	if err := unix.Getrlimit(unix.RLIMIT_CORE, &limits.before); err != nil {
		return coreLimits{}, err
	}
	return limits, limits.forbid()
}

func (c coreLimits) forbid() error {
	none := c.before
	none.Cur = 0
	return unix.Setrlimit(unix.RLIMIT_CORE, &none)
}

// during has the earlier limit while start forks: os/exec offers no moment
// between fork and exec in which the child could set its own.
func (c coreLimits) during(start func() error) error {
	if c.mu == nil {
		return start()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &c.before); err != nil {
		return start()
	}
	// Lowering the soft limit is always allowed. Were it refused all the same,
	// the child has been started, and start's answer is the one that counts.
	defer func() { _ = c.forbid() }()
	return start()
}
