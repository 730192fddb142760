//go:build real

package real_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"jira-cli/adapters/keychain/keyringtest"
)

// before is the version that people upgrade from.
const before = "41d2f44"

// earlier builds the version before, from the history of this checkout.
func earlier(t testing.TB) string {
	t.Helper()
	source := t.TempDir()
	output(t, "", "sh", "-ec", `git -C ../.. archive "$1" | tar -x -C "$2"`, "sh", before, source)
	binary := filepath.Join(t.TempDir(), "jira")
	build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", binary, "./cmd/jira")
	build.Dir, build.Env = source, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

// What the version before stored, in every backend that a build without CGO has,
// is found by this one, which can move it and take it away; and what this one
// stored there is found by the version before.
func TestAnUpgradeAndADowngrade(t *testing.T) {
	old, site := earlier(t), sampleSite(t)
	keyring := keyringtest.Start(t)
	env := append(keyring.Env(), "HOME="+t.TempDir(), "PATH="+os.Getenv("PATH"), "SOURCE="+token)
	run := func(binary, stdin string, words ...string) string {
		t.Helper()
		return output(t, stdin, "env", append(append([]string{"-i"}, env...), append([]string{binary}, words...)...)...)
	}
	login := func(binary, profile string, words ...string) {
		t.Helper()
		args := []string{"auth", "login", "--no-input", "--profile-name", profile, "--base-url", site, "--email", "john.doe@example.com"}
		stdin := ""
		if strings.Contains(strings.Join(words, " "), "--secret-stdin") {
			stdin = token
		}
		run(binary, stdin, append(args, words...)...)
	}
	backends := map[string][]string{
		"keyring": {"--backend", "keyring", "--secret-stdin"}, "file": {"--backend", "file", "--secret-stdin"},
		"command": {"--backend", "command", "--", need(t, "printenv"), "SOURCE"},
	}
	for _, from := range []struct{ writes, reads, prefix string }{{old, jiraBinary, "up-"}, {jiraBinary, old, "down-"}} {
		for backend, words := range backends {
			login(from.writes, from.prefix+backend, words...)
			contains(t, run(from.reads, "", "auth", "status", "--profile", from.prefix+backend), "✓ "+backend, "✓ all 8")
		}
	}
	config, err := os.ReadFile(strings.TrimSpace(run(jiraBinary, "", "config", "path")))
	if err != nil {
		t.Fatal(err)
	}
	contains(t, string(config), "[profiles.up-keyring]", "[profiles.down-keyring]")
	contains(t, run(jiraBinary, "", "auth", "migrate", "--profile", "up-keyring", "--backend", "file", "-o", "json"), `"migrated": true`)
	contains(t, run(jiraBinary, "", "auth", "logout", "up-file"), "removed=true")
	contains(t, run(old, "", "auth", "status", "--profile", "up-keyring"), "✓ file", "✓ all 8")
}
