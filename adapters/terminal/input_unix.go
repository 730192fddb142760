//go:build unix

package terminal

import (
	"context"
	"errors"
	"io"
	"os"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
	"golang.org/x/term"

	"jira-cli/ports/task"
)

// input reads a file without ever being stuck in a read: it waits with
// select(2), which unlike poll(2) and kqueue(2) knows /dev/tty on macOS, for
// the file and for a pipe that says that the context ended.
type input struct {
	fd   int
	file *os.File // keeps fd open; nil where fd is ours
	rest []byte   // read and not yet taken
}

// newInput reads a file that somebody else owns. Its description may be shared
// with other processes, so it is not made non-blocking.
func newInput(f *os.File) *input { return &input{fd: int(f.Fd()), file: f} }

// openTTY opens the controlling terminal, or the one at path. Reading has a
// description of its own, non-blocking: should another process take the line
// between select and read, the read does not hang.
func openTTY(path string) (*tty, error) {
	if path == "" {
		path = "/dev/tty"
	}
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	out, err := os.OpenFile(path, os.O_WRONLY|unix.O_NOCTTY, 0)
	if err != nil {
		_ = unix.Close(fd)
		return nil, err
	}
	return &tty{in: &input{fd: fd}, out: out}, nil
}

func (in *input) close() error {
	if in.file != nil {
		return nil
	}
	return unix.Close(in.fd)
}

// read returns some bytes, io.EOF, or context.Cause(ctx) as soon as ctx ends;
// what arrives after that stays in the file.
func (in *input) read(ctx context.Context, p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	defer runtime.KeepAlive(in.file)
	ended, end, err := os.Pipe()
	if err != nil {
		return 0, err
	}
	defer ended.Close()
	defer end.Close()
	stop := task.OnEnd(ctx, func() { _ = end.Close() }, nil)
	defer stop()
	wake := int(ended.Fd())
	for {
		err := wait(nil, in.fd, wake)
		if ctx.Err() != nil {
			return 0, context.Cause(ctx)
		}
		if err != nil {
			return 0, err
		}
		n, err := unix.Read(in.fd, p)
		switch {
		case errors.Is(err, unix.EINTR) || errors.Is(err, unix.EAGAIN):
			continue
		case err != nil:
			return 0, err
		case n == 0:
			return 0, io.EOF
		}
		return n, nil
	}
}

// ready reports whether something was typed ahead.
func (in *input) ready() bool {
	return len(in.rest) > 0 || wait(&unix.Timeval{}, in.fd) == nil
}

// gather reads the lines that were typed ahead and wait.
func (in *input) gather() {
	for len(in.rest) < maxLine && wait(&unix.Timeval{}, in.fd) == nil {
		var chunk [4096]byte
		n, err := unix.Read(in.fd, chunk[:])
		if err != nil || n <= 0 {
			return
		}
		in.rest = append(in.rest, chunk[:n]...)
		clear(chunk[:n])
	}
}

// follows reports whether more arrives at once, as it does of a paste and does
// not of what is typed.
func (in *input) follows() (more bool) {
	in.asTyped(func() { more = in.arrives(pasted) })
	return more
}

// drain drops what was typed, and what still arrives of a paste, unseen. A
// process in the background leaves the terminal to the one that has it.
func (in *input) drain() {
	in.take(len(in.rest))
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	in.asTyped(func() {
		in.discard()
		for ctx.Err() == nil && in.arrives(quiet) {
			in.discard()
		}
	})
}

// foreground reports whether the file is the controlling terminal of this
// process, which is in the foreground there.
func (in *input) foreground() bool {
	group, err := unix.IoctlGetInt(in.fd, unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}

func (in *input) arrives(within time.Duration) bool {
	pause := unix.NsecToTimeval(int64(within))
	return wait(&pause, in.fd) == nil
}

// asTyped calls f while the terminal passes on every character as it comes, as a
// line without its end cannot be waited for otherwise, and shows none. It does
// nothing in the background of the controlling terminal.
func (in *input) asTyped(f func()) {
	if group, err := unix.IoctlGetInt(in.fd, unix.TIOCGPGRP); err == nil && group != unix.Getpgrp() {
		return // it would be stopped
	}
	before, err := unix.IoctlGetTermios(in.fd, getTermios)
	if err != nil {
		return
	}
	during := *before
	during.Lflag &^= unix.ICANON | unix.ECHO | unix.ECHONL
	during.Cc[unix.VMIN], during.Cc[unix.VTIME] = 1, 0
	if unix.IoctlSetTermios(in.fd, setTermios, &during) != nil {
		return
	}
	defer func() { _ = unix.IoctlSetTermios(in.fd, setTermios, before) }()
	f()
}

var errNotReady = errors.New("nothing to read")

// wait returns nil as soon as one of the files can be read, errNotReady after
// the timeout.
func wait(timeout *unix.Timeval, fds ...int) error {
	for {
		var set unix.FdSet
		highest := 0
		for _, fd := range fds {
			if fd >= unix.FD_SETSIZE {
				return unix.EMFILE
			}
			set.Set(fd)
			highest = max(highest, fd)
		}
		n, err := unix.Select(highest+1, &set, nil, nil, timeout)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return err
		case n == 0:
			return errNotReady
		}
		return nil
	}
}

// gone reports whether an error means that the terminal was hung up.
func gone(err error) bool { return errors.Is(err, unix.EIO) || errors.Is(err, unix.ENXIO) }

// width returns the columns of the terminal, 0 where it does not say. It asks
// through the reading descriptor: File.Fd would make the writing one blocking,
// and its deadlines void.
func (t *tty) width() int {
	width, _, err := term.GetSize(t.in.fd)
	if err != nil {
		return 0
	}
	return width
}

// understands reports whether the terminal of that kind takes escape sequences.
func understands(_ *tty, kind string) bool { return kind != "" && kind != "dumb" }
