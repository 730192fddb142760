package ports

import (
	"context"

	"jira-cli/domain/secret"
)

// Terminal says whether a person can be asked.
type Terminal interface {
	// Interactive reports whether stderr is a terminal and stdin is one too, or
	// is taken by a secret. --no-input is the caller's business.
	Interactive(stdinIsSecret bool) bool
}

// Question is one line that a person is asked for.
type Question struct {
	Label   string             // without the colon
	Default string             // taken for an empty answer
	Note    []string           // lines shown above, such as where a token is made
	Check   func(string) error // nil accepts all; the error is shown and the question repeated
}

// Prompter asks a person on the controlling terminal. Each question waits five
// minutes at the most (Timeout), and the budget of ctx stands still meanwhile.
// The end of input and Ctrl-C are Canceled, and the terminal's modes are
// restored on every way out.
type Prompter interface {
	// Line asks for a line and returns it trimmed and checked.
	Line(ctx context.Context, q Question) (string, error)

	// Secret asks for a secret without echo. An answer that secret.Parse
	// refuses is explained and asked for again. Question.Default is ignored: a
	// secret is never prefilled.
	Secret(ctx context.Context, q Question) (secret.Secret, error)

	// Choose asks for one of the options, by number or by name; an empty answer
	// takes q.Default.
	Choose(ctx context.Context, q Question, options []string) (string, error)

	// Confirm asks for yes or no; an empty answer is no.
	Confirm(ctx context.Context, q Question) (bool, error)

	// Show writes lines to the terminal, such as a summary.
	Show(ctx context.Context, lines ...string) error
}

// Notifier tells a person on the controlling terminal what is waited for. It
// does nothing where there is none.
type Notifier interface {
	// Waiting shows the message now; done takes it back or ends the line.
	Waiting(message string) (done func())
}

// SecretInput is stdin as the carrier of a secret.
type SecretInput interface {
	// Read returns all of stdin up to secret.MaxBytes and a little more, raw,
	// for secret.Parse to judge. On a terminal it reads a line without echo.
	// The budget of ctx stands still; after five minutes it is Timeout. Codes:
	// Canceled, InputReadFailed.
	Read(ctx context.Context) (string, error)
}
