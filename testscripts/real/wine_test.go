//go:build real

package real_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"

	"jira-cli/adapters/fakejira"
)

// shim is what Go's runtime asks Windows 10 for and Wine 8 does not have.
const shim = `#include <windows.h>
#include <ntsecapi.h>
BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved) { return TRUE; }
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length) { return RtlGenRandom(data, (ULONG)length); }
`

// windows is a Wine prefix with the shim, and the program built for Windows.
type windows struct {
	t      testing.TB
	binary string
	env    []string
	prefix string
}

func startWindows(t testing.TB) *windows {
	t.Helper()
	dir := t.TempDir()
	w := &windows{t: t, binary: filepath.Join(dir, "jira.exe"), prefix: filepath.Join(dir, "prefix")}
	w.env = []string{"WINEPREFIX=" + w.prefix, "WINEDEBUG=-all", "HOME=" + dir, "PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "TERM=xterm"}
	build := exec.Command("go", "build", "-trimpath", "-o", w.binary, "jira-cli/cmd/jira")
	build.Env = append(os.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	source := filepath.Join(dir, "shim.c")
	if err := os.WriteFile(source, []byte(shim), 0o600); err != nil {
		t.Fatal(err)
	}
	w.wine(need(t, "wineboot"), "-i")
	output(t, "", "x86_64-w64-mingw32-gcc", "-shared", "-o", filepath.Join(w.prefix, "drive_c/windows/system32/bcryptprimitives.dll"), source, "-ladvapi32")
	server := exec.Command(need(t, "wineserver"), "-p") // stays between the commands; it would keep a pipe open
	server.Env = w.env
	if err := server.Run(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.wine("wineserver", "-k") })
	return w
}

func (w *windows) wine(program string, args ...string) {
	w.t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env = w.env
	if out, err := cmd.CombinedOutput(); err != nil {
		w.t.Fatalf("%s: %v\n%s", program, err, out)
	}
}

// jira runs the program for Windows.
func (w *windows) jira(input string, args ...string) result {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), guard)
	defer cancel()
	cmd := exec.CommandContext(ctx, need(w.t, "wine"), append([]string{w.binary}, args...)...)
	cmd.Env, cmd.Stdin = w.env, strings.NewReader(input)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.WaitDelay = time.Second // Wine's own processes may outlive the program and keep the pipes
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) && !errors.Is(err, exec.ErrWaitDelay) || ctx.Err() != nil {
		w.t.Fatalf("jira %q: %v\n%s%s", args, err, stdout.String(), stderr.String())
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// works runs it and expects it to succeed and to print the parts.
func (w *windows) works(input, words string, parts ...string) {
	w.t.Helper()
	r := w.jira(input, strings.Fields(words)...)
	if r.status != 0 {
		w.t.Fatalf("jira %s: %+v", words, r)
	}
	contains(w.t, r.stdout, parts...)
}

// TestWindows runs the program under Wine, in one prefix.
func TestWindows(t *testing.T) {
	w := startWindows(t)
	for name, test := range map[string]func(*windows){
		"first day": (*windows).firstDay, "together": (*windows).together, "interrupted": (*windows).interrupted,
	} {
		t.Run(name, func(t *testing.T) {
			part := *w
			part.t = t
			test(&part)
		})
	}
}

// The first day on Windows: paths, a login from stdin, the Credential Manager, the
// encrypted file, moving between them, and taking it all away again.
func (w *windows) firstDay() {
	site := sampleSite(w.t)
	w.works("", "version", "backends: keyring file env command")
	w.works("", "config path", `C:\users\`, `\AppData\Roaming\jira-cli\config.toml`)
	w.works("", "config init --profile default --email john.doe@example.com --base-url "+site, "created=true")
	w.works(token+"\r\n", "auth login --no-input --profile default --secret-stdin", "secret_backend=keyring", "verified=true")
	w.works("", "auth status", "✓ keyring", "✓ all 8")
	w.works("", "auth migrate --backend file -o json", `"migrated": true`)
	w.works("", "auth status", "✓ file", "✓ all 8")
	w.works("", "auth migrate --backend keyring -o json", `"migrated": true`)
	w.works("", "auth rename default work", "work")
	w.works("", "auth status --profile work", "✓ keyring", "✓ all 8")
	w.works("", "auth logout work", "removed=true")
	w.works("", "auth logout work", "removed=false")
	if r := w.jira("", "auth", "token", "--profile", "work"); r.status != 1 || !strings.Contains(r.stderr, "credential_not_found") {
		w.t.Errorf("after the logout: %+v", r)
	}
	w.leaksNothing()
}

// leaksNothing looks for the token in what the prefix holds, the Credential
// Manager's own file included: after a logout there is none.
func (w *windows) leaksNothing() {
	w.t.Helper()
	for _, where := range []string{"drive_c/users", "user.reg"} {
		cmd := exec.Command("grep", "-rlaF", token, filepath.Join(w.prefix, where))
		if out, _ := cmd.Output(); len(out) > 0 {
			w.t.Errorf("the token stands in %s", out)
		}
	}
}

// Many at once: the lock is LockFileEx, and nobody's profile is lost.
func (w *windows) together() {
	site := sampleSite(w.t)
	const many = 6
	var all sync.WaitGroup
	failed := make([]string, many)
	for i := range many {
		all.Go(func() {
			r := w.jira(token, append(strings.Fields(loginFile), site, "--profile-name", fmt.Sprintf("p%d", i))...)
			if r.status != 0 {
				failed[i] = r.stderr
			}
		})
	}
	all.Wait()
	for i, text := range failed {
		if text != "" {
			w.t.Errorf("p%d: %s", i, text)
		}
	}
	for i := range many {
		w.works("", fmt.Sprintf("auth status --profile p%d", i), "✓ all 8")
	}
}

// Ctrl-C in a console, while the site does not answer: the command ends as
// canceled, and says so.
func (w *windows) interrupted() {
	t := w.t
	fake := fakejira.Sample(token)
	t.Cleanup(fake.Close)
	endpoint, err := fake.Listen(fakejira.Socket{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(endpoint.Close)
	w.works(token, loginFile+endpoint.URL+" --profile-name slow")
	if err := fake.Control([]string{"fault", "/rest/api/3/myself", "stall"}); err != nil {
		t.Fatal(err)
	}
	before := len(fake.Requests())
	cmd := exec.Command(need(t, "wine"), w.binary, "auth", "whoami", "--profile", "slow")
	cmd.Env = w.env
	console, err := pty.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	defer console.Close()
	stop := time.AfterFunc(guard, func() { _ = cmd.Process.Kill() })
	defer stop.Stop()
	for end := time.Now().Add(guard); len(fake.Requests()) == before; {
		if time.Sleep(20 * time.Millisecond); time.Now().After(end) {
			t.Fatal("the request never came")
		}
	}
	if _, err := console.WriteString("\x03"); err != nil {
		t.Fatal(err)
	}
	shown, _ := io.ReadAll(console)
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 6 {
		t.Errorf("exit status %d\n%s", code, shown)
	}
	contains(t, string(shown), "code=canceled")
}
