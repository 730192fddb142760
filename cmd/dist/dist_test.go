package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var someday = time.Date(2026, 5, 27, 0, 0, 0, 0, time.UTC)

// NOTICE has to say what is linked, on every system, before anything is passed on.
func TestTheNoticeIsFresh(t *testing.T) {
	licences, err := linkedLicences(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if err := checkNotice("../../NOTICE", licences); err != nil {
		t.Error(err)
	}
	for _, module := range []string{"std", "github.com/spf13/cobra", "github.com/1password/onepassword-sdk-go", "github.com/danieljoos/wincred"} {
		if licences[module].spdx == "" {
			t.Errorf("%s is linked by one of the targets and has no licence", module)
		}
	}
}

func TestALicenceIsTold(t *testing.T) {
	for text, want := range map[string]string{
		"Apache License\n  Version 2.0, January 2004": "Apache-2.0",
		"Permission is hereby granted, free of charge, to any person. The above copyright notice\nand this permission notice shall": "MIT",
		"Redistribution and use in source and binary forms. Neither the name may be used to endorse or promote products":            "BSD-3-Clause",
		"Redistribution and use in source and binary forms, with or without modification":                                           "BSD-2-Clause",
		"GNU GENERAL PUBLIC LICENSE": "",
	} {
		got := identify(text)
		if got != want {
			t.Errorf("%.30q is %q, want %q", text, got, want)
		}
		if isAllowed(got) != (want != "") {
			t.Errorf("%q allowed: %v", got, isAllowed(got))
		}
	}
	if isAllowed("MIT AND GPL-3.0-only") {
		t.Error("one licence of two is not on the list, and the module was accepted")
	}
}

// The same files give the same archive, whatever their own times and the order in
// which they are named.
func TestAnArchiveIsReproducible(t *testing.T) {
	dir := t.TempDir()
	for _, ending := range []string{".tar.gz", ".zip"} {
		var made [2][]byte
		for i, names := range [][]string{{"b", "a"}, {"a", "b"}} {
			var files []entry
			for n, name := range names {
				path := filepath.Join(dir, name)
				if err := os.WriteFile(path, []byte(name), 0o600); err != nil {
					t.Fatal(err)
				}
				if err := os.Chtimes(path, someday, someday.Add(time.Duration(i+n)*time.Hour)); err != nil {
					t.Fatal(err)
				}
				files = append(files, entry{name: name, path: path, mode: 0o755})
			}
			out := filepath.Join(dir, "out"+ending)
			if err := writeArchive(out, "jira", files, someday); err != nil {
				t.Fatal(err)
			}
			made[i], _ = os.ReadFile(out)
		}
		if len(made[0]) == 0 || !bytes.Equal(made[0], made[1]) {
			t.Errorf("%s: two archives of the same files differ", ending)
		}
	}
}

// -out may name any directory; only a release is replaced.
func TestNothingButAReleaseIsRemoved(t *testing.T) {
	dir := t.TempDir()
	precious := filepath.Join(dir, "precious")
	if err := os.WriteFile(precious, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := clear(dir); err == nil {
		t.Error("a directory with other files was accepted")
	}
	if _, err := os.Stat(precious); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(dir, sumsName), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := clear(dir); err != nil {
		t.Error(err)
	}
}

func TestABillNamesTheBinaryAndTheLibrary(t *testing.T) {
	r := release{version: "1.2.3", commit: "0123", date: someday, licences: map[string]licence{"std": {spdx: "BSD-3-Clause"}}}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	text, err := r.bill(self, allTargets[0])
	if err != nil {
		t.Fatal(err)
	}
	var doc bom
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	sum, _ := digest(self)
	if doc.Format != "CycloneDX" || doc.Metadata.Component.Hashes[0].Content != sum || doc.Components[0].PURL[:15] != "pkg:golang/std@" {
		t.Errorf("%s", text)
	}
	if _, err := (&release{licences: map[string]licence{}}).bill(self, allTargets[0]); err == nil {
		t.Error("a module whose licence is not known was listed")
	}
}

// Nothing is invented: manifests name an address and a publisher, or are not made.
func TestManifestsNeedAnAddress(t *testing.T) {
	r := release{version: "1.2.3", out: t.TempDir(), targets: allTargets}
	for _, target := range allTargets {
		if err := os.WriteFile(filepath.Join(r.out, r.base(target)+target.archive()), []byte(target.name()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	made := func() []string {
		var paths []string
		for _, dir := range []string{"homebrew", "scoop", "winget"} {
			found, _ := filepath.Glob(filepath.Join(r.out, dir, "*"))
			paths = append(paths, found...)
		}
		return paths
	}
	if err := r.manifests(); err != nil || len(made()) != 0 {
		t.Errorf("without an address: %v %v", made(), err)
	}
	r.url, r.contact = "https://example.com/releases", "Example <packages@example.com>"
	if err := r.manifests(); err != nil || len(made()) != 5 {
		t.Fatalf("with one: %v %v", made(), err)
	}
	for _, path := range made() {
		text, _ := os.ReadFile(path)
		if strings.Contains(string(text), "<no value>") || !strings.Contains(string(text), "1.2.3") {
			t.Errorf("%s:\n%s", path, text)
		}
	}
}
