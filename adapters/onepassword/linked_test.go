package onepassword_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// Who builds without CGO does not pay for the SDK, and nobody gets the doubles.
func TestWhatIsLinked(t *testing.T) {
	const sdk = "github.com/1password/onepassword-sdk-go"
	for _, goos := range []string{"linux", "darwin", "windows"} {
		deps := dependencies(t, "GOOS="+goos, "CGO_ENABLED=0")
		if slices.ContainsFunc(deps, func(d string) bool { return strings.HasPrefix(d, "github.com/") }) {
			t.Errorf("%s without CGO links %q", goos, deps)
		}
	}
	deps := dependencies(t, "CGO_ENABLED=1")
	if !slices.Contains(deps, sdk) {
		t.Error("the build with CGO lacks the SDK")
	}
	for _, d := range deps {
		if strings.Contains(d, "/optest") || d == "testing" {
			t.Errorf("the build with CGO links %s", d)
		}
	}
}

func dependencies(t *testing.T, env ...string) []string {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", ".")
	cmd.Env = append(cmd.Environ(), env...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	return strings.Fields(string(out))
}
