package fakejira

import (
	"net"
	"net/http"
	"strconv"
	"time"
)

// ServeHTTP delivers answers on a socket.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rep := s.answer(r, r.TLS != nil)
	if !s.wait(r, rep.delay) || rep.wire == "stall" {
		s.hold(r)
		panic(http.ErrAbortHandler)
	}
	switch rep.wire {
	case "", "truncate", "stall-body", "endless":
	case "nonhttp":
		hijack(w, func(conn net.Conn) { _, _ = conn.Write([]byte("SSH-2.0-OpenSSH_9.6\r\n")) })
	default:
		hijack(w, func(conn net.Conn) {
			if tcp, ok := conn.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0) // closing sends a reset
			}
		})
	}
	for name, values := range rep.header {
		w.Header()[name] = values
	}
	if rep.wire != "endless" {
		w.Header().Set("Content-Length", strconv.Itoa(len(rep.body)))
	}
	w.WriteHeader(rep.status)
	s.deliver(w, r, rep)
}

// deliver writes the body, as far as the fault lets it.
func (s *Server) deliver(w http.ResponseWriter, r *http.Request, rep reply) {
	flush := func() { _ = http.NewResponseController(w).Flush() }
	switch rep.wire {
	case "truncate":
		_, _ = w.Write(rep.body[:len(rep.body)/2])
		flush()
		panic(http.ErrAbortHandler)
	case "stall-body":
		_, _ = w.Write(rep.body[:len(rep.body)/2])
		flush()
		s.hold(r)
		panic(http.ErrAbortHandler)
	case "endless":
		_, _ = w.Write(rep.body[:len(rep.body)/2])
		for chunk := blanks(); r.Context().Err() == nil && !s.closed(); {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	default:
		_, _ = w.Write(rep.body)
	}
}

// hijack takes the connection over, lets end have it and closes it. Where that
// cannot be done, over HTTP/2, the stream is reset.
func hijack(w http.ResponseWriter, end func(net.Conn)) {
	if h, ok := w.(http.Hijacker); ok {
		if conn, _, err := h.Hijack(); err == nil {
			end(conn)
			_ = conn.Close()
		}
	}
	panic(http.ErrAbortHandler)
}

// wait lets time pass; false when the request or the fake ended first.
func (s *Server) wait(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
	case <-s.quit:
	}
	return false
}

// hold returns when the request or the fake ends.
func (s *Server) hold(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-s.quit:
	}
}

func (s *Server) closed() bool {
	select {
	case <-s.quit:
		return true
	default:
		return false
	}
}

// blanks are white space: what follows a JSON document without ending it.
func blanks() []byte {
	chunk := make([]byte, 16<<10)
	for i := range chunk {
		chunk[i] = ' '
	}
	return chunk
}
