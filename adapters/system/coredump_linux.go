package system

import "golang.org/x/sys/unix"

// coreLimits is empty: undumpable ends at execve by itself.
type coreLimits struct{}

func forbidCoreDumps() (coreLimits, error) {
	return coreLimits{}, unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
}

func (coreLimits) during(start func() error) error { return start() }
