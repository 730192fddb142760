//go:build unix

package commandstore_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jira-cli/adapters/commandstore"
	"jira-cli/adapters/process"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
	"jira-cli/ports/portstest"
)

// patience guards against hanging and measures nothing.
const patience = 30 * time.Second

var path = "PATH=" + os.Getenv("PATH")

func environ() func() []string { return func() []string { return []string{path} } }

func command(argv ...string) profile.Reference {
	return profile.Reference{Backend: profile.Command, Argv: argv}
}

func sh(script string, args ...string) profile.Reference {
	return command(append([]string{"sh", "-c", script, "sh"}, args...)...)
}

// machine is one for all tests, as a process has one.
var machine = process.New(process.Options{Environ: environ()})

func programs() ports.Programs { return machine }

func store() *commandstore.Store { return commandstore.New(commandstore.Options{Programs: programs()}) }

func TestConformance(t *testing.T) {
	portstest.TestSecretStore(t, func(t *testing.T) portstest.SecretStoreHarness {
		dir := t.TempDir()
		return portstest.SecretStoreHarness{
			Store: store(),
			Reference: func(i int) profile.Reference {
				return command("cat", filepath.Join(dir, fmt.Sprint(i)))
			},
			Plant: func(t *testing.T, ref profile.Reference, s secret.Secret) {
				if err := os.WriteFile(ref.Argv[1], []byte(s.Reveal()+"\n"), 0o600); err != nil {
					t.Fatal(err)
				}
			},
			AbsentCode: fault.CommandFailed,
		}
	})
}

