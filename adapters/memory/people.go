package memory

import (
	"context"
	"sync"

	"jira-cli/domain/fault"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// Terminal is a fixed answer. It implements ports.Terminal.
type Terminal struct{ interactive bool }

// NewTerminal returns a terminal at which a person is, or is not.
func NewTerminal(interactive bool) Terminal { return Terminal{interactive} }

// Interactive returns the fixed answer.
func (t Terminal) Interactive(bool) bool { return t.interactive }

// SecretInput is a stdin with fixed content. It implements ports.SecretInput.
type SecretInput struct {
	mu     sync.Mutex
	text   string
	err    error
	silent bool
	reads  int
}

// NewSecretInput returns a stdin that holds text and then ends. As with a real
// one, what was read is gone.
func NewSecretInput(text string) *SecretInput { return &SecretInput{text: text} }

// NewFailingSecretInput returns a stdin whose reads fail.
func NewFailingSecretInput(err *fault.Fault) *SecretInput { return &SecretInput{err: err} }

// NewSilentSecretInput returns a stdin to which nobody writes and which nobody
// closes. Its reads end with their context.
func NewSilentSecretInput() *SecretInput { return &SecretInput{silent: true} }

// Read returns the content, as far as a secret may reach and a little more.
func (s *SecretInput) Read(ctx context.Context) (string, error) {
	resume := ports.Pause(ctx)
	defer resume()
	s.mu.Lock()
	s.reads++
	s.mu.Unlock()
	if s.silent {
		<-ctx.Done()
	}
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	if s.err != nil {
		return "", s.err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n := min(len(s.text), secret.MaxBytes+3)
	text := s.text[:n]
	s.text = s.text[n:]
	return text, nil
}

// Reads returns how many times Read was called.
func (s *SecretInput) Reads() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reads
}

// Notifier records what was waited for. It implements ports.Notifier and is
// safe for concurrent use.
type Notifier struct {
	mu    sync.Mutex
	shown []string
	open  int
}

// NewNotifier returns a notifier that has shown nothing.
func NewNotifier() *Notifier { return &Notifier{} }

// Waiting records the message.
func (n *Notifier) Waiting(message string) (done func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.shown = append(n.shown, message)
	n.open++
	return sync.OnceFunc(func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.open--
	})
}

// Messages returns all messages so far.
func (n *Notifier) Messages() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]string(nil), n.shown...)
}

// Open returns how many messages have not been taken back.
func (n *Notifier) Open() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.open
}
