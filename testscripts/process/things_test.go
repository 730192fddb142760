//go:build linux

package process_test

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"

	"jira-cli/adapters/keychain/keyringtest"
	"jira-cli/adapters/onepassword/optest"
)

// driveKeyring is the verb "keyring start|lock|silent|mute|lookup ACCOUNT".
// start makes a private bus with a real gnome-keyring-daemon, silent a bus with a
// provider that never answers, mute a socket that takes connections and says
// nothing. lookup prints what
// `secret-tool lookup service jira-cli account ACCOUNT` does, as the name of a
// token.
func driveKeyring(ts *testscript.TestScript, neg bool, args []string) {
	w := of(ts)
	switch args[0] {
	case "start":
		w.keyring = keyringtest.Start(w.t)
		w.env["DBUS_SESSION_BUS_ADDRESS"] = w.keyring.Address
	case "silent":
		bus := keyringtest.StartBus(w.t)
		keyringtest.StartFake(w.t, bus, keyringtest.FakeOptions{Silent: true})
		w.env["DBUS_SESSION_BUS_ADDRESS"] = bus.Address
	case "mute":
		path := filepath.Join(w.t.TempDir(), "bus")
		listener, err := net.Listen("unix", path)
		ts.Check(err)
		w.t.Cleanup(func() { _ = listener.Close() })
		w.env["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=" + path
		var connected atomic.Bool
		go func() {
			conn, err := listener.Accept()
			connected.Store(err == nil)
			if err == nil {
				<-w.ended
				_ = conn.Close()
			}
		}()
		w.signs["keyring"] = connected.Load
	case "lock":
		w.keyring.Lock(w.t)
	case "lookup":
		fmt.Fprintln(ts.Stdout(), nameOf(w.keyring.Lookup(w.t, "service", "jira-cli", "account", args[1])))
	default:
		ts.Fatalf("keyring: unknown verb %q", args[0])
	}
}

// nameOf is the name of a token, "nothing" for no text.
func nameOf(text string) string {
	for name, token := range tokens {
		if strings.TrimSuffix(text, "\n") == token {
			return name
		}
	}
	if text == "" {
		return "nothing"
	}
	return "something else"
}

// driveApp is the verb "op WORDS": see optest.App.Control. A word @NAME is a
// token. "op start" makes the app; "op stall METHOD" never answers that call;
// "op requests" prints how often a person was asked.
func driveApp(ts *testscript.TestScript, neg bool, args []string) {
	w := of(ts)
	if w.app == nil {
		w.app = optest.Start(w.t)
		for _, variable := range w.app.Env() {
			name, value, _ := strings.Cut(variable, "=")
			w.env[name] = value
		}
	}
	words := make([]string, len(args))
	for i, arg := range args {
		words[i] = arg
		for name, token := range tokens {
			words[i] = strings.ReplaceAll(words[i], "@"+name, token)
		}
	}
	switch args[0] {
	case "start":
	case "stall":
		var stalled atomic.Bool
		w.app.Before(args[1], func() {
			stalled.Store(true)
			<-w.ended
		})
		w.signs["app"] = func() bool { return stalled.Swap(false) }
	case "requests":
		fmt.Fprintln(ts.Stdout(), w.app.Requests())
	default:
		out, err := w.app.Control(words)
		if (err != nil) != neg {
			ts.Fatalf("op %s: %v", strings.Join(args, " "), err)
		}
		fmt.Fprint(ts.Stdout(), w.appNames(out))
	}
}

// appNames puts names for tokens and identifiers into what the app says.
func (w *world) appNames(text string) string {
	for name, token := range tokens {
		text = strings.ReplaceAll(text, token, "@"+name)
	}
	return w.normal(text)
}

// show is the verb "show FILE": prints it with names for what varies.
func show(ts *testscript.TestScript, neg bool, args []string) {
	fmt.Fprint(ts.Stdout(), of(ts).normal(ts.ReadFile(args[0])))
}

// lock is the verb "lock FILE": takes the lock as another process would, until
// "! lock FILE" releases it.
func lock(ts *testscript.TestScript, neg bool, args []string) {
	w := of(ts)
	path := ts.MkAbs(args[0])
	if neg {
		ts.Check(w.locks[path].Close())
		delete(w.locks, path)
		return
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	ts.Check(err)
	ts.Check(unix.Flock(int(f.Fd()), unix.LOCK_EX))
	w.locks[path] = f
	watch, err := unix.InotifyInit1(unix.IN_NONBLOCK | unix.IN_CLOEXEC)
	ts.Check(err)
	w.t.Cleanup(func() { _ = unix.Close(watch) })
	_, err = unix.InotifyAddWatch(watch, path, unix.IN_OPEN)
	ts.Check(err)
	w.signs["lock"] = func() bool {
		n, err := unix.Read(watch, make([]byte, 4096))
		return err == nil && n > 0
	}
}

// checkMode is the verb "mode OCTAL FILE".
func checkMode(ts *testscript.TestScript, neg bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := fmt.Sprintf("%04o", info.Mode().Perm()); (got == args[0]) == neg {
		ts.Fatalf("%s has mode %s", args[1], got)
	}
}

// openFile is the verb "opens TOKEN…": the age tool opens the encrypted file
// with the identity file, and these tokens, and no others, are in it.
func openFile(ts *testscript.TestScript, neg bool, args []string) {
	w := of(ts)
	dir := filepath.Join(w.home, ".local/share/jira-cli")
	var out, log bytes.Buffer
	cmd := exec.Command("age", "--decrypt", "--identity", filepath.Join(dir, "identity.txt"), filepath.Join(dir, "credentials.age"))
	cmd.Stdout, cmd.Stderr = &out, &log
	if err := cmd.Run(); err != nil {
		ts.Fatalf("age (install the package age): %v\n%s", err, log.String())
	}
	for name, token := range tokens {
		want := false
		for _, arg := range args {
			want = want || arg == name
		}
		if strings.Contains(out.String(), token) != want {
			ts.Fatalf("%s in the file: %v", name, !want)
		}
	}
}
