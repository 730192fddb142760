package portstest

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jira-cli/ports"
)

// ProgramsHarness is a ports.Programs on a system that has a sh in PATH.
type ProgramsHarness struct {
	// New returns programs with an environment, and variables that are to be
	// hidden.
	New func(environ, hide []string) ports.Programs
}

// TestPrograms holds programs to their port.
func TestPrograms(t *testing.T, h ProgramsHarness) {
	t.Run("environment", func(t *testing.T) { testEnvironment(t, h) })
	t.Run("find", func(t *testing.T) { testFind(t, h) })
	t.Run("start", func(t *testing.T) { testStart(t, h) })
	t.Run("not started", func(t *testing.T) { testNotStarted(t, h) })
	t.Run("exit", func(t *testing.T) { testExit(t, h) })
	t.Run("end", func(t *testing.T) { testEnd(t, h) })
}

func (h ProgramsHarness) usual() ports.Programs {
	return h.New([]string{"PATH=" + os.Getenv("PATH")}, nil)
}

func testEnvironment(t *testing.T, h ProgramsHarness) {
	asking := []string{
		"DISPLAY=x", "GIT_ASKPASS=x", "GPG_TTY=x", "PINENTRY_USER_DATA=x", "SSH_ASKPASS=x", "SSH_ASKPASS_REQUIRE=x", "SSH_TTY=x",
		"SUDO_ASKPASS=x", "WAYLAND_DISPLAY=x", "WAYLAND_SOCKET=x", "XAUTHORITY=x",
	}
	kept := []string{"KEEP=1", "JIRA_PROFILE=work", "MY_SECRETS=kept", "OP_SERVICE_ACCOUNT_TOKEN=ops", "DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere"}
	secrets := []string{"JIRA_TOKEN_WORK=s", "JIRA_TOKEN_=s", "JIRA_FILE_PASSPHRASE=s", "JIRA_API_TOKEN=s", "JIRA_PAT=s", "MY_SECRET=s"}
	p := h.New(slices.Concat(kept, secrets, asking), []string{"MY_SECRET"})
	if got := p.Environment(true); !slices.Equal(got, slices.Concat(kept, asking)) {
		t.Errorf("attended: %q", got)
	}
	if got := p.Environment(false); !slices.Equal(got, kept) {
		t.Errorf("unattended: %q", got)
	}
	for _, attended := range []bool{false, true} {
		if got := h.New(nil, nil).Environment(attended); got == nil || len(got) != 0 {
			t.Errorf("of none: %#v", got)
		}
	}
}

func testFind(t *testing.T, h ProgramsHarness) {
	dir := t.TempDir()
	tool, plain := filepath.Join(dir, "tool"), filepath.Join(dir, "plain")
	for path, mode := range map[string]fs.FileMode{tool: 0o700, plain: 0o600} {
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"), mode); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	for _, c := range []struct {
		search, name, path string
		err                error
	}{
		{"/no/such" + string(filepath.ListSeparator) + dir, "tool", tool, nil},
		{"", "/no/such/tool", "/no/such/tool", nil},
		{dir, "./tool", "", ports.ErrProgramRelative},
		{dir, "bin/tool", "", ports.ErrProgramRelative},
		{dir, "plain", "", ports.ErrProgramUnknown},
		{dir, "none", "", ports.ErrProgramUnknown},
		{".", "tool", "", ports.ErrProgramUnknown},
		{"./", "tool", "", ports.ErrProgramUnknown},
		{"", "tool", "", ports.ErrProgramUnknown},
		{":", "tool", "", ports.ErrProgramUnknown},
	} {
		path, err := h.New([]string{"PATH=" + c.search}, nil).Find(c.name)
		if path != c.path || !errors.Is(err, c.err) {
			t.Errorf("Find(%q) in PATH %q = %q, %v", c.name, c.search, path, err)
		}
	}
}

