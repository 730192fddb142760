//go:build linux

package process_test

import (
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"jira-cli/testscripts/leak"
)

// The tokens of the transcripts, as variables of theirs.
var tokens = map[string]string{
	"TOKEN":  "ATATT3xFfGF0-the-first-example-token-ABCD",
	"TOKEN2": "ATATT3xFfGF0-the-second-example-token-WXYZ",
}

// fileState is what the harness remembers of a file between two commands.
type fileState = leak.File

// snapshot is everything below the home directory.
func (w *world) snapshot(ts *testscript.TestScript) map[string]fileState {
	files, err := leak.Below(w.home)
	ts.Check(err)
	return files
}

// checkWrites judges what a command wrote.
func (w *world) checkWrites(ts *testscript.TestScript, before map[string]fileState) {
	ts.Check(leak.Written(w.work, before, w.snapshot(ts), tokens))
}

// findSecret returns in which form a text holds a token, "" for none.
func findSecret(text string) string { return leak.Find(tokens, text) }

// end runs the checks that every transcript must pass.
func (w *world) end(env *testscript.Env) {
	close(w.ended)
	for _, f := range w.locks {
		_ = f.Close()
	}
	if w.running != nil {
		_ = w.running.cmd.Process.Kill()
		_ = w.running.cmd.Wait()
		env.T().Fatal("the jira that was started was not finished")
	}
	if leak := findSecret(w.seen.String()); leak != "" {
		env.T().Fatal("the output holds " + leak)
	}
	for _, r := range w.fake.Requests() {
		if leak := findSecret(r.URL); leak != "" {
			env.T().Fatal("a URL holds " + leak)
		}
	}
	err := w.fake.Check()
	if err == nil {
		return
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		if w.expected || !strings.HasPrefix(line, "unexpected: ") {
			env.T().Fatal(line)
		}
	}
}

// remember is the verb "remember": keeps what is in the home directory.
func remember(ts *testscript.TestScript, neg bool, args []string) {
	w := of(ts)
	w.memory = w.contents(ts)
}

// checkUnchanged is the verb "unchanged [FILE]": the file, or every file of the
// home directory, is the remembered one. Locks, which stay where they were
// taken, do not count.
func checkUnchanged(ts *testscript.TestScript, neg bool, args []string) {
	w := of(ts)
	now := w.contents(ts)
	if len(args) == 1 {
		if path := ts.MkAbs(args[0]); now[path] == "" || now[path] != w.memory[path] {
			ts.Fatalf("%s was changed", args[0])
		}
		return
	}
	for path, text := range w.memory {
		if now[path] != text {
			ts.Fatalf("%s was changed or removed", path)
		}
		delete(now, path)
	}
	for path := range now {
		ts.Fatalf("%s was made", path)
	}
}

func (w *world) contents(ts *testscript.TestScript) map[string]string {
	texts := map[string]string{}
	for path, state := range w.snapshot(ts) {
		if state.Mode.IsRegular() && !strings.HasSuffix(path, ".lock") {
			texts[path] = state.Text
		}
	}
	return texts
}
