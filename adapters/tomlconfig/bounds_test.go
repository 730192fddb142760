package tomlconfig_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/ports/portstest"
)

// A config of the largest size that is as costly as its form allows is read or
// refused within five seconds, also on a busy machine, and 64 MiB: a run that ends
// abandons the parser and cannot stop it. It is no parallel test: the memory is counted for the process.
func TestLoadIsBounded(t *testing.T) {
	lines := func(n int, format string) string {
		var b strings.Builder
		for i := 0; i < n && b.Len() < 1<<20-200; i++ {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	deep := strings.Repeat("a.", 28)
	for name, text := range map[string]string{
		"many tables":          lines(9_000, "[a.b.c.d.e%d]\n"),
		"more tables":          lines(90_000, "[a.b.c.d.e%d]\n"),
		"many keys":            lines(9_000, "k%d = 1\n"),
		"more keys":            lines(120_000, "k%d = 1\n"),
		"long keys":            lines(9_000, deep+"a%d = 1\n"),
		"parts of a key":       strings.Repeat("a.", 500_000) + "a = 1\n",
		"parts with blanks":    strings.Repeat("a . ", 250_000) + "a = 1\n",
		"quoted parts":         strings.Repeat(`"".`, 300_000) + "a = 1\n",
		"brackets":             "x = " + strings.Repeat("[", 1_000_000),
		"elements":             "x = [" + strings.Repeat("1,", 500_000) + "]\n",
		"a string without end": `x = "` + strings.Repeat("a", 1_000_000),
		"a comment":            "#" + strings.Repeat(".", 1_000_000) + "\n",
	} {
		store, _ := fileWith(t, text)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		begun := time.Now()
		_, err := store.Load(t.Context())
		took := time.Since(begun)
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 || took > time.Minute {
			t.Errorf("%s: %v and %d MiB; %v", name, took, used>>20, err)
		}
	}
}

// The end of a run is not waited out by a text that takes long to decode.
func TestLoadOfMuchEndsWithTheRun(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for i := range 9_500 {
		fmt.Fprintf(&text, "%sa%d = 1\n", strings.Repeat("a.", 28), i)
	}
	store, _ := fileWith(t, text.String())
	ctx, cancel := context.WithTimeoutCause(t.Context(), 20*time.Millisecond, fault.New(fault.Timeout, "the time is over"))
	defer cancel()
	_, err := store.Load(ctx)
	portstest.WantCode(t, err, fault.Timeout)
}
