package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// target is one binary: a system, an architecture, and whether it is built with
// CGO, which 1Password needs.
type target struct {
	os, arch string
	cgo      bool
}

var allTargets = []target{
	{"linux", "amd64", false}, {"linux", "arm64", false},
	{"linux", "amd64", true},
	{"darwin", "amd64", false}, {"darwin", "arm64", false},
	{"windows", "amd64", false}, {"windows", "arm64", false},
}

func (t target) name() string {
	name := t.os + "_" + t.arch
	if t.cgo {
		name += "_1password"
	}
	return name
}

func (t target) binary() string {
	if t.os == "windows" {
		return "jira.exe"
	}
	return "jira"
}

func (t target) archive() string {
	if t.os == "windows" {
		return ".zip"
	}
	return ".tar.gz"
}

func (t target) environ() []string {
	cgo := "0"
	if t.cgo {
		cgo = "1"
	}
	// GOAMD64 and its like are pinned, so that no setting of the machine shows.
	return append(os.Environ(), "GOOS="+t.os, "GOARCH="+t.arch, "CGO_ENABLED="+cgo,
		"GOAMD64=v1", "GOARM64=v8.0", "GOFLAGS=-mod=readonly", "GOEXPERIMENT=", "CGO_CFLAGS=-O2", "CGO_LDFLAGS=")
}

// build links a target as `make build` does. -buildvcs=false: the flags say the
// version, and the checkout's state would be one more input.
func (r *release) build(ctx context.Context, t target, out string) error {
	const vars = "jira-cli/cmd/wire."
	ldflags := fmt.Sprintf("-s -w -buildid= -X %sversion=%s -X %scommit=%s -X %sdate=%s",
		vars, r.version, vars, r.commit, vars, r.date.Format(time.RFC3339))
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", ldflags, "-o", out, "./cmd/jira")
	cmd.Env, cmd.Stdout, cmd.Stderr = t.environ(), os.Stderr, os.Stderr
	return cmd.Run()
}

// shells are the completions that a build writes itself.
var shells = []string{"bash", "zsh", "fish", "powershell"}

// sharedFiles are what every archive holds beside the binary: the licence, the
// notices, the README, the man pages, and the completions, which the program of
// this machine prints.
func sharedFiles(ctx context.Context, work string) ([]entry, error) {
	files := []entry{{name: "LICENSE", path: "LICENSE"}, {name: "NOTICE", path: "NOTICE"}, {name: "README.md", path: "README.md"}}
	pages, err := filepath.Glob("docs/man/*.1")
	if err != nil || len(pages) == 0 {
		return nil, fmt.Errorf("there are no man pages: run `make golden`")
	}
	for _, page := range pages {
		files = append(files, entry{name: "man/man1/" + filepath.Base(page), path: page})
	}
	own := filepath.Join(work, "jira")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", own, "./cmd/jira")
	build.Env, build.Stderr = append(os.Environ(), "CGO_ENABLED=0"), os.Stderr
	if err := build.Run(); err != nil {
		return nil, err
	}
	for _, shell := range shells {
		path := completionOf(work, shell)
		text, err := exec.CommandContext(ctx, own, "completion", shell).Output()
		if err != nil {
			return nil, fmt.Errorf("completion %s: %w", shell, err)
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return nil, err
		}
		files = append(files, entry{name: "completions/" + filepath.Base(path), path: path})
	}
	return files, nil
}

// completionOf is where the completion of a shell lies while a release is made.
func completionOf(work, shell string) string {
	ending := map[string]string{"bash": "bash", "zsh": "zsh", "fish": "fish", "powershell": "ps1"}
	return filepath.Join(work, "jira."+ending[shell])
}
