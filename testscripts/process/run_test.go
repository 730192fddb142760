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
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"
)

// guard bounds everything that could hang; it asserts nothing.
const guard = 30 * time.Second

// running is a jira that has been started.
type running struct {
	cmd            *exec.Cmd
	args           []string
	stdout, stderr bytes.Buffer
	before         map[string]fileState
	after          []func() // closes what was opened for it
	asked          int      // how many requests the fake had before
}

// runJira is the verb "jira ARGUMENTS [REDIRECTION…]". The redirections are
// <FILE, <@TOKEN (the token and a line feed), <& (closed), <| (a pipe that never
// ends), >FILE, >& (closed) and >| (a pipe that nobody reads). Before the
// arguments "as nobody" takes root's powers over files away, and "limit N" ends
// files at N bytes. It prints what jira prints, with names for what varies.
func runJira(ts *testscript.TestScript, neg bool, args []string) {
	startJira(ts, false, args)
	finish(ts, neg)
}

// startJira is the verb "start ARGUMENTS…": jira in the background.
func startJira(ts *testscript.TestScript, neg bool, args []string) {
	w := of(ts)
	r := &running{before: w.snapshot(ts), asked: len(w.fake.Requests())}
	r.cmd, r.args = w.command(ts, r, args)
	r.cmd.Dir = ts.MkAbs(".")
	r.cmd.Env = w.environ()
	r.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	for _, name := range []string{"lock", "app"} { // the snapshot and earlier commands did
		if reached := w.signs[name]; reached != nil {
			reached()
		}
	}
	ts.Check(r.cmd.Start())
	w.running = r
}

// finishJira is the verb "finish": waits for what was started.
func finishJira(ts *testscript.TestScript, neg bool, args []string) { finish(ts, neg) }

func finish(ts *testscript.TestScript, neg bool) {
	w := of(ts)
	r := w.running
	w.running = nil
	hang := time.AfterFunc(guard, func() { _ = r.cmd.Process.Signal(syscall.SIGQUIT) })
	err := r.cmd.Wait()
	hang.Stop()
	for _, f := range r.after {
		f()
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		ts.Fatalf("jira: %v", err)
	}
	w.status = r.cmd.ProcessState.ExitCode()
	w.seen.WriteString(r.stdout.String() + r.stderr.String())
	fmt.Fprint(ts.Stdout(), w.normal(r.stdout.String()))
	fmt.Fprint(ts.Stderr(), w.normal(r.stderr.String()))
	w.checkWrites(ts, r.before)
	if problem := w.checkStreams(r); problem != "" {
		ts.Fatalf("%s", problem)
	}
	if (w.status != 0) != neg {
		ts.Fatalf("jira exited with status %d (%v)\n%s", w.status, r.cmd.ProcessState, r.stderr.String())
	}
}

// command makes a command of a verb's words.
func (w *world) command(ts *testscript.TestScript, r *running, words []string) (*exec.Cmd, []string) {
	cmd := exec.Command(binary(w.t, w.build))
	cmd.Stdout, cmd.Stderr = &r.stdout, &r.stderr
	var prefix, args []string
	for len(words) > 1 && (words[0] == "as" || words[0] == "limit") {
		prefix = append(prefix, prefixOf(words[0], words[1])...)
		words = words[2:]
	}
	for _, word := range words {
		if word == "" || !strings.ContainsAny(word[:1], "<>") {
			args = append(args, word)
			continue
		}
		ts.Check(w.redirect(ts, r, cmd, word))
	}
	cmd.Args = append(cmd.Args, args...)
	if len(prefix) > 0 {
		path, err := exec.LookPath(prefix[0])
		ts.Check(err)
		cmd.Args = append(prefix, cmd.Args...)
		cmd.Args[len(prefix)] = cmd.Path
		cmd.Path = path
	}
	return cmd, args
}

// prefixOf returns the program (of util-linux) that runs jira so.
func prefixOf(kind, value string) []string {
	switch {
	case kind == "limit":
		return []string{"prlimit", "--fsize=" + value + ":" + value}
	case os.Getuid() == 0:
		return []string{"setpriv", "--bounding-set=-all", "--inh-caps=-all"}
	}
	return nil
}

