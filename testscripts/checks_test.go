package testscripts

import (
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"jira-cli/testscripts/leak"
)

// snapshot is everything below the work directory.
func snapshot(ts *testscript.TestScript) map[string]leak.File {
	files, err := leak.Below(ts.Getenv("WORK"))
	ts.Check(err)
	return files
}

// checkWrites judges what a command wrote.
func checkWrites(ts *testscript.TestScript, before map[string]leak.File) {
	ts.Check(leak.Written(ts.Getenv("WORK"), before, snapshot(ts), tokens))
}

// findSecret returns in which form a text holds a token, "" for none.
func findSecret(text string) string { return leak.Find(tokens, text) }

// checkEnd is run after every transcript.
func checkEnd(w *world) string {
	if leak := findSecret(w.seen.String()); leak != "" {
		return "the output holds " + leak
	}
	if leak := findSecret(w.prompter.Transcript()); leak != "" {
		return "the terminal showed " + leak
	}
	for _, r := range w.fake.Requests() {
		if leak := findSecret(r.URL); leak != "" {
			return "a URL holds " + leak
		}
	}
	if left := w.prompter.Remaining(); len(left) > 0 {
		return "these questions were not asked: " + strings.Join(left, ", ")
	}
	if err := w.fake.Check(); err != nil {
		return err.Error()
	}
	return ""
}

// checkPrompted is checkEnd for a person who goes before the end.
func checkPrompted(ts *testscript.TestScript, w *world) {
	if leak := findSecret(w.prompter.Transcript()); leak != "" {
		ts.Fatalf("the terminal showed %s", leak)
	}
}
