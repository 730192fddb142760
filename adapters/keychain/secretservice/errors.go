package secretservice

import (
	"errors"
	"strings"

	"github.com/godbus/dbus/v5"

	"jira-cli/domain/fault"
)

// errVanished means that an object went away between two calls, as another
// process can make it do; the operation looks again.
var errVanished = errors.New("the keyring's item vanished meanwhile")

// errStale means that the provider does not know our session any more, because
// it was restarted; the operation opens another one.
var errStale = errors.New("the keyring was restarted meanwhile")

// translate turns an answer of the bus or of the provider into a fault. The
// table is closed: what it does not know is KeyringFailed. The provider's text
// is kept as the cause and not shown, for it is the provider's to choose.
func translate(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, dbus.ErrClosed) {
		return fault.Wrap(err, fault.KeyringUnavailable, "the connection to the session bus was lost")
	}
	var defect *fault.Fault
	if errors.As(err, &defect) {
		return err
	}
	if errors.Is(err, errTooMuch) {
		return fault.Wrap(err, fault.KeyringFailed, "%v", errTooMuch)
	}
	var answer dbus.Error
	if !errors.As(err, &answer) {
		return fault.Wrap(err, fault.KeyringFailed, "the keyring could not be spoken to")
	}
	const bus, own = "org.freedesktop.DBus.Error.", "org.freedesktop.Secret.Error."
	switch name := answer.Name; {
	case name == own+"IsLocked":
		return locked()
	case name == own+"NoSession":
		return errStale
	case name == own+"NoSuchObject", name == bus+"UnknownObject", name == bus+"UnknownMethod":
		return errVanished
	case name == bus+"ServiceUnknown", name == bus+"NameHasNoOwner", strings.HasPrefix(name, bus+"Spawn."),
		name == bus+"Disconnected", name == bus+"NoServer":
		return fault.Wrap(err, fault.KeyringUnavailable, "no Secret Service (a keyring) runs on the session bus")
	case name == bus+"NoReply": // what the bus says when a provider dies over a call
		return fault.Wrap(err, fault.KeyringUnavailable, "the keyring ended without an answer")
	case name == bus+"Timeout", name == bus+"TimedOut":
		return fault.Wrap(err, fault.KeyringTimeout, "the keyring did not answer in time")
	default:
		return fault.Wrap(err, fault.KeyringFailed, "the keyring refused the request (%s)", name)
	}
}

func locked() error { return fault.New(fault.KeyringLocked, "the keyring is locked") }

// unattended is what keeps a prompt open where nobody can be asked.
func unattended() error {
	return fault.New(fault.KeyringTimeout, "the keyring wants somebody to confirm this, and nobody can be asked").
		WithHint("run the command in a terminal and answer the keyring's dialogue, or turn its confirmations off")
}

func garbled(err error) error {
	return fault.Wrap(err, fault.KeyringFailed, "the keyring gave an answer that makes no sense")
}

// withoutText drops the cause of a refused write: the provider saw the secret,
// and nothing keeps it from quoting what it saw.
func withoutText(err error) error {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return err
	}
	bare := *f
	bare.Cause = nil
	return &bare
}
