package main

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// packageName is the name of the Linux packages: a bare `jira` is taken in some
// distributions by other programs.
const packageName = "jira-cli"

// The members of nfpm's configuration that are used here
// (https://nfpm.goreleaser.com/docs/configuration/). JSON is YAML too.
type (
	nfpmConfig struct {
		Name        string        `json:"name"`
		Arch        string        `json:"arch"`
		Platform    string        `json:"platform"`
		Version     string        `json:"version"`
		Section     string        `json:"section"`
		Priority    string        `json:"priority"`
		Maintainer  string        `json:"maintainer,omitempty"`
		Description string        `json:"description"`
		Homepage    string        `json:"homepage,omitempty"`
		License     string        `json:"license"`
		Mtime       time.Time     `json:"mtime"`
		Umask       int           `json:"umask"`
		Provides    []string      `json:"provides,omitempty"`
		Conflicts   []string      `json:"conflicts,omitempty"`
		Replaces    []string      `json:"replaces,omitempty"`
		RPM         nfpmRPM       `json:"rpm"`
		Contents    []nfpmContent `json:"contents"`
	}
	nfpmRPM struct {
		BuildHost string `json:"buildhost"`
	}
	nfpmContent struct {
		Src      string       `json:"src"`
		Dst      string       `json:"dst"`
		Packager string       `json:"packager,omitempty"`
		Info     nfpmFileInfo `json:"file_info"`
	}
	nfpmFileInfo struct {
		Mode  os.FileMode `json:"mode"`
		Mtime time.Time   `json:"mtime"`
		Owner string      `json:"owner"`
		Group string      `json:"group"`
	}
)

// packages makes the deb, rpm and apk of a Linux target.
func (r *release) packages(ctx context.Context, t target, binary, work string) error {
	config, err := r.nfpmConfig(t, binary, work)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(config, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(work, t.name()+".yaml")
	if err := os.WriteFile(path, text, 0o644); err != nil {
		return err
	}
	for _, kind := range []string{"deb", "rpm", "apk"} {
		cmd := exec.CommandContext(ctx, r.nfpm, "package", "--config", path, "--packager", kind,
			"--target", filepath.Join(r.out, r.base(t)+"."+kind))
		cmd.Env = append(os.Environ(), "SOURCE_DATE_EPOCH="+epoch(r.date))
		if out, err := cmd.CombinedOutput(); err != nil {
			return errors.Join(err, errors.New(string(out)))
		}
	}
	return nil
}

func (r *release) nfpmConfig(t target, binary, work string) (nfpmConfig, error) {
	c := nfpmConfig{
		Name: packageName, Arch: t.arch, Platform: t.os, Version: r.version, Section: "utils", Priority: "optional",
		Maintainer: r.contact, Homepage: r.homepage, License: "MIT", Mtime: r.date, Umask: 0o022,
		Description: "Log in to Atlassian products from the command line\n" +
			"Keeps named profiles, stores each token in the keyring, in 1Password or in an\nencrypted file, and checks that it works.",
		RPM: nfpmRPM{BuildHost: "localhost"},
	}
	if t.cgo { // the same commands, so that one of the two is installed
		c.Name += "-1password"
		c.Provides, c.Conflicts, c.Replaces = []string{packageName}, []string{packageName}, []string{packageName}
	}
	c.add(r, binary, "/usr/bin/jira", 0o755, "")
	for _, name := range []string{"NOTICE", "README.md"} {
		c.add(r, name, "/usr/share/doc/"+c.Name+"/"+name, 0o644, "")
	}
	c.add(r, "LICENSE", "/usr/share/doc/"+c.Name+"/copyright", 0o644, "deb")
	for _, kind := range []string{"rpm", "apk"} {
		c.add(r, "LICENSE", "/usr/share/licenses/"+c.Name+"/LICENSE", 0o644, kind)
	}
	c.add(r, completionOf(work, "bash"), "/usr/share/bash-completion/completions/jira", 0o644, "")
	c.add(r, completionOf(work, "fish"), "/usr/share/fish/vendor_completions.d/jira.fish", 0o644, "")
	c.add(r, completionOf(work, "zsh"), "/usr/share/zsh/vendor-completions/_jira", 0o644, "deb")
	for _, kind := range []string{"rpm", "apk"} {
		c.add(r, completionOf(work, "zsh"), "/usr/share/zsh/site-functions/_jira", 0o644, kind)
	}
	pages, err := filepath.Glob("docs/man/*.1")
	if err != nil {
		return c, err
	}
	for _, page := range pages {
		packed := filepath.Join(work, filepath.Base(page)+".gz")
		if err := compress(page, packed); err != nil {
			return c, err
		}
		c.add(r, packed, "/usr/share/man/man1/"+filepath.Base(packed), 0o644, "")
	}
	return c, nil
}

func (c *nfpmConfig) add(r *release, src, dst string, mode os.FileMode, kind string) {
	c.Contents = append(c.Contents, nfpmContent{src, dst, kind, nfpmFileInfo{mode, r.date, "root", "root"}})
}

// compress gzips a file without its name and time.
func compress(from, to string) (err error) {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w, err := gzip.NewWriterLevel(f, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	return w.Close()
}

func epoch(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }
