package secretservice

import (
	"context"
	"slices"
	"time"

	"github.com/godbus/dbus/v5"

	"jira-cli/adapters/keychain/patience"
	"jira-cli/domain/fault"
	"jira-cli/ports/task"
)

const loginCollection = root + "/collection/login"

// collection returns the default collection, or the login collection where no
// default is set, or nothing.
func (l *link) collection(op *patience.Op) (dbus.ObjectPath, error) {
	var path dbus.ObjectPath
	if err := l.call(op, root, serviceInterface+".ReadAlias", []any{&path}, "default"); err != nil {
		return nothing, err
	}
	if path != nothing {
		return path, nil
	}
	var all []dbus.ObjectPath
	if err := l.property(op, root, serviceInterface, "Collections", &all); err != nil {
		return nothing, err
	}
	if slices.Contains(all, loginCollection) {
		return loginCollection, nil
	}
	return nothing, nil
}

// ensureCollection is collection, and makes one where a person is there to give
// it a password. An unasked-for keyring without one would be a file in the open.
func (l *link) ensureCollection(op *patience.Op) (dbus.ObjectPath, error) {
	path, err := l.collection(op)
	if err != nil || path != nothing {
		return path, err
	}
	if !op.Interactive() {
		return nothing, noCollection()
	}
	var prompt dbus.ObjectPath
	label := map[string]dbus.Variant{collectionInterface + ".Label": dbus.MakeVariant("Default keyring")}
	if err := l.call(op, root, serviceInterface+".CreateCollection", []any{&path, &prompt}, label, "default"); err != nil {
		return nothing, err
	}
	if prompt != nothing {
		made, err := l.prompt(op, prompt, "waiting for a keyring to be created")
		if err != nil {
			return nothing, err
		}
		path, _ = made.Value().(dbus.ObjectPath)
	}
	if !path.IsValid() || path == nothing {
		return nothing, noCollection()
	}
	return path, nil
}

func noCollection() error {
	return fault.New(fault.KeyringUnavailable, "the Secret Service has no keyring to store in").
		WithHint("create a default keyring in the desktop's keyring program, or choose another store with --backend file")
}

// isLocked reports whether the collection is.
func (l *link) isLocked(op *patience.Op, collection dbus.ObjectPath) (bool, error) {
	var locked bool
	err := l.property(op, collection, collectionInterface, "Locked", &locked)
	return locked, err
}

// openUp unlocks what may hide an item that was looked for: the locked items
// that were found, or else the default collection. It reports whether there was
// anything to unlock.
func (l *link) openUp(op *patience.Op, items []dbus.ObjectPath) (changed bool, err error) {
	if len(items) > 0 {
		return true, l.unlock(op, items)
	}
	path, err := l.collection(op)
	if err != nil || path == nothing {
		return false, err
	}
	locked, err := l.isLocked(op, path)
	if err != nil || !locked {
		return false, err
	}
	return true, l.unlock(op, []dbus.ObjectPath{path})
}

// checkUnlocked fails where a keyring that reported success is still locked: it
// hides what it has, so nothing found is not the same as nothing there.
func (l *link) checkUnlocked(op *patience.Op, shut []dbus.ObjectPath) error {
	stillLocked := len(shut) > 0
	if !stillLocked {
		path, err := l.collection(op)
		if err == nil && path != nothing {
			stillLocked, err = l.isLocked(op, path)
		}
		if err != nil {
			return err
		}
	}
	if stillLocked {
		return fault.New(fault.KeyringFailed, "the keyring reported that it was unlocked, but it is still locked")
	}
	return nil
}

// unlock unlocks the objects. What cannot be done without a person is
// KeyringLocked where none is there, and never shown. Operations that run at
// once ask in turn, and find the work done when the first was let in.
func (l *link) unlock(op *patience.Op, objects []dbus.ObjectPath) error {
	if _, err := patience.Await(op, l.asking); err != nil {
		return err
	}
	defer func() { l.asking <- struct{}{} }()
	var done []dbus.ObjectPath
	var prompt dbus.ObjectPath
	if err := l.call(op, root, serviceInterface+".Unlock", []any{&done, &prompt}, objects); err != nil {
		return err
	}
	if prompt == nothing {
		return allUnlocked(objects, done)
	}
	message := "waiting for the keyring to be unlocked"
	open, err := l.onlyClaims(op, objects)
	if open {
		message = ""
	} else if err == nil && !op.Interactive() {
		err = locked()
	}
	if err != nil {
		l.dismiss(prompt)
		return err
	}
	result, err := l.prompt(op, prompt, message)
	if err != nil {
		return err
	}
	more, _ := result.Value().([]dbus.ObjectPath)
	return allUnlocked(objects, append(done, more...))
}

