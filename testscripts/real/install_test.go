//go:build real

package real_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"jira-cli/adapters/fakejira"
)

const (
	token     = "ATATT3xFfGF0-installed-somewhere-else=0A1B2C3D"
	loginFile = "auth login --no-input --backend file --secret-stdin --email john.doe@example.com --base-url "
)

// sampleSite is a fake Jira on loopback that knows one account.
func sampleSite(t testing.TB) string {
	t.Helper()
	fake := fakejira.Sample(token)
	t.Cleanup(fake.Close)
	endpoint, err := fake.Listen(fakejira.Socket{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(endpoint.Close)
	return endpoint.URL
}

// output runs a program and returns what it printed; that it fails is fatal.
func output(t testing.TB, stdin, program string, args ...string) string {
	t.Helper()
	cmd := exec.Command(need(t, program), args...)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", program, args, err, out)
	}
	return string(out)
}

// dist is a release for linux/amd64, made once by `make dist`.
var dist = sync.OnceValues(func() (string, error) {
	dir := filepath.Join(filepath.Dir(jiraBinary), "dist")
	cmd := exec.Command("make", "-C", "../..", "dist", "TARGETS=linux_amd64", "DIST="+dir)
	cmd.Stderr = os.Stderr
	return dir, cmd.Run()
})

// released returns the one file of the release with an ending.
func released(t testing.TB, ending string) string {
	t.Helper()
	dir, err := dist()
	if err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(dir, "*"+ending))
	if err != nil || len(found) != 1 {
		t.Fatalf("%s: %v %v", ending, found, err)
	}
	return found[0]
}

// debian is a Debian root that has never seen the project, made once by debootstrap
// from where apt of this machine takes its packages.
var debian = sync.OnceValues(func() (string, error) {
	root := filepath.Join(filepath.Dir(jiraBinary), "root")
	script := `site=$(apt-get indextargets --format '$(SITE)' | head -n 1); . /etc/os-release
		exec debootstrap --variant=minbase --include=man-db,bash-completion "$VERSION_CODENAME" "$1" "$site"`
	out, err := exec.Command("sh", "-ec", script, "sh", root).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("debootstrap: %w\n%s", err, out)
	}
	return root, nil
})

// bareRoot is a copy of it.
func bareRoot(t testing.TB) string {
	t.Helper()
	made, err := debian()
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(t.TempDir(), "root")
	output(t, "", "cp", "-a", made, root)
	return root
}

// inside runs a shell line in a root, with a fresh home. /proc is mounted for as
// long as the line runs: shells find their descriptors there.
func inside(t testing.TB, root, stdin, line string) string {
	t.Helper()
	return output(t, stdin, "unshare", "--mount", "sh", "-ec",
		`mount --bind /proc "$1/proc"; exec chroot "$1" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 sh -ec "$2"`,
		"sh", root, line)
}

func install(t testing.TB, root, file string) string {
	t.Helper()
	name := filepath.Base(file)
	output(t, "", "cp", file, filepath.Join(root, name))
	return "/" + name
}

func contains(t testing.TB, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in:\n%s", part, text)
		}
	}
}

// One command installs the package on a root that has never seen the project, and
// one logs in. Removing it leaves the user's config alone.
func TestTheDebInABareRoot(t *testing.T) {
	root, site := bareRoot(t), sampleSite(t)
	name := install(t, root, released(t, ".deb"))
	inside(t, root, "", "dpkg -i "+name)
	contains(t, inside(t, root, token, "jira "+loginFile+site), "logged in", "verified=true")
	contains(t, inside(t, root, "", "jira auth status"), "Identity:    ✓ john.doe@example.com", "✓ all 8")
	contains(t, inside(t, root, "", "man jira-auth-login | cat"), "JIRA-AUTH-LOGIN(1)", "--secret-stdin")
	contains(t, inside(t, root, "", `bash -c '
		. /usr/share/bash-completion/bash_completion; _completion_loader jira || [ $? = 124 ]
		COMP_WORDS=(jira auth lo); COMP_CWORD=2; COMP_LINE="jira auth lo"; COMP_POINT=12; COMP_TYPE=9; compopt() { :; }
		$(complete -p jira | sed "s/.*-F \([^ ]*\) .*/\1/"); printf "%s\n" "${COMPREPLY[@]}"'`), "login", "logout")
	contains(t, inside(t, root, "", "cat /usr/share/doc/jira-cli/copyright /usr/share/doc/jira-cli/NOTICE"), "MIT License", "github.com/spf13/cobra")
	inside(t, root, "", "dpkg -r jira-cli; test ! -e /usr/bin/jira; test -s /root/.config/jira-cli/config.toml")
}

