package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A decision says what was decided, why, and what was turned down.
func TestDecisionsAreWhole(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, decisions, "*.md"))
	if err != nil || len(files) < 40 {
		t.Fatalf("%d decisions: %v", len(files), err)
	}
	for _, file := range files {
		if filepath.Base(file) == "README.md" {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{"# ", "*Decided", "*Why"} {
			if !strings.Contains(string(text), part) {
				t.Errorf("%s has no %q", file, part)
			}
		}
	}
}
