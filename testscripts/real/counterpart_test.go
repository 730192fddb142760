//go:build real

package real_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"jira-cli/adapters/fakejira"
)

// realToken looks like a whole Atlassian token and is none.
const realToken = "ATATT3xFfGF0EXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLE=1234ABCD"

// log is the output of a counterpart, for a test that fails.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// serve starts a counterpart that stays in the foreground and waits until it
// listens at address. It is killed by its id when the test ends.
func serve(t testing.TB, address, program string, args ...string) *log {
	t.Helper()
	said := &log{}
	cmd := exec.Command(need(t, program), args...)
	cmd.Stdout, cmd.Stderr = said, said
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "OPENSSL_CONF=/dev/null"}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-ended
		if t.Failed() {
			t.Logf("%s said:\n%s", program, said)
		}
	})
	deadline, stop := context.WithTimeout(t.Context(), guard)
	defer stop()
	for tick := time.NewTicker(20 * time.Millisecond); ; {
		if conn, err := net.Dial("tcp", address); err == nil {
			_ = conn.Close()
			return said
		}
		select {
		case <-tick.C:
		case <-ended:
			t.Fatalf("%s has ended: %s", program, said)
		case <-deadline.Done():
			t.Fatalf("%s does not listen: %s", program, said)
		}
	}
}

// freeAddress is an address on loopback that nothing listens at.
func freeAddress(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// portOf is the port of an address.
func portOf(t testing.TB, address string) string {
	t.Helper()
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// fakeSite is a Jira that a counterpart stands in front of, and its address.
func fakeSite(t testing.TB, commands ...string) string {
	t.Helper()
	fake := fakejira.Sample(realToken)
	t.Cleanup(fake.Close)
	for _, command := range commands {
		if err := fake.Command(command); err != nil {
			t.Fatal(err)
		}
	}
	endpoint, err := fake.Listen(fakejira.Socket{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(endpoint.Close)
	return strings.TrimPrefix(endpoint.URL, "http://")
}

// write writes a file into a new directory, and returns its path.
func write(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// pems writes the certificate and the key of a server's configuration.
func pems(t testing.TB, config *tls.Config) (cert, key string) {
	t.Helper()
	pair := config.Certificates[0]
	var chain strings.Builder
	for _, der := range pair.Certificate {
		chain.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	}
	private, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	return write(t, "cert.pem", chain.String()), write(t, "key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})))
}

func newCA(t testing.TB) *fakejira.CA {
	t.Helper()
	ca, err := fakejira.NewCA()
	if err != nil {
		t.Fatal(err)
	}
	return ca
}

func leafOf(t testing.TB, ca *fakejira.CA, leaf fakejira.Leaf) *tls.Config {
	t.Helper()
	config, err := ca.Config(leaf)
	if err != nil {
		t.Fatal(err)
	}
	return config
}

// told is what jira says of a site: the error of `auth test` and the verdict of
// `auth explain`.
type told struct{ code, message, hint, cause string }

// ask stores a profile for base without asking the site, and asks about it. env
// is added to the environment, and flags to the login.
func ask(t testing.TB, base string, env []string, flags ...string) told {
	t.Helper()
	env = append([]string{"HOME=" + t.TempDir(), "PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"}, env...)
	login := append([]string{"auth", "login", "--no-input", "--skip-verify", "--backend", "file", "--secret-stdin",
		"--base-url", base, "--email", fakejira.SampleEmail}, flags...)
	if r := jira(t, env, realToken, login...); r.status != 0 {
		t.Fatalf("login: %+v", r)
	}
	var test struct {
		Errors []struct{ Code, Message, Hint string }
	}
	r := jira(t, env, "", "auth", "test", "-o", "json")
	if err := json.Unmarshal([]byte(r.stdout), &test); err != nil {
		t.Fatalf("auth test: %v in %+v", err, r)
	}
	var explain struct {
		Data struct {
			Profiles []struct{ Verdict struct{ Cause string } }
		}
	}
	r = jira(t, env, "", "auth", "explain", "-o", "json")
	if err := json.Unmarshal([]byte(r.stdout), &explain); err != nil || len(explain.Data.Profiles) != 1 {
		t.Fatalf("auth explain: %v in %+v", err, r)
	}
	got := told{cause: explain.Data.Profiles[0].Verdict.Cause}
	if len(test.Errors) > 0 {
		got.code, got.message, got.hint = test.Errors[0].Code, test.Errors[0].Message, test.Errors[0].Hint
	}
	return got
}

// expect demands a code, a cause, and parts of the message and of the hint.
func (got told) expect(t testing.TB, code, cause, message, hint string) {
	t.Helper()
	if got.code != code || got.cause != cause || !strings.Contains(got.message, message) || !strings.Contains(got.hint, hint) {
		t.Errorf("%+v,\nwant %s, %s, %q and the hint %q", got, code, cause, message, hint)
	}
}
