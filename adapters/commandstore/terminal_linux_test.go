package commandstore_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"jira-cli/adapters/commandstore"
	"jira-cli/domain/fault"
)

// helperVariable makes this test program a process that reads from a store; the
// value says whether as one with a person at its terminal.
const helperVariable = "COMMANDSTORE_TEST_HELPER"

func TestMain(m *testing.M) {
	if how := os.Getenv(helperVariable); how != "" {
		s := commandstore.New(commandstore.Options{Programs: programs(), Interactive: func() bool { return how == "person" }})
		got, err := s.Get(context.Background(), sh(`printf 'PIN: ' >/dev/tty && read pin </dev/tty && echo "secret-of-$pin"`))
		fmt.Printf("%s;%s;%v\n", got.Reveal(), fault.CodeOf(err), err)
		return
	}
	os.Exit(m.Run())
}

// terminal opens a pseudo terminal: the side that a person has, and the one
// that programs have.
func terminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = person.Close() })
	fd := int(person.Fd())
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = program.Close() })
	return person, program
}

// atTerminal runs the helper with a controlling terminal, types at the prompt if
// it comes, and returns what the helper prints.
func atTerminal(t *testing.T, how, typed string) string {
	t.Helper()
	person, program := terminal(t)
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), helperVariable+"="+how)
	cmd.Stdin, cmd.Stderr = program, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		if prompt, err := bufio.NewReader(person).ReadString(' '); err == nil && prompt == "PIN: " {
			_, _ = person.WriteString(typed)
		}
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Error(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	return strings.TrimSpace(line)
}

// A program that asks on the terminal can, where somebody is there, and where
// nobody is it fails and does not wait.
func TestProgramAsksOnTheTerminal(t *testing.T) {
	if got := atTerminal(t, "person", "4711\n"); got != "secret-of-4711;;<nil>" {
		t.Errorf("with a person: %q", got)
	}
	if got := atTerminal(t, "nobody", "4711\n"); !strings.HasPrefix(got, ";command_failed;") || !strings.Contains(got, "/dev/tty") {
		t.Errorf("with nobody: %q", got)
	}
}
