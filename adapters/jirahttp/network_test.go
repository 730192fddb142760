package jirahttp

import (
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"
)

// TestNothingIsReadBeforeTheRoots: a site's first bytes wait for the roots, or a
// certificate could be judged by half of them.
func TestNothingIsReadBeforeTheRoots(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		if conn, err := listener.Accept(); err == nil {
			_, _ = io.WriteString(conn, "hello")
			_ = conn.Close()
		}
	}()
	ready := make(chan struct{})
	conn, err := dial(ready)(t.Context(), "tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	var filled atomic.Bool
	time.AfterFunc(50*time.Millisecond, func() {
		filled.Store(true)
		close(ready)
	})
	got, err := io.ReadAll(conn)
	if err != nil || string(got) != "hello" || !filled.Load() {
		t.Errorf("read %q, %v, with the roots there: %v", got, err, filled.Load())
	}
}

// TestRootsAreReadOnce: all sessions of a client share the pool.
func TestRootsAreReadOnce(t *testing.T) {
	t.Parallel()
	asked := 0
	r := roots{lookup: func(name string) (string, bool) {
		if name == "SSL_CERT_FILE" {
			asked++
		}
		return "", false
	}}
	first, ready := r.load()
	<-ready
	if second, _ := r.load(); second != first || asked > 1 {
		t.Errorf("the roots were read %d times", asked)
	}
}
