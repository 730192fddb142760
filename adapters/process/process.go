// Package process owns the starting of other programs: it finds them, gives
// them an environment without this program's secrets, and ends them together
// with all that they started. What a program is for, what it prints and how
// long it may take belongs to who starts it.
//
// No shell is involved. On Linux this process adopts what a program leaves
// behind while it runs (PR_SET_CHILD_SUBREAPER), so that a child that went into
// a session of its own is found and ended with the others. Elsewhere such a
// child is found as long as its parent lives.
package process

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/ports"
	"jira-cli/ports/task"
)

const (
	// grace is how long an ended program may take to tidy up (a password prompt
	// restores the terminal's echo) before it is killed.
	grace = 300 * time.Millisecond

	// settling is how long a killed program is waited for.
	settling = 500 * time.Millisecond
)

// Options are what programs need from their surroundings.
type Options struct {
	// Environ returns the environment as NAME=value; nil is an empty one.
	// Programs are looked up in its PATH. HideVariables are not handed on, beside
	// those that always hold secrets of this program's.
	Environ       func() []string
	HideVariables []string

	// Start calls its argument, which starts a program, with the limits that the
	// program is to have; nil just calls it.
	Start func(start func() error) error
}

// Programs implements ports.Programs. A process has one of them: what another
// one started would pass for orphans of this one's.
type Programs struct {
	opts    Options
	orphans orphans
}

// New returns the programs of this machine. It starts nothing.
func New(opts Options) *Programs {
	if opts.Environ == nil {
		opts.Environ = func() []string { return nil }
	}
	if opts.Start == nil {
		opts.Start = func(start func() error) error { return start() }
	}
	return &Programs{opts: opts}
}

// Environment implements ports.Programs.
func (p *Programs) Environment(attended bool) []string {
	env := visible(p.opts.Environ(), p.opts.HideVariables)
	if !attended {
		return unattended(env)
	}
	return env
}

// Find implements ports.Programs.
func (p *Programs) Find(name string) (string, error) {
	if filepath.IsAbs(name) {
		return name, nil
	}
	if strings.ContainsRune(name, '/') || strings.ContainsRune(name, filepath.Separator) {
		return "", ports.ErrProgramRelative
	}
	if path, ok := lookPath(name, p.opts.Environ()); ok {
		return path, nil
	}
	return "", ports.ErrProgramUnknown
}

// Start implements ports.Programs. It uses no CommandContext, which would kill
// the program alone and not what it started.
func (p *Programs) Start(program ports.Program) (ports.Process, error) {
	cmd := &exec.Cmd{Path: program.Path, Args: program.Argv, Env: program.Env}
	if cmd.Env == nil {
		cmd.Env = []string{} // nil would be the whole environment
	}
	if program.Stdout != nil { // and not a typed nil
		cmd.Stdout = program.Stdout
	}
	if program.Stderr != nil {
		cmd.Stderr = program.Stderr
	}
	detach(cmd, !program.Attended)
	family, err := p.begin(cmd, !program.Attended)
	if err != nil {
		return nil, err
	}
	r := &running{cmd: cmd, family: family, exited: make(chan struct{})}
	task.Go(func() {
		_ = cmd.Wait()
		close(r.exited)
	}, func(*fault.Fault) { close(r.exited) })
	return r, nil
}

// running implements ports.Process.
type running struct {
	cmd    *exec.Cmd
	family *family
	exited chan struct{}
	closed sync.Once
}

// Exited implements ports.Process.
func (r *running) Exited() <-chan struct{} { return r.exited }

// Exit implements ports.Process.
func (r *running) Exit() ports.Exit {
	state := r.cmd.ProcessState
	if state == nil { // waiting for it failed
		return ports.Exit{Status: -1}
	}
	return exit(state)
}

// End implements ports.Process.
func (r *running) End() { r.family.end(r.exited) }

// Close implements ports.Process.
func (r *running) Close() { r.closed.Do(r.family.release) }

// hasEnded waits for the end of the program itself.
func hasEnded(exited <-chan struct{}, limit time.Duration) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-exited:
	case <-timer.C:
	}
	select {
	case <-exited:
		return true
	default:
		return false
	}
}

// executable reports whether something there is a file that could be started.
func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && mayStart(path)
}