func (w *world) redirect(ts *testscript.TestScript, r *running, cmd *exec.Cmd, word string) error {
	closed := func() (*os.File, error) { // exec.Cmd has no word for "closed": a descriptor that can do nothing
		f, err := os.OpenFile("/", unix.O_PATH, 0)
		r.after = append(r.after, func() { _ = f.Close() })
		return f, err
	}
	var err error
	switch where := word[1:]; {
	case word == "<&":
		cmd.Stdin, err = closed()
	case word == ">&":
		cmd.Stdout, err = closed()
	case word == "<|":
		var read, write *os.File
		read, write, err = os.Pipe()
		cmd.Stdin = read
		r.after = append(r.after, func() { _ = read.Close(); _ = write.Close() })
		if err == nil {
			_, err = write.WriteString("x")
		}
		w.signs["stdin"] = func() bool {
			left, err := unix.IoctlGetInt(int(read.Fd()), unix.TIOCINQ)
			return err == nil && left == 0
		}
	case word == ">|":
		var read, write *os.File
		read, write, err = os.Pipe()
		cmd.Stdout = write
		_ = read.Close()
		r.after = append(r.after, func() { _ = write.Close() })
	case word[0] == '>':
		var f *os.File
		f, err = os.OpenFile(ts.MkAbs(where), os.O_WRONLY|os.O_CREATE, 0o600)
		cmd.Stdout = f
		r.after = append(r.after, func() { _ = f.Close() })
	case where[0] == '@':
		cmd.Stdin = strings.NewReader(ts.Getenv(where[1:]) + "\n")
	default:
		cmd.Stdin = strings.NewReader(ts.ReadFile(where))
	}
	return err
}

// await is the verb "reached PATH|lock|keyring|app|stdin": waits until what was
// started has asked the fake for a path that begins so, opened the lock that "lock" took,
// connected to the mute keyring, stalled in the app, or read from its pipe.
func await(ts *testscript.TestScript, neg bool, args []string) {
	w := of(ts)
	reached := w.signs[args[0]]
	if strings.HasPrefix(args[0], "/") {
		reached = func() bool {
			for _, r := range w.fake.Requests()[w.running.asked:] {
				if strings.HasPrefix(r.Path, args[0]) {
					return true
				}
			}
			return false
		}
	}
	for end := time.Now().Add(guard); !reached(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			ts.Fatalf("jira did not reach %s", args[0])
		}
	}
}

var signals = map[string]syscall.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM, "HUP": syscall.SIGHUP, "PIPE": syscall.SIGPIPE}

// sendSignal is the verb "signal INT|TERM|HUP|PIPE" to what was started.
func sendSignal(ts *testscript.TestScript, neg bool, args []string) {
	ts.Check(of(ts).running.cmd.Process.Signal(signals[args[0]]))
}

// checkStreams holds what is true of every run in json mode: one document with
// its five members on stdout, and nothing on stderr.
func (w *world) checkStreams(r *running) string {
	if leak := findSecret(r.stdout.String() + r.stderr.String()); leak != "" {
		return "the output shows " + leak
	}
	text := slices.Contains(r.args, "completion") || slices.Contains(r.args, "__complete") || slices.Contains(r.args, "--help")
	isJSON := slices.Contains(r.args, "json") || slices.Contains(r.args, "--output=json") || w.env["JIRA_OUTPUT"] == "json"
	if text || !isJSON || r.cmd.Stdout != &r.stdout {
		return ""
	}
	if r.stderr.Len() > 0 && !slices.Contains(r.args, "--debug") {
		return "in json mode stderr says " + r.stderr.String()
	}
	decoder := json.NewDecoder(bytes.NewReader(r.stdout.Bytes()))
	var document map[string]json.RawMessage
	if err := decoder.Decode(&document); err != nil {
		return fmt.Sprintf("stdout is no JSON document: %v\n%s", err, r.stdout.String())
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return "there is more than one JSON document"
	}
	for _, key := range []string{"ok", "meta", "data", "errors", "warnings"} {
		if document[key] == nil {
			return "the document has no " + key
		}
	}
	if !bytes.HasSuffix(r.stdout.Bytes(), []byte("}\n")) {
		return "the document has no final newline"
	}
	return ""
}
