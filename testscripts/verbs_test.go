package testscripts

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"jira-cli/adapters/faulty"
	"jira-cli/adapters/memory"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
)

type verb = func(*testscript.TestScript, bool, []string)

// verbs are what a script can say beside testscript's own words:
//
//	jira ARGUMENTS [<FILE | <@VARIABLE | <!broken]
//	                                      run the program
//	exits STATUS                          with which the last jira ended
//	given NAME [site=] [email=] [token=VARIABLE] [FLAGS…]
//	                                      a profile that somebody logged in before
//	export VARIABLE=VALUE | =@VARIABLE    set a variable, to a token with @
//	fake WORDS                            drive the fake Jira
//	store BACKEND WORDS                   drive a store, see driveStore
//	terminal [FILE | none]                a person is there, and answers by FILE
//	screen                                print what the person saw
//	colour                                the streams are terminals with colour
//	fail AT MODE [CODE]                   a fault in the next jira: at its AT-th port
//	                                      call, "before", "after" or "hang"
//	calls                                 print the port calls of the last jira
//	interrupt PATH|* [SIGNAL | timeout]   a signal during the next request of PATH, or
//	                                      the end of its time
//	panics PATH | config | BACKEND        a defect there, in the next jira
//	pipe full | closed                    where the next jira's output goes
//	holds BACKEND [VARIABLE]              whether a store holds a token, or anything
//	same FILE COPY · mode OCTAL FILE      of files
//	show FILE                             print a file, as cat would
//	make FILE TEXT [TIMES]                write a file, with Go's escapes
//	mkconfig FILE                         make a file the config, as a person would
//	meanwhile PATH FILE                   during the next request of PATH another
//	                                      process makes FILE the config
func verbs() map[string]verb {
	return map[string]verb{
		"jira": runJira, "exits": checkStatus, "given": given, "export": export, "fake": driveFake, "store": driveStore,
		"terminal": attend, "screen": screen, "colour": colour, "fail": failAt, "calls": printCalls, "interrupt": interrupt,
		"panics": panics, "pipe": breakStdout, "holds": checkHolds, "same": checkSame, "mode": checkMode, "show": show,
		"make": makeFile, "mkconfig": makeConfig, "meanwhile": meanwhile,
	}
}

func usage(ts *testscript.TestScript, bad bool, text string) {
	if bad {
		ts.Fatalf("usage: %s", text)
	}
}

func checkStatus(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg || len(args) != 1, "exits STATUS")
	if got := fmt.Sprint(of(ts).status); got != args[0] {
		ts.Fatalf("jira exited with status %s, not %s", got, args[0])
	}
}

// given logs a profile in by the program itself, without asking Jira.
func given(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg || len(args) == 0, "given NAME [site=] [email=] [token=VARIABLE] [FLAGS…]")
	site, email, token := "https://example.atlassian.net", "john.doe@example.com", "TOKEN"
	line := []string{"auth", "login", "--no-input", "--skip-verify", "--force", "--secret-stdin", "--profile-name", args[0]}
	for _, arg := range args[1:] {
		switch key, value, _ := strings.Cut(arg, "="); key {
		case "site":
			site = value
		case "email":
			email = value
		case "token":
			token = value
		default:
			line = append(line, arg)
		}
	}
	w := of(ts)
	_, stderr := w.run(ts, append(line, "--base-url", site, "--email", email), memory.NewSecretInput(ts.Getenv(token)))
	if w.status != 0 {
		ts.Fatalf("given %s: %s", args[0], stderr)
	}
}

// export keeps tokens out of the script's text and of the session.
func export(ts *testscript.TestScript, neg bool, args []string) {
	for _, arg := range args {
		name, value, _ := strings.Cut(arg, "=")
		typed := value
		if token, isToken := strings.CutPrefix(value, "@"); isToken {
			value, typed = ts.Getenv(token), `"$(your-secret-source)"`
		}
		ts.Setenv(name, value)
		fmt.Fprintf(&of(ts).console, "$ export %s=%s\n", name, typed)
	}
}

// driveFake is fakejira.Server.Control.
func driveFake(ts *testscript.TestScript, neg bool, args []string) {
	for i, arg := range args {
		args[i] = os.Expand(arg, ts.Getenv)
	}
	err := of(ts).fake.Control(args)
	if (err != nil) != neg {
		ts.Fatalf("fake %s: %v", strings.Join(args, " "), err)
	}
}

// driveStore is
//
//	store BACKEND absent                  this build does not have it
//	store BACKEND fail CODE [put]         it is there and does not work, or only
//	                                      does not take anything
//	store BACKEND mend                    it works again
//	store BACKEND plant ACCOUNT VARIABLE  another program stores a token
//	store BACKEND wipe ACCOUNT            another program removes one
//	store command prints VARIABLE ARGV…   a program prints a token
//	store 1password item VAULT TITLE      an item without the field
//	store 1password clear VAULT TITLE     the field is removed in the app
func driveStore(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg || len(args) < 2, "store BACKEND WORDS")
	w := of(ts)
	backend, err := profile.ParseBackend(args[0])
	ts.Check(err)
	store := w.stores[backend]
	ref := profile.Reference{Backend: backend, Service: profile.DefaultService, Path: ts.Getenv("HOME") + "/.local/share/jira-cli/credentials.age"}
	if len(args) > 2 {
		ref.Account = args[2]
	}
	switch args[1] {
	case "absent":
		w.missing[backend] = true
	case "mend":
		store.Break(nil)
		delete(w.missing, backend)
	case "fail":
		row := fault.Lookup(fault.Code(args[2]))
		if string(row.Code) != args[2] {
			ts.Fatalf("there is no code %s", args[2])
		}
		if len(args) > 3 {
			w.trouble.refusing = map[profile.Backend]error{backend: fault.New(row.Code, "%s", row.Meaning)}
			return
		}
		store.Break(fault.New(row.Code, "%s", row.Meaning))
	case "plant":
		ts.Check(store.Plant(ref, secret.New(ts.Getenv(args[3]))))
	case "prints":
		ts.Check(store.Plant(profile.Reference{Backend: backend, Argv: args[3:]}, secret.New(ts.Getenv(args[2]))))
	case "wipe":
		ts.Check(store.Delete(context.Background(), ref))
	case "item":
		store.AddItem("", args[2], args[3], nil)
	case "clear":
		ts.Check(store.Delete(context.Background(), profile.Reference{Backend: backend, Vault: args[2], Item: args[3], Field: profile.DefaultField}))
	default:
		ts.Fatalf("store: unknown verb %q", args[1])
	}
}

