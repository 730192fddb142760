package testscripts

import (
	"encoding/base64"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"jira-cli/adapters/fakejira"
)

// fileState is what the harness remembers of a file between two commands.
type fileState struct {
	text string
	mode fs.FileMode
}

// snapshot reads every file below the work directory, and which directories
// there are.
func snapshot(ts *testscript.TestScript) map[string]fileState {
	files := map[string]fileState{}
	err := filepath.WalkDir(ts.Getenv("WORK"), func(path string, d fs.DirEntry, err error) error {
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
			if err != nil {
				return err
			}
			state.text = string(text)
		}
		files[path] = state
		return nil
	})
	ts.Check(err)
	return files
}

// checkWrites demands of what a command wrote that nobody else can read it and
// that it holds no secret.
func checkWrites(ts *testscript.TestScript, before map[string]fileState) {
	for path, now := range snapshot(ts) {
		was, existed := before[path]
		name := strings.TrimPrefix(path, ts.Getenv("WORK"))
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
