// Package keyringtest owns private keyrings for tests: a D-Bus daemon of their
// own with a real gnome-keyring-daemon on it, or with a Secret Service that
// misbehaves to order. It needs no desktop and no root, touches neither the
// user's bus nor the user's keyring, and is linked into tests only.
//
// A missing program fails the test and names the package that has it. What
// cannot be tested is not skipped.
package keyringtest

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// startBound guards against a daemon that never comes up.
const startBound = 30 * time.Second

// Bus is a private session bus with nothing on it and nothing that it could
// start.
type Bus struct {
	Address string // as in DBUS_SESSION_BUS_ADDRESS
	dir     string // private, short, and gone after the test
}

const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=%s</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

// StartBus starts a bus for the time of the test.
func StartBus(t testing.TB) *Bus {
	t.Helper()
	// Not t.TempDir: a socket's path has room for some hundred characters.
	dir, err := os.MkdirTemp("", "jira-bus-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	for _, sub := range []string{"run", "data", "config", "cache"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	b := &Bus{dir: dir}
	config := filepath.Join(dir, "bus.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, busConfig, filepath.Join(dir, "run", "bus")), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program(t, "dbus-daemon", "dbus-daemon"), "--config-file="+config, "--nofork", "--nopidfile", "--print-address=1")
	cmd.Env = b.Env()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	run(t, cmd)
	lines := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(out).ReadString('\n')
		lines <- strings.TrimSpace(line)
		_, _ = io.Copy(io.Discard, out)
	}()
	select {
	case b.Address = <-lines:
	case <-time.After(startBound):
	}
	if b.Address == "" {
		t.Fatal("dbus-daemon printed no address")
	}
	return b
}

// Env is an environment for programs that are to use this bus and nothing of
// the user's: PATH, a private HOME and XDG directories, and the bus.
func (b *Bus) Env() []string {
	env := []string{
		"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "HOME=" + b.dir,
		"XDG_RUNTIME_DIR=" + filepath.Join(b.dir, "run"), "XDG_DATA_HOME=" + filepath.Join(b.dir, "data"),
		"XDG_CONFIG_HOME=" + filepath.Join(b.dir, "config"), "XDG_CACHE_HOME=" + filepath.Join(b.dir, "cache"),
	}
	if b.Address != "" {
		env = append(env, "DBUS_SESSION_BUS_ADDRESS="+b.Address)
	}
	return env
}

// Connect returns a connection to the bus, closed after the test.
func (b *Bus) Connect(t testing.TB) *dbus.Conn {
	t.Helper()
	conn, err := dbus.Connect(b.Address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// program finds a program, or fails the test with the Debian package's name.
func program(t testing.TB, name, debianPackage string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("this test needs %s: install the package %s (apt-get install dbus-daemon gnome-keyring libsecret-tools)", name, debianPackage)
	}
	return path
}

// run starts a daemon that ends with the test, or with the test's process.
func run(t testing.TB, cmd *exec.Cmd) {
	t.Helper()
	dieWithParent(cmd)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
}
