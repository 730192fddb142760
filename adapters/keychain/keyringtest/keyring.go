package keyringtest

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

const (
	busName    = "org.freedesktop.secrets"
	root       = dbus.ObjectPath("/org/freedesktop/secrets")
	serviceAPI = "org.freedesktop.Secret.Service"
)

// Keyring is a real gnome-keyring-daemon on a private bus, unlocked, with an
// empty default collection.
type Keyring struct {
	*Bus
	collection dbus.ObjectPath
	daemon     *exec.Cmd
}

// Start starts a bus and a keyring for the time of the test.
func Start(t testing.TB) *Keyring {
	t.Helper()
	return StartOn(t, StartBus(t))
}

// StartOn starts a keyring on a bus that is there.
func StartOn(t testing.TB, bus *Bus) *Keyring {
	t.Helper()
	k := launch(t, bus, "a password of the tests", "--unlock")
	k.await(t, func() bool { return k.collection != "/" })
	return k
}

// StartBare starts a daemon that nobody has given a password, as a login without
// a desktop does: it has no collection to store in.
func StartBare(t testing.TB) *Keyring {
	t.Helper()
	k := launch(t, StartBus(t), "")
	k.await(t, func() bool { return true })
	return k
}

func launch(t testing.TB, bus *Bus, password string, args ...string) *Keyring {
	t.Helper()
	args = append([]string{"--foreground", "--components=secrets", "--control-directory=" + filepath.Join(bus.dir, "run", "keyring")}, args...)
	cmd := exec.Command(program(t, "gnome-keyring-daemon", "gnome-keyring"), args...)
	cmd.Env = bus.Env()
	cmd.Stdin = strings.NewReader(password)
	run(t, cmd)
	return &Keyring{Bus: bus, daemon: cmd}
}

// await waits until the daemon answers and what it answers is enough.
func (k *Keyring) await(t testing.TB, enough func() bool) {
	t.Helper()
	service := k.Connect(t).Object(busName, root)
	for end := time.Now().Add(startBound); ; time.Sleep(5 * time.Millisecond) {
		err := service.Call(serviceAPI+".ReadAlias", 0, "default").Store(&k.collection)
		if err == nil && enough() {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("gnome-keyring-daemon has no default collection after %v: %v", startBound, err)
		}
	}
}

// Stop ends the daemon; what it stored is there when StartOn starts another one
// on the same bus.
func (k *Keyring) Stop(t testing.TB) {
	t.Helper()
	if err := k.daemon.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = k.daemon.Wait() // it was killed, and says so
}

// Alive reports whether the daemon is still on the bus.
func (k *Keyring) Alive(t testing.TB) bool {
	t.Helper()
	var owned bool
	err := k.Connect(t).BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, busName).Store(&owned)
	return err == nil && owned
}

// Lock locks the default collection. Nobody can unlock it: the bus has no
// prompter.
func (k *Keyring) Lock(t testing.TB) {
	t.Helper()
	var locked []dbus.ObjectPath
	var prompt dbus.ObjectPath
	err := k.Connect(t).Object(busName, root).Call(serviceAPI+".Lock", 0, []dbus.ObjectPath{k.collection}).Store(&locked, &prompt)
	if err != nil || len(locked) != 1 {
		t.Fatalf("the collection was not locked: %v, %v", locked, err)
	}
}

// Lookup runs `secret-tool lookup` with attributes and values in turn, and
// returns what it prints, "" where it finds nothing.
func (k *Keyring) Lookup(t testing.TB, attributes ...string) string {
	t.Helper()
	cmd := exec.Command(program(t, "secret-tool", "libsecret-tools"), append([]string{"lookup"}, attributes...)...)
	cmd.Env = k.Env()
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil && errs.Len() > 0 {
		t.Fatalf("secret-tool: %v: %s", err, errs.String())
	}
	return string(out)
}

// Plant runs `secret-tool store`, as a person would by hand.
func (k *Keyring) Plant(t testing.TB, text string, attributes ...string) {
	t.Helper()
	args := append([]string{"store", "--label=planted"}, attributes...)
	cmd := exec.Command(program(t, "secret-tool", "libsecret-tools"), args...)
	cmd.Env = k.Env()
	cmd.Stdin = strings.NewReader(text)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("secret-tool: %v: %s", err, out)
	}
}

// Items returns how many items there are with the attributes, wherever.
func (k *Keyring) Items(t testing.TB, attributes map[string]string) int {
	t.Helper()
	var open, shut []dbus.ObjectPath
	err := k.Connect(t).Object(busName, root).Call(serviceAPI+".SearchItems", 0, attributes).Store(&open, &shut)
	if err != nil {
		t.Fatal(err)
	}
	return len(open) + len(shut)
}
