package optest

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

//go:embed testdata/op_sdk_ipc_client.c
var source []byte

// library returns the compiled library, compiling it once per process. Every
// app gets a copy: the library finds its socket beside its own file.
var library = sync.OnceValues(compile)

func compile() ([]byte, error) {
	var compiler string
	for _, name := range []string{os.Getenv("CC"), "cc", "gcc", "clang"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			compiler = path
			break
		}
	}
	if compiler == "" {
		return nil, errors.New("the fake 1Password app needs a C compiler (cc, gcc or clang): install gcc and libc6-dev")
	}
	dir, err := os.MkdirTemp("", "op-cc-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	in, out := filepath.Join(dir, "lib.c"), filepath.Join(dir, "lib.so")
	if err := os.WriteFile(in, source, 0o600); err != nil {
		return nil, err
	}
	args := []string{"-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", out, in, "-ldl"}
	if text, err := exec.Command(compiler, args...).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", compiler, err, text)
	}
	return os.ReadFile(out)
}
