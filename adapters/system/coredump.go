package system

// CoreDumps is the process's way with core dumps after ForbidCoreDumps.
type CoreDumps struct {
	limits coreLimits
}

// ForbidCoreDumps keeps the memory of this process, and with it the secrets
// there, out of core dumps. On Linux the process becomes undumpable
// (prctl(2), PR_SET_DUMPABLE), which also closes /proc/<pid>/mem and ptrace to
// other processes of the user and ends at execve, so that children are as
// before. On other Unix systems the soft RLIMIT_CORE becomes 0, which children
// inherit unless they are started through Start. On Windows nothing is done:
// error reports there are the administrator's setting.
//
// An error means that dumps are as they were; the program can go on.
func ForbidCoreDumps() (*CoreDumps, error) {
	limits, err := forbidCoreDumps()
	return &CoreDumps{limits: limits}, err
}

// Start calls start, which starts a child process, with the limits that this
// process began with.
func (c *CoreDumps) Start(start func() error) error {
	return c.limits.during(start)
}
