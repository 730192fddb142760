// Package testscripts holds the transcripts: each is a specification of what a
// user types and sees, run in this process against a fake Jira, stores in
// memory and a scripted person, with the real config file. The real process has
// a package of its own, testscripts/process.
//
// verbs_test.go lists what a script can say, checks_test.go what is demanded
// after every command and every script, meta_test.go what is demanded of all
// scripts together.
package testscripts

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"jira-cli/adapters/fakejira"
	"jira-cli/adapters/memory"
	"jira-cli/domain/profile"
)

// The tokens of the transcripts, as variables of the scripts.
var tokens = map[string]string{
	"TOKEN":    "ATATT3xFfGF0-the-first-example-token-ABCD",
	"TOKEN2":   "ATATT3xFfGF0-the-second-example-token-WXYZ",
	"WHOLE":    "ATATT3xFfGF0-an-example-token-with-its-end=1234ABCD",
	"PAT":      "MDEyMzQ1Njc4OTAxOr-an-example-access-token-PQRS",
	"PASSWORD": "correct-horse-battery-staple-EFGH",
}

// sites are the hosts at which the fake answers; the last one is a typo, for
// which Atlassian's edge answers.
var sites = []string{
	"https://example.atlassian.net", "https://work.atlassian.net", "http://localhost:8080", "https://exmaple.atlassian.net",
	"https://jira.example.com/jira", fakejira.Gateway(""),
}

// home is how the home directory of a script reads in its outputs.
const home = "/home/john"

// world is what one script runs in.
type world struct {
	fake     *fakejira.Server
	stores   map[profile.Backend]*memory.SecretStore
	missing  map[profile.Backend]bool
	prompter *memory.Prompter
	attended bool
	colour   bool
	trouble  trouble
	calls    []string // of the last jira with a plan
	status   int
	seen     bytes.Buffer // everything that was printed, for the search for secrets
	console  bytes.Buffer // the session as a reader of the docs sees it
	runs     []ran
}

// ran is one jira of a script, for the meta-tests.
type ran struct {
	command string // dotted; jira for the root
	args    []string
	status  int
	codes   []string // of the errors that it showed
}

type worldKey struct{}

func of(ts *testscript.TestScript) *world { return ts.Value(worldKey{}).(*world) }

func newWorld() *world {
	w := &world{
		fake:    fakejira.Sample(tokens["TOKEN"]),
		missing: map[profile.Backend]bool{},
		stores: map[profile.Backend]*memory.SecretStore{
			profile.Keyring:     memory.NewSecretStore(memory.SecretStoreOptions{}),
			profile.OnePassword: memory.NewSecretStore(memory.SecretStoreOptions{Backend: profile.OnePassword, Vaults: []string{"Work", "Private"}}),
			profile.File:        memory.NewSecretStore(memory.SecretStoreOptions{Backend: profile.File}),
			profile.Command:     memory.NewSecretStore(memory.SecretStoreOptions{Backend: profile.Command}),
		},
		prompter: memory.NewPrompter(),
	}
	for _, site := range []string{"example.atlassian.net", "work.atlassian.net", "localhost:8080", "jira.example.com"} {
		if err := w.fake.Control([]string{"site", "add", site}); err != nil {
			panic(err)
		}
	}
	return w
}

func setup(env *testscript.Env, group string) error {
	dir := filepath.Join(env.WorkDir, "home")
	env.Vars = append(env.Vars, "HOME="+dir, "CONFIG=home/.config/jira-cli/config.toml", "MYSELF=/rest/api/3/myself", "GRANTS=/rest/api/3/mypermissions")
	for name, value := range tokens {
		env.Vars = append(env.Vars, name+"="+value)
	}
	w := newWorld()
	env.Values[worldKey{}] = w
	name := group + "/" + strings.TrimPrefix(filepath.Base(env.WorkDir), "script-")
	env.Defer(func() { w.end(env, name) })
	return os.MkdirAll(dir, 0o755)
}

// requestID is the fake's, which counts requests as they come.
var requestID = regexp.MustCompile(`("upstream_request_id": "|trace_id=)(0{16}[0-9a-f]+|[0-9]+x[0-9]+x[0-9]+)`)

// normal makes what differs from run to run the same: the directories, and the
// ids of requests that are sent at once.
func normal(ts *testscript.TestScript, text string) string {
	text = requestID.ReplaceAllString(text, "${1}00000000000000000000000000000000")
	text = strings.ReplaceAll(text, filepath.Join(ts.Getenv("WORK"), "home"), home)
	return strings.ReplaceAll(text, ts.Getenv("WORK"), "$WORK")
}

// record is what all scripts leave behind for the meta-tests: their console
// sessions and their runs, by the name of the script.
var record struct {
	sync.Mutex
	sessions map[string]string
	runs     map[string][]ran
}

// TestTranscripts runs every script, and then asks what they show together.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no transcripts")
	}
	record.sessions, record.runs = map[string]string{}, map[string][]ran{}
	var dirs []string
	for _, file := range files {
		if dir := filepath.Dir(file); dir != "process" && !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	for _, dir := range dirs {
		t.Run(dir, func(t *testing.T) {
			testscript.Run(t, testscript.Params{
				Dir: dir, Cmds: verbs(), Setup: func(env *testscript.Env) error { return setup(env, dir) }, RequireExplicitExec: true, RequireUniqueNames: true,
				UpdateScripts: os.Getenv("JIRA_GOLDEN") != "",
			})
		})
	}
	t.Run("together", testTogether)
}

// end runs the checks that every transcript must pass, and keeps what it shows.
func (w *world) end(env *testscript.Env, name string) {
	if problem := checkEnd(w); problem != "" {
		env.T().Fatal(problem)
	}
	record.Lock()
	defer record.Unlock()
	record.sessions[name] = w.console.String()
	record.runs[name] = w.runs
}
