//go:build unix && !linux

package system_test

import (
	"fmt"
	"os"
	"os/exec"
	"testing"

	"golang.org/x/sys/unix"

	"jira-cli/adapters/system"
)

// hardenedChild reports the soft RLIMIT_CORE: before, after, and in a child.
func hardenedChild(what string) int {
	limit := func() any {
		var l unix.Rlimit
		if err := unix.Getrlimit(unix.RLIMIT_CORE, &l); err != nil {
			return err
		}
		return l.Cur
	}
	if what == "before" {
		_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{Cur: 4096, Max: 4096})
	}
	fmt.Println(what, limit())
	if what == "a child" {
		return 0
	}
	dumps, err := system.ForbidCoreDumps()
	fmt.Println("after", limit(), err)
	cmd := exec.Command(self(), "child", "a child")
	cmd.Stdout = os.Stdout
	if err := dumps.Start(cmd.Start); err != nil {
		fmt.Println(err)
	}
	_ = cmd.Wait()
	fmt.Println("again", limit())
	return 0
}

func TestForbidCoreDumps(t *testing.T) {
	out, err := exec.Command(self(), "child", "before").Output()
	if want := "before 4096\nafter 0 <nil>\na child 4096\nagain 0\n"; err != nil || string(out) != want {
		t.Errorf("it said %q, %v, want %q", out, err, want)
	}
}
