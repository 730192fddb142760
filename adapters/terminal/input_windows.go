package terminal

import (
	"context"
	"errors"
	"io"
	"os"

	"golang.org/x/sys/windows"
	"golang.org/x/term"

	"jira-cli/domain/fault"
	"jira-cli/ports/task"
)

// input reads a file without ever being stuck in a read. A console's read
// cannot be waited for together with anything else, so it runs on its own; when
// its context ends first it goes on, and its line is the next question's.
type input struct {
	file    *os.File
	pending chan chunk // the read that is under way, nil for none
	rest    []byte     // read and not yet taken
}

type chunk struct {
	bytes []byte
	err   error
}

// newInput reads a file that somebody else owns.
func newInput(f *os.File) *input { return &input{file: f} }

// openTTY opens the process's console. There is no other one: path is ignored.
func openTTY(string) (*tty, error) {
	in, err := os.OpenFile("CONIN$", os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	out, err := os.OpenFile("CONOUT$", os.O_RDWR, 0)
	if err != nil {
		_ = in.Close()
		return nil, err
	}
	t := &tty{in: newInput(in), out: out}
	screen := windows.Handle(out.Fd())
	var before uint32
	if windows.GetConsoleMode(screen, &before) != nil {
		return t, nil
	}
	if windows.SetConsoleMode(screen, before|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil {
		t.vt = true
		t.after = func() { _ = windows.SetConsoleMode(screen, before) }
	}
	return t, nil
}

func (in *input) close() error { return in.file.Close() }

// read returns some bytes, io.EOF, or context.Cause(ctx) as soon as ctx ends.
func (in *input) read(ctx context.Context, p []byte) (int, error) {
	if in.pending == nil {
		to := make(chan chunk, 1)
		in.pending = to
		task.Go(func() { pump(in.file, len(p), to) }, func(f *fault.Fault) { to <- chunk{err: f} })
	}
	select {
	case c := <-in.pending:
		in.pending = nil
		if len(c.bytes) == 0 && c.err == nil {
			c.err = io.EOF // Ctrl-C ends a console's read in this way too
		}
		n := copy(p, c.bytes)
		if n < len(c.bytes) {
			in.pending = make(chan chunk, 1)
			in.pending <- chunk{c.bytes[n:], c.err}
			return n, nil
		}
		return n, c.err
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
}

func pump(f *os.File, size int, to chan<- chunk) {
	p := make([]byte, size)
	n, err := f.Read(p)
	to <- chunk{p[:n], err}
}

// ready reports whether something is at hand. A console does not say.
func (in *input) ready() bool { return len(in.rest) > 0 }

// gather has nothing to do: what a console has is read in one piece.
func (in *input) gather() {}

// follows reports whether more was read than the line.
func (in *input) follows() bool { return in.ready() }

// drain drops what was typed, and what still arrives of a paste.
func (in *input) drain() {
	in.discard()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	console := windows.Handle(in.file.Fd())
	for ctx.Err() == nil {
		event, err := windows.WaitForSingleObject(console, uint32(quiet.Milliseconds()))
		if err != nil || event != windows.WAIT_OBJECT_0 {
			return
		}
		in.discard()
	}
}

// foreground reports whether keys of the console end this process: of all that
// share it.
func (in *input) foreground() bool { return true }

// longest is no bound: a console passes on what is typed.
const longest = 0

// discard drops what was typed and not read.
func (in *input) discard() {
	in.take(len(in.rest))
	_ = windows.FlushConsoleInputBuffer(windows.Handle(in.file.Fd()))
}

// modes prepares the console for a line; hidden, without echo. restore puts
// back what was there.
func (in *input) modes(hidden bool, _ func(), _ *suspender) (restore func(), err error) {
	console := windows.Handle(in.file.Fd())
	var before uint32
	if err := windows.GetConsoleMode(console, &before); err != nil {
		return nil, err
	}
	during := before | windows.ENABLE_LINE_INPUT | windows.ENABLE_PROCESSED_INPUT
	if hidden {
		during &^= windows.ENABLE_ECHO_INPUT
	}
	if during == before {
		return func() {}, nil
	}
	if err := windows.SetConsoleMode(console, during); err != nil {
		return nil, err
	}
	return func() { _ = windows.SetConsoleMode(console, before) }, nil
}

// suspender has nothing to do: a console process cannot be suspended.
type suspender struct{}

func (*suspender) end() {}

// gone reports whether an error means that the console was closed.
func gone(err error) bool {
	return errors.Is(err, windows.ERROR_INVALID_HANDLE) || errors.Is(err, windows.ERROR_BROKEN_PIPE)
}

// width returns the columns of the console, 0 where it does not say.
func (t *tty) width() int {
	width, _, err := term.GetSize(int(t.out.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// understands reports whether the console takes escape sequences.
func understands(t *tty, kind string) bool { return t.vt && kind != "dumb" }
