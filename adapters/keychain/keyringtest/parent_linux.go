package keyringtest

import (
	"os/exec"
	"syscall"
)

// dieWithParent has the kernel end the daemon when the test's process dies of a
// panic, in which no clean-up runs.
func dieWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
