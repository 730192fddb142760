//go:build linux

package process_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"jira-cli/adapters/fakejira"
	"jira-cli/adapters/keychain/keyringtest"
)

// somebody is the uid under which a test by root runs what root would be allowed.
const somebody = 4242

// TestSecretsAtRest runs one command after the other with the trace on, and
// looks for the tokens in all that they print, send in URLs and write.
func TestSecretsAtRest(t *testing.T) {
	keyring := keyringtest.Start(t)
	fake := fakejira.Sample(tokens["TOKEN"])
	t.Cleanup(fake.Close)
	if err := fake.Control([]string{"token", "add", fakejira.SampleEmail, tokens["TOKEN2"]}); err != nil {
		t.Fatal(err)
	}
	endpoint, err := fake.Listen(fakejira.Socket{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(endpoint.Close)
	h := newHousehold(t, keyring, endpoint.URL)
	h.env = append(h.env, "MY_TOKEN="+tokens["TOKEN2"], "JIRA_DEBUG=1")
	traced := false
	for _, args := range [][]string{
		h.login("work", "file"), h.login("work", "file"), h.login("work", "keyring", "--force"),
		{"auth", "login", "--profile-name", "home", "--base-url", endpoint.URL, "--email", fakejira.SampleEmail, "--credential-env", "MY_TOKEN"},
		{"auth", "login", "--profile-name", "ci", "--base-url", endpoint.URL, "--email", fakejira.SampleEmail, "--backend", "env", "--credential-env", "MY_TOKEN"},
		{"auth", "status"}, {"auth", "token"}, {"auth", "refresh"}, {"auth", "whoami", "--save"}, {"config", "profile", "list"},
		{"auth", "login", "--token", tokens["TOKEN"]}, {"auth", "login", "--token=" + tokens["TOKEN"]}, {"auth", tokens["TOKEN"]},
		{"auth", "migrate", "--profile", "work", "--backend", "file"}, {"auth", "migrate", "--all", "--backend", "file"},
		{"config", "profile", "rename", "work", "job"}, {"auth", "logout", "job"}, {"config", "profile", "delete", "home", "--force"},
		{"auth", "status", "--profile", "ci"}, {"auth", "logout", "ci"},
	} {
		cmd := h.prepare(tokens["TOKEN"], args...)
		cmd.Args = cmd.Args[:len(cmd.Args)-2] // what people read: the human form
		out, _ := cmd.CombinedOutput()        // its status is other tests' business
		if leak := findSecret(string(out)); leak != "" {
			t.Errorf("jira %v printed %s", args[:2], leak)
		}
		if len(out) == 0 {
			t.Errorf("jira %v printed nothing", args[:2])
		}
		traced = traced || strings.Contains(string(out), "/rest/api/3/myself")
		if litter := h.litter(false); litter != "" {
			t.Errorf("after jira %v %s", args[:2], litter)
		}
	}
	if !traced {
		t.Error("the trace was off")
	}
	for _, r := range fake.Requests() {
		if leak := findSecret(r.URL); leak != "" {
			t.Errorf("a URL holds %s", leak)
		}
	}
	if stored := h.stored(); stored != "" {
		t.Errorf("after everything was removed the stores hold %q", stored)
	}
}

// dump is a program of the command backend that writes down what it sees of
// itself and of the jira that started it.
const dump = `#!/bin/sh
{
	echo "environ:"; tr '\0' '\n' </proc/$$/environ
	echo "arguments:"; tr '\0' ' ' </proc/$$/cmdline; echo
	echo "parent:"; tr '\0' ' ' </proc/$PPID/cmdline; echo
	echo "parent-owner=$(stat -c %%u /proc/$PPID/environ)"
	echo "own-owner=$(stat -c %%u /proc/$$/environ)"
	echo "core=$(ulimit -c)"
} >"$HOME/seen"
echo %s
`

// otherProfile is one whose token a variable of its own holds.
const otherProfile = `[profiles.other]
base_url = "https://example.atlassian.net"
email = "john.doe@example.com"

[profiles.other.credential]
backend = "env"
variable = "OTHER_SECRET"
`

// TestChildrenSeeNoSecret runs a program of the command backend, as somebody else where
// the test is root's: what is undumpable does not belong to its user in /proc,
// and has no core dumps and no readable memory.
func TestChildrenSeeNoSecret(t *testing.T) {
	dir, err := os.MkdirTemp("", "jira-child-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	program, jira, home := filepath.Join(dir, "dump"), filepath.Join(dir, "jira"), filepath.Join(dir, "home")
	text, err := os.ReadFile(binary(t, plain))
	if err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string]string{jira: string(text), program: fmt.Sprintf(dump, tokens["TOKEN"])} {
		if err := os.WriteFile(path, []byte(content), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(home, 0o700); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(home, "config.toml")
	if err := os.WriteFile(config, []byte(otherProfile), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	uid := os.Getuid()
	if uid == 0 {
		uid = somebody
		for _, path := range []string{home, config} {
			if err := os.Chown(path, somebody, somebody); err != nil {
				t.Fatal(err)
			}
		}
	}
	cmd := exec.Command(jira, "auth", "login", "--profile-name", "work", "--base-url", "https://example.atlassian.net", "--email", fakejira.SampleEmail,
		"--backend", "command", "--skip-verify", "--", program)
	cmd.Env = []string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "JIRA_TOKEN_HOME=" + tokens["TOKEN2"], "JIRA_TOKEN_=" + tokens["TOKEN2"],
		"JIRA_FILE_PASSPHRASE=" + tokens["TOKEN2"], "OTHER_SECRET=" + tokens["TOKEN2"], "JIRA_CONFIG=" + config, "KEPT=yes"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if os.Getuid() == 0 {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: somebody, Gid: somebody, NoSetGroups: true}
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, out.String())
	}
	seen, err := os.ReadFile(filepath.Join(home, "seen"))
	if err != nil {
		t.Fatalf("the program did not run: %v %s", err, out.String())
	}
	if leak := findSecret(string(seen)); leak != "" {
		t.Errorf("the child sees %s:\n%s", leak, seen)
	}
	limit, err := exec.Command("sh", "-c", "ulimit -c").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"KEPT=yes\n", "parent-owner=", fmt.Sprintf("own-owner=%d\n", uid), "core=" + string(limit), "parent:\n" + jira + " auth login"} {
		if !strings.Contains(string(seen), want) {
			t.Errorf("the child does not see %q:\n%s", want, seen)
		}
	}
	if strings.Contains(string(seen), fmt.Sprintf("parent-owner=%d\n", uid)) {
		t.Errorf("other processes of the user can read the memory of jira:\n%s", seen)
	}
	for _, name := range []string{"JIRA_TOKEN_", "JIRA_FILE_PASSPHRASE", "OTHER_SECRET"} {
		if strings.Contains(string(seen), name) {
			t.Errorf("the child sees %s", name)
		}
	}
	if leak := findSecret(out.String()); leak != "" {
		t.Errorf("the output holds %s", leak)
	}
}
