//go:build real

// Package real_test runs the shipped binary against programs that nobody here
// wrote: keyrings, web servers, proxies. It is built with the tag real, by
// `make test-real`, which installs what it needs; a counterpart that is missing
// is a failure and no reason to skip.
package real_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// guard bounds everything that could hang; it asserts nothing.
const guard = 60 * time.Second

// jiraBinary is the program under test, built once as a release is, without CGO.
var jiraBinary string

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "jira-real")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	jiraBinary = filepath.Join(dir, "jira")
	build := exec.Command("go", "build", "-trimpath", "-o", jiraBinary, "jira-cli/cmd/jira")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%s\n%v\n", out, err)
		return 1
	}
	return m.Run()
}

// need returns the path of a program of a counterpart; its absence is a failure.
func need(t testing.TB, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatalf("%s is missing: run `scripts/deps real`", program)
	}
	return path
}

// result is what a run of jira left.
type result struct {
	stdout, stderr string
	status         int
}

// jira runs the program in a home with the variables env ("NAME=value") alone,
// and input on stdin.
func jira(t testing.TB, env []string, input string, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), guard)
	defer cancel()
	cmd := exec.CommandContext(ctx, jiraBinary, args...)
	cmd.Env = env
	cmd.Stdin = bytes.NewBufferString(input)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		t.Fatalf("jira %q: %v\n%s%s", args, err, stdout.String(), stderr.String())
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

func TestVersion(t *testing.T) {
	if r := jira(t, []string{"HOME=" + t.TempDir()}, "", "version"); r.status != 0 || r.stdout == "" {
		t.Fatalf("%+v", r)
	}
}
