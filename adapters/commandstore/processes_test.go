//go:build unix

package commandstore_test

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// pids reads the process numbers that a script has written.
func pids(file string) []int {
	data, _ := os.ReadFile(file)
	var all []int
	for _, field := range strings.Fields(string(data)) {
		if pid, err := strconv.Atoi(field); err == nil {
			all = append(all, pid)
		}
	}
	return all
}

func readPID(t *testing.T, file string) int {
	t.Helper()
	waitFor(t, func() bool { return len(pids(file)) > 0 })
	return pids(file)[0]
}

// running reports whether a process runs; a zombie that nobody reaps (in a
// container without an init) does not.
func running(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return !os.IsNotExist(err)
	}
	rest := string(stat)[strings.LastIndexByte(string(stat), ')')+1:]
	return !strings.HasPrefix(strings.TrimSpace(rest), "Z")
}

func waitFor(t *testing.T, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !condition(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Error("waited in vain")
			return
		}
	}
}

func wantGone(t *testing.T, pid int) {
	t.Helper()
	waitFor(t, func() bool { return !running(pid) })
	if running(pid) {
		endProcess(t, pid)
	}
}

func endProcess(t *testing.T, pid int) {
	t.Helper()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Error(err)
	}
}
