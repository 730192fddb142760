package secretservice

import (
	"context"
	"errors"

	"github.com/godbus/dbus/v5"

	"jira-cli/adapters/keychain/patience"
	"jira-cli/domain/fault"
	"jira-cli/ports/task"
)

const (
	busName = "org.freedesktop.secrets"
	root    = dbus.ObjectPath("/org/freedesktop/secrets")
	nothing = dbus.ObjectPath("/") // how the API says "none"

	serviceInterface    = "org.freedesktop.Secret.Service"
	collectionInterface = "org.freedesktop.Secret.Collection"
	itemInterface       = "org.freedesktop.Secret.Item"
	promptInterface     = "org.freedesktop.Secret.Prompt"
	properties          = "org.freedesktop.DBus.Properties"
)

// wireSecret is the API's struct (oayays).
type wireSecret struct {
	Session     dbus.ObjectPath
	Parameters  []byte
	Value       []byte
	ContentType string
}

// link is a connection to the bus with a session of the Secret Service on it.
type link struct {
	conn    *dbus.Conn
	cancel  context.CancelFunc
	session dbus.ObjectPath
	key     []byte        // nil where the session is plain
	asking  chan struct{} // holds one token, the right to ask the person
}

// dial connects to the bus. Nothing is ever started: an address is used as it is.
func dial(op *patience.Op, opts Options) (*link, error) {
	if opts.Address == "" {
		return nil, fault.New(fault.KeyringUnavailable, "there is no session bus, and so no keyring")
	}
	// The connection outlives the operation that opened it. Its context also
	// interrupts the handshake, which takes none.
	ctx, cancel := context.WithCancel(context.WithoutCancel(op.Context()))
	type dialled struct {
		conn *dbus.Conn
		err  error
	}
	done := make(chan dialled, 1)
	task.Go(func() {
		conn, err := connect(ctx, opts.Address)
		done <- dialled{conn, err}
	}, func(defect *fault.Fault) { done <- dialled{err: defect} })
	d, err := patience.Await(op, done)
	if err == nil && d.err != nil {
		err = opts.unreachable(d.err)
	}
	if err != nil {
		cancel()
		return nil, err
	}
	l := &link{conn: d.conn, cancel: cancel, asking: make(chan struct{}, 1)}
	l.asking <- struct{}{}
	if err := l.openSession(op); err != nil {
		l.close()
		if errors.Is(err, errVanished) {
			err = fault.Wrap(err, fault.KeyringFailed, "what answers in the keyring's place is no Secret Service")
		}
		return nil, err
	}
	return l, nil
}

// close ends the connection, and with it the session. It does not wait: a bus
// that no longer reads would keep it.
func (l *link) close() { l.cancel() }

// openSession agrees on encryption, so that who watches the bus sees no secret;
// a provider without it is used plain, as go-keyring uses all.
func (l *link) openSession(op *patience.Op) error {
	ours, err := newExchange()
	if err != nil {
		return garbled(err)
	}
	var theirs dbus.Variant
	err = l.call(op, root, serviceInterface+".OpenSession", []any{&theirs, &l.session}, algorithmDH, dbus.MakeVariant(ours.public()))
	var answer dbus.Error
	if errors.As(err, &answer) && answer.Name == "org.freedesktop.DBus.Error.NotSupported" {
		return l.call(op, root, serviceInterface+".OpenSession", []any{&theirs, &l.session}, algorithmPlain, dbus.MakeVariant(""))
	}
	if err != nil {
		return err
	}
	public, _ := theirs.Value().([]byte)
	if l.key, err = ours.agree(public); err != nil {
		return garbled(err)
	}
	return nil
}

// seal and open carry a secret's text through the session.
func (l *link) seal(text string) (wireSecret, error) {
	s := wireSecret{Session: l.session, Parameters: []byte{}, Value: []byte(text), ContentType: "text/plain"}
	if l.key == nil {
		return s, nil
	}
	var err error
	s.Parameters, s.Value, err = encrypt(l.key, s.Value)
	return s, err
}

func (l *link) open(s wireSecret) (string, error) {
	if l.key == nil {
		return string(s.Value), nil
	}
	text, err := decrypt(l.key, s.Parameters, s.Value)
	if err != nil {
		return "", garbled(err)
	}
	return string(text), nil
}

// send makes a call and returns where its answer will be.
func (l *link) send(op *patience.Op, path dbus.ObjectPath, method string, args ...any) <-chan *dbus.Call {
	return l.sendTo(op, l.conn.Object(busName, path), method, 0, args...)
}

// sendTo is send to any object of the bus. The call runs apart, because godbus
// blocks in writing to a bus that does not read.
func (l *link) sendTo(op *patience.Op, object dbus.BusObject, method string, flags dbus.Flags, args ...any) <-chan *dbus.Call {
	done := make(chan *dbus.Call, 1)
	task.Go(func() { done <- object.CallWithContext(op.Context(), method, flags, args...) },
		func(defect *fault.Fault) { done <- &dbus.Call{Err: defect} })
	return done
}

// receive waits for the answer and stores its values in out.
func receive(op *patience.Op, done <-chan *dbus.Call, out ...any) error {
	call, err := patience.Await(op, done)
	if err != nil {
		return err
	}
	if ctx := op.Context(); call.Err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if call.Err != nil {
		return translate(call.Err)
	}
	if err := call.Store(out...); err != nil {
		return garbled(err)
	}
	return nil
}

func (l *link) call(op *patience.Op, path dbus.ObjectPath, method string, out []any, args ...any) error {
	return receive(op, l.send(op, path, method, args...), out...)
}

// property reads one property into out.
func (l *link) property(op *patience.Op, path dbus.ObjectPath, iface, name string, out any) error {
	var v dbus.Variant
	if err := l.call(op, path, properties+".Get", []any{&v}, iface, name); err != nil {
		return err
	}
	if err := v.Store(out); err != nil {
		return garbled(err)
	}
	return nil
}