// attend is the verb "terminal"; for FILE see memory.ParseScript.
func attend(ts *testscript.TestScript, neg bool, args []string) {
	w := of(ts)
	if left := w.prompter.Remaining(); len(left) > 0 {
		ts.Fatalf("these questions were not asked: %q", left)
	}
	checkPrompted(ts, w)
	w.attended = len(args) == 0 || args[0] != "none"
	w.prompter = memory.NewPrompter()
	if len(args) == 0 || !w.attended {
		return
	}
	steps, err := memory.ParseScript(os.Expand(ts.ReadFile(args[0]), ts.Getenv))
	ts.Check(err)
	w.prompter = memory.NewPrompter(steps...)
}

func screen(ts *testscript.TestScript, neg bool, args []string) {
	fmt.Fprint(ts.Stdout(), normal(ts, of(ts).prompter.Transcript()))
}

func colour(ts *testscript.TestScript, neg bool, args []string) { of(ts).colour = !neg }

func failAt(ts *testscript.TestScript, neg bool, args []string) {
	modes := map[string]faulty.Mode{"before": faulty.FailBefore, "after": faulty.FailAfter, "hang": faulty.Hang}
	usage(ts, neg || len(args) < 2 || modes[args[1]] == 0, "fail AT before|after|hang [CODE]")
	at, err := strconv.Atoi(args[0])
	ts.Check(err)
	w := of(ts)
	var faults []faulty.Fault
	if w.trouble.plan != nil {
		faults = w.trouble.plan.Faults()
	}
	w.trouble.plan = faulty.NewPlan(append(faults, faulty.Fault{At: at, Mode: modes[args[1]], Code: injectedCode(args)})...)
	w.trouble.plan.OnHang = func() { w.trouble.end(interrupted("SIGINT")) }
}

func printCalls(ts *testscript.TestScript, neg bool, args []string) {
	for i, call := range of(ts).calls {
		fmt.Fprintf(ts.Stdout(), "%2d %s\n", i, call)
	}
}

func interrupt(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg || len(args) == 0, "interrupt PATH [SIGNAL]")
	t := &of(ts).trouble
	t.stopAt, t.signal = args[0], "SIGINT"
	if len(args) > 1 {
		t.signal = args[1]
	}
}

func panics(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg || len(args) != 1, "panics PATH|config|BACKEND")
	of(ts).trouble.panicAt = args[0]
}

func breakStdout(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg || len(args) != 1 || brokenPipes[args[0]] == nil, "pipe full|closed")
	of(ts).trouble.brokenBy = brokenPipes[args[0]]
}

// checkHolds: some slot of the store holds the token; without a variable, it
// holds anything at all.
func checkHolds(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, len(args) == 0 || len(args) > 2, "holds BACKEND [VARIABLE]")
	backend, err := profile.ParseBackend(args[0])
	ts.Check(err)
	held := of(ts).stores[backend].Dump()
	found := len(args) == 1 && len(held) > 0
	for _, s := range held {
		found = found || len(args) == 2 && s.Equal(secret.New(ts.Getenv(args[1])))
	}
	if found == neg {
		ts.Fatalf("%s holds %d secrets; %v: %v", backend, len(held), args[1:], found)
	}
}

func checkSame(ts *testscript.TestScript, neg bool, args []string) {
	if (ts.ReadFile(args[0]) == ts.ReadFile(args[1])) == neg {
		ts.Fatalf("%s and %s: same is %v", args[0], args[1], neg)
	}
}

func checkMode(ts *testscript.TestScript, neg bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := fmt.Sprintf("%04o", info.Mode().Perm()); (got == args[0]) == neg {
		ts.Fatalf("%s has mode %s", args[1], got)
	}
}

func show(ts *testscript.TestScript, neg bool, args []string) {
	text := normal(ts, ts.ReadFile(args[0]))
	fmt.Fprint(ts.Stdout(), text)
	fmt.Fprintf(&of(ts).console, "$ cat %s\n%s", strings.Replace(args[0], "home/", "~/", 1), text)
}

func makeFile(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg || len(args) < 2, "make FILE TEXT [TIMES]")
	text, err := strconv.Unquote(`"` + args[1] + `"`)
	ts.Check(err)
	if len(args) == 3 {
		times, err := strconv.Atoi(args[2])
		ts.Check(err)
		text = strings.Repeat(text, times)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

func makeConfig(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg || len(args) != 1, "mkconfig FILE")
	writeConfig(ts, ts.ReadFile(args[0]))
}

func writeConfig(ts *testscript.TestScript, text string) {
	path := ts.MkAbs(ts.Getenv("CONFIG"))
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o700))
	ts.Check(os.WriteFile(path, []byte(text), 0o600))
}

func meanwhile(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg || len(args) != 2, "meanwhile PATH FILE")
	text := ts.ReadFile(args[1])
	t := &of(ts).trouble
	t.during, t.happens = args[0], func() { writeConfig(ts, text) }
}
