package commandstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/ports"
	"jira-cli/ports/task"
)

const (
	// settling is how long the outputs of a failed program are waited for.
	settling = 500 * time.Millisecond

	// draining is how long stdout may stay open after the program has ended,
	// held by something that it started.
	draining = 5 * time.Second

	maxStderr = 16 << 10
)

var (
	errTimeout  = errors.New("the command's time is over")
	errOverflow = errors.New("the command printed too much")
)

// run is one run of a program.
type run struct {
	programs  ports.Programs
	program   ports.Program
	timeout   time.Duration
	maxOutput int
}

// output runs the program and returns what it printed.
func (r run) output(parent context.Context) (string, error) {
	ctx, end := context.WithCancelCause(parent)
	defer end(nil)
	timer := task.After(r.timeout, func() { end(errTimeout) }, func(f *fault.Fault) { end(f) })
	defer timer.Stop()

	process, stdout, stderr, err := r.start(end)
	if err != nil {
		return "", err
	}
	defer stdout.close()
	defer stderr.close()
	defer process.Close()

	select {
	case <-process.Exited():
	case <-ctx.Done():
		process.End()
		return "", r.ended(parent, ctx)
	}
	if exit := process.Exit(); exit.Status != 0 {
		return "", r.failed(exit, stderr, stdout)
	}
	if r.complete(ctx, stdout) {
		return stdout.text(), nil
	}
	process.End()
	if ctx.Err() != nil {
		return "", r.ended(parent, ctx)
	}
	return "", fault.New(fault.CommandFailed, "the credential command %s ended and left its output open", r.name())
}

// complete waits for the end of stdout. A copy of it that something in the
// background holds could still add to the secret.
func (r run) complete(ctx context.Context, stdout *tap) bool {
	limit := time.NewTimer(draining)
	defer limit.Stop()
	select {
	case <-stdout.done:
		return ctx.Err() == nil
	case <-ctx.Done():
	case <-limit.C:
	}
	return false
}

func (r run) start(end context.CancelCauseFunc) (process ports.Process, stdout, stderr *tap, err error) {
	outRead, outWrite, err := os.Pipe()
	if err != nil {
		return nil, nil, nil, r.notStarted(err)
	}
	errRead, errWrite, err := os.Pipe()
	if err != nil {
		_, _ = outRead.Close(), outWrite.Close()
		return nil, nil, nil, r.notStarted(err)
	}
	r.program.Stdout, r.program.Stderr = outWrite, errWrite
	process, err = r.programs.Start(r.program)
	_, _ = outWrite.Close(), errWrite.Close()
	if err != nil {
		_, _ = outRead.Close(), errRead.Close()
		return nil, nil, nil, r.notStarted(err)
	}
	stdout = newTap(outRead, r.maxOutput, func() { end(errOverflow) }, end)
	return process, stdout, newTap(errRead, maxStderr, nil, end), nil
}

func (r run) name() string { return shown(r.program.Argv[0]) }

func (r run) notStarted(err error) error {
	why := err
	var path *fs.PathError
	if errors.As(err, &path) {
		why = path.Err
	}
	f := fault.Wrap(err, fault.CommandFailed, "the credential command %s could not be started: %v", r.name(), why)
	if errors.Is(err, fs.ErrNotExist) {
		return f.WithHint("check the program's path in the profile's credential, and the interpreter that a script names")
	}
	return f
}

// ended returns why the program was ended.
func (r run) ended(parent, ctx context.Context) error {
	switch {
	case parent.Err() != nil:
		return context.Cause(parent)
	case errors.Is(context.Cause(ctx), errOverflow):
		return fault.New(fault.CommandFailed, "the credential command %s printed more than %d bytes", r.name(), r.maxOutput).
			WithHint("the command must print the token alone")
	case errors.Is(context.Cause(ctx), errTimeout):
		return fault.New(fault.CommandTimeout, "the credential command %s did not end within %v", r.name(), r.timeout)
	default: // a panic
		return context.Cause(ctx)
	}
}

// failed returns what became of a program that did not end well. At a terminal
// Ctrl-C goes to the program as well, and it may be the first to tell.
// What it said is shown only where all that it printed is known: else the secret
// could not be taken out of it.
func (r run) failed(exit ports.Exit, stderr, stdout *tap) error {
	if r.program.Attended && exit.Interrupted {
		return fault.New(fault.Canceled, "the credential command %s was interrupted", r.name())
	}
	how := fmt.Sprintf("exited with status %d", exit.Status)
	if exit.Signal != "" {
		how = "was ended by the signal " + exit.Signal
	}
	said, ended := stderr.within(settling)
	printed, whole := stdout.within(settling)
	if ended && whole {
		if said = remark(said, printed); said != "" {
			how += ": " + said
		}
	}
	return fault.New(fault.CommandFailed, "the credential command %s %s", r.name(), how)
}

// tap reads one of the program's outputs up to a bound.
type tap struct {
	file *os.File
	data []byte
	done chan struct{} // closed at the end of the output, or of the bound
}

// newTap begins to read. overflow is called at the bound; without it the rest
// is read and dropped, so that the program is not held up. end gets the fault
// of a panic.
func newTap(file *os.File, limit int, overflow func(), end context.CancelCauseFunc) *tap {
	t := &tap{file: file, done: make(chan struct{})}
	task.Go(func() {
		defer close(t.done)
		data, _ := io.ReadAll(io.LimitReader(file, int64(limit)+1))
		if len(data) <= limit {
			t.data = data
			return
		}
		t.data = data[:limit]
		if overflow != nil {
			overflow()
			return
		}
		_, _ = io.Copy(io.Discard, file)
	}, func(f *fault.Fault) { end(f) })
	return t
}

// within returns the output once it has ended, and whether it has in time.
func (t *tap) within(limit time.Duration) (text string, ended bool) {
	select {
	case <-t.done:
		return t.text(), true
	case <-time.After(limit):
		return "", false
	}
}

// text returns the output after done.
func (t *tap) text() string { return string(t.data) }

func (t *tap) close() { _ = t.file.Close() }