// allUnlocked fails unless each object, or its collection, was unlocked.
func allUnlocked(objects, done []dbus.ObjectPath) error {
	for _, o := range objects {
		if !slices.Contains(done, o) && !slices.Contains(done, collectionOf(o)) {
			return locked()
		}
	}
	return nil
}

// confirm carries out the prompt that a call to an open collection returned, if
// it returned one. Most end by themselves, as all of KeePassXC's do that nobody
// set to ask; a person is told of one that does not.
func (l *link) confirm(op *patience.Op, prompt dbus.ObjectPath) error {
	if prompt == nothing {
		return nil
	}
	_, err := l.prompt(op, prompt, "")
	return err
}

// prompt calls a prompt and waits until it has ended: for a person, who is told
// the message, or with none as long as for a machine, because no person should
// be needed. It never outlives the operation: the dialogue is taken back.
func (l *link) prompt(op *patience.Op, path dbus.ObjectPath, message string) (dbus.Variant, error) {
	match := []dbus.MatchOption{dbus.WithMatchObjectPath(path), dbus.WithMatchInterface(promptInterface)}
	rule := "type='signal',path='" + string(path) + "',interface='" + promptInterface + "'"
	if err := l.busCall(op, "AddMatch", rule); err != nil {
		return dbus.Variant{}, err
	}
	// One that dies while its prompt is up never says that it is over.
	gone := "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='" + busName + "'"
	if err := l.busCall(op, "AddMatch", gone); err != nil {
		return dbus.Variant{}, err
	}
	signals := make(chan *dbus.Signal, 16)
	l.conn.Signal(signals)
	defer func() {
		l.conn.RemoveSignal(signals)
		task.Go(func() { _ = l.conn.RemoveMatchSignalContext(l.conn.Context(), match...) }, nil)
	}()
	if message != "" {
		answered := op.AskPerson(message)
		defer answered()
	}
	if err := l.call(op, path, promptInterface+".Prompt", nil, ""); err != nil {
		l.dismiss(path)
		return dbus.Variant{}, err
	}
	for {
		signal, err := patience.Await(op, signals)
		if err != nil {
			l.dismiss(path)
			if fault.CodeOf(err) == fault.KeyringTimeout && !op.Interactive() {
				err = unattended()
			}
			return dbus.Variant{}, err
		}
		if result, over, err := completed(signal, path); over {
			return result, err
		}
	}
}

// busCall calls the bus itself.
func (l *link) busCall(op *patience.Op, method string, args ...any) error {
	return receive(op, l.sendTo(op, l.conn.BusObject(), "org.freedesktop.DBus."+method, 0, args...))
}

// completed judges a signal: whether it ends the prompt, and how. A closed
// channel gives nil: the connection is gone.
func completed(signal *dbus.Signal, prompt dbus.ObjectPath) (result dbus.Variant, over bool, err error) {
	switch {
	case signal == nil:
		return result, true, translate(dbus.ErrClosed)
	case signal.Name == "org.freedesktop.DBus.NameOwnerChanged" && len(signal.Body) == 3 && signal.Body[0] == busName && signal.Body[2] == "":
		return result, true, fault.New(fault.KeyringUnavailable, "the keyring ended while it was waited for")
	case signal.Path != prompt || signal.Name != promptInterface+".Completed" || len(signal.Body) != 2:
		return result, false, nil
	}
	if dismissed, _ := signal.Body[0].(bool); dismissed {
		return result, true, fault.New(fault.KeyringDismissed, "the keyring's prompt was dismissed")
	}
	result, _ = signal.Body[1].(dbus.Variant)
	return result, true, nil
}

// dismissal is how long a prompt that is taken back may take to go.
const dismissal = 250 * time.Millisecond

// dismiss takes a prompt back. It waits for that a moment: with a connection
// that ends sooner the dialogue could stay on the screen.
func (l *link) dismiss(prompt dbus.ObjectPath) {
	ctx, cancel := context.WithTimeout(l.conn.Context(), dismissal)
	defer cancel()
	_, _ = task.Call(ctx, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, l.conn.Object(busName, prompt).CallWithContext(ctx, promptInterface+".Dismiss", 0).Err
	}, nil)
}
