package terminal

import (
	"sync"
	"unicode/utf8"
)

// notices are the lines that say what is waited for. At most one is open, that
// is, stands on the terminal's last line without a line end.
type notices struct {
	mu     sync.Mutex
	opened int // how many there have been; the open one has this number
	isOpen bool
	erase  string // what takes the open one back
}

// show opens a notice, ending the one that is open.
func (n *notices) show(c *console, message string) (done func()) {
	t, err := c.open()
	if err != nil {
		return func() {}
	}
	erase := "\n"
	if c.escapes() && fits(t, message) {
		erase = "\r\x1b[K"
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	before := ""
	if n.isOpen {
		before = "\n"
	}
	n.opened++
	n.isOpen, n.erase = true, erase
	t.say(before + message)
	number := n.opened
	return sync.OnceFunc(func() { n.takeBack(t, number) })
}

func (n *notices) takeBack(t *tty, number int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.isOpen && n.opened == number {
		n.isOpen = false
		t.say(n.erase)
	}
}

// end ends the line of the open notice, as something else is to be shown.
func (n *notices) end(t *tty) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.isOpen {
		n.isOpen = false
		t.say("\n")
	}
}

// fits reports whether a message stays on one row; only such a one can be
// erased. Characters beyond ASCII count as wide.
func fits(t *tty, message string) bool {
	columns := 0
	for _, r := range message {
		columns++
		if r >= utf8.RuneSelf {
			columns++
		}
	}
	return columns < t.width()
}
