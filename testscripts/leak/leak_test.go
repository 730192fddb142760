package leak_test

import (
	"encoding/base64"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jira-cli/testscripts/leak"
)

var tokens = map[string]string{"TOKEN": "ATATT3xFfGF0-a token+with/odd=ones-ABCD"}

func TestFind(t *testing.T) {
	token := tokens["TOKEN"]
	for name, text := range map[string]string{
		"plain": "x " + token + " y", "URL": "?t=" + url.QueryEscape(token),
		"basic":  base64.StdEncoding.EncodeToString([]byte("john.doe@example.com:" + token)),
		"base64": base64.StdEncoding.EncodeToString([]byte("a" + token + "b")),
	} {
		if leak.Find(tokens, text) == "" {
			t.Errorf("%s is not found", name)
		}
	}
	if form := leak.Find(tokens, "****ABCD"); form != "" {
		t.Errorf("a redaction is taken for %s", form)
	}
}

func TestWritten(t *testing.T) {
	for want, write := range map[string]func(string) error{
		"":          func(dir string) error { return os.WriteFile(filepath.Join(dir, "a"), []byte("x"), 0o600) },
		"mode 0644": func(dir string) error { return os.WriteFile(filepath.Join(dir, "a"), nil, 0o644) },
		"mode 0755": func(dir string) error { return os.Mkdir(filepath.Join(dir, "d"), 0o755) },
		"left":      func(dir string) error { return os.WriteFile(filepath.Join(dir, "a.tmp"), nil, 0o600) },
		"holds":     func(dir string) error { return os.WriteFile(filepath.Join(dir, "a"), []byte(tokens["TOKEN"]), 0o600) },
	} {
		dir := t.TempDir()
		before, err := leak.Below(dir)
		if err == nil {
			err = write(dir)
		}
		after, err2 := leak.Below(dir)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		problem := leak.Written(dir, before, after, tokens)
		if (problem == nil) != (want == "") || problem != nil && !strings.Contains(problem.Error(), want) {
			t.Errorf("want %q, got %v", want, problem)
		}
	}
}
