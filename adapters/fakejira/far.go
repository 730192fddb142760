package fakejira

import (
	"net"
	"os"
	"sync"
	"time"
)

// farListener plays a network with a round-trip time: what a client sends
// arrives that much later, and the first bytes twice as late, for the handshake
// of TCP that the kernel has done already. Answers leave at once, so that a
// round trip takes the time once.
type farListener struct {
	net.Listener
	rtt time.Duration
}

// Accept implements net.Listener.
func (l *farListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &farConn{Conn: conn, chunks: make(chan chunk, 1024), gone: make(chan struct{}), cut: make(chan struct{})}
	go c.pump(l.rtt)
	return c, nil
}

// chunk is what was read at once, and when it may be seen.
type chunk struct {
	data []byte
	err  error
	due  <-chan time.Time
}

type farConn struct {
	net.Conn
	chunks chan chunk
	next   *chunk // arrived, and not yet due
	rest   []byte
	err    error
	gone   chan struct{}
	once   sync.Once

	mu  sync.Mutex
	cut chan struct{} // closed while the read deadline is over
}

func (c *farConn) pump(rtt time.Duration) {
	delay := 2 * rtt
	for {
		data := make([]byte, 16<<10)
		n, err := c.Conn.Read(data)
		select {
		case c.chunks <- chunk{data[:n], err, time.After(delay)}:
		case <-c.gone:
			return
		}
		if err != nil {
			return
		}
		delay = rtt
	}
}

// Read implements net.Conn. One goroutine reads at a time, as in http.Server.
func (c *farConn) Read(p []byte) (int, error) {
	cut := c.deadline()
	for len(c.rest) == 0 {
		if c.err != nil {
			return 0, c.err
		}
		if err := c.await(cut); err != nil {
			return 0, err
		}
	}
	n := copy(p, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

// await takes the next chunk when it is due.
func (c *farConn) await(cut <-chan struct{}) error {
	if c.next == nil {
		select {
		case next := <-c.chunks:
			c.next = &next
		case <-cut:
			return os.ErrDeadlineExceeded
		case <-c.gone:
			return net.ErrClosed
		}
	}
	select {
	case <-c.next.due:
		c.rest, c.err, c.next = c.next.data, c.next.err, nil
		return nil
	case <-cut:
		return os.ErrDeadlineExceeded
	case <-c.gone:
		return net.ErrClosed
	}
}

func (c *farConn) deadline() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cut
}

// SetReadDeadline implements net.Conn as far as http.Server needs it: a time
// long past ends a read that waits, none lets reads wait again.
func (c *farConn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	over := !t.IsZero() && t.Before(year(2000))
	select {
	case <-c.cut:
		if !over {
			c.cut = make(chan struct{})
		}
	default:
		if over {
			close(c.cut)
		}
	}
	return nil
}

// SetDeadline implements net.Conn; see SetReadDeadline.
func (c *farConn) SetDeadline(t time.Time) error {
	_ = c.SetReadDeadline(t)
	return c.Conn.SetWriteDeadline(t)
}

// Close implements net.Conn.
func (c *farConn) Close() error {
	c.once.Do(func() { close(c.gone) })
	return c.Conn.Close()
}
