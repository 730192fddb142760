// Package secret owns the value that everything else in this program exists to
// protect. A Secret prints, formats, marshals and logs as its redaction; the
// one way to the plain text is Reveal, and the architecture test lists who may
// call it. The package stores nothing and reads nothing.
package secret

import (
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
	"unicode/utf8"
)

// minVisible is the length, in characters, from which a redaction shows the
// last four. Below it four characters would be a useful part of the secret.
const minVisible = 12

// Secret is an immutable secret text. The zero value is no secret.
//
// The text sits behind a closure: fmt prints the unexported string fields of an
// enclosing struct by reflection without asking for a Formatter, and a func is
// the one kind it cannot look into.
type Secret struct {
	reveal func() string
	mute   bool // the redaction shows no character
}

// New wraps text without checking it; Parse is the way in for anything that a
// person or another program typed.
func New(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{reveal: func() string { return text }}
}

// Reveal returns the plain text, "" for the zero Secret.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s.reveal == nil }

// Len returns the size of the plain text in bytes, for stores with a limit.
func (s Secret) Len() int { return len(s.Reveal()) }

// Equal reports whether both hold the same text, in time that depends on the
// lengths only.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(other.Reveal())) == 1
}

// Mute returns the secret with a redaction of "****" alone: the end of a password
// or a passphrase is a part that a person chose, and guessable from there.
func (s Secret) Mute() Secret {
	s.mute = true
	return s
}

// Redacted returns "****" and the last four characters; "****" alone for a text
// under twelve characters and for a muted one; "" for no secret.
func (s Secret) Redacted() string {
	if s.IsZero() {
		return ""
	}
	text := s.Reveal()
	if s.mute || utf8.RuneCountInString(text) < minVisible {
		return "****"
	}
	runes := []rune(text)
	return "****" + string(runes[len(runes)-4:])
}

// String implements fmt.Stringer with the redaction.
func (s Secret) String() string { return s.Redacted() }

// GoString implements fmt.GoStringer with the redaction.
func (s Secret) GoString() string { return s.Redacted() }

// Format implements fmt.Formatter, so that no verb and no flag shows more than
// the redaction.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.Redacted()) }

// MarshalText implements encoding.TextMarshaler (JSON, TOML, XML) with the
// redaction.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.Redacted()), nil }

// LogValue implements slog.LogValuer with the redaction.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.Redacted()) }
