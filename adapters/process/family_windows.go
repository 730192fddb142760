package process

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/windows"

	"jira-cli/ports"
)

// family is the program and what it started, held by a job object. Between the
// program's start and its joining the job it could start something that is not
// in it; the program itself is always ended.
type family struct {
	leader *os.Process
	job    windows.Handle
}

func detach(cmd *exec.Cmd, alone bool) {
	if alone {
		cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NO_WINDOW}
	}
}

// orphans are nobody: the job holds them.
type orphans struct{}

// begin starts the program and puts it into a job.
func (p *Programs) begin(cmd *exec.Cmd, _ bool) (*family, error) {
	if err := p.opts.Start(cmd.Start); err != nil {
		return nil, err
	}
	return enlist(cmd), nil
}

func enlist(cmd *exec.Cmd) *family {
	f := &family{leader: cmd.Process}
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return f
	}
	const rights = windows.PROCESS_SET_QUOTA | windows.PROCESS_TERMINATE
	process, err := windows.OpenProcess(rights, false, uint32(cmd.Process.Pid))
	if err == nil {
		err = windows.AssignProcessToJobObject(job, process)
		_ = windows.CloseHandle(process)
	}
	if err != nil {
		_ = windows.CloseHandle(job)
		return f
	}
	f.job = job
	return f
}

// end ends the family at once: there is no signal to ask it with.
func (f *family) end(exited <-chan struct{}) {
	if f.job != 0 {
		_ = windows.TerminateJobObject(f.job, 1)
	}
	_ = f.leader.Kill()
	hasEnded(exited, grace+settling)
}

// release lets go of the job; what the program left in the background lives on.
func (f *family) release() {
	if f.job != 0 {
		_ = windows.CloseHandle(f.job)
	}
}

// lookPath finds a program in the Path of env, with the extensions of PATHEXT
// that CreateProcess can start.
func lookPath(name string, env []string) (string, bool) {
	for _, dir := range filepath.SplitList(variableAnyCase(env, "PATH")) {
		if !filepath.IsAbs(dir) {
			continue
		}
		for _, extension := range []string{"", ".com", ".exe", ".bat", ".cmd"} {
			path := filepath.Join(dir, name+extension)
			if extension == "" && filepath.Ext(name) == "" {
				continue
			}
			if executable(path) {
				return path, true
			}
		}
	}
	return "", false
}

func variableAnyCase(env []string, name string) string {
	for _, entry := range env {
		if n, _, ok := strings.Cut(entry, "="); ok && strings.EqualFold(n, name) {
			return variable(env, n)
		}
	}
	return ""
}

func mayStart(string) bool { return true }

// exit says how a program ended; Ctrl-C is STATUS_CONTROL_C_EXIT.
func exit(state *os.ProcessState) ports.Exit {
	return ports.Exit{Status: state.ExitCode(), Interrupted: uint32(state.ExitCode()) == 0xC000013A}
}