func TestFailures(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	plain := filepath.Join(dir, "plain")
	if err := os.WriteFile(plain, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(dir, "script")
	if err := os.WriteFile(script, []byte("#!/no/such/interpreter\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	const hidden = "hush-hush-hush"
	for name, c := range map[string]struct {
		ref     profile.Reference
		code    fault.Code
		message string
	}{
		"empty":          {command(), fault.ConfigInvalid, "the credential command is empty"},
		"empty name":     {command("", "x"), fault.ConfigInvalid, "the credential command is empty"},
		"NUL":            {command("cat", "a\x00b"), fault.ConfigInvalid, "an argument of the credential command contains a NUL character"},
		"relative":       {command("bin/op"), fault.ConfigInvalid, "the credential command bin/op is a relative path"},
		"not found":      {command("no-such-program"), fault.CommandFailed, "the credential command no-such-program was not found in PATH"},
		"not there":      {command("/no/such/op"), fault.CommandFailed, "the credential command /no/such/op could not be started: no such file or directory"},
		"not executable": {command(plain), fault.CommandFailed, "the credential command " + plain + " could not be started: permission denied"},
		"no interpreter": {command(script), fault.CommandFailed, "the credential command " + script + " could not be started: no such file or directory"},
		"status":         {sh("exit 3"), fault.CommandFailed, "the credential command sh exited with status 3"},
		"stderr": {sh(`echo "[ERROR] not  signed in" >&2; echo more >&2; exit 1`), fault.CommandFailed,
			"the credential command sh exited with status 1: [ERROR] not signed in more"},
		"signal": {sh("kill -9 $$"), fault.CommandFailed, "the credential command sh was ended by the signal SIGKILL"},
		"echoed secret": {sh(`echo "$1"; echo "bad: $1." >&2; exit 1`, hidden), fault.CommandFailed,
			"the credential command sh exited with status 1: bad: [credential]."},
		"token in stderr": {sh(`echo "bad ATATT3xFfGF0abcdefghijkl=ABCD" >&2; exit 1`), fault.CommandFailed,
			"the credential command sh exited with status 1: bad [credential]"},
		"escapes": {sh(`printf 'a\033[31mred\033[0m\033]0;title\007\tb\001\302\205\342\200\256c\377' >&2; exit 1`), fault.CommandFailed,
			"the credential command sh exited with status 1: ared b c\ufffd"},
		"nothing":   {sh("exit 0"), fault.SecretInvalid, "what the credential command sh printed: the secret is empty"},
		"two lines": {sh(`echo "$1"; echo user`, hidden), fault.SecretInvalid, "what the credential command sh printed: the secret has more than one line"},
		"quoted":    {sh(`printf '"%s"' "$1"`, hidden), fault.SecretInvalid, "what the credential command sh printed: the secret begins or ends with a quote or a blank"},
		"too much":  {sh("yes"), fault.CommandFailed, "the credential command sh printed more than 65538 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := store().Get(t.Context(), c.ref)
			f := fault.From(err)
			if f == nil || f.Code != c.code || f.Message != c.message || f.Hint == "" || !got.IsZero() {
				t.Fatalf("Get = %v, %s %q, want %s %q", got, fault.CodeOf(err), err, c.code, c.message)
			}
			if strings.Contains(fmt.Sprintf("%+v", *f), hidden) {
				t.Errorf("the error shows the secret: %+v", *f)
			}
		})
	}
}

func TestLongStderrIsBounded(t *testing.T) {
	_, err := store().Get(t.Context(), sh(`i=0; while [ $i -lt 20000 ]; do echo "noise $i" >&2; i=$((i+1)); done; exit 1`))
	if f := fault.From(err); f == nil || f.Code != fault.CommandFailed || len(f.Message) > 500 {
		t.Errorf("the error is %v", err)
	}
}

// A secret that is exactly as large as secrets may be passes, also with a CRLF.
func TestLargestSecret(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	want := strings.Repeat("x", secret.MaxBytes)
	if err := os.WriteFile(file, []byte(want+"\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := store().Get(t.Context(), command("cat", file))
	if err != nil || got.Reveal() != want {
		t.Errorf("Get = %d bytes, %v", got.Len(), err)
	}
}

// No shell: what would mean something to one arrives as it is.
func TestArgumentsArriveAsTheyAre(t *testing.T) {
	odd := `$(id) ; * | ~ "quoted" 'and' \ é`
	got, err := store().Get(t.Context(), command("printf", "%s", odd))
	if err != nil || got.Reveal() != odd {
		t.Errorf("Get = %q, %v", got.Reveal(), err)
	}
}

// The program gets what is for one that somebody attends to, or that nobody
// does, and not one variable of the test process.
func TestEnvironmentOfTheProgram(t *testing.T) {
	t.Setenv("COMMANDSTORE_LEAK", "leaked")
	for interactive, want := range map[bool]string{false: "seen::", true: "seen::tty"} {
		s := commandstore.New(commandstore.Options{
			Programs: process.New(process.Options{
				Environ: func() []string { return []string{path, "JIRA_PAT=s", "GPG_TTY=tty"} },
			}),
			Interactive: func() bool { return interactive },
		})
		got, err := s.Get(t.Context(), sh("echo seen:$COMMANDSTORE_LEAK$JIRA_PAT:$GPG_TTY"))
		if err != nil || got.Reveal() != want {
			t.Errorf("interactive %v: Get = %q, %v, want %q", interactive, got.Reveal(), err, want)
		}
	}
}

// stdin may be carrying data for jira; the program must not eat it.
func TestStdinIsEmpty(t *testing.T) {
	got, err := store().Get(t.Context(), sh(`echo "got:$(cat)"`))
	if err != nil || got.Reveal() != "got:" {
		t.Errorf("Get = %q, %v", got.Reveal(), err)
	}
}

func TestLocateIsUnambiguous(t *testing.T) {
	seen := map[ports.Slot][]string{}
	for _, argv := range [][]string{{"a", "b c"}, {"a", "b", "c"}, {"a b", "c"}, {"a", `b" "c`}, {"a", "b c", ""}, {"a", "b\\ c"}, {"a", "b\xffc"}, {"a", "b\ufffdc"}} {
		slot, err := store().Locate(t.Context(), command(argv...))
		if err != nil {
			t.Fatal(err)
		}
		if other, ok := seen[slot]; ok {
			t.Errorf("%q and %q have one slot", argv, other)
		}
		seen[slot] = argv
	}
}

// A daemon that the program leaves behind may hold stderr for ever; the secret
// is complete all the same.
func TestBackgroundProcessHoldsStderr(t *testing.T) {
	t.Parallel()
	pidFile := filepath.Join(t.TempDir(), "pid")
	got, err := store().Get(t.Context(), sh(`sleep 300 >/dev/null & echo $! >"$1"; echo ready-secret`, pidFile))
	if err != nil || got.Reveal() != "ready-secret" {
		t.Errorf("Get = %v, %v", got, err)
	}
	pid := readPID(t, pidFile)
	if !running(pid) {
		t.Error("the daemon was ended with the program")
	}
	endProcess(t, pid)
}

// One that holds stdout might still write to it.
func TestBackgroundProcessHoldsStdout(t *testing.T) {
	t.Parallel()
	pidFile := filepath.Join(t.TempDir(), "pid")
	_, err := store().Get(t.Context(), sh(`sleep 300 & echo $! >"$1"; echo half`, pidFile))
	if f := fault.From(err); f == nil || f.Code != fault.CommandFailed || !strings.Contains(f.Message, "left its output open") {
		t.Errorf("the error is %v", err)
	}
	wantGone(t, readPID(t, pidFile))
}

// What a failing program repeats of its secret on stderr is not shown: not
// where something holds stdout, so that the secret is not known, and not with
// sequences in it that are taken out for the message.
func TestStderrThatRepeatsTheSecret(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"held":      `sleep 300 2>/dev/null & echo $! >"$1"; echo pass-word-1; echo "said pass-word-1" >&2; exit 3`,
		"sequences": `echo $$ >"$1"; echo pass-word-1; printf 'said pass\033[1m-wo\342\200\213rd-1' >&2; exit 3`,
	} {
		pidFile := filepath.Join(t.TempDir(), "pid")
		_, err := store().Get(t.Context(), sh(script, pidFile))
		if f := fault.From(err); f == nil || f.Code != fault.CommandFailed || strings.Contains(f.Message, "pass-word-1") {
			t.Errorf("%s: the error is %v", name, err)
		}
		if name == "held" {
			endProcess(t, readPID(t, pidFile))
		}
	}
}

// The time is over, the context ends: the program goes with all that it
// started, also where it does not want to, at a terminal and without one.
func TestProgramIsEndedWithItsFamily(t *testing.T) {
	errEnough := errors.New("enough")
	for _, interactive := range []bool{false, true} {
		for _, stubborn := range []string{"", "trap '' TERM; "} {
			for _, cancel := range []bool{false, true} {
				name := fmt.Sprintf("interactive=%v stubborn=%v cancel=%v", interactive, stubborn != "", cancel)
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					pidFile := filepath.Join(t.TempDir(), "pids")
					o := commandstore.Options{Programs: programs(), Interactive: func() bool { return interactive }}
					ctx, end := context.WithCancelCause(t.Context())
					defer end(nil)
					if cancel {
						go func() {
							waitFor(t, func() bool { return len(pids(pidFile)) == 2 })
							end(errEnough)
						}()
					} else {
						o.Timeout, o.PersonTimeout = 2*time.Second, 2*time.Second
					}
					script := stubborn + `sh -c '` + strings.ReplaceAll(stubborn, "'", `"`) + `echo $$ >>"$1"; while :; do sleep 1; done' sh "$1" & echo $$ >>"$1"; wait; while :; do sleep 1; done`
					_, err := commandstore.New(o).Get(ctx, sh(script, pidFile))
					if cancel && !errors.Is(err, errEnough) {
						t.Errorf("the error is %v, want the cause", err)
					}
					if !cancel && fault.CodeOf(err) != fault.CommandTimeout {
						t.Errorf("the error is %v, want CommandTimeout", err)
					}
					if len(pids(pidFile)) != 2 {
						t.Fatalf("the program started %d processes, want 2", len(pids(pidFile)))
					}
					for _, pid := range pids(pidFile) {
						wantGone(t, pid)
					}
				})
			}
		}
	}
}

type budget struct{ pauses, resumes int }

func (b *budget) Left() (time.Duration, bool) { return 0, false }

func (b *budget) Pause() func() {
	b.pauses++
	return func() { b.resumes++ }
}

type notices struct{ shown, done []string }

func (n *notices) Waiting(message string) func() {
	n.shown = append(n.shown, message)
	return func() { n.done = append(n.done, message) }
}

// The clock stands still only while somebody may be asked, and then it is said
// what is waited for.
func TestBudgetPausesForAPerson(t *testing.T) {
	for _, interactive := range []bool{false, true} {
		b, n := &budget{}, &notices{}
		s := commandstore.New(commandstore.Options{Programs: programs(), Notifier: n, Interactive: func() bool { return interactive }})
		if _, err := s.Get(ports.WithBudget(t.Context(), b), sh("echo a-secret")); err != nil {
			t.Fatal(err)
		}
		want := 0
		if interactive {
			want = 1
		}
		if b.pauses != want || b.resumes != want || len(n.shown) != want || len(n.done) != want {
			t.Errorf("interactive=%v: %+v, %+v", interactive, *b, *n)
		}
	}
}

func TestCtrlCAtTheProgramIsCanceled(t *testing.T) {
	for script, want := range map[bool]fault.Code{true: fault.Canceled, false: fault.CommandFailed} {
		s := commandstore.New(commandstore.Options{Programs: programs(), Interactive: func() bool { return script }})
		for _, text := range []string{"kill -INT $$", "exit 130"} {
			if _, err := s.Get(t.Context(), sh(text)); fault.CodeOf(err) != want {
				t.Errorf("%s: %v, want %s", text, err, want)
			}
		}
	}
}
