package keychain

import (
	"context"
	"errors"
	"strings"
	"syscall"

	"jira-cli/adapters/keychain/patience"
	"jira-cli/domain/fault"
	"jira-cli/ports"
	"jira-cli/ports/task"
)

// chain is the seam to a keyring that blocks and knows no context. It is what
// go-keyring offers, with the three errors below in the place of its own.
type chain interface {
	Get(service, account string) (string, error)
	Set(service, account, text string) error
	Delete(service, account string) error
}

var (
	errChainAbsent      = errors.New("the keyring has no such secret")
	errChainTooBig      = errors.New("the secret is too big for the keyring")
	errChainUnsupported = errors.New("this system has no keyring")
)

// platform is what is known of a system's keyring: its rules, and what its
// numbers mean.
type platform struct {
	rules
	exits  map[int]fault.Code           // exit statuses of /usr/bin/security
	errnos map[syscall.Errno]fault.Code // codes of the Windows API
}

// platforms by GOOS. Exit statuses are the low byte of an OSStatus, from
// Security/SecBase.h: -25308 interaction not allowed, -25307 no default
// keychain, -25293 authorisation failed, -25291 not available, -128 cancelled.
//
// On macOS go-keyring passes the secret in one command of at most 4,096 bytes
// to `security -i`, in base64; 2,560 leave room for the longest names, and are
// the limit of Windows too (CRED_MAX_CREDENTIAL_BLOB_SIZE, wincred.h), where
// 1312 is "no such logon session", as in a session by ssh, and 1223 cancelled.
var platforms = map[string]platform{
	"darwin": {
		rules: rules{maxBytes: 2560},
		exits: map[int]fault.Code{
			36: fault.KeyringLocked, 51: fault.KeyringLocked, 128: fault.KeyringDismissed,
			37: fault.KeyringUnavailable, 53: fault.KeyringUnavailable,
		},
	},
	"windows": {
		rules:  rules{maxBytes: 2560, joinedNames: true},
		errnos: map[syscall.Errno]fault.Code{1312: fault.KeyringUnavailable, 1223: fault.KeyringDismissed},
	},
}

// native is a chain as an engine: bounded, and with its errors told apart. A
// call that is given up goes on behind our back until the system answers, and a
// write among them may land. The next write waits for it, so that an abandoned
// one cannot overtake a later one.
type native struct {
	platform
	chain   chain
	waits   patience.Patience
	writing chan struct{} // holds one token, the right to write
}

func newNative(p platform, c chain, waits patience.Patience) *native {
	n := &native{platform: p, chain: c, waits: waits, writing: make(chan struct{}, 1)}
	n.writing <- struct{}{}
	return n
}

func (n *native) rules() rules { return n.platform.rules }

func (n *native) close() {}

// answer is what a call of the chain returned.
type answer struct {
	text string
	err  error
}

// run makes a call of the chain, for as long as it is worth waiting for.
func (n *native) run(ctx context.Context, write bool, call func() (string, error)) (string, error) {
	op := n.waits.Start(ctx)
	defer op.End()
	if write {
		if _, err := patience.Await(op, n.writing); err != nil {
			return "", err
		}
	}
	done := make(chan answer, 1)
	end := func(a answer) {
		if write {
			n.writing <- struct{}{}
		}
		done <- a
	}
	task.Go(func() {
		text, err := call()
		end(answer{text, err})
	}, func(defect *fault.Fault) { end(answer{err: defect}) })
	a, err := patience.Await(op, done)
	if err != nil {
		return "", err
	}
	return a.text, n.translate(a.err, write)
}

func (n *native) get(ctx context.Context, at slot) (string, error) {
	return n.run(ctx, false, func() (string, error) { return n.chain.Get(at.service, at.account) })
}

func (n *native) put(ctx context.Context, at slot, text string) error {
	_, err := n.run(ctx, true, func() (string, error) { return "", n.chain.Set(at.service, at.account, text) })
	return err
}

func (n *native) delete(ctx context.Context, at slot) error {
	_, err := n.run(ctx, true, func() (string, error) { return "", n.chain.Delete(at.service, at.account) })
	return err
}

// probe reads an item that nobody has: a keyring that can say so works.
func (n *native) probe(ctx context.Context) error {
	waits := n.waits
	waits.Interactive = false
	alone := &native{platform: n.platform, chain: n.chain, waits: waits}
	_, err := alone.get(ctx, slot{"jira-cli probe", "nobody"})
	if errors.Is(err, ports.ErrNotFound) {
		return nil
	}
	return err
}

// translate is closed: what it does not know is KeyringFailed. The cause of a
// failed write is not kept, because go-keyring passes the secret through a
// command line of its own making.
func (n *native) translate(err error, write bool) error {
	var defect *fault.Fault
	switch {
	case err == nil:
		return nil
	case errors.As(err, &defect): // a panic of the call
		return err
	case errors.Is(err, errChainAbsent):
		return ports.ErrNotFound
	case errors.Is(err, errChainTooBig):
		return fault.New(fault.SecretTooLarge, "the secret or its names are larger than the keyring takes")
	case errors.Is(err, errChainUnsupported):
		return fault.New(fault.KeyringUnavailable, "this system has no keyring")
	}
	code := n.codeOf(err)
	f := fault.New(code, "%s", messages[code])
	if !write {
		f.Cause = errors.New(strings.ToValidUTF8(err.Error(), "?"))
	}
	return f
}

var messages = map[fault.Code]string{
	fault.KeyringLocked:      "the keyring is locked",
	fault.KeyringDismissed:   "the keyring's prompt was dismissed",
	fault.KeyringUnavailable: "the keyring is not available in this session",
	fault.KeyringFailed:      "the keyring refused the request",
}

func (n *native) codeOf(err error) fault.Code {
	var exit interface {
		error
		ExitCode() int
	}
	var errno syscall.Errno
	if errors.As(err, &exit) {
		if code, ok := n.exits[exit.ExitCode()]; ok {
			return code
		}
	}
	if errors.As(err, &errno) {
		if code, ok := n.errnos[errno]; ok {
			return code
		}
	}
	return fault.KeyringFailed
}
