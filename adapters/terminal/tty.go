package terminal

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/domain/secret"
	"jira-cli/ports/task"
)

// maxLine is the longest line that is taken; secret.Parse refuses what is
// larger than a secret may be.
const maxLine = secret.MaxBytes + 3

// tty is an open terminal.
type tty struct {
	in  *input
	out *os.File
	//lint:ignore U1000 only Windows has the question
	vt    bool   // Windows: the console was told to understand escape sequences
	after func() // undoes what opening did, nil for nothing
	keep  bool   // the files are not ours to close
}

func (t *tty) close() error {
	if t.after != nil {
		t.after()
	}
	return errors.Join(t.in.close(), t.out.Close())
}

// write writes text, or as much as was possible until ctx ended.
func (t *tty) write(ctx context.Context, text string) error {
	cut := make(chan struct{})
	stop := task.OnEnd(ctx, func() {
		defer close(cut)
		_ = t.out.SetWriteDeadline(time.Unix(1, 0))
	}, nil)
	_, err := io.WriteString(t.out, text)
	if !stop() {
		<-cut
		_ = t.out.SetWriteDeadline(time.Time{})
	}
	return err
}

// say writes what may get lost.
func (t *tty) say(text string) {
	ctx, cancel := context.WithTimeout(context.Background(), courtesy)
	defer cancel()
	_ = t.write(ctx, text)
}

// line reads up to and with the next line feed. Text that the input ends after
// is no line: who left with it did not confirm it. What was read beyond it stays for the next line, and so does the
// beginning of a line whose end did not come before ctx ended.
func (in *input) line(ctx context.Context) (string, error) {
	for {
		if end := bytes.IndexByte(in.rest, '\n') + 1; end > 0 {
			return in.take(end), nil
		}
		if len(in.rest) >= maxLine {
			return in.take(len(in.rest)), nil
		}
		var chunk [4096]byte
		n, err := in.read(ctx, chunk[:])
		in.rest = append(in.rest, chunk[:n]...)
		clear(chunk[:n])
		switch {
		case errors.Is(err, io.EOF):
			in.take(len(in.rest))
			return "", io.EOF
		case err != nil:
			return "", err
		}
	}
}

// whole judges a hidden line. One that fills the terminal's own buffer was cut by
// it. What follows at once is of the same paste: the answer is then all of it,
// which no secret is, and none of it is left for whoever reads next. What had
// been typed ahead of the question counts as a paste too, unless what follows
// could be the answers to what may be asked after a secret.
func (t *tty) whole(line string, ahead bool) (string, error) {
	if longest > 0 && len(line) >= longest {
		t.in.drain()
		return "", fault.New(fault.SecretInvalid, "the secret is longer than the %d bytes that the terminal passes on in a line", longest-1).
			WithHint("give it through a pipe with --secret-stdin")
	}
	if ahead {
		t.in.gather()
		if confirmations(t.in.rest) {
			return line, nil
		}
	} else if len(t.in.rest) == 0 && !t.in.follows() {
		return line, nil
	}
	t.in.drain()
	return line + "\n", nil
}

// confirmations reports whether each of the lines is an answer to a question
// that wants yes or no.
func confirmations(lines []byte) bool {
	for line := range bytes.Lines(lines) {
		switch strings.ToLower(strings.TrimSpace(string(line))) {
		case "", "y", "yes", "n", "no":
		default:
			return false
		}
	}
	return true
}

// What is pasted arrives in pieces: at once from a terminal on this machine, in
// packets over ssh. The rest of a paste is waited for until none arrived for
// quiet, and for no longer than patience altogether: what comes later is the
// shell's, as it cannot be told from what a person types.
const (
	pasted   = 50 * time.Millisecond  // after a hidden line: a person is not so fast
	quiet    = 150 * time.Millisecond // between the pieces of what is dropped
	patience = 2 * time.Second
)

// all reads up to the end of input or max bytes.
func (in *input) all(ctx context.Context, max int) (string, error) {
	for len(in.rest) < max {
		var chunk [4096]byte
		n, err := in.read(ctx, chunk[:min(len(chunk), max-len(in.rest))])
		in.rest = append(in.rest, chunk[:n]...)
		clear(chunk[:n])
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", err
		}
	}
	return in.take(len(in.rest)), nil
}

// take returns the first n bytes of what was read and leaves no copy of them.
func (in *input) take(n int) string {
	text := string(in.rest[:n])
	clear(in.rest[:n])
	in.rest = in.rest[n:]
	return text
}
