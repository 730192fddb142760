// Package secretservice owns the conversation with a Secret Service over D-Bus:
// gnome-keyring, KWallet, KeePassXC and others that implement
// https://specifications.freedesktop.org/secret-service-spec/latest/. It knows
// services and accounts, and refuses to know profiles.
//
// An item carries the attributes service, username and account, the last two
// alike. By service and username go-keyring finds it, by service and account
// does the documented `secret-tool lookup`. Items that lack one of the two are
// read as well, and get it when they are written. An item that its attributes do
// not prove to be this program's is nobody's business here: see owns.
//
// Every operation waits as its patience says, and each ends with its context.
// One that was cut off after its request went out may still take effect: who
// writes reads back.
package secretservice

import (
	"context"
	"errors"

	"github.com/godbus/dbus/v5"

	"jira-cli/adapters/keychain/patience"
	"jira-cli/domain/fault"
	"jira-cli/domain/text"
)

// Options say where the bus is and how it is waited for.
type Options struct {
	Address  string // of the session bus, as in DBUS_SESSION_BUS_ADDRESS; "" is none
	Variable string // where that address comes from, for messages
	Patience patience.Patience
}

// unreachable says which bus could not be reached, and why.
func (o Options) unreachable(err error) error {
	var defect *fault.Fault
	if errors.As(err, &defect) {
		return err
	}
	bus := text.Short(o.Address, 200)
	if o.Variable != "" {
		bus += " (from " + o.Variable + ")"
	}
	return fault.Wrap(err, fault.KeyringUnavailable, "the session bus %s cannot be reached: %s", bus, reason(err))
}

// Client has one connection to the bus, made by the first operation. It is safe
// for concurrent use.
type Client struct {
	opts    Options
	turn    chan struct{} // holds one token, the right to touch current
	current *link
}

// New returns a client; it connects to nothing yet.
func New(opts Options) *Client {
	c := &Client{opts: opts, turn: make(chan struct{}, 1)}
	c.turn <- struct{}{}
	return c
}

// Key names a slot.
type Key struct{ Service, Account string }

// Answer is what GetAll found at one key.
type Answer struct {
	Text string
	Err  error
}

// attempts is how often an operation looks again when other processes take away
// what it has just found.
const attempts = 4

// Close ends the connection; a later operation opens another one.
func (c *Client) Close() {
	<-c.turn
	defer func() { c.turn <- struct{}{} }()
	if c.current != nil {
		c.current.close()
		c.current = nil
	}
}

// do runs an operation on the connection.
func (c *Client) do(ctx context.Context, p patience.Patience, run func(*patience.Op, *link) error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	op := p.Start(ctx)
	defer op.End()
	l, err := c.link(op)
	if err != nil {
		return err
	}
	for range attempts {
		err = run(op, l)
		if errors.Is(err, errStale) {
			l.close()
			// err stays: a session that is never known must not end as success.
			fresh, dialErr := c.link(op)
			if dialErr != nil {
				return dialErr
			}
			l = fresh
			continue
		}
		if !errors.Is(err, errVanished) {
			break
		}
	}
	if errors.Is(err, errVanished) || errors.Is(err, errStale) {
		err = fault.Wrap(err, fault.KeyringFailed, "the keyring changes faster than it can be read")
	}
	if fault.CodeOf(err) == fault.KeyringTimeout {
		l.close() // whatever it is stuck in; the next operation opens another
	}
	return err
}

// link returns the connection, opening it where there is none that lives.
func (c *Client) link(op *patience.Op) (*link, error) {
	if _, err := patience.Await(op, c.turn); err != nil {
		return nil, err
	}
	defer func() { c.turn <- struct{}{} }()
	if c.current != nil && c.current.conn.Connected() {
		return c.current, nil
	}
	l, err := dial(op, c.opts)
	if errors.Is(err, errStale) || errors.Is(err, errVanished) {
		err = garbled(err) // there was no session yet that could be stale
	}
	if err != nil {
		return nil, err
	}
	c.current = l
	return l, nil
}

// Get returns the text at the key, or ports.ErrNotFound.
func (c *Client) Get(ctx context.Context, k Key) (found string, err error) {
	err = c.do(ctx, c.opts.Patience, func(op *patience.Op, l *link) error {
		found, err = l.get(op, k)
		return err
	})
	return found, err
}

// GetAll answers many keys with one search per service and one read of all the
// secrets.
func (c *Client) GetAll(ctx context.Context, keys []Key) []Answer {
	var answers []Answer
	err := c.do(ctx, c.opts.Patience, func(op *patience.Op, l *link) (err error) {
		answers, err = l.getAll(op, keys)
		return err
	})
	if err != nil {
		answers = make([]Answer, len(keys))
		for i := range answers {
			answers[i].Err = err
		}
	}
	return answers
}

// Put stores the text at the key, in the item that is there or in a new one in
// the default collection.
func (c *Client) Put(ctx context.Context, k Key, text string) error {
	return c.do(ctx, c.opts.Patience, func(op *patience.Op, l *link) error { return l.put(op, k, text) })
}

// Delete removes every item of the key; ports.ErrNotFound where there is none.
func (c *Client) Delete(ctx context.Context, k Key) error {
	return c.do(ctx, c.opts.Patience, func(op *patience.Op, l *link) error { return l.delete(op, k) })
}

// Probe reports whether the default collection is there and open. It asks
// nobody and unlocks nothing.
func (c *Client) Probe(ctx context.Context) error {
	p := c.opts.Patience
	p.Interactive = false
	return c.do(ctx, p, func(op *patience.Op, l *link) error {
		path, err := l.collection(op)
		switch {
		case err != nil:
			return err
		case path == nothing && c.opts.Patience.Interactive:
			return nil // the first Put makes one
		case path == nothing:
			return noCollection()
		}
		shut, err := l.isLocked(op, path)
		if err != nil || !shut {
			return err
		}
		open, err := l.onlyClaims(op, []dbus.ObjectPath{path})
		if err == nil && !open {
			err = locked()
		}
		return err
	})
}
