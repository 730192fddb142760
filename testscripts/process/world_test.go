//go:build linux

package process_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"jira-cli/adapters/fakejira"
	"jira-cli/adapters/keychain/keyringtest"
	"jira-cli/adapters/onepassword/optest"
)

// world is what one transcript runs in: a home of its own, a fake Jira on
// loopback, and what else it asks for.
type world struct {
	t        testing.TB // of this transcript: what is started ends with it
	work     string
	home     string
	build    string
	fake     *fakejira.Server
	env      map[string]string // of the process under test
	names    []string          // what varies from run to run and its names, in turn
	keyring  *keyringtest.Keyring
	app      *optest.App
	ended    chan struct{} // closed at the end
	status   int
	running  *running
	locks    map[string]*os.File
	signs    map[string]func() bool // of what "reached" waits for
	memory   map[string]string      // files by path, as "remember" found them
	seen     bytes.Buffer           // everything that was printed
	expected bool                   // the transcript says which requests there are
}

type worldKey struct{}

func of(ts *testscript.TestScript) *world { return ts.Value(worldKey{}).(*world) }

// TestTranscripts runs every transcript of this directory.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no transcripts")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(file, ".txtar"), func(t *testing.T) {
			t.Parallel()
			testscript.Run(t, testscript.Params{
				Files: []string{file}, Cmds: verbs, RequireExplicitExec: true, RequireUniqueNames: true,
				UpdateScripts: os.Getenv("JIRA_GOLDEN") != "",
				Setup:         func(env *testscript.Env) error { return setup(t, env) },
			})
		})
	}
}

func setup(t testing.TB, env *testscript.Env) error {
	w, err := newWorld(t, env.WorkDir)
	if err != nil {
		return err
	}
	env.Vars = append(env.Vars, "HOME="+w.home, "CONFIG="+filepath.Join(w.home, ".config/jira-cli/config.toml"),
		"SITE="+w.env["SITE"], "HOST="+strings.TrimPrefix(w.env["SITE"], "http://"), "MYSELF=/rest/api/3/myself", "GRANTS=/rest/api/3/mypermissions",
		"PATH="+w.env["PATH"], "LC_ALL=C.UTF-8")
	for name, value := range tokens {
		env.Vars = append(env.Vars, name+"="+value)
	}
	env.Values[worldKey{}] = w
	env.Defer(func() { w.end(env) })
	return nil
}

func newWorld(t testing.TB, work string) (*world, error) {
	w := &world{
		t: t, work: work, home: filepath.Join(work, "home"), build: plain,
		fake: fakejira.Sample(tokens["TOKEN"]), ended: make(chan struct{}), locks: map[string]*os.File{}, signs: map[string]func() bool{},
	}
	t.Cleanup(w.fake.Close)
	if err := w.fake.Control([]string{"token", "add", fakejira.SampleEmail, tokens["TOKEN2"]}); err != nil {
		return nil, err
	}
	endpoint, err := w.fake.Listen(fakejira.Socket{})
	if err != nil {
		return nil, err
	}
	t.Cleanup(endpoint.Close)
	w.names = []string{work, "$WORK", strings.TrimPrefix(endpoint.URL, "http://"), "$HOST"}
	w.env = map[string]string{
		"HOME": w.home, "LC_ALL": "C.UTF-8", "SITE": endpoint.URL,
		"PATH": filepath.Dir(binary(t, plain)) + ":" + os.Getenv("PATH"),
	}
	return w, os.Mkdir(w.home, 0o700)
}

// environ is the environment of the process under test.
func (w *world) environ() []string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(w.env)) {
		if name != "SITE" {
			list = append(list, name+"="+w.env[name])
		}
	}
	return list
}

var varying = []struct {
	pattern *regexp.Regexp
	name    string
}{
	{regexp.MustCompile(`"timestamp": "20[^"]*Z"`), `"timestamp": "$TIME"`},
	{regexp.MustCompile(`"request_id": "[0-9A-Za-z-]{16,}"`), `"request_id": "$ID"`},
}

// normal replaces what varies by its name.
func (w *world) normal(text string) string {
	text = strings.NewReplacer(w.names...).Replace(text)
	for _, v := range varying {
		text = v.pattern.ReplaceAllLiteralString(text, v.name)
	}
	return text
}

// verbs are the words of the transcripts, beside testscript's own.
var verbs = map[string]func(*testscript.TestScript, bool, []string){
	"jira": runJira, "exits": checkStatus, "start": startJira, "reached": await, "signal": sendSignal,
	"finish": finishJira, "tty": runOnTerminal, "fake": driveFake, "serve": serveTLS, "bytes": serveBytes, "proxy": serveProxy, "export": export, "unset": unset,
	"binary": chooseBuild, "keyring": driveKeyring, "op": driveApp, "show": show, "remember": remember,
	"unchanged": checkUnchanged, "lock": lock, "mode": checkMode, "opens": openFile,
}

// checkStatus is the verb "exits N": the exit status of the last jira.
func checkStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: exits STATUS")
	}
	if got := fmt.Sprint(of(ts).status); got != args[0] {
		ts.Fatalf("jira exited with status %s, not %s", got, args[0])
	}
}

// driveFake is the verb "fake WORDS": see fakejira.Server.Control.
func driveFake(ts *testscript.TestScript, neg bool, args []string) {
	of(ts).expected = of(ts).expected || args[0] == "expect"
	err := of(ts).fake.Control(args)
	if (err != nil) != neg {
		ts.Fatalf("fake %s: %v", strings.Join(args, " "), err)
	}
}

// export is the verb "export NAME=VALUE…" for the process under test; a VALUE
// of @NAME is a token, which the transcript must not spell out.
func export(ts *testscript.TestScript, neg bool, args []string) {
	for _, arg := range args {
		name, value, _ := strings.Cut(arg, "=")
		if token, isToken := strings.CutPrefix(value, "@"); isToken {
			value = tokens[token]
		}
		of(ts).env[name] = value
	}
}

// unset is the verb "unset NAME…".
func unset(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		delete(of(ts).env, name)
	}
}

// chooseBuild is the verb "binary plain|cgo".
func chooseBuild(ts *testscript.TestScript, neg bool, args []string) {
	w := of(ts)
	w.build = args[0]
	w.env["PATH"] = filepath.Dir(binary(w.t, w.build)) + ":" + os.Getenv("PATH")
}
