//go:build unix

package jirahttp_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"jira-cli/adapters/jirahttp"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
)

const (
	watchdog  = 20 * time.Second
	maxMemory = 64 << 20
)

var errRunEnded = errors.New("the run has ended")

// raw listens and hands each connection, with the request's head read where
// head is true, to speak. It returns host and port.
func raw(t *testing.T, head bool, speak func(conn net.Conn, gone <-chan struct{})) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone := make(chan struct{})
	t.Cleanup(func() { close(gone); _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				for in := bufio.NewReader(conn); head; {
					line, err := in.ReadString('\n')
					if err != nil || line == "\r\n" {
						break
					}
				}
				speak(conn, gone)
			}()
		}
	}()
	return listener.Addr().String()
}

// says writes text once and then more again and again, or waits where there is
// no more.
func says(text, more string) func(net.Conn, <-chan struct{}) {
	return func(conn net.Conn, gone <-chan struct{}) {
		_, err := io.WriteString(conn, text)
		for chunk := strings.Repeat(more, 1+4096/max(1, len(more))); err == nil && more != ""; {
			_, err = io.WriteString(conn, chunk)
		}
		<-gone
	}
}

// watched runs ask, whose run ends shortly after it began, and fails where it
// does not come back or takes more than its memory.
func watched(t *testing.T, ends bool, ask func(ctx context.Context) error) error {
	t.Helper()
	bound := watchdog / 2
	if ends { // nothing else will
		bound = 300 * time.Millisecond
	}
	ctx, cancel := context.WithTimeoutCause(context.Background(), bound, errRunEnded)
	defer cancel()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	done := make(chan error, 1)
	go func() { done <- ask(ctx) }()
	select {
	case err := <-done:
		runtime.ReadMemStats(&after)
		if after.HeapAlloc > before.HeapAlloc && after.HeapAlloc-before.HeapAlloc > maxMemory {
			t.Errorf("it holds %d MiB", (after.HeapAlloc-before.HeapAlloc)>>20)
		}
		return err
	case <-time.After(watchdog):
		t.Fatal("it did not end")
		return nil
	}
}

