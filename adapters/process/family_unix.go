//go:build unix

package process

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"jira-cli/ports"
)

// family is the program and what it started: its session where it is alone,
// whatever descends from it, and what this process adopted from it.
type family struct {
	leader  *os.Process
	alone   bool
	members []entry // without the leader, once they were seen
	orphans *orphans
}

// entry is one process of the system. started tells it from a later one with
// the same number; dead is one that only waits to be reaped.
type entry struct {
	pid, parent int
	started     string
	dead        bool
}

func detach(cmd *exec.Cmd, alone bool) {
	if alone {
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	}
}

// begin starts the program, with its orphans coming to this process.
func (p *Programs) begin(cmd *exec.Cmd, alone bool) (*family, error) {
	err := p.orphans.adopt(func() (int, error) {
		if err := p.opts.Start(cmd.Start); err != nil {
			return 0, err
		}
		return cmd.Process.Pid, nil
	})
	if err != nil {
		return nil, err
	}
	return &family{leader: cmd.Process, alone: alone, orphans: &p.orphans}, nil
}

// end asks the family to end, and makes it. Who is being killed may just have
// started another one: it is looked again until none is left.
func (f *family) end(exited <-chan struct{}) {
	f.orphans.end(f.leader.Pid)
	f.signal(unix.SIGTERM)
	hasEnded(exited, grace)
	const pause = 10 * time.Millisecond
	timer := time.NewTimer(settling)
	defer timer.Stop()
	for f.signal(unix.SIGKILL) || !hasEnded(exited, 0) {
		select {
		case <-timer.C:
			return
		case <-time.After(pause):
		}
	}
}

// signal sends a signal to the family and reports whether anybody beside the
// leader was there to get it.
func (f *family) signal(sig syscall.Signal) (others bool) {
	now := list()
	// Who loses the parent first no longer descends from the leader.
	found := append(still(f.members, now), below(f.leader.Pid, now)...)
	for _, orphan := range f.orphans.of(now) {
		found = append(append(found, orphan), below(orphan.pid, now)...)
	}
	f.members = found
	if f.alone {
		_ = unix.Kill(-f.leader.Pid, sig)
	}
	_ = f.leader.Signal(sig)
	for _, e := range f.members {
		if e.dead {
			f.orphans.bury(e)
			continue
		}
		others = true
		_ = unix.Kill(e.pid, sig)
	}
	return others
}

func (f *family) release() { f.orphans.leave(f.leader.Pid) }

// below returns the descendants of a process.
func below(root int, all []entry) []entry {
	var found []entry
	for _, e := range all {
		if e.parent == root && e.pid != root {
			found = append(found, e)
			found = append(found, below(e.pid, all)...)
		}
	}
	return found
}

// still returns those of before that are there yet, as they are now.
func still(before, now []entry) []entry {
	current := make(map[int]entry, len(now))
	for _, e := range now {
		current[e.pid] = e
	}
	var found []entry
	for _, e := range before {
		if c, ok := current[e.pid]; ok && c.started == e.started {
			found = append(found, c)
		}
	}
	return found
}

// lookPath finds a program in the PATH of env, in absolute directories only.
func lookPath(name string, env []string) (string, bool) {
	for _, dir := range filepath.SplitList(variable(env, "PATH")) {
		if path := filepath.Join(dir, name); filepath.IsAbs(dir) && executable(path) {
			return path, true
		}
	}
	return "", false
}

func mayStart(path string) bool { return unix.Access(path, unix.X_OK) == nil }

// exit says how a program ended; 130 is how shells and their imitators say that
// Ctrl-C did it.
func exit(state *os.ProcessState) ports.Exit {
	e := ports.Exit{Status: state.ExitCode()}
	status, ok := state.Sys().(syscall.WaitStatus)
	if ok && status.Signaled() {
		e.Signal = unix.SignalName(status.Signal())
	}
	e.Interrupted = e.Signal == "SIGINT" || e.Status == 128+int(unix.SIGINT)
	return e
}
