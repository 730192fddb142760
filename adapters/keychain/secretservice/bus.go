package secretservice

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/godbus/dbus/v5"
)

// What is read of a bus at most: before it has authenticated this process, of
// one message, and of a connection. A decoded message can take some forty times
// its size; a keyring's longest are a few secrets, and a run asks for little.
const (
	maxGreeting = 16 << 10
	maxMessage  = 1 << 20
	maxTraffic  = 16 << 20
)

var errTooMuch = errors.New("the bus sends more than a keyring has to say")

// connect opens a connection to the first bus of an address list that answers.
func connect(ctx context.Context, addresses string) (conn *dbus.Conn, err error) {
	for address := range strings.SplitSeq(addresses, ";") {
		var socket net.Conn
		if socket, err = dialSocket(ctx, address); err != nil {
			continue
		}
		if conn, err = greet(ctx, socket); err == nil {
			return conn, nil
		}
	}
	return nil, err
}

// dialSocket connects to one address. Sockets are all there is: a bus that would
// have to be started is none.
func dialSocket(ctx context.Context, address string) (net.Conn, error) {
	transport, rest, ok := strings.Cut(address, ":")
	if !ok {
		return nil, errors.New("the address names no transport")
	}
	keys := map[string]string{}
	for pair := range strings.SplitSeq(rest, ",") {
		key, value, _ := strings.Cut(pair, "=")
		plain, err := url.PathUnescape(value)
		if err != nil {
			return nil, errors.New("the address has an escape that is none")
		}
		keys[key] = plain
	}
	var dialer net.Dialer
	switch {
	case transport == "unix" && keys["path"] != "":
		return dialer.DialContext(ctx, "unix", keys["path"])
	case transport == "unix" && keys["abstract"] != "":
		return dialer.DialContext(ctx, "unix", "@"+keys["abstract"])
	case transport == "tcp" && keys["host"] != "" && keys["port"] != "":
		family := map[string]string{"ipv4": "tcp4", "ipv6": "tcp6"}[keys["family"]]
		return dialer.DialContext(ctx, "tcp"+strings.TrimPrefix(family, "tcp"), net.JoinHostPort(keys["host"], keys["port"]))
	}
	return nil, errors.New("the address names no socket")
}

// greet authenticates this process on a connection, which ends with ctx.
func greet(ctx context.Context, socket net.Conn) (*dbus.Conn, error) {
	conn, err := dbus.NewConn(&guarded{Conn: socket, left: maxGreeting}, dbus.WithContext(ctx))
	if err != nil {
		_ = socket.Close()
		return nil, err
	}
	err = conn.Auth([]dbus.Auth{dbus.AuthExternal(strconv.Itoa(os.Geteuid()))})
	if err == nil {
		err = conn.Hello()
	}
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}

// reason is why a connection failed, without what its caller knows already.
func reason(err error) string {
	var number *os.SyscallError
	var failed *net.OpError
	switch {
	case errors.As(err, &number):
		return number.Err.Error()
	case errors.As(err, &failed):
		return failed.Err.Error()
	case errors.Is(err, io.EOF):
		return "it closed the connection"
	}
	return strings.TrimPrefix(err.Error(), "dbus: ")
}

// guarded bounds what is read of a bus. It hands on whole messages, and no calls:
// nobody has anything to ask of this program.
type guarded struct {
	net.Conn
	begun bool         // this process has ended the greeting
	left  int          // what may still come
	frame bytes.Buffer // what is left of the message that is being handed on
}

// Write notices the end of the greeting, which is this process's to say; what is
// read from then on is messages.
func (g *guarded) Write(p []byte) (int, error) {
	if !g.begun && bytes.Equal(p, []byte("BEGIN\r\n")) {
		g.begun, g.left = true, maxTraffic
	}
	return g.Conn.Write(p)
}

func (g *guarded) Read(p []byte) (int, error) {
	if !g.begun {
		if g.left == 0 {
			return 0, errTooMuch
		}
		n, err := g.Conn.Read(p[:min(len(p), g.left)])
		g.left -= n
		return n, err
	}
	for g.frame.Len() == 0 {
		if err := g.next(); err != nil {
			return 0, err
		}
	}
	return g.frame.Read(p)
}

// next reads a message, whose length its first 16 bytes have:
// https://dbus.freedesktop.org/doc/dbus-specification.html#message-protocol-messages
func (g *guarded) next() error {
	var head [16]byte
	if _, err := io.ReadFull(g.Conn, head[:]); err != nil {
		return err
	}
	var order binary.ByteOrder = binary.LittleEndian
	if head[0] == 'B' {
		order = binary.BigEndian
	}
	fields := (uint64(order.Uint32(head[12:])) + 7) &^ 7
	rest := fields + uint64(order.Uint32(head[4:]))
	if rest > maxMessage || int(rest)+len(head) > g.left {
		return errTooMuch
	}
	g.left -= int(rest) + len(head)
	g.frame.Reset()
	g.frame.Write(head[:])
	if _, err := io.CopyN(&g.frame, g.Conn, int64(rest)); err != nil {
		return err
	}
	if dbus.Type(head[1]) == dbus.TypeMethodCall {
		g.frame.Reset()
	}
	return nil
}