// TestServersThatDoNotEnd: silent, endless and huge at each step of the way, as
// the site and as the proxy. Each ends with the run or before, and nothing but
// the closed table comes out.
func TestServersThatDoNotEnd(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	for _, c := range []struct {
		name  string
		head  bool
		speak func(net.Conn, <-chan struct{})
		code  fault.Code // "" for the end of the run
	}{
		{"101, then silent", true, says("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", ""), fault.JiraBadResponse},
		{"101, then endless", true, says("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n", "x"), fault.JiraBadResponse},
		{"101 without Upgrade", true, says("HTTP/1.1 101 \r\n\r\n", ""), fault.JiraBadResponse},
		{"100 for ever", true, says("", "HTTP/1.1 100 Continue\r\n\r\n"), fault.JiraBadResponse},
		{"103 for ever", true, says("", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"), fault.JiraBadResponse},
		{"silent", true, says("", ""), ""},
		{"silent in the status", true, says("HTTP/1.1 2", ""), ""},
		{"an endless status", true, says("HTTP/1.1 200 ", "x"), fault.JiraBadResponse},
		{"silent in the headers", true, says(ok+"X-A: ", ""), ""},
		{"an endless header", true, says(ok+"X-A: ", "x"), fault.JiraBadResponse},
		{"endless headers", true, says(ok, "X-A: x\r\n"), fault.JiraBadResponse},
		{"silent before the body", true, says(ok+"Content-Length: 10\r\n\r\n", ""), ""},
		{"silent in the body", true, says(ok+"Content-Length: 10\r\n\r\n{", ""), ""},
		{"an endless body", true, says(ok+"\r\n", "["), fault.JiraBadResponse},
		{"endless chunks", true, says(ok+"Transfer-Encoding: chunked\r\n\r\n", "1000\r\n"+strings.Repeat("[", 4096)+"\r\n"), fault.JiraBadResponse},
		{"an endless chunk extension", true, says(ok+"Transfer-Encoding: chunked\r\n\r\n1;", "x"), fault.JiraBadResponse},
		{"endless trailers", true, says(ok+"Trailer: X-A\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n", "X-A: x\r\n"), fault.JiraBadResponse},
		{"silent trailers", true, says(ok+"Trailer: X-A\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-A", ""), ""},
		{"a refusal with an endless body", true, says("HTTP/1.1 401 Unauthorized\r\n\r\n", "x"), fault.JiraUnauthorized},
		{"a refusal with a silent body", true, says("HTTP/1.1 401 Unauthorized\r\nContent-Length: 10\r\n\r\n", ""), ""},
		{"a redirect with a silent body", true, says("HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 10\r\n\r\n", ""), ""},
	} {
		t.Run("site/"+c.name, func(t *testing.T) {
			s := open(t, jirahttp.Options{}, "http://"+raw(t, c.head, c.speak))
			err := watched(t, c.code == "", func(ctx context.Context) error { _, err := s.Myself(ctx); return err })
			if c.code == "" && !errors.Is(err, errRunEnded) || c.code != "" && fault.CodeOf(err) != c.code {
				t.Errorf("%v, want %q", err, c.code)
			}
		})
	}
	for _, c := range []struct {
		name  string
		speak func(net.Conn, <-chan struct{})
		ended bool
	}{
		{"silent", says("", ""), true},
		{"101", says("HTTP/1.1 101 Switching Protocols\r\n\r\n", ""), false},
		{"100 for ever", says("", "HTTP/1.1 100 Continue\r\n\r\n"), false},
		{"endless headers", says("HTTP/1.1 200 OK\r\n", "X-A: x\r\n"), false},
		{"an endless header", says("HTTP/1.1 200 OK\r\nX-A: ", "x"), false},
		{"silent in the handshake", says("HTTP/1.1 200 OK\r\n\r\n", ""), true},
		{"endless in the handshake", says("HTTP/1.1 200 OK\r\n\r\n", "\x16\x03\x03\x00\x01\x02"), false},
	} {
		t.Run("proxy/"+c.name, func(t *testing.T) {
			s := through(t, jirahttp.Options{}, "example", profile.Network{Proxy: "http://" + raw(t, true, c.speak)})
			err := watched(t, c.ended, func(ctx context.Context) error { _, err := s.Myself(ctx); return err })
			if ended := errors.Is(err, errRunEnded); err == nil || c.ended && !ended || !ended && fault.From(err).Code == fault.InternalError {
				t.Errorf("%v", err)
			}
		})
	}
	for name, speak := range map[string]func(net.Conn, <-chan struct{}){
		"silent": says("", ""), "endless records": says("", "\x16\x03\x03\x00\x01\x02"), "endless alerts": says("", "\x15\x03\x03\x00\x02\x01\x00"),
	} {
		t.Run("TLS/"+name, func(t *testing.T) {
			s := open(t, jirahttp.Options{}, "https://"+raw(t, false, speak))
			err := watched(t, true, func(ctx context.Context) error { _, err := s.Myself(ctx); return err })
			if err == nil || fault.From(err).Code == fault.InternalError && !errors.Is(err, errRunEnded) {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestFilesThatDoNotEnd are refused where the profile or a variable names them,
// and nothing is sent.
func TestFilesThatDoNotEnd(t *testing.T) {
	dir := t.TempDir()
	fifo := filepath.Join(dir, "fifo.pem")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	huge := filepath.Join(t.TempDir(), "huge.pem")
	if err := os.WriteFile(huge, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(huge, 1<<40); err != nil {
		t.Fatal(err)
	}
	fake := raw(t, false, func(net.Conn, <-chan struct{}) { t.Error("the site was connected to") })
	refused := func(name string, o jirahttp.Options, n profile.Network, words string) {
		err := watched(t, false, func(ctx context.Context) error {
			_, err := through(t, o, "https://"+fake, n).Myself(ctx)
			return err
		})
		if f := fault.From(err); f == nil || f.Code != fault.ArgumentInvalid || !strings.Contains(f.Message, words) || f.Hint == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, file := range []string{fifo, huge, "/dev/zero"} {
		refused(file, jirahttp.Options{}, profile.Network{CAFile: file}, file)
		refused(file, jirahttp.Options{}, profile.Network{ClientCert: file}, file)
		if runtime.GOOS != "darwin" {
			refused(file, variable("SSL_CERT_FILE", file), profile.Network{}, "SSL_CERT_FILE")
			refused(file, variable("SSL_CERT_DIR", "/nowhere:"+filepath.Dir(file)), profile.Network{}, "SSL_CERT_DIR")
		}
	}
}

func variable(name, value string) jirahttp.Options {
	return jirahttp.Options{Lookup: func(asked string) (string, bool) {
		if asked == name {
			return value, true
		}
		return "", false
	}}
}

// TestProxyVariables that cannot be parsed stop everything, also where the site
// is on loopback or the profile has a proxy of its own.
func TestProxyVariables(t *testing.T) {
	fake := raw(t, false, func(net.Conn, <-chan struct{}) { t.Error("something was connected to") })
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"} {
		o := variable(name, "http//john:hunter22@"+fake)
		for site, n := range map[string]profile.Network{"http://" + fake: {}, "https://" + fake: {Proxy: "http://" + fake}} {
			s := through(t, o, site, n)
			_, err := s.Myself(bounded(t))
			if f := fault.From(err); f == nil || f.Code != fault.ArgumentInvalid || !strings.Contains(f.Message, name) || strings.Contains(f.Message+f.Hint, "hunter22") {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := s.Server(bounded(t)); fault.CodeOf(err) != fault.ArgumentInvalid {
				t.Errorf("%s: a public question: %v", name, err)
			}
		}
	}
	for _, name := range []string{"HTTPS_PROXY", "ALL_PROXY", "all_proxy"} {
		f := ask(t, open(t, variable(name, "http://127.0.0.1:1"), "example"))
		if f == nil || f.Code != fault.NetworkUnreachable || !strings.Contains(f.Message, "through the proxy 127.0.0.1:1") {
			t.Errorf("%s: %v", name, f)
		}
	}
}
