//go:build unix

package process_test

import (
	"errors"
	"os"
	"testing"

	"jira-cli/adapters/process"
	"jira-cli/ports"
	"jira-cli/ports/portstest"
)

func programs(environ, hide []string) ports.Programs {
	return process.New(process.Options{Environ: func() []string { return environ }, HideVariables: hide})
}

func TestConformance(t *testing.T) {
	portstest.TestPrograms(t, portstest.ProgramsHarness{New: programs})
}

// A program is started by Start, which sets its limits, and its error is that
// of the start.
func TestProgramsStartWithin(t *testing.T) {
	began, errLimits := 0, errors.New("no limits")
	p := process.New(process.Options{Start: func(start func() error) error { began++; return start() }})
	child, err := p.Start(ports.Program{Path: "/bin/sh", Argv: []string{"sh", "-c", "exit 0"}})
	if err != nil || began != 1 {
		t.Fatalf("started %d times, %v", began, err)
	}
	<-child.Exited()
	child.Close()
	p = process.New(process.Options{Start: func(func() error) error { return errLimits }})
	if _, err := p.Start(ports.Program{Path: "/bin/sh", Argv: []string{"sh"}}); !errors.Is(err, errLimits) {
		t.Errorf("the error is %v", err)
	}
}

// A program that is given no output does not write to this process's.
func TestNoOutputIsDiscarded(t *testing.T) {
	p := programs([]string{"PATH=" + os.Getenv("PATH")}, nil)
	child, err := p.Start(ports.Program{Path: "/bin/sh", Argv: []string{"sh", "-c", "echo a; echo b >&2"}})
	if err != nil {
		t.Fatal(err)
	}
	defer child.Close()
	<-child.Exited()
	if got := child.Exit(); got != (ports.Exit{}) {
		t.Errorf("it ended with %+v", got)
	}
}
