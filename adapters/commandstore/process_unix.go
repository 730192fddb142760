//go:build unix

package commandstore

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// family is the program and what it started: its session where it is alone, and
// else whatever descends from it.
type family struct {
	leader *os.Process
	alone  bool
	others []process
}

// process is one process of the system. started tells it from a later one with
// the same number.
type process struct {
	pid, parent int
	started     string
}

func detach(cmd *exec.Cmd, alone bool) {
	if alone {
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	}
}

func adopt(cmd *exec.Cmd, alone bool) *family {
	return &family{leader: cmd.Process, alone: alone}
}

// end asks the family to end, and makes it. It returns when the program is gone
// or cannot be made to go.
func (f *family) end(exited <-chan error) {
	f.signal(unix.SIGTERM)
	gone := false
	select {
	case <-exited:
		gone = true
	case <-time.After(grace):
	}
	f.signal(unix.SIGKILL)
	if gone {
		return
	}
	select {
	case <-exited:
	case <-time.After(settling):
	}
}

func (f *family) signal(sig syscall.Signal) {
	if f.alone {
		_ = unix.Kill(-f.leader.Pid, sig)
		return
	}
	now := processes()
	// Who loses the parent first no longer descends from the leader.
	f.others = append(still(f.others, now), below(f.leader.Pid, now)...)
	_ = f.leader.Signal(sig)
	for _, p := range f.others {
		_ = unix.Kill(p.pid, sig)
	}
}

func (f *family) release() {}

// below returns the descendants of a process.
func below(root int, all []process) []process {
	var found []process
	for _, p := range all {
		if p.parent == root && p.pid != root {
			found = append(found, p)
			found = append(found, below(p.pid, all)...)
		}
	}
	return found
}

// still returns those that run yet.
func still(before, now []process) []process {
	started := make(map[int]string, len(now))
	for _, p := range now {
		started[p.pid] = p.started
	}
	var found []process
	for _, p := range before {
		if s, ok := started[p.pid]; ok && s == p.started {
			found = append(found, p)
		}
	}
	return found
}

// lookPath finds a program in the PATH of env, in absolute directories only.
func lookPath(name string, env []string) (string, bool) {
	for _, dir := range filepath.SplitList(variable(env, "PATH")) {
		if !filepath.IsAbs(dir) {
			continue
		}
		path := filepath.Join(dir, name)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && unix.Access(path, unix.X_OK) == nil {
			return path, true
		}
	}
	return "", false
}

// interrupted reports whether Ctrl-C ended the program; 130 is how shells and
// their imitators say so.
func interrupted(state *os.ProcessState) bool {
	status, ok := state.Sys().(syscall.WaitStatus)
	return ok && (status.Signaled() && status.Signal() == unix.SIGINT || status.ExitStatus() == 128+int(unix.SIGINT))
}

func outcome(state *os.ProcessState) string {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return fmt.Sprintf("was ended by the signal %s", unix.SignalName(status.Signal()))
	}
	return fmt.Sprintf("exited with status %d", state.ExitCode())
}
