package testscripts

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"jira-cli/adapters/cli"
	"jira-cli/adapters/memory"
	"jira-cli/cmd/wire"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// runJira is the verb "jira ARGUMENTS [<FILE | <@VARIABLE]". It prints what the
// program prints, with the home directory as /home/john.
func runJira(ts *testscript.TestScript, neg bool, args []string) {
	w := of(ts)
	typed, args, stdin := redirect(ts, args)
	checkPaths(ts, args)
	before := snapshot(ts)
	seen := len(w.prompter.Transcript())
	stdout, stderr := w.run(ts, args, stdin)
	out, log := normal(ts, stdout), normal(ts, stderr)
	fmt.Fprint(ts.Stdout(), out)
	fmt.Fprint(ts.Stderr(), log)
	fmt.Fprintf(&w.console, "$ %s\n%s%s%s", typed, w.prompter.Transcript()[seen:], out, log)
	w.runs = append(w.runs, checkRun(ts, w, args, out, log))
	checkWrites(ts, before)
	if (w.status != 0) != neg {
		ts.Fatalf("jira exited with status %d", w.status)
	}
}

// run is one life of the program. What was to go wrong in it is used up.
func (w *world) run(ts *testscript.TestScript, args []string, stdin ports.SecretInput) (stdout, stderr string) {
	var out, log bytes.Buffer
	env := scriptEnv{ts}
	clock := memory.NewClock(time.Date(2026, 5, 27, 0, 0, 0, 0, time.UTC))
	process := wire.Process{GOOS: "linux", Home: ts.Getenv("HOME"), Env: env, Build: cli.BuildInfo{
		Version: "1.2.3", Commit: "0123456789abcdef", Date: "2026-05-27T00:00:00Z", Go: "go1.26", Backends: w.backends()}}
	doubles := wire.Doubles{
		Stores: w.stock(env), Transport: w.trouble.transport(w.fake.MockTransport(sites...)), Terminal: memory.NewTerminal(w.attended),
		Prompter: w.prompter, Notifier: memory.NewNotifier(), Stdin: stdin, Clock: clock,
		Config: w.trouble.config(configPath(ts, args)),
	}
	host := cli.Host{
		Stdout: w.trouble.stdout(&out), Stderr: &log, Colour: func(io.Writer) bool { return w.colour }, Env: env, Clock: clock,
		IDs: memory.NewIDs("req-example-0123456789"), Budget: w.trouble.budget, Build: process.Build,
		UnbrokenPipe: func() {},
		Interruptible: func(ctx context.Context) (context.Context, func()) {
			ctx, end := context.WithCancelCause(ctx)
			w.prompter.OnInterrupt(func() { end(interrupted("SIGINT")) })
			w.trouble.end = end
			return ctx, func() { end(nil) }
		},
	}
	w.status = cli.New(host, wire.NewGraph(process, doubles)).Run(context.Background(), args)
	w.calls = w.trouble.calls()
	w.trouble = trouble{}
	w.seen.WriteString(out.String() + log.String())
	return out.String(), log.String()
}

// interrupted is what a signal ends a run with, as adapters/system words it.
func interrupted(signal string) *fault.Fault {
	return fault.New(fault.Canceled, "interrupted by %s", signal)
}

// configPath is the config file of a run, for the doubles that stand before it.
func configPath(ts *testscript.TestScript, args []string) string {
	if i := slices.Index(args, "--config"); i >= 0 && i+1 < len(args) {
		return ts.MkAbs(args[i+1])
	}
	if path := ts.Getenv("JIRA_CONFIG"); path != "" {
		return path
	}
	return filepath.Join(ts.Getenv("HOME"), ".config", "jira-cli", "config.toml")
}

// checkPaths refuses a relative config file: the program would look for it, and
// make it, where the tests run, and not in the script's directory.
func checkPaths(ts *testscript.TestScript, args []string) {
	paths := []string{ts.Getenv("JIRA_CONFIG")}
	for i, arg := range args {
		if path, ok := strings.CutPrefix(arg, "--config="); ok {
			paths = append(paths, path)
		}
		if arg == "--config" && i+1 < len(args) {
			paths = append(paths, args[i+1])
		}
	}
	for _, path := range paths {
		if path != "" && !filepath.IsAbs(path) {
			ts.Fatalf("the config file %s is not an absolute path: write $WORK/%s", path, path)
		}
	}
}

// redirect takes "<FILE" and "<@VARIABLE" off a command line, and says how a
// reader would type it.
func redirect(ts *testscript.TestScript, args []string) (string, []string, ports.SecretInput) {
	var rest []string
	stdin, before, after := memory.NewSecretInput(""), "", ""
	for _, arg := range args {
		name, isInput := strings.CutPrefix(arg, "<")
		variable, isVariable := strings.CutPrefix(name, "@")
		switch {
		case name == "!broken":
			stdin = memory.NewFailingSecretInput(fault.New(fault.InputReadFailed, "stdin could not be read: input/output error"))
		case !isInput:
			rest = append(rest, arg)
		case isVariable:
			stdin, before = memory.NewSecretInput(ts.Getenv(variable)+"\n"), "your-secret-source | "
		default:
			stdin, after = memory.NewSecretInput(ts.ReadFile(name)), " < "+name
		}
	}
	return before + strings.Join(append([]string{"jira"}, quoted(rest)...), " ") + after, rest, stdin
}

func quoted(args []string) []string {
	out := make([]string, len(args))
	for i, arg := range args {
		out[i] = arg
		if arg == "" || strings.ContainsAny(arg, " \t\"'") {
			out[i] = `"` + arg + `"`
		}
	}
	return out
}

// scriptEnv is the environment of a script as the program sees it: a variable
// that is set to nothing is not set.
type scriptEnv struct{ ts *testscript.TestScript }

func (e scriptEnv) Lookup(name string) (string, bool) {
	if _, isToken := tokens[name]; isToken {
		return "", false
	}
	v := e.ts.Getenv(name)
	return v, v != ""
}

// backends are those that the build of the script's world has.
func (w *world) backends() []string {
	var names []string
	for _, b := range profile.Backends() {
		if (w.stores[b] != nil || b == profile.Env) && !w.missing[b] {
			names = append(names, string(b))
		}
	}
	return names
}
