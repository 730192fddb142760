// Package testscripts holds the transcripts: each is a specification of what a
// user types and sees, run in this process against a fake Jira, stores in
// memory and a scripted person, with the real config file. The real process has
// a package of its own, testscripts/process.
package testscripts

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"jira-cli/adapters/cli"
	"jira-cli/adapters/envstore"
	"jira-cli/adapters/fakejira"
	"jira-cli/adapters/memory"
	"jira-cli/cmd/wire"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// The tokens of the transcripts, as variables of the scripts.
var tokens = map[string]string{
	"TOKEN":  "ATATT3xFfGF0-the-first-example-token-ABCD",
	"TOKEN2": "ATATT3xFfGF0-the-second-example-token-WXYZ",
}

// sites are the hosts at which the fake answers.
var sites = []string{"https://example.atlassian.net", "https://work.atlassian.net", "https://exmaple.atlassian.net"}

// world is what one script runs in.
type world struct {
	fake     *fakejira.Server
	stores   map[profile.Backend]*memory.SecretStore
	missing  map[profile.Backend]bool
	prompter *memory.Prompter
	attended bool
	status   int
	seen     bytes.Buffer // everything that was printed, for the search for secrets
	console  bytes.Buffer // the session as a reader of the docs sees it
	known    map[string]bool
}

type worldKey struct{}

func of(ts *testscript.TestScript) *world { return ts.Value(worldKey{}).(*world) }

func newWorld() *world {
	w := &world{
		fake:    fakejira.Sample(tokens["TOKEN"]),
		missing: map[profile.Backend]bool{},
		known:   map[string]bool{},
		stores: map[profile.Backend]*memory.SecretStore{
			profile.Keyring:     memory.NewSecretStore(memory.SecretStoreOptions{}),
			profile.OnePassword: memory.NewSecretStore(memory.SecretStoreOptions{Backend: profile.OnePassword, Vaults: []string{"Work", "Private"}}),
			profile.File:        memory.NewSecretStore(memory.SecretStoreOptions{Backend: profile.File}),
		},
		prompter: memory.NewPrompter(),
	}
	for site := range strings.SplitSeq("example.atlassian.net work.atlassian.net", " ") {
		if err := w.fake.Control([]string{"site", "add", site}); err != nil {
			panic(err)
		}
	}
	return w
}

// Store implements ports.Stores over the world's stores and what the script
// took away.
func (w *world) stock(env ports.Environment) ports.Stores {
	all := map[profile.Backend]ports.SecretStore{profile.Env: envstore.New(env)}
	for b, s := range w.stores {
		all[b] = s
	}
	for b := range w.missing {
		delete(all, b)
	}
	return memory.NewStores(all)
}

// scriptEnv is the environment of a script as the program sees it.
type scriptEnv struct{ ts *testscript.TestScript }

func (e scriptEnv) Lookup(name string) (string, bool) {
	if slices.Contains([]string{"TOKEN", "TOKEN2"}, name) {
		return "", false
	}
	v := e.ts.Getenv(name)
	return v, v != ""
}

var commands = map[string]func(*testscript.TestScript, bool, []string){
	"jira": runJira, "exits": checkStatus, "fake": driveFake, "terminal": attend, "store": driveStore,
	"holds": checkHolds, "same": checkSame, "mode": checkMode, "export": export,
}

