package process_test

import (
	"bufio"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"jira-cli/ports"
)

// patience guards against hanging and measures nothing.
const patience = 30 * time.Second

// started is a program that tells the numbers of processes that it started.
type started struct {
	ports.Process
	lines *bufio.Reader
}

func start(t *testing.T, p ports.Programs, attended bool, script string) started {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = read.Close() })
	child, err := p.Start(ports.Program{
		Path: "/bin/sh", Argv: []string{"sh", "-c", script}, Env: p.Environment(attended), Attended: attended, Stdout: write,
	})
	_ = write.Close()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(child.Close)
	return started{child, bufio.NewReader(read)}
}

func (s started) pid(t *testing.T) int {
	t.Helper()
	line, err := s.lines.ReadString('\n')
	pid, bad := strconv.Atoi(strings.TrimSpace(line))
	if err != nil || bad != nil {
		t.Fatalf("the program said %q, %v", line, err)
	}
	return pid
}

// runs reports whether a process runs; one that is dead and not reaped does not.
func runs(pid int) bool {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return false
	}
	rest := string(stat)[strings.LastIndexByte(string(stat), ')')+1:]
	return !strings.HasPrefix(strings.TrimSpace(rest), "Z")
}

func kill(t *testing.T, pid int) {
	t.Helper()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Error(err)
	}
}

func subreaper(t *testing.T) bool {
	t.Helper()
	var is int32
	if err := unix.Prctl(unix.PR_GET_CHILD_SUBREAPER, uintptr(unsafe.Pointer(&is)), 0, 0, 0); err != nil {
		t.Fatal(err)
	}
	return is != 0
}

// away is a script that starts a process in a session of its own, in one of the
// ways in which programs do, and prints its number.
var away = map[string]string{
	"its parent lives": `setsid sh -c 'echo $$; exec sleep 300 >/dev/null' & `,
	"its parent ended": `setsid -f sh -c 'echo $$; exec sleep 300 >/dev/null'; `,
	"two steps away":   `setsid -f sh -c 'setsid -f sh -c "echo \$\$; exec sleep 300 >/dev/null"'; `,
}

func TestWhoWentIntoAnotherSessionIsEndedToo(t *testing.T) {
	for name, script := range away {
		for _, attended := range []bool{false, true} {
			for end, last := range map[string]string{"running": "exec sleep 300", "ended": "exit 3"} {
				p := programs([]string{"PATH=" + os.Getenv("PATH")}, nil)
				child := start(t, p, attended, script+last)
				pid := child.pid(t)
				if end == "ended" {
					<-child.Exited()
				}
				child.End()
				child.Close()
				if runs(pid) {
					t.Errorf("%s, attended=%v, the program %s: it runs yet", name, attended, end)
					kill(t, pid)
				}
				if unix.Kill(pid, 0) == nil && name != "its parent lives" {
					t.Errorf("%s, attended=%v, the program %s: it was not reaped", name, attended, end)
				}
				if subreaper(t) {
					t.Error("orphans still come to this process")
				}
			}
		}
	}
}

// Nothing is ended that the program did not start, or that another one may have
// left behind on purpose.
func TestNobodyElseIsEnded(t *testing.T) {
	before := exec.Command("sleep", "300")
	if err := before.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = before.Process.Kill(); _ = before.Wait() }()
	p := programs([]string{"PATH=" + os.Getenv("PATH")}, nil)
	first := start(t, p, false, away["its parent ended"])
	daemon := first.pid(t)
	<-first.Exited()
	first.Close()

	second := start(t, p, false, away["its parent ended"]+"exec sleep 300")
	third := start(t, p, false, away["its parent ended"])
	doubtful := []int{second.pid(t), third.pid(t)}
	<-third.Exited()
	third.Close()
	second.End()
	second.Close()
	for _, pid := range append(doubtful, daemon, before.Process.Pid) {
		if !runs(pid) {
			t.Errorf("the process %d was ended", pid)
			continue
		}
		if pid != before.Process.Pid {
			kill(t, pid)
		}
	}
	for _, pid := range append(doubtful, daemon) {
		reap(t, pid)
	}
}

// Of programs that run at once, all that they started is gone when the last
// of them has been ended.
func TestTheLastOneEndsTheOrphansOfAll(t *testing.T) {
	p := programs([]string{"PATH=" + os.Getenv("PATH")}, nil)
	first := start(t, p, false, away["its parent ended"]+"exec sleep 300")
	second := start(t, p, true, away["two steps away"]+"exec sleep 300")
	pids := []int{first.pid(t), second.pid(t)}
	first.End()
	first.Close()
	second.End()
	second.Close()
	for _, pid := range pids {
		if runs(pid) {
			t.Errorf("the process %d runs yet", pid)
			kill(t, pid)
		}
	}
}

// reap waits for an adopted process that was killed.
func reap(t *testing.T, pid int) {
	t.Helper()
	for end := time.Now().Add(patience); ; {
		if got, err := unix.Wait4(pid, nil, 0, nil); got == pid || err != unix.EINTR {
			return
		}
		if time.Now().After(end) {
			t.Fatal("waited in vain")
		}
	}
}
