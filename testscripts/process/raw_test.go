//go:build linux

package process_test

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"jira-cli/adapters/fakejira"
)

// serveBytes is the verb "bytes KIND": a server at $SECURE that breaks the rules
// of HTTP below what the fake does, and ca.pem is its authority. behind answers
// each request and sends the request's credential behind the body; ping speaks
// HTTP/2, and sends PING before SETTINGS.
func serveBytes(ts *testscript.TestScript, neg bool, args []string) {
	kinds := map[string]func(net.Conn){"behind": answerAndMore, "ping": pingFirst}
	protocols := map[string]string{"behind": "http/1.1", "ping": "h2"}
	if neg || len(args) != 1 || kinds[args[0]] == nil {
		ts.Fatalf("usage: bytes behind|ping")
	}
	ca, err := fakejira.NewCA()
	ts.Check(err)
	config, err := ca.Config(fakejira.Leaf{})
	ts.Check(err)
	config.NextProtos = []string{protocols[args[0]]}
	listener, err := tls.Listen("tcp", "127.0.0.1:0", config)
	ts.Check(err)
	w := of(ts)
	w.t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			w.t.Cleanup(func() { _ = conn.Close() })
			go kinds[args[0]](conn)
		}
	}()
	ts.Check(os.WriteFile(ts.MkAbs("ca.pem"), ca.PEM(), 0o600))
	host := listener.Addr().String()
	ts.Setenv("SECURE", "https://"+host)
	w.names = append(w.names, host, "$SECUREHOST")
}

func answerAndMore(conn net.Conn) {
	const body = `{"accountId":"712020:1","accountType":"atlassian","displayName":"John Doe","permissions":{},"version":"9.12.4"}`
	for reader := bufio.NewReader(conn); ; {
		req, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		_, secret, _ := req.BasicAuth()
		text := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s%s\r\n", len(body), body, strings.Repeat(secret+" ", 2))
		if _, err := conn.Write([]byte(text)); err != nil {
			return
		}
	}
}

func pingFirst(conn net.Conn) {
	_, _ = conn.Write([]byte("\x00\x00\x08\x06\x00\x00\x00\x00\x00ATATT3xF"))
	for buf := make([]byte, 1<<10); ; {
		if _, err := conn.Read(buf); err != nil {
			return
		}
	}
}
