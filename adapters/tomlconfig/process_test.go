//go:build unix

package tomlconfig_test

import (
	"bufio"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"jira-cli/adapters/tomlconfig"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports/portstest"
)

// The test binary runs itself where another process, another umask or a small
// limit is needed: this variable says what as, the arguments follow in the
// next.
const (
	actVariable  = "TOMLCONFIG_TEST_ACT"
	argsVariable = "TOMLCONFIG_TEST_ARGS"
)

func TestMain(m *testing.M) {
	act, ok := map[string]func(args []string) error{"add": actAdd, "hold": actHold, "limit": actLimit}[os.Getenv(actVariable)]
	if !ok {
		os.Exit(m.Run())
	}
	if err := act(strings.Split(os.Getenv(argsVariable), "\n")); err != nil {
		fmt.Println(fault.CodeOf(err), err)
		os.Exit(1)
	}
	os.Exit(0)
}

// child returns a command that runs the test binary in a role.
func child(ctx context.Context, t *testing.T, act string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), actVariable+"="+act, argsVariable+"="+strings.Join(args, "\n"))
	return cmd
}

// add puts a profile into the config at path.
func add(path, name string) error {
	ctx := context.Background()
	tx, err := tomlconfig.New(tomlconfig.Options{Path: path, LockWait: time.Minute}).Lock(ctx)
	if err != nil {
		return err
	}
	defer tx.Unlock()
	c, err := tx.Load(ctx)
	if err != nil {
		return err
	}
	if c, err = c.With(profile.Profile{Name: profile.Name(name), Email: "john.doe@example.com"}); err != nil {
		return err
	}
	return tx.Save(ctx, c)
}

// actAdd adds a profile under an umask: path, name, umask in octal.
func actAdd(args []string) error {
	mask, err := strconv.ParseUint(args[2], 8, 32)
	if err != nil {
		return err
	}
	syscall.Umask(int(mask))
	return add(args[0], args[1])
}

// actHold takes the lock, says so, and keeps it until stdin ends.
func actHold(args []string) error {
	tx, err := tomlconfig.New(tomlconfig.Options{Path: args[0]}).Lock(context.Background())
	if err != nil {
		return err
	}
	defer tx.Unlock()
	fmt.Println("held")
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
	return nil
}

// actLimit adds a profile while no file may grow beyond some bytes: path, name,
// bytes. That is as close to a full disk as any user can get.
func actLimit(args []string) error {
	limit, err := strconv.ParseUint(args[2], 10, 64)
	if err != nil {
		return err
	}
	signal.Ignore(syscall.SIGXFSZ)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
		return err
	}
	return add(args[0], args[1])
}

func TestProcessesLoseNothing(t *testing.T) {
	t.Parallel()
	const many = 24
	path := filepath.Join(t.TempDir(), "new", "config.toml")
	var running []*exec.Cmd
	for i := range many {
		cmd := child(t.Context(), t, "add", path, fmt.Sprintf("p%d", i), "022")
		var out strings.Builder
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		running = append(running, cmd)
		defer func() {
			if t.Failed() {
				t.Logf("p%d: %s", i, out.String())
			}
		}()
	}
	for i, cmd := range running {
		if err := cmd.Wait(); err != nil {
			t.Errorf("p%d: %v", i, err)
		}
	}
	c, err := tomlconfig.New(tomlconfig.Options{Path: path}).Load(t.Context())
	if err != nil || len(c.Profiles) != many {
		t.Errorf("%d of %d profiles are there, %v", len(c.Profiles), many, err)
	}
	wantOnly(t, filepath.Dir(path), "config.toml", "config.toml.lock")
}

func TestKilledHolderReleasesTheLock(t *testing.T) {
	t.Parallel()
	store, path := fileWith(t, "[profiles.a]\n")
	holder := child(t.Context(), t, "hold", path)
	out, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := holder.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "held\n" {
		t.Fatalf("the holder says %q, %v", line, err)
	}
	impatient := tomlconfig.New(tomlconfig.Options{Path: path, LockWait: 50 * time.Millisecond})
	_, err = impatient.Lock(t.Context())
	portstest.WantCode(t, err, fault.ConfigLocked)
	if _, err := store.Load(t.Context()); err != nil {
		t.Errorf("Load while another process holds the lock: %v", err)
	}
	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := holder.Wait(); err == nil {
		t.Error("the killed holder ended well")
	}
	tx, err := tomlconfig.New(tomlconfig.Options{Path: path, LockWait: time.Minute}).Lock(t.Context())
	if err != nil {
		t.Fatalf("Lock after the holder was killed: %v", err)
	}
	tx.Unlock()
}

// TestModes: 0600 and 0700 whatever the umask gives or takes.
func TestModes(t *testing.T) {
	t.Parallel()
	for _, umask := range []string{"000", "022", "777"} {
		dir := filepath.Join(t.TempDir(), "a", "b")
		path := filepath.Join(dir, "config.toml")
		for _, name := range []string{"one", "two"} {
			if out, err := child(t.Context(), t, "add", path, name, umask).CombinedOutput(); err != nil {
				t.Fatalf("umask %s: %v %s", umask, err, out)
			}
		}
		for path, want := range map[string]fs.FileMode{
			path: 0o600, path + ".lock": 0o600, dir: 0o700, filepath.Dir(dir): 0o700,
		} {
			info, err := os.Stat(path)
			if err != nil || info.Mode().Perm() != want {
				t.Errorf("umask %s: %s has mode %v, %v, want %v", umask, path, info.Mode().Perm(), err, want)
			}
		}
	}
}

// TestFullDisk: the write fails half way; the file stays, the temporary one
// goes.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	text := "# " + strings.Repeat("x", 4096) + "\n[profiles.a]\n"
	_, path := fileWith(t, text)
	out, err := child(t.Context(), t, "limit", path, "b", "1000").CombinedOutput()
	if err == nil || !strings.HasPrefix(string(out), string(fault.ConfigWriteFailed)+" ") || !strings.Contains(string(out), path) {
		t.Errorf("the child says %q, %v", out, err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != text {
		t.Errorf("the file says %q, %v", got, err)
	}
	wantOnly(t, filepath.Dir(path), "config.toml", "config.toml.lock")
}

// wantOnly checks what a directory holds.
func wantOnly(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, entry := range entries {
		got = append(got, entry.Name())
	}
	if strings.Join(got, " ") != strings.Join(names, " ") {
		t.Errorf("%s holds %q, want %q", dir, got, names)
	}
}

// TestLoadPipe: a config can come out of a pipe, and one that nobody feeds does
// not hold the command up.
func TestLoadPipe(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	store := tomlconfig.New(tomlconfig.Options{Path: path})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := store.Load(ctx); err != context.DeadlineExceeded {
		t.Errorf("a pipe that nobody feeds: %v", err)
	}
	fed := make(chan error, 1)
	go func() { fed <- os.WriteFile(path, []byte("[profiles.a]\n"), 0o600) }()
	// The first reader is still there and may get it all; both may be fed.
	if err := <-fed; err != nil {
		t.Fatal(err)
	}
	_, err := store.Lock(t.Context())
	portstest.WantCode(t, err, fault.ConfigWriteFailed)
}
