//go:build linux

package process_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// What every run with a foreign input is held to. The time is that of a loaded
// machine; an input that is waited for without end takes for ever.
const (
	runBudget  = "2s"             // --timeout
	watchdog   = 20 * time.Second // and not a multiple of the budget
	mostMemory = 64 << 10         // KiB, of which the program itself needs half
	muchInput  = 256 << 20        // bytes, of which a run must not keep a part that grows with them
)

// shape is how an input misbehaves.
type shape string

// The shapes: it never says anything, it never ends, it is large.
const (
	silent  shape = "silent"
	endless shape = "endless"
	huge    shape = "huge"
)

var shapes = []shape{silent, endless, huge}

// foreign is an input from outside, what brings it into each shape, and the
// command that reads it.
type foreign struct {
	name     string
	ports    string // that it comes through
	adapter  string
	prepare  func(*stranger, shape)
	args     string
	shapes   []shape // nil for all
	waits    bool    // for a person: what is silent is waited for until a signal
	terminal bool    // stands on one
}

func (f foreign) forms() []shape {
	if f.shapes == nil {
		return shapes
	}
	return f.shapes
}

// stranger is a run with one foreign input.
type stranger struct {
	*world
	stdin io.Reader
	typed io.Reader // what a person types
}

// TestForeignInput gives each foreign input each shape: the command ends by
// itself, with one document, no defect, and in bounded memory.
func TestForeignInput(t *testing.T) {
	for _, row := range foreigners {
		for _, form := range row.forms() {
			t.Run(row.name+" "+string(form), func(t *testing.T) {
				s := &stranger{world: people(t, plain)}
				row.prepare(s, form)
				s.meet(row, form)
			})
		}
	}
}

// meet runs the command and judges it.
func (s *stranger) meet(row foreign, form shape) {
	s.t.Helper()
	cmd := exec.Command(binary(s.t, plain), strings.Fields(s.expand(row.args))...)
	cmd.Args = append(cmd.Args, "-o", "json", "--timeout", runBudget)
	cmd.Dir, cmd.Env = s.work, s.environ()
	var out bytes.Buffer
	cmd.Stdout = &out
	if row.terminal {
		s.onTerminal(cmd)
	} else {
		cmd.Stdin = s.stdin
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		cmd.WaitDelay = time.Second // an endless stdin is copied for as long as it is read
		s.must(cmd.Start())
	}
	watched := make(chan struct{})
	var most atomic.Int64
	go func() { defer close(watched); watch(cmd.Process.Pid, &most) }()
	if row.waits && form == silent {
		s.leave(cmd)
	}
	var hung atomic.Bool
	dog := time.AfterFunc(watchdog, func() { hung.Store(true); _ = cmd.Process.Signal(syscall.SIGKILL) })
	_ = cmd.Wait() // the status says more
	dog.Stop()
	<-watched
	switch {
	case hung.Load():
		s.t.Fatalf("it does not end; it used %d KiB", most.Load())
	case most.Load() > mostMemory:
		s.t.Errorf("it used %d KiB", most.Load())
	case most.Load() == 0 && cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss > mostMemory:
		s.t.Error("its memory was not measured") // it ended at once, and the bound of getrusage is this process's
	}
	s.judge(out.Bytes(), cmd.ProcessState.ExitCode())
}

func (s *stranger) judge(out []byte, status int) {
	s.t.Helper()
	var document struct {
		OK     *bool
		Errors []struct{ Code string }
	}
	decoder := json.NewDecoder(bytes.NewReader(out))
	if err := decoder.Decode(&document); err != nil || document.OK == nil {
		s.t.Fatalf("status %d, and stdout is no document: %v\n%.500s", status, err, out)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		s.t.Error("there is more than one document")
	}
	for _, e := range document.Errors {
		if e.Code == "internal_error" {
			s.t.Errorf("it is called a defect: %.500s", out)
		}
	}
	if *document.OK != (status == 0) {
		s.t.Errorf("status %d with the document %.500s", status, out)
	}
	s.t.Logf("status %d %v", status, document.Errors)
}

// leave sends the signal of a person who waited long enough, as soon as the
// process waits itself.
func (s *stranger) leave(cmd *exec.Cmd) {
	for end := time.Now().Add(guard); !asleep(strconv.Itoa(cmd.Process.Pid), "jira"); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatal("it does not wait")
		}
	}
	time.Sleep(piece)
	_ = cmd.Process.Signal(syscall.SIGINT)
}

// onTerminal starts the command with a person at its terminal.
func (s *stranger) onTerminal(cmd *exec.Cmd) {
	s.t.Helper()
	screen := newScreen(s.t)
	s.must(screen.run(cmd))
	if s.typed == nil {
		return
	}
	go func() {
		_, _ = io.Copy(screen.master, s.typed) // ends with the terminal
	}()
}

// watch follows how much memory a process ever had until it ends. The kernel's
// own high-water mark is read, so that no peak lies between two looks; getrusage
// would count what the test's process had before exec.
func watch(pid int, most *atomic.Int64) {
	for {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		_, after, found := strings.Cut(string(status), "VmHWM:")
		if err != nil || !found {
			return // it has ended
		}
		var kib int64
		if _, err := fmt.Sscan(after, &kib); err == nil {
			most.Store(kib)
		}
		time.Sleep(time.Millisecond)
	}
}

// zeros is as long an input as is asked for.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// stream is what a pipe in that shape carries.
func stream(form shape) io.Reader {
	if form == huge {
		return io.LimitReader(zeros{}, muchInput)
	}
	return zeros{}
}

// file makes path a file in that shape: a FIFO that nobody writes to, a device
// without an end, or a large file that takes no room.
func (s *stranger) file(path string, form shape) {
	s.t.Helper()
	s.must(os.MkdirAll(filepath.Dir(path), 0o700))
	_ = os.Remove(path)
	switch form {
	case silent:
		s.must(syscall.Mkfifo(path, 0o600))
	case endless:
		s.must(os.Symlink("/dev/zero", path))
	case huge:
		s.must(os.WriteFile(path, nil, 0o600))
		s.must(os.Truncate(path, muchInput))
	}
}
