//go:build unix

package filestore_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"jira-cli/domain/fault"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// helperVariable makes this test program a process that writes to a store; the
// value says how.
const helperVariable = "FILESTORE_TEST_HELPER"

func TestMain(m *testing.M) {
	if how := os.Getenv(helperVariable); how != "" {
		if err := help(how, os.Args[1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// texts are what the helper stores in turn: long enough to be written in more
// than one piece.
func texts() [2]secret.Secret {
	return [2]secret.Secret{secret.New(strings.Repeat("A", 60000)), secret.New(strings.Repeat("B", 60000))}
}

func help(how, dir string) error {
	p := place{dir, filepath.Join(dir, "credentials.age"), filepath.Join(dir, "identity.txt")}
	switch verb, arg, _ := strings.Cut(how, " "); verb {
	case "write":
		fmt.Println("ready")
		for i := 0; ; i++ {
			if err := p.store("").Put(context.Background(), ref(account), texts()[i%2]); err != nil {
				return err
			}
		}
	case "full":
		// A file that may not grow over the limit is a disk that is full.
		limit, err := strconv.ParseUint(arg, 10, 64)
		if err != nil {
			return err
		}
		signal.Ignore(syscall.SIGXFSZ)
		if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: limit, Max: limit}); err != nil {
			return err
		}
		f := fault.From(p.store("").Put(context.Background(), ref(account), texts()[1]))
		if f == nil {
			return errors.New("the write succeeded")
		}
		fmt.Println(f.Code, f.Message)
		return nil
	default:
		return fmt.Errorf("unknown helper %q", how)
	}
}

func helper(t *testing.T, how, dir string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], dir)
	cmd.Env = append(os.Environ(), helperVariable+"="+how)
	cmd.Stderr = os.Stderr
	return cmd
}

// A real process is killed, at another moment each time: the store holds one of
// the two texts, whole, or nothing yet, and the next process can go on.
func TestKilledProcess(t *testing.T) {
	t.Parallel()
	for _, begun := range []bool{false, true} {
		for i := range 12 {
			p := newPlace(t)
			if begun {
				put(t, p.store(""), account, texts()[0])
			}
			cmd := helper(t, "write", p.dir)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(i*i) * 200 * time.Microsecond)
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait()

			got, err := p.store("").Get(t.Context(), ref(account))
			whole := err == nil && (got.Equal(texts()[0]) || got.Equal(texts()[1]))
			nothing := !begun && errors.Is(err, ports.ErrNotFound)
			if !whole && !nothing {
				t.Errorf("kill %d leaves %d bytes, %v", i, got.Len(), err)
			}
			put(t, p.store(""), account, sample)
			wantSecret(t, p.store(""), account, sample)
		}
	}
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	put(t, p.store(""), account, sample)
	file := readFile(t, p.path)
	for _, limit := range []int{0, 1, 100, 4096, 60000} {
		out, err := helper(t, "full "+strconv.Itoa(limit), p.dir).Output()
		if err != nil || !strings.HasPrefix(string(out), "file_store_failed ") || !strings.Contains(string(out), "file too large") {
			t.Errorf("limit %d: %q, %v", limit, out, err)
		}
		if !bytes.Equal(readFile(t, p.path), file) {
			t.Errorf("limit %d: the file changed", limit)
		}
		wantNoFile(t, p.path+".tmp")
	}

	q := newPlace(t)
	if out, err := helper(t, "full 20", q.dir).Output(); err != nil || !strings.HasPrefix(string(out), "file_store_failed ") {
		t.Errorf("the first write: %q, %v", out, err)
	}
	wantNoFile(t, q.path)
	wantNoFile(t, q.identity)
	wantNoFile(t, q.identity+".tmp")
}

// ageTool runs the age program, which the Debian package age has.
func ageTool(t *testing.T, args ...string) string {
	t.Helper()
	return ageProgram(t, "age", args...)
}

// keygen runs the age-keygen of the same package.
func keygen(t *testing.T, args ...string) string {
	t.Helper()
	return ageProgram(t, "age-keygen", args...)
}

func ageProgram(t *testing.T, name string, args ...string) string {
	t.Helper()
	program, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("the program %s is needed: install the package age", name)
	}
	out, err := exec.CommandContext(t.Context(), program, args...).Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("%s %q: %v: %s", name, args, err, exit.Stderr)
		}
		t.Fatal(err)
	}
	return string(out)
}

// What docs/backends.md tells people to do to look into the file, and to write
// it anew with age.
func TestAgeTool(t *testing.T) {
	p := newPlace(t)
	put(t, p.store(""), account, sample)
	if diff := cmp.Diff(samplePlain, ageTool(t, "-d", "-i", p.identity, p.path)); diff != "" {
		t.Error(diff)
	}

	ids, err := age.ParseIdentities(bytes.NewReader(readFile(t, p.identity)))
	if err != nil {
		t.Fatal(err)
	}
	plain := filepath.Join(t.TempDir(), "plain.json")
	writeFile(t, plain, []byte(strings.Replace(samplePlain, sample.Reveal(), "edited-by-hand", 1)))
	ageTool(t, "-r", ids[0].(*age.X25519Identity).Recipient().String(), "-o", p.path, plain)
	wantSecret(t, p.store(""), account, secret.New("edited-by-hand"))
	put(t, p.store(""), "other", sample)
	wantSecret(t, p.store(""), account, secret.New("edited-by-hand"))

	// Encrypted to somebody else, it is the wrong key and not damage.
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	ageTool(t, "-r", other.Recipient().String(), "-o", p.path, plain)
	_, err = p.store("").Get(t.Context(), ref(account))
	wantCode(t, err, fault.FileKeyWrong)
}
