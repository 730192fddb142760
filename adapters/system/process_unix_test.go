//go:build unix

package system_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"jira-cli/adapters/system"
	"jira-cli/domain/fault"
)

// guard keeps a defect from hanging the tests.
const guard = 60 * time.Second

// TestMain is the real process too: with "child" as its first argument the test
// binary does the named thing instead of testing.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "child" {
		os.Exit(child(os.Args[2]))
	}
	_ = os.Setenv("GORACE", "atexit_sleep_ms=0") // a child under -race would end a second late
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGHUP} {
		if signal.Ignored(s) { // as under nohup; children would inherit it, caught signals they don't
			signal.Notify(make(chan os.Signal, 1), s)
		}
	}
	os.Exit(m.Run())
}

func child(what string) int {
	ctx, stop := system.Interruptible(context.Background())
	defer stop()
	switch what {
	case "rolls back":
		fmt.Println("ready")
		<-ctx.Done()
		fmt.Println(fault.CodeOf(context.Cause(ctx)), context.Cause(ctx))
		_, _ = io.Copy(io.Discard, os.Stdin) // the roll-back takes until stdin ends
		fmt.Println("rolled back")
	case "writes on":
		_, _ = io.Copy(io.Discard, os.Stdin)
		for {
			if _, err := fmt.Println("y"); err != nil {
				fmt.Fprintln(os.Stderr, errors.Is(err, syscall.EPIPE), ctx.Err())
				break
			}
		}
		err := exec.Command("sh", "-c", "kill -PIPE $$").Run()
		fmt.Fprintln(os.Stderr, err)
	default:
		return hardenedChild(what)
	}
	return 0
}

// process is a child that runs.
type process struct {
	t     *testing.T
	cmd   *exec.Cmd
	stdin io.WriteCloser
	lines *bufio.Reader
}

func start(t *testing.T, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{t: t, cmd: cmd}
	var err error
	if p.stdin, err = cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.lines = bufio.NewReader(stdout)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	hang := time.AfterFunc(guard, func() { _ = cmd.Process.Kill() })
	t.Cleanup(func() { hang.Stop() })
	return p
}

func (p *process) says(want string) {
	p.t.Helper()
	got, err := p.lines.ReadString('\n')
	if strings.TrimSuffix(got, "\n") != want {
		p.t.Errorf("it said %q (%v), want %q", got, err, want)
	}
}

func (p *process) gets(signals ...os.Signal) {
	p.t.Helper()
	for _, s := range signals {
		if err := p.cmd.Process.Signal(s); err != nil {
			p.t.Errorf("%s: %v", s, err)
		}
	}
}

func (p *process) ends() {
	p.t.Helper()
	_ = p.stdin.Close()
	p.says("rolled back")
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("it ended with %v", err)
	}
}

func self() string { return os.Args[0] }

func TestFirstSignalEndsTheContextAndLaterOnesAreSwallowed(t *testing.T) {
	for name, s := range map[string]os.Signal{"SIGINT": os.Interrupt, "SIGTERM": syscall.SIGTERM, "SIGHUP": syscall.SIGHUP} {
		t.Run(name, func(t *testing.T) {
			p := start(t, exec.Command(self(), "child", "rolls back"))
			p.says("ready")
			p.gets(s)
			p.says("canceled interrupted by " + name)
			for range 3 {
				p.gets(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
			}
			p.ends()
		})
	}
}

func TestIgnoredSignalsStayIgnored(t *testing.T) {
	p := start(t, exec.Command("sh", "-c", `trap "" HUP INT; exec "$0" child "rolls back"`, self()))
	p.says("ready")
	p.gets(syscall.SIGHUP, os.Interrupt, syscall.SIGTERM)
	p.says("canceled interrupted by SIGTERM")
	p.ends()
}

func TestBrokenPipeIsAnErrorAndChildrenHaveTheSignal(t *testing.T) {
	cmd := exec.Command(self(), "child", "writes on")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout = w
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = r.Close()
	_ = w.Close()
	if err := cmd.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
	if want := "true <nil>\nsignal: broken pipe\n"; stderr.String() != want {
		t.Errorf("it said %q, want %q", stderr.String(), want)
	}
}

func TestStopGivesTheSignalsBack(t *testing.T) {
	ctx, stop := system.Interruptible(t.Context())
	stop()
	stop()
	if !errors.Is(context.Cause(ctx), context.Canceled) {
		t.Errorf("the cause is %v", context.Cause(ctx))
	}
}