// runs runs a program to its end and returns what it printed and how it ended.
func (h ProgramsHarness) runs(t *testing.T, env []string, argv ...string) (string, ports.Exit) {
	t.Helper()
	p := h.usual()
	path, err := p.Find(argv[0])
	if err != nil {
		t.Fatal(err)
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	process, err := p.Start(ports.Program{Path: path, Argv: argv, Env: env, Stdout: write})
	_ = write.Close()
	if err != nil {
		t.Fatal(err)
	}
	defer process.Close()
	printed, err := io.ReadAll(read)
	if err != nil {
		t.Error(err)
	}
	ended(t, process)
	return string(printed), process.Exit()
}

func ended(t *testing.T, process ports.Process) {
	t.Helper()
	select {
	case <-process.Exited():
	case <-time.After(programPatience):
		t.Fatal("the program did not end")
	}
}

// programPatience guards against hanging and measures nothing.
const programPatience = 30 * time.Second

func testStart(t *testing.T, h ProgramsHarness) {
	t.Setenv("PORTSTEST_LEAK", "leaked")
	odd := `$(id) ; * | ~ "quoted" 'and' \ é`
	if got, _ := h.runs(t, nil, "sh", "-c", `printf %s "$1"`, "sh", odd); got != odd {
		t.Errorf("the argument arrived as %q", got)
	}
	if got, _ := h.runs(t, nil, "sh", "-c", "echo $PORTSTEST_LEAK"); got != "\n" {
		t.Errorf("with no environment it saw %q", got)
	}
	if got, _ := h.runs(t, []string{"ONE=1"}, "sh", "-c", "echo $PORTSTEST_LEAK$ONE; read line || echo no stdin"); got != "1\nno stdin\n" {
		t.Errorf("it saw %q", got)
	}
}

func testNotStarted(t *testing.T, h ProgramsHarness) {
	plain := filepath.Join(t.TempDir(), "plain")
	if err := os.WriteFile(plain, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]error{"/no/such/program": fs.ErrNotExist, plain: fs.ErrPermission} {
		if _, err := h.usual().Start(ports.Program{Path: path, Argv: []string{path}}); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", path, err, want)
		}
	}
}

func testExit(t *testing.T, h ProgramsHarness) {
	for script, want := range map[string]ports.Exit{
		"exit 0":        {},
		"exit 3":        {Status: 3},
		"exit 130":      {Status: 130, Interrupted: true},
		"kill -INT $$":  {Status: -1, Signal: "SIGINT", Interrupted: true},
		"kill -KILL $$": {Status: -1, Signal: "SIGKILL"},
	} {
		if _, got := h.runs(t, nil, "sh", "-c", script); got != want {
			t.Errorf("%s: %+v, want %+v", script, got, want)
		}
	}
}

// Whoever holds the pipe has not been ended: its end is the family's.
func testEnd(t *testing.T, h ProgramsHarness) {
	for _, attended := range []bool{false, true} {
		for name, stubborn := range map[string]string{"willing": "", "stubborn": "trap '' TERM; "} {
			read, write, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			p := h.usual()
			script := stubborn + "(" + stubborn + "while :; do sleep 1; done) & echo ready; while :; do sleep 1; done"
			process, err := p.Start(ports.Program{
				Path: "/bin/sh", Argv: []string{"sh", "-c", script}, Env: p.Environment(attended), Attended: attended, Stdout: write,
			})
			_ = write.Close()
			if err != nil {
				t.Fatal(err)
			}
			ready := make([]byte, len("ready\n"))
			if _, err := io.ReadFull(read, ready); err != nil {
				t.Fatal(err)
			}
			process.End()
			ended(t, process)
			process.Close()
			process.Close()
			_ = read.SetReadDeadline(time.Now().Add(programPatience))
			if rest, err := io.ReadAll(read); err != nil || strings.TrimSpace(string(rest)) != "" {
				t.Errorf("attended=%v, %s: the family's output goes on: %q, %v", attended, name, rest, err)
			}
			_ = read.Close()
		}
	}
}
