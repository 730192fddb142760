// Package fault owns the closed table of error codes and the one error type
// that crosses the program's layers. It decides nothing about presentation: a
// Fault is data, the command line renders it. Act on the code, never on the
// message.
package fault

import (
	"errors"
	"fmt"
)

// Fault is an error with a stable code. Message is one line, lower case, no
// period; it may carry text from outside and is neutralised by whoever shows
// it. Cause is for errors.Is and the debug trace; it is never shown.
type Fault struct {
	Code    Code
	Message string
	Hint    string
	Cause   error
	Details Details
}

// Details are the optional members of an error record. Zero values are left
// out of it.
type Details struct {
	HTTPStatus         int
	Profile            string
	Flag               string
	Missing            []Missing
	Suggestions        []string
	UpstreamMessages   []string
	UpstreamForeign    bool // they are not Jira's, but of something in front of it
	UpstreamRequestID  string
	RetryAfterSeconds  *int
	RateLimitRemaining *int
}

// Missing names an input that was not given and the flag that gives it.
type Missing struct {
	Field string
	Flag  string
}

// New returns a fault with the table's hint.
func New(code Code, format string, args ...any) *Fault {
	return &Fault{Code: code, Message: fmt.Sprintf(format, args...), Hint: Lookup(code).Hint}
}

// Wrap is New with the error that caused it.
func Wrap(cause error, code Code, format string, args ...any) *Fault {
	f := New(code, format, args...)
	f.Cause = cause
	return f
}

// NotASecret refuses a token that was given as something else. It is not
// repeated, and whoever refuses it neither records it nor looks it up.
func NotASecret(code Code, as, example string) *Fault {
	return New(code, "this looks like a token, not like %s", as).
		WithHint("give %s such as %s; pass the token at its own prompt, with --secret-stdin or with --credential-env", as, example)
}

// Error implements error with the message alone.
func (f *Fault) Error() string { return f.Message }

// Unwrap gives errors.Is and errors.As the cause.
func (f *Fault) Unwrap() error { return f.Cause }

// Is matches any fault of the same code, so that
// errors.Is(err, &Fault{Code: Timeout}) asks for a code.
func (f *Fault) Is(target error) bool {
	t, ok := target.(*Fault)
	return ok && t.Code == f.Code && t.Message == ""
}

// WithHint returns a copy with another hint.
func (f *Fault) WithHint(format string, args ...any) *Fault {
	c := *f
	c.Hint = fmt.Sprintf(format, args...)
	return &c
}

// WithProfile returns a copy that names the profile it is about.
func (f *Fault) WithProfile(name string) *Fault {
	c := *f
	c.Details.Profile = name
	return &c
}

// WithFlag returns a copy that names the flag it is about, without dashes.
func (f *Fault) WithFlag(flag string) *Fault {
	c := *f
	c.Details.Flag = flag
	return &c
}

// WithSuggestions returns a copy with "did you mean" candidates, best first.
func (f *Fault) WithSuggestions(names []string) *Fault {
	c := *f
	c.Details.Suggestions = names
	return &c
}

// Entry returns the fault's row of the table.
func (f *Fault) Entry() Entry { return Lookup(f.Code) }

// From returns err as a fault: itself when it is or wraps one, InternalError
// otherwise, nil for nil. An adapter that lets an untranslated error through is
// a defect, and this is where that shows.
func From(err error) *Fault {
	if err == nil {
		return nil
	}
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return Wrap(err, InternalError, "internal error: %v", err)
}

// CodeOf returns the code of err, "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	return From(err).Code
}
