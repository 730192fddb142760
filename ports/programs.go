package ports

import (
	"errors"
	"os"
)

var (
	// ErrProgramRelative means that a program is named by a relative path, which
	// would be another program in every directory.
	ErrProgramRelative = errors.New("the program's path is relative")
	// ErrProgramUnknown means that no directory of PATH has the program.
	ErrProgramUnknown = errors.New("the program was not found in PATH")
)

// Programs are the other programs of this machine. They are started without a
// shell. It is safe for concurrent use.
type Programs interface {
	// Environment returns the environment for a program as NAME=value, never
	// nil: this process's, without the variables that hold this program's
	// secrets, and where nobody attends to it without those by which it, or an
	// agent that it talks to, would find a terminal or a desktop to ask on.
	Environment(attended bool) []string

	// Find returns the path of a program: name itself where it is absolute, else
	// the first match in an absolute directory of this process's PATH.
	// ErrProgramRelative or ErrProgramUnknown.
	Find(name string) (path string, err error)

	// Start starts a program. The error is the operating system's
	// (fs.ErrNotExist, fs.ErrPermission): what it means has its code from who
	// wanted the program.
	Start(p Program) (Process, error)
}

// Program is what is to be started.
type Program struct {
	Path string
	Argv []string // with the program's name first
	Env  []string // exactly; nil is an empty one

	// Attended leaves the program in the terminal's foreground process group: it
	// can ask there, and Ctrl-C and Ctrl-Z reach it. Otherwise it has a session
	// of its own, without a terminal.
	Attended bool

	// Stdout and Stderr are the program's; nil discards. They stay open and
	// the caller's. Its stdin is empty.
	Stdout, Stderr *os.File
}

// Process is a program that was started. Its caller ends with Close.
type Process interface {
	// Exited is closed when the program itself has ended. What it started may
	// run on.
	Exited() <-chan struct{}

	// Exit says how it ended, once Exited is closed.
	Exit() Exit

	// End asks the program, and whatever it started, to end, and makes it. It
	// returns within a second, when they are gone or cannot be made to go. What
	// the program did not start is never touched, and nothing is where it is in
	// doubt.
	End()

	// Close lets go of the process; what the program left in the background
	// lives on. A second call does nothing.
	Close()
}

// Exit is how a program ended.
type Exit struct {
	Status      int    // -1 where a signal ended it
	Signal      string // such as SIGKILL, "" where none ended it
	Interrupted bool   // by Ctrl-C, or as shells say so
}
