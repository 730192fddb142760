//go:build linux

package keychain_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/godbus/dbus/v5"

	"jira-cli/adapters/keychain"
	"jira-cli/domain/fault"
)

// hostileBus is a bus that does with every connection what it wants.
func hostileBus(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() { defer conn.Close(); serve(conn) }()
		}
	}()
	return "unix:path=" + path
}

// forEver writes the same bytes until the other side has had enough.
func forEver(conn net.Conn, chunk []byte) {
	for {
		if _, err := conn.Write(chunk); err != nil {
			return
		}
	}
}

// greeted lets the client in, as a bus does, and then goes on.
func greeted(then func(net.Conn)) func(net.Conn) {
	return func(conn net.Conn) {
		_, _ = conn.Write([]byte("REJECTED EXTERNAL\r\nOK 0123456789abcdef0123456789abcdef\r\n"))
		go func() { _, _ = io.Copy(io.Discard, conn) }()
		then(conn)
	}
}

// message is a message of the bus, with the length that its header claims.
func message(kind dbus.Type, body []any, claimed uint32) []byte {
	m := &dbus.Message{Type: kind, Headers: map[dbus.HeaderField]dbus.Variant{
		dbus.FieldPath: dbus.MakeVariant(dbus.ObjectPath("/a")), dbus.FieldInterface: dbus.MakeVariant("a.b"), dbus.FieldMember: dbus.MakeVariant("C"),
		dbus.FieldReplySerial: dbus.MakeVariant(uint32(1)),
	}, Body: body}
	if len(body) > 0 {
		m.Headers[dbus.FieldSignature] = dbus.MakeVariant(dbus.SignatureOf(body...))
	}
	var b bytes.Buffer
	if err := m.EncodeTo(&b, binary.LittleEndian); err != nil {
		panic(err)
	}
	text := b.Bytes()
	binary.LittleEndian.PutUint32(text[8:], 1) // the serial, which may not be 0
	if claimed > 0 {
		binary.LittleEndian.PutUint32(text[4:], claimed)
	}
	return text
}

// bomb is a body of small values, which take many times their size in memory.
func bomb() []any {
	values := make([]dbus.Variant, 250_000)
	for i := range values {
		values[i] = dbus.MakeVariant(byte(1))
	}
	return []any{values}
}

// most is what a run may take more than one that finds no bus, in KiB.
const most = 64 << 10

// A bus may send what it likes for as long as it likes: each operation ends, with
// an error of the keyring's, in bounded memory.
func TestHostileBus(t *testing.T) {
	letters := bytes.Repeat([]byte("A"), 1<<16)
	idle, _ := peak(t, "unix:path="+filepath.Join(t.TempDir(), "none"))
	for name, serve := range map[string]func(net.Conn){
		"an endless line":            func(conn net.Conn) { forEver(conn, letters) },
		"endless lines":              func(conn net.Conn) { forEver(conn, bytes.Repeat([]byte("DATA\r\n"), 1<<12)) },
		"a huge message":             greeted(func(conn net.Conn) { _, _ = conn.Write(message(dbus.TypeSignal, nil, 100<<20)); forEver(conn, letters) }),
		"many signals":               greeted(func(conn net.Conn) { forEver(conn, message(dbus.TypeSignal, nil, 0)) }),
		"many calls":                 greeted(func(conn net.Conn) { forEver(conn, message(dbus.TypeMethodCall, nil, 0)) }),
		"a message of small values":  greeted(func(conn net.Conn) { forEver(conn, message(dbus.TypeSignal, bomb(), 0)) }),
		"garbage after the greeting": greeted(func(conn net.Conn) { forEver(conn, letters) }),
	} {
		t.Run(name, func(t *testing.T) {
			used, said := peak(t, hostileBus(t, serve))
			if used > idle+most {
				t.Errorf("it took %d KiB, and %d without a bus", used, idle)
			}
			if !strings.Contains(said, "keyring_") {
				t.Errorf("it said %q", said)
			}
		})
	}
}

// peak has another process read a secret and returns the most memory that it
// had, in KiB, and what it said.
func peak(t *testing.T, address string) (kib int64, said string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), helper+"=get", "DBUS_SESSION_BUS_ADDRESS="+address, "GOMEMLIMIT=off", "GOGC=100")
	out, _ := cmd.CombinedOutput() // it fails, and says how
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		t.Fatal("the system counts no memory")
	}
	return usage.Maxrss, string(out)
}

// A bus that cannot be reached is named, with the variable and the reason.
func TestUnreachableBusIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bus")
	for address, reason := range map[string]string{
		"unix:path=" + path:              "no such file or directory",
		"unixexec:path=/bin/true":        "the address names no socket",
		"garbage":                        "the address names no transport",
		"unix:path=%zz":                  "the address has an escape that is none",
		"tcp:host=127.0.0.1,port=1":      "connection refused",
		"unix:abstract=jira-cli/nothing": "connection refused",
	} {
		store := open(t, keychain.Options{BusAddress: address, BusVariable: "DBUS_SESSION_BUS_ADDRESS", MachineBound: hour})
		_, err := store.Get(t.Context(), ref)
		want := "the session bus " + address + " (from DBUS_SESSION_BUS_ADDRESS) cannot be reached: " + reason
		if err == nil || err.Error() != want || fault.CodeOf(err) != fault.KeyringUnavailable {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
