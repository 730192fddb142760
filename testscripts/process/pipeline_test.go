//go:build linux

package process_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// rounds is how often the same race is run.
const rounds = 25

// TestCtrlCOnAPipeline presses Ctrl-C on a program that feeds the secret: it ends
// too, and the end of stdin comes together with the signal. Whatever was read by
// then, the login is canceled.
func TestCtrlCOnAPipeline(t *testing.T) {
	for name, typed := range map[string]string{"before anything": "", "after a token": tokens["TOKEN"] + "\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSession(people(t, plain))
			for range rounds {
				s.runs("cat | " + tokenOf + " --secret-stdin")
				s.waits("jira")
				s.types(typed)
				s.waits("cat") // has passed on what was typed
				s.types("\x03")
				s.sees("interrupted by SIGINT")
				s.sees("ready> ")
				s.types("echo ended with $?\n")
				s.sees("ended with 6")
				s.sees("ready> ")
			}
			s.w.untouched()
			s.mu.Lock()
			defer s.mu.Unlock()
			if strings.Contains(s.text, "secret_invalid") {
				t.Error("what was read before the signal was judged")
			}
		})
	}
}

// waits waits until a program that the shell started waits itself: each of its
// threads sleeps whenever one looks.
func (s *session) waits(name string) {
	s.w.t.Helper()
	const looks = 10
	seen := 0
	for end := time.Now().Add(guard); seen < looks; time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			s.w.t.Fatalf("%s did not come to wait", name)
		}
		if sleeps(s.cmd.Process.Pid, name) {
			seen++
		} else {
			seen = 0
		}
	}
}

// sleeps reports whether a process has a child of that name, all of whose threads
// sleep.
func sleeps(parent int, name string) bool {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", parent))
	for _, list := range lists {
		children, _ := os.ReadFile(list)
		for child := range strings.FieldsSeq(string(children)) {
			if asleep(child, name) {
				return true
			}
		}
	}
	return false
}

// asleep reports whether all threads of a process of that name sleep.
func asleep(pid, name string) bool {
	threads, _ := filepath.Glob("/proc/" + pid + "/task/*/stat")
	all := len(threads) > 0
	for _, thread := range threads {
		text, _ := os.ReadFile(thread)
		all = all && strings.Contains(string(text), "("+name+") S ")
	}
	return all
}
