//go:build linux

package process_test

import (
	"encoding/base64"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"jira-cli/adapters/fakejira"
)

// The tokens of the transcripts, as variables of theirs.
var tokens = map[string]string{
	"TOKEN":  "ATATT3xFfGF0-the-first-example-token-ABCD",
	"TOKEN2": "ATATT3xFfGF0-the-second-example-token-WXYZ",
}

// fileState is what the harness remembers of a file between two commands.
type fileState struct {
	text string
	mode fs.FileMode
}

// snapshot reads every file below the home directory, and which directories
// there are.
func (w *world) snapshot(ts *testscript.TestScript) map[string]fileState {
	files, err := filesBelow(w.home)
	ts.Check(err)
	return files
}

func filesBelow(root string) (map[string]fileState, error) {
	files := map[string]fileState{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		state := fileState{mode: info.Mode()}
		if info.Mode().IsRegular() {
			text, err := os.ReadFile(path)
			if err != nil && !errors.Is(err, fs.ErrPermission) { // a transcript may take it away
				return err
			}
			state.text = string(text)
		}
		files[path] = state
		return nil
	})
	return files, err
}

// checkWrites demands of what a command wrote that nobody else can read it, that
// it holds no secret, and that nothing half done stays behind.
func (w *world) checkWrites(ts *testscript.TestScript, before map[string]fileState) {
	for path, now := range w.snapshot(ts) {
		was, existed := before[path]
		name := strings.TrimPrefix(path, w.work)
		switch {
		case now.mode.IsDir():
			if !existed && now.mode.Perm() != 0o700 {
				ts.Fatalf("the directory %s was made with mode %04o", name, now.mode.Perm())
			}
		case now.mode.IsRegular() && (!existed || was.text != now.text):
			if now.mode.Perm() != 0o600 {
				ts.Fatalf("%s was written with mode %04o", name, now.mode.Perm())
			}
			if leak := findSecret(now.text); leak != "" {
				ts.Fatalf("%s holds %s", name, leak)
			}
			if strings.HasSuffix(name, ".tmp") {
				ts.Fatalf("%s was left behind", name)
			}
		}
	}
}

// findSecret returns in which form a text holds a token, "" for none.
func findSecret(text string) string {
	for variable, token := range tokens {
		forms := map[string]string{
			"plain": token, "URL-escaped": url.QueryEscape(token),
			"basic authentication": base64.StdEncoding.EncodeToString([]byte(fakejira.SampleEmail + ":" + token)),
		}
		for i := range 3 { // the three alignments of base64 within a longer text
			encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", i) + token))
			forms["base64"+strings.Repeat("'", i)] = encoded[(i*8+5)/6 : len(encoded)-4]
		}
		for form, leak := range forms {
			if strings.Contains(text, leak) {
				return variable + " in its form " + form
			}
		}
	}
	return ""
}

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
		if state.mode.IsRegular() && !strings.HasSuffix(path, ".lock") {
			texts[path] = state.text
		}
	}
	return texts
}
