package filestore

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"jira-cli/adapters/internal/atomicfile"
	"jira-cli/adapters/internal/fileerror"
	"jira-cli/domain/fault"
)

// reason returns the system's words; the path only where the message has
// another one.
func reason(err error, known string) string {
	var path *fs.PathError
	if errors.As(err, &path) && path.Path == known {
		return path.Err.Error()
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return link.Err.Error()
	}
	return fileerror.Reason(err, known)
}

func readFault(err error, what, path string) error {
	return fault.Wrap(err, fault.FileStoreFailed, "%s %s could not be read: %s", what, path, reason(err, path))
}

func writeFault(err error, what, path string) error {
	f := fault.Wrap(err, fault.FileStoreFailed, "%s %s could not be written: %s", what, path, reason(err, path))
	if hint := fileerror.Hint(err, "set XDG_DATA_HOME to a directory on a local disk, or use another backend"); hint != "" {
		return f.WithHint("%s", hint)
	}
	return f
}

func lockFault(ctx context.Context, err error, target string) error {
	switch {
	case ctx.Err() != nil && errors.Is(err, context.Cause(ctx)):
		return err
	case errors.Is(err, atomicfile.ErrLocked):
		return fault.Wrap(err, fault.FileStoreLocked, "another process holds the lock %s", atomicfile.LockPath(target))
	default:
		return writeFault(err, "the lock", atomicfile.LockPath(target))
	}
}

func corruptFault(target, why string) error {
	return fault.New(fault.FileStoreCorrupt, "the encrypted file %s is damaged: %s", target, why).
		WithHint("restore %s from a backup, or move it away and log in again", target)
}

func newerFault(target string) error {
	return fault.New(fault.FileStoreFailed, "the encrypted file %s was written by a newer version", target).
		WithHint("use the newer version of jira that wrote it")
}

func workFactorFault(target string, factor int) error {
	return fault.New(fault.FileStoreFailed, "the encrypted file %s has the scrypt work factor %d, and at most %d is accepted", target, factor, maxWorkFactor).
		WithHint("each step doubles the memory that opening takes; decrypt it with age and encrypt it to the identity beside it, or move it away and log in again")
}

func recipientsFault(list string) error {
	return fault.New(fault.FileStoreFailed, "the list of recipients %s holds something other than X25519 recipients", list).
		WithHint("write one recipient to a line; each begins with age1")
}

func moreRecipientsFault(target string, has, known int, list string) error {
	return fault.New(fault.FileStoreFailed, "the encrypted file %s has %d recipients, and only %d are known: writing it would lock out the others", target, has, known).
		WithHint("list the other recipients, one age1… to a line, in %s", list)
}

func foreignFault(what, path string, uid uint32) error {
	return fault.New(fault.FileStorePermissions, "%s %s belongs to another user (uid %d)", what, path, uid).
		WithHint("run `ls -l %s` to see whose it is; if it is yours to use, give it to your user with chown, else move it away and log in again", path)
}

func writableFault(what, path string, mode fs.FileMode) error {
	return fault.New(fault.FileStorePermissions, "%s %s has mode %04o: others can write it", what, path, mode).
		WithHint("run `chmod 600 %s` if nobody changed it, else restore it from a backup", path)
}

func keyMissingFault(identity, target string) error {
	return fault.New(fault.FileKeyMissing, "the identity file %s, which opens %s, is missing", identity, target).
		WithHint("restore %s from a backup, or move %s away and log in again", identity, target)
}

func keyWrongFault(identity, target string) error {
	return fault.New(fault.FileKeyWrong, "the identity %s does not open %s", identity, target).
		WithHint("restore the identity file that belongs to it, or move %s away and log in again", target)
}

func noIdentityFault(identity string) error {
	return fault.New(fault.FileKeyWrong, "the identity file %s does not hold X25519 identities and nothing else", identity).
		WithHint("restore it from a backup; a line of it begins with AGE-SECRET-KEY-1")
}

func looseFault(identity string, mode fs.FileMode) error {
	return fault.New(fault.FileStorePermissions, "the identity file %s has mode %04o: others can use it", identity, mode).
		WithHint("run `chmod 600 %s`, and replace the tokens if others could have read it", identity)
}

func wrongPassphraseFault(target string) error {
	return fault.New(fault.FilePassphraseWrong, "the passphrase does not open %s", target).
		WithHint("check %s, or type the passphrase again; a damaged header looks the same", PassphraseVariable)
}

func needPassphraseFault(target string) error {
	f := fault.New(fault.InputRequired, "the encrypted file %s needs its passphrase, and nobody can be asked", target).
		WithHint("set %s, or run the command in a terminal", PassphraseVariable)
	f.Details.Missing = []fault.Missing{{Field: "passphrase", Flag: PassphraseVariable}}
	return f
}