// rpm itself is asked to install into the root of another distribution's making:
// what it checks and unpacks is the same.
func TestTheRPMInABareRoot(t *testing.T) {
	root, site := bareRoot(t), sampleSite(t)
	output(t, "", "rpm", "--root", root, "--initdb")
	output(t, "", "rpm", "--root", root, "-i", "--nodeps", "--ignorearch", released(t, ".rpm"))
	contains(t, output(t, "", "rpm", "--root", root, "-q", "--info", "jira-cli"), "License     : MIT")
	contains(t, inside(t, root, token, "jira "+loginFile+site), "verified=true")
	contains(t, inside(t, root, "", "jira auth status && man jira | cat"), "✓ all 8", "JIRA(1)")
	output(t, "", "rpm", "--root", root, "-e", "jira-cli")
	inside(t, root, "", "test ! -e /usr/bin/jira; test -s /root/.config/jira-cli/config.toml")
}

// The static binary needs nothing at all: a root with it alone.
func TestTheArchiveInAnEmptyRoot(t *testing.T) {
	root, site := t.TempDir(), sampleSite(t)
	output(t, "", "tar", "-xzf", released(t, ".tar.gz"), "--strip-components=1", "-C", root)
	for _, file := range []string{"LICENSE", "NOTICE", "README.md", "man/man1/jira.1", "completions/jira.bash", "completions/jira.zsh", "completions/jira.fish", "completions/jira.ps1"} {
		if info, err := os.Stat(filepath.Join(root, file)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", file, err)
		}
	}
	empty := t.TempDir()
	output(t, "", "cp", filepath.Join(root, "jira"), empty)
	alone := func(stdin, words string) string {
		args := append([]string{"-i", "HOME=/home", need(t, "chroot"), empty, "/jira"}, strings.Fields(words)...)
		return output(t, stdin, "env", args...)
	}
	contains(t, alone("", "version"), "jira 0.0.0-dev.", "commit: ", "backends: keyring file env command")
	contains(t, alone(token, loginFile+site), "verified=true")
	contains(t, alone("", "auth status"), "✓ all 8")
}

// An apk is a gzipped tar behind a control segment; what it would unpack is what
// the other packages unpack.
func TestThePackagesHoldTheSameFiles(t *testing.T) {
	deb := output(t, "", "dpkg-deb", "--fsys-tarfile", released(t, ".deb"))
	binary := output(t, "", "sh", "-c", "dpkg-deb --fsys-tarfile "+released(t, ".deb")+" | tar -xO ./usr/bin/jira | sha256sum")
	if deb == "" {
		t.Fatal("the deb is empty")
	}
	for _, ending := range []string{".rpm", ".apk"} {
		command := "tar --ignore-zeros -xzOf " + released(t, ending) + " usr/bin/jira 2>/dev/null | sha256sum"
		if ending == ".rpm" {
			command = "rpm2cpio " + released(t, ending) + " | cpio -i --quiet --to-stdout ./usr/bin/jira /usr/bin/jira 2>/dev/null | sha256sum"
		}
		if got := output(t, "", "sh", "-c", command); got != binary {
			t.Errorf("%s holds another binary: %s, the deb %s", ending, got, binary)
		}
	}
}

// Every file is in the list, and `sha256sum` agrees with it.
func TestTheChecksums(t *testing.T) {
	dir, err := dist()
	if err != nil {
		t.Fatal(err)
	}
	output(t, "", "sh", "-c", "cd "+dir+" && sha256sum --quiet -c SHA256SUMS")
	if files, lines := output(t, "", "sh", "-c", "cd "+dir+" && find . -type f ! -name SHA256SUMS | wc -l"), output(t, "", "sh", "-c", "wc -l <"+dir+"/SHA256SUMS"); files != lines {
		t.Errorf("%s files, %s checksums", files, lines)
	}
}