// runJira is the verb "jira ARGUMENTS [<FILE | <@VARIABLE]". It prints what the
// program prints, with the work directory as $WORK.
func runJira(ts *testscript.TestScript, neg bool, args []string) {
	w := of(ts)
	typed := strings.Join(quoted(args), " ")
	args, stdin := redirect(ts, args)
	before := snapshot(ts)
	var stdout, stderr bytes.Buffer
	env := scriptEnv{ts}
	clock := memory.NewClock(time.Date(2026, 5, 27, 0, 0, 0, 0, time.UTC))
	process := wire.Process{GOOS: "linux", Home: ts.Getenv("HOME"), Env: env, Build: cli.BuildInfo{
		Version: "1.2.3", Commit: "0123456789abcdef", Date: "2026-05-27T00:00:00Z", Go: "go1.26", Backends: []string{"keyring", "1password", "file", "env"}}}
	doubles := wire.Doubles{
		Stores: w.stock(env), Transport: w.fake.MockTransport(sites...), Terminal: memory.NewTerminal(w.attended),
		Prompter: w.prompter, Notifier: memory.NewNotifier(), Stdin: stdin, Clock: clock,
	}
	host := cli.Host{
		Stdout: &stdout, Stderr: &stderr, Colour: func(io.Writer) bool { return false }, Env: env, Clock: clock,
		IDs: memory.NewIDs("req-example-0123456789"), Budget: wire.Budget, Build: process.Build,
		Interruptible: func(ctx context.Context) (context.Context, func()) {
			ctx, end := context.WithCancelCause(ctx)
			w.prompter.OnInterrupt(func() { end(fault.New(fault.Canceled, "interrupted by SIGINT")) })
			return ctx, func() { end(nil) }
		},
	}
	w.status = cli.New(host, wire.NewGraph(process, doubles)).Run(context.Background(), args)
	out, log := normal(ts, stdout.String()), normal(ts, stderr.String())
	fmt.Fprint(ts.Stdout(), out)
	fmt.Fprint(ts.Stderr(), log)
	w.seen.WriteString(stdout.String() + stderr.String())
	fmt.Fprintf(&w.console, "$ jira %s\n%s%s", typed, out, log)
	checkWrites(ts, before)
	if (w.status != 0) != neg {
		ts.Fatalf("jira exited with status %d", w.status)
	}
}

// redirect takes "<FILE" and "<@VARIABLE" off a command line.
func redirect(ts *testscript.TestScript, args []string) ([]string, ports.SecretInput) {
	var rest []string
	stdin := memory.NewSecretInput("")
	for _, arg := range args {
		name, isInput := strings.CutPrefix(arg, "<")
		variable, isVariable := strings.CutPrefix(name, "@")
		switch {
		case !isInput:
			rest = append(rest, arg)
		case isVariable:
			stdin = memory.NewSecretInput(ts.Getenv(variable) + "\n")
		default:
			stdin = memory.NewSecretInput(ts.ReadFile(name))
		}
	}
	return rest, stdin
}

func quoted(args []string) []string {
	out := make([]string, len(args))
	for i, arg := range args {
		out[i] = arg
		if arg == "" || strings.ContainsAny(arg, " \t\"'") {
			out[i] = "'" + arg + "'"
		}
	}
	return out
}

func normal(ts *testscript.TestScript, text string) string {
	return strings.ReplaceAll(text, ts.Getenv("WORK"), "$WORK")
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
	err := of(ts).fake.Control(args)
	if (err != nil) != neg {
		ts.Fatalf("fake %s: %v", strings.Join(args, " "), err)
	}
}

// attend is the verb "terminal [FILE]": from here on a person is there, and
// answers by the file; see memory.ParseScript. "terminal none" takes them away.
func attend(ts *testscript.TestScript, neg bool, args []string) {
	w := of(ts)
	if left := w.prompter.Remaining(); len(left) > 0 {
		ts.Fatalf("these questions were not asked: %q", left)
	}
	w.attended = true
	if len(args) == 0 {
		return
	}
	if args[0] == "none" {
		w.attended = false
		return
	}
	steps, err := memory.ParseScript(os.Expand(ts.ReadFile(args[0]), ts.Getenv))
	ts.Check(err)
	w.prompter = memory.NewPrompter(steps...)
}

// driveStore is the verb "store BACKEND absent|mend|fail CODE|plant ACCOUNT
// VARIABLE|item VAULT TITLE".
func driveStore(ts *testscript.TestScript, neg bool, args []string) {
	w := of(ts)
	backend, err := profile.ParseBackend(args[0])
	ts.Check(err)
	store := w.stores[backend]
	switch args[1] {
	case "absent":
		w.missing[backend] = true
	case "mend":
		store.Break(nil)
		delete(w.missing, backend)
	case "fail":
		row := fault.Lookup(fault.Code(args[2]))
		store.Break(fault.New(row.Code, "%s", row.Meaning))
	case "plant":
		ref := profile.Reference{Backend: backend, Service: profile.DefaultService, Account: args[2]}
		ts.Check(store.Plant(ref, secret.New(ts.Getenv(args[3]))))
	case "item":
		store.AddItem("", args[2], args[3], nil)
	default:
		ts.Fatalf("store: unknown verb %q", args[1])
	}
}

