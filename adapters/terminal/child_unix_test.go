//go:build unix

package terminal_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"jira-cli/adapters/system"
	"jira-cli/adapters/terminal"
	"jira-cli/domain/fault"
	"jira-cli/ports"
)

// TestMain is the real process too: with "child" as its first argument the test
// binary does the named things one after the other, and says on stdout how each
// went.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "child" {
		os.Exit(child(os.Args[2:]))
	}
	if len(os.Args) > 2 && os.Args[1] == "shell" {
		os.Exit(shell(os.Args[2:]))
	}
	_ = os.Setenv("GORACE", "atexit_sleep_ms=0") // a child under -race would end a second late
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGHUP} {
		if signal.Ignored(s) { // as under nohup; children would inherit it, caught signals they don't
			signal.Notify(make(chan os.Signal, 1), s)
		}
	}
	os.Exit(m.Run())
}

func child(things []string) int {
	ctx, stop := system.Interruptible(context.Background())
	defer stop()
	term := terminal.New(terminal.Options{Environment: system.NewEnvironment()})
	defer term.Close()
	for _, thing := range things {
		what, label, _ := strings.Cut(thing, ":")
		answer, err := try(ctx, term, what, ports.Question{Label: label})
		fmt.Printf("%s=%v %s %v\n", thing, answer, fault.CodeOf(err), err)
	}
	return 0
}

func try(ctx context.Context, term *terminal.Terminal, what string, q ports.Question) (answer any, err error) {
	defer func() {
		if defect := recover(); defect != nil {
			err = fault.New(fault.InternalError, "%v", defect)
		}
	}()
	switch what {
	case "line":
		return term.Line(ctx, q)
	case "secret":
		s, err := term.Secret(ctx, q)
		return s.Reveal(), err
	case "confirm":
		return term.Confirm(ctx, q)
	case "panic":
		q.Check = func(string) error { panic("a defect in a check") }
		return term.Secret(ctx, q)
	case "exit":
		go func() { _, _ = term.Secret(ctx, q) }()
		_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
		return nil, term.Close()
	case "read":
		return term.Read(ctx)
	case "waiting":
		done := term.Waiting(q.Label)
		time.Sleep(20 * time.Millisecond)
		done()
		return nil, nil
	case "interactive":
		return fmt.Sprint(term.Interactive(false), term.Interactive(true)), nil
	}
	return nil, errors.New("no such thing")
}

// shell runs the things as a job in the foreground, as a shell does: when the
// job stops it takes the terminal back and says so, and at a line on stdin it
// lets the job continue.
func shell(things []string) int {
	signal.Ignore(unix.SIGTTOU)
	tty := 2
	cmd := exec.Command(os.Args[0], append([]string{"child"}, things...)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stderr, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Foreground: true, Ctty: tty}
	if err := cmd.Start(); err != nil {
		fmt.Println(err)
		return 1
	}
	job, lines := cmd.Process.Pid, bufio.NewReader(os.Stdin)
	for {
		var status unix.WaitStatus
		_, err := unix.Wait4(job, &status, unix.WUNTRACED, nil)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil || !status.Stopped():
			return 0
		}
		_ = unix.IoctlSetPointerInt(tty, unix.TIOCSPGRP, unix.Getpgrp())
		fmt.Println("stopped by", unix.SignalName(status.StopSignal()))
		_, _ = lines.ReadString('\n')
		_ = unix.IoctlSetPointerInt(tty, unix.TIOCSPGRP, job)
		_ = unix.Kill(-job, unix.SIGCONT)
	}
}
