//go:build linux

// Package process_test runs the real binary, as a release has it and as one
// with 1Password is built: its exit status, its streams, its terminal, signals,
// pipes and disks, a real keyring and a real encrypted file. The product's
// behaviour is specified by the transcripts of package testscripts, in process;
// here are the things that only a process has.
package process_test

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
)

// builds is where the binaries of this run are, each in a directory of its own
// so that both can be called jira.
var builds string

// TestMain makes the place for the binaries. Each is built when a test first
// asks for it.
func TestMain(m *testing.M) {
	if status, is := tracer(); is {
		os.Exit(status)
	}
	dir, err := os.MkdirTemp("", "jira-process-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	builds = dir
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGHUP} {
		if signal.Ignored(s) { // as under nohup; children would inherit it, caught signals they do not
			signal.Notify(make(chan os.Signal, 1), s)
		}
	}
	status := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(status)
}

// The two builds.
const (
	plain = "plain" // as released: without CGO
	cgo   = "cgo"   // with 1Password, whose app is package optest's
)

var binaries = map[string]func() (string, error){
	plain: sync.OnceValues(func() (string, error) { return build(plain, "CGO_ENABLED=0") }),
	cgo: sync.OnceValues(func() (string, error) {
		return build(cgo, "CGO_ENABLED=1", "-tags", "optest")
	}),
}

func build(name, env string, flags ...string) (string, error) {
	path := filepath.Join(builds, name, "jira")
	cmd := exec.Command("go", append(append([]string{"build"}, flags...), "-o", path, "jira-cli/cmd/jira")...)
	cmd.Env = append(os.Environ(), env)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("the %s build: %w\n%s(CGO needs a C compiler: install gcc and libc6-dev)", name, err, out)
	}
	return path, nil
}

// binary returns the path of one of the builds.
func binary(t testing.TB, name string) string {
	t.Helper()
	path, err := binaries[name]()
	if err != nil {
		t.Fatal(err)
	}
	return path
}