// checkHolds is the verb "holds BACKEND VARIABLE": some slot of the store holds
// the token; "! holds BACKEND" that it holds nothing at all.
func checkHolds(ts *testscript.TestScript, neg bool, args []string) {
	backend, err := profile.ParseBackend(args[0])
	ts.Check(err)
	held := of(ts).stores[backend].Dump()
	if len(args) == 1 {
		if (len(held) > 0) == neg {
			ts.Fatalf("%s holds %d secrets", backend, len(held))
		}
		return
	}
	found := false
	for _, s := range held {
		found = found || s.Equal(secret.New(ts.Getenv(args[1])))
	}
	if found == neg {
		ts.Fatalf("%s in %s: %v", args[1], backend, found)
	}
}

// checkSame is the verb "same FILE COPY": the same bytes.
func checkSame(ts *testscript.TestScript, neg bool, args []string) {
	if (ts.ReadFile(args[0]) == ts.ReadFile(args[1])) == neg {
		ts.Fatalf("%s and %s: same is %v", args[0], args[1], neg)
	}
}

// checkMode is the verb "mode OCTAL FILE".
func checkMode(ts *testscript.TestScript, neg bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := fmt.Sprintf("%04o", info.Mode().Perm()); (got == args[0]) == neg {
		ts.Fatalf("%s has mode %s", args[1], got)
	}
}

// export is the verb "export VARIABLE=@NAME": sets a variable of the program's
// to a token, which the script's text must not spell out.
func export(ts *testscript.TestScript, neg bool, args []string) {
	for _, arg := range args {
		name, value, _ := strings.Cut(arg, "=")
		if token, isToken := strings.CutPrefix(value, "@"); isToken {
			value = ts.Getenv(token)
		}
		ts.Setenv(name, value)
	}
}

func setup(env *testscript.Env) error {
	home := filepath.Join(env.WorkDir, "home")
	env.Vars = append(env.Vars, "HOME="+home, "CONFIG=home/.config/jira-cli/config.toml", "MYSELF=/rest/api/3/myself", "GRANTS=/rest/api/3/mypermissions")
	for name, value := range tokens {
		env.Vars = append(env.Vars, name+"="+value)
	}
	w := newWorld()
	env.Values[worldKey{}] = w
	env.Defer(func() { w.end(env) })
	return os.MkdirAll(home, 0o755)
}

// sessions are the console sessions of all transcripts, for the test of the
// docs.
var sessions struct {
	sync.Mutex
	text map[string]string
}

func TestTranscripts(t *testing.T) {
	groups, err := filepath.Glob("*/*.txtar")
	if err != nil || len(groups) == 0 {
		t.Fatal("there are no transcripts")
	}
	sessions.text = map[string]string{}
	var dirs []string
	for _, file := range groups {
		if dir := filepath.Dir(file); dir != "process" && !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	for _, dir := range dirs {
		t.Run(dir, func(t *testing.T) {
			testscript.Run(t, testscript.Params{
				Dir: dir, Cmds: commands, Setup: setup, RequireExplicitExec: true, RequireUniqueNames: true,
				UpdateScripts: os.Getenv("JIRA_GOLDEN") != "",
				Condition:     nil,
			})
		})
	}
}

// end runs the checks that every transcript must pass, and keeps its session.
func (w *world) end(env *testscript.Env) {
	if problem := checkEnd(w); problem != "" {
		env.T().Fatal(problem)
	}
	sessions.Lock()
	defer sessions.Unlock()
	sessions.text[filepath.Base(env.WorkDir)] = w.console.String()
}
