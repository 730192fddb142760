// Package privatekeyring starts a Secret Service that no other program sees, for
// the demonstration and the benchmark. It owns the two daemons that make one; it
// never touches the user's bus or keyring, and what it needs and does not find
// it names.
package privatekeyring

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// patience bounds the start of each daemon.
const patience = 10 * time.Second

// Start starts a Secret Service on a private bus below a home directory, where
// the machine has the programs for it; path is the PATH to find them with. It
// returns the variables that lead there, what ends it, and why there is none.
func Start(home, path string) (env []string, stop func(), why string) {
	stop = func() {}
	for _, program := range []string{"dbus-daemon", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(program); err != nil {
			return nil, stop, program + " is not installed"
		}
	}
	run := filepath.Join(home, "run")
	if err := os.MkdirAll(run, 0o700); err != nil {
		return nil, stop, err.Error()
	}
	env = []string{"XDG_RUNTIME_DIR=" + run, "XDG_DATA_HOME=" + filepath.Join(home, ".local", "share")}
	bus := exec.Command("dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1", "--address=unix:path="+filepath.Join(run, "bus"))
	bus.Env = append([]string{"PATH=" + path, "HOME=" + home}, env...)
	address, err := firstLine(bus)
	if err != nil {
		return nil, stop, "dbus-daemon did not start"
	}
	env = append(env, "DBUS_SESSION_BUS_ADDRESS="+address)
	daemon := exec.Command("gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets", "--control-directory="+filepath.Join(run, "keyring"))
	daemon.Env = append([]string{"PATH=" + path, "HOME=" + home}, env...)
	daemon.Stdin = strings.NewReader("demo")
	if _, err := firstLine(daemon); err != nil {
		end(bus)
		return nil, stop, "gnome-keyring-daemon did not start"
	}
	return env, func() { end(daemon); end(bus) }, ""
}

// firstLine starts a daemon and returns the first line that it prints.
func firstLine(cmd *exec.Cmd) (string, error) {
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	line := make(chan string, 1)
	go func() {
		text, _ := bufio.NewReader(out).ReadString('\n')
		line <- strings.TrimSpace(text)
	}()
	select {
	case text := <-line:
		if text != "" {
			return text, nil
		}
	case <-time.After(patience):
	}
	end(cmd)
	return "", errors.New("it printed nothing")
}

func end(cmd *exec.Cmd) {
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
}
