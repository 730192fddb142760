package fakejira

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
)

func (p *Proxy) serveSocks() {
	for {
		conn, err := p.listener.Accept()
		if err != nil {
			return
		}
		go p.socks(conn)
	}
}

// socks serves one connection of RFC 1928: CONNECT alone, and with User the
// login of RFC 1929.
func (p *Proxy) socks(near net.Conn) {
	host, err := p.greet(near)
	if err != nil {
		_ = near.Close()
		return
	}
	p.note(host)
	far, err := net.Dial("tcp", p.opts.Target)
	if p.opts.Status != 0 || err != nil {
		_, _ = near.Write([]byte{5, 2, 0, 1, 0, 0, 0, 0, 0, 0}) // not allowed
		_ = near.Close()
		if far != nil {
			_ = far.Close()
		}
		return
	}
	_, _ = near.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	p.tunnel(near, near, far)
}

// greet reads what a client says first, and returns the host that it wants.
func (p *Proxy) greet(conn net.Conn) (string, error) {
	head := make([]byte, 2)
	if _, err := io.ReadFull(conn, head); err != nil {
		return "", err
	}
	methods := make([]byte, head[1])
	if _, err := io.ReadFull(conn, methods); err != nil {
		return "", err
	}
	if err := p.admit(conn, methods); err != nil {
		return "", err
	}
	return readTarget(conn)
}

// admit chooses how the client authenticates, and lets it.
func (p *Proxy) admit(conn net.Conn, methods []byte) error {
	const none, password, refused = 0, 2, 0xff
	if p.opts.User == "" {
		_, err := conn.Write([]byte{5, none})
		return err
	}
	if !bytes.Contains(methods, []byte{password}) {
		_, _ = conn.Write([]byte{5, refused})
		return errors.New("the client has no login")
	}
	if _, err := conn.Write([]byte{5, password}); err != nil {
		return err
	}
	version := make([]byte, 1)
	if _, err := io.ReadFull(conn, version); err != nil {
		return err
	}
	user, err := readText(conn)
	if err != nil {
		return err
	}
	given, err := readText(conn)
	if err != nil {
		return err
	}
	if user != p.opts.User || given != p.opts.Password {
		_, _ = conn.Write([]byte{1, 1})
		return errors.New("the login is wrong")
	}
	_, err = conn.Write([]byte{1, 0})
	return err
}

// readText reads a length and so many bytes.
func readText(r io.Reader) (string, error) {
	length := make([]byte, 1)
	if _, err := io.ReadFull(r, length); err != nil {
		return "", err
	}
	text := make([]byte, length[0])
	_, err := io.ReadFull(r, text)
	return string(text), err
}

// readTarget reads which host a client wants, and returns it with its port.
func readTarget(conn net.Conn) (string, error) {
	request := make([]byte, 4)
	if _, err := io.ReadFull(conn, request); err != nil {
		return "", err
	}
	host := ""
	if request[3] == 3 {
		name, err := readText(conn)
		if err != nil {
			return "", err
		}
		host = strings.ToLower(name)
	} else {
		address := make([]byte, map[byte]int{1: net.IPv4len, 4: net.IPv6len}[request[3]])
		if _, err := io.ReadFull(conn, address); err != nil {
			return "", err
		}
		host = net.IP(address).String()
	}
	port := make([]byte, 2)
	if _, err := io.ReadFull(conn, port); err != nil {
		return "", err
	}
	return net.JoinHostPort(host, strconv.Itoa(int(port[0])<<8|int(port[1]))), nil
}
