package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// licence is what a linked module may be used under: the SPDX identifier, and the
// texts that must go along.
type licence struct {
	module  string
	version string
	spdx    string
	texts   []string // LICENSE first, then NOTICE and its like
}

// allowed are the licences that a linked module may have. All let a binary be
// passed on with the text beside it; MPL-2.0 asks besides for the source of its own
// files, which the module proxy has.
var allowed = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MPL-2.0"}

// module is what `go list` says of one.
type module struct {
	Path, Version, Dir string
	Main               bool
}

// linkedLicences finds the licences of the modules that any target links, by
// module path. One that cannot be told, or is not allowed, is an error.
func linkedLicences(ctx context.Context) (map[string]licence, error) {
	found := map[string]licence{}
	for _, t := range allTargets {
		modules, err := linked(ctx, t)
		if err != nil {
			return nil, err
		}
		for _, m := range modules {
			if _, known := found[m.Path]; known {
				continue
			}
			if found[m.Path], err = readLicence(m); err != nil {
				return nil, err
			}
		}
	}
	goRoot, err := exec.CommandContext(ctx, "go", "env", "GOROOT", "GOVERSION").Output()
	if err != nil {
		return nil, err
	}
	root, version, _ := strings.Cut(strings.TrimSpace(string(goRoot)), "\n")
	found["std"], err = readLicence(module{Path: "std", Version: version, Dir: root})
	return found, err
}

// linked are the modules of a target's binary, without this one.
func linked(ctx context.Context, t target) ([]module, error) {
	list := exec.CommandContext(ctx, "go", "list", "-deps", "-json=Module", "jira-cli/cmd/jira")
	list.Env, list.Stderr = t.environ(), os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list for %s: %w", t.name(), err)
	}
	var modules []module
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var pkg struct{ Module *module }
		switch err := decoder.Decode(&pkg); {
		case errors.Is(err, io.EOF):
			return modules, nil
		case err != nil:
			return nil, err
		case pkg.Module != nil && !pkg.Module.Main && !slices.Contains(modules, *pkg.Module):
			modules = append(modules, *pkg.Module)
		}
	}
}

// readLicence reads the texts at a module's root.
func readLicence(m module) (licence, error) {
	l := licence{module: m.Path, version: m.Version}
	for _, pattern := range []string{"LICENSE*", "LICENCE*", "COPYING*", "NOTICE*", "PATENTS"} {
		paths, err := filepath.Glob(filepath.Join(m.Dir, pattern))
		if err != nil {
			return l, err
		}
		for _, path := range paths {
			if filepath.Ext(path) == ".go" {
				continue
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return l, err
			}
			l.texts = append(l.texts, strings.ReplaceAll(string(text), "\r\n", "\n"))
			if l.spdx == "" {
				l.spdx = identify(string(text))
			}
		}
	}
	if !isAllowed(l.spdx) {
		return l, fmt.Errorf("the licence of %s %s is %q, which is not on the list", m.Path, m.Version, l.spdx)
	}
	return l, nil
}

// identify tells the licences of a text by sentences that only theirs has, as an
// SPDX expression; "" for none that is known. Some files hold two.
func identify(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	has := func(parts ...string) bool {
		return !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(text, part) })
	}
	var found []string
	add := func(spdx string, is bool) {
		if is {
			found = append(found, spdx)
		}
	}
	add("MIT", has("Permission is hereby granted, free of charge", "The above copyright notice and this permission notice"))
	add("Apache-2.0", has("Apache License", "Version 2.0"))
	add("MPL-2.0", has("Mozilla Public License", "2.0"))
	add("ISC", has("Permission to use, copy, modify, and", "distribute this software for any purpose", "WITH REGARD TO THIS SOFTWARE"))
	bsd, endorse := has("Redistribution and use in source and binary forms"), has("endorse or promote products")
	add("BSD-3-Clause", bsd && endorse)
	add("BSD-2-Clause", bsd && !endorse)
	return strings.Join(found, " AND ")
}

// isAllowed reports whether every licence of an expression is on the list.
func isAllowed(spdx string) bool {
	return spdx != "" && !slices.ContainsFunc(strings.Split(spdx, " AND "), func(part string) bool { return !slices.Contains(allowed, part) })
}

// noticeOf is the file NOTICE: every module with its licence, then each text once.
func noticeOf(licences map[string]licence) []byte {
	var out strings.Builder
	out.WriteString("jira contains code of these modules. Not every build contains all of them; the bill of\n" +
		"materials beside an archive lists those of that build. Written by `make notice`.\n\n")
	paths := make([]string, 0, len(licences))
	for path := range licences {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	texts := map[string][]string{}
	var order []string
	for _, path := range paths {
		l := licences[path]
		version := l.version
		if path == "std" {
			version = "" // whatever Go builds it; a notice that names it would be stale with each
		}
		fmt.Fprintf(&out, "%s\n", strings.Join(slices.DeleteFunc([]string{path, version, l.spdx}, func(s string) bool { return s == "" }), "  "))
		for _, text := range l.texts {
			if texts[text] == nil {
				order = append(order, text)
			}
			texts[text] = append(texts[text], path)
		}
	}
	for _, text := range order {
		fmt.Fprintf(&out, "\n%s\n%s\n\n%s\n", strings.Repeat("-", 78), strings.Join(texts[text], "\n"), strings.TrimSpace(text))
	}
	return []byte(out.String())
}

// checkNotice reports whether the file says what is linked.
func checkNotice(path string, licences map[string]licence) error {
	have, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if !bytes.Equal(have, noticeOf(licences)) {
		return errors.New("NOTICE is not what is linked: run `make notice`")
	}
	return nil
}
