package commandstore

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/windows"
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

func adopt(cmd *exec.Cmd, _ bool) *family {
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
func (f *family) end(exited <-chan error) {
	if f.job != 0 {
		_ = windows.TerminateJobObject(f.job, 1)
	}
	_ = f.leader.Kill()
	select {
	case <-exited:
	case <-time.After(grace + settling):
	}
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
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
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

// interrupted reports whether Ctrl-C ended the program: STATUS_CONTROL_C_EXIT.
func interrupted(state *os.ProcessState) bool { return uint32(state.ExitCode()) == 0xC000013A }

func outcome(state *os.ProcessState) string {
	return fmt.Sprintf("exited with status %d", state.ExitCode())
}
