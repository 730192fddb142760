package system_test

import (
	"fmt"
	"os"
	"os/exec"
	"testing"

	"golang.org/x/sys/unix"

	"jira-cli/adapters/system"
)

// hardenedChild reports whether the process can be dumped: before, after, and
// in a child.
func hardenedChild(what string) int {
	dumpable := func() int {
		d, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
		if err != nil {
			return -1
		}
		return d
	}
	fmt.Println(what, dumpable())
	if what == "a child" {
		return 0
	}
	dumps, err := system.ForbidCoreDumps()
	fmt.Println("after", dumpable(), err)
	cmd := exec.Command(self(), "child", "a child")
	cmd.Stdout = os.Stdout
	if err := dumps.Start(cmd.Start); err != nil {
		fmt.Println(err)
	}
	_ = cmd.Wait()
	return 0
}

func TestForbidCoreDumps(t *testing.T) {
	out, err := exec.Command(self(), "child", "before").Output()
	if want := "before 1\nafter 0 <nil>\na child 1\n"; err != nil || string(out) != want {
		t.Errorf("it said %q, %v, want %q", out, err, want)
	}
}
