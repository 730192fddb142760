//go:build linux

package process_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The tracer is this test's binary in a process of its own, which runs jira
// under ptrace and kills it at one of its system calls. So the program that is
// killed is the one that ships: it holds no hook, and every effect that it has
// on the world outside is a place to die.

// tracerVariable makes this binary a tracer; its value is the number of the
// effect, counted from 1, at which jira dies.
const tracerVariable = "JIRA_TEST_KILL_AT"

// What a tracer exits with: jira was killed, or it ended before that effect.
const (
	tracerKilled = 0
	tracerEnded  = 3
	tracerFailed = 4
)

// tracer runs the program in os.Args[1:] where this process is to be a tracer,
// and reports whether it is.
func tracer() (status int, is bool) {
	text := os.Getenv(tracerVariable)
	if text == "" {
		return 0, false
	}
	at, err := strconv.Atoi(text)
	ended := make(chan error)
	go func() { // on a thread of its own, which ends with it
		runtime.LockOSThread()
		if err == nil {
			status, err = killAt(at, os.Args[1:])
		}
		ended <- err
	}()
	if err := <-ended; err != nil {
		fmt.Fprintln(os.Stderr, "tracer:", err)
		return tracerFailed, true
	}
	return status, true
}

// effects are the system calls that change something that other processes see:
// a file, a directory, or what the other end of a socket knows.
var effects = []uint32{
	unix.SYS_OPENAT, unix.SYS_WRITE, unix.SYS_RENAMEAT, unix.SYS_RENAMEAT2, unix.SYS_UNLINKAT, unix.SYS_MKDIRAT, unix.SYS_LINKAT, unix.SYS_SYMLINKAT,
	unix.SYS_FTRUNCATE, unix.SYS_FCHMOD, unix.SYS_FCHMODAT, unix.SYS_PWRITE64, unix.SYS_WRITEV, unix.SYS_SENDMSG, unix.SYS_SENDTO,
}

// stopAtEffects makes the program that this thread starts stop at its effects.
func stopAtEffects() error {
	filter := []unix.SockFilter{{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS}} // the number of the call
	for i, nr := range effects {
		filter = append(filter, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: nr, Jt: uint8(len(effects) - i)})
	}
	filter = append(filter, unix.SockFilter{Code: unix.BPF_RET, K: unix.SECCOMP_RET_ALLOW}, unix.SockFilter{Code: unix.BPF_RET, K: unix.SECCOMP_RET_TRACE})
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	return unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&program)), 0, 0)
}

// killAt kills the program when it is about to have its n-th effect.
func killAt(n int, args []string) (int, error) {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &unix.SysProcAttr{Ptrace: true}
	_ = os.Unsetenv(tracerVariable)
	if err := stopAtEffects(); err != nil {
		return 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	pid := cmd.Process.Pid
	var status unix.WaitStatus
	if _, err := unix.Wait4(pid, &status, 0, nil); err != nil {
		return 0, err
	}
	if err := unix.PtraceSetOptions(pid, unix.PTRACE_O_TRACESECCOMP|unix.PTRACE_O_TRACECLONE|unix.PTRACE_O_EXITKILL); err != nil {
		return 0, err
	}
	if err := unix.PtraceCont(pid, 0); err != nil {
		return 0, err
	}
	for had := 0; ; {
		tid, err := unix.Wait4(-1, &status, unix.WALL, nil)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return 0, err
		case status.Exited() || status.Signaled():
			if tid == pid {
				return tracerEnded, nil
			}
			continue
		}
		signal := 0
		switch stop := status.StopSignal(); {
		case status.TrapCause() == unix.PTRACE_EVENT_SECCOMP:
			if isEffect(tid) {
				had++
			}
		case stop != unix.SIGTRAP && stop != unix.SIGSTOP:
			signal = int(stop)
		}
		if had == n {
			if err := unix.Kill(pid, unix.SIGKILL); err != nil {
				return 0, err
			}
			return tracerKilled, reap(pid)
		}
		if err := unix.PtraceCont(tid, signal); err != nil && !errors.Is(err, unix.ESRCH) {
			return 0, err
		}
	}
}

// reap waits for the end of a killed process, so that its locks are free.
func reap(pid int) error {
	for {
		var status unix.WaitStatus
		tid, err := unix.Wait4(-1, &status, unix.WALL, nil)
		switch {
		case errors.Is(err, unix.ECHILD), tid == pid && (status.Exited() || status.Signaled()):
			return nil
		case err != nil && !errors.Is(err, unix.EINTR):
			return err
		}
	}
}

// syscallInfo is struct ptrace_syscall_info of linux/ptrace.h.
type syscallInfo struct {
	_    [8]uint8  // what kind of stop it is, and the architecture
	_    [2]uint64 // instruction and stack pointer
	nr   uint64
	args [6]uint64
	_    [2]uint64
}

// isEffect reports whether a thread that has stopped is really about to have an
// effect, and not only to open a file for reading. Writes of up to eight bytes
// are the runtime waking itself.
func isEffect(tid int) bool {
	var info syscallInfo
	_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_GET_SYSCALL_INFO, uintptr(tid), unsafe.Sizeof(info),
		uintptr(unsafe.Pointer(&info)), 0, 0)
	switch {
	case errno != 0:
		return false
	case info.nr == unix.SYS_OPENAT:
		return info.args[2]&(unix.O_CREAT|unix.O_TRUNC) != 0
	case info.nr == unix.SYS_WRITE:
		return info.args[2] > 8
	}
	return true
}
