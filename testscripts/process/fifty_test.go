//go:build linux

package process_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"jira-cli/adapters/keychain/keyringtest"
)

// TestFiftyProfiles asks for the status of fifty profiles whose tokens another
// program stored in a real keyring: all are found, and each is proven with two
// requests.
func TestFiftyProfiles(t *testing.T) {
	t.Parallel()
	const many = 50
	w := people(t, plain)
	keyring := keyringtest.Start(t)
	w.env["DBUS_SESSION_BUS_ADDRESS"] = keyring.Address
	site, host := w.env["SITE"], strings.TrimPrefix(w.env["SITE"], "http://")
	var config strings.Builder
	fmt.Fprint(&config, "default_profile = \"p00\"\n")
	for i := range many {
		account := fmt.Sprintf("%s/p%02d", host, i)
		fmt.Fprintf(&config, "[profiles.p%02d]\nbase_url = %q\nemail = \"john.doe@example.com\"\nauth_type = \"token\"\n", i, site)
		fmt.Fprintf(&config, "[profiles.p%02d.credential]\nbackend = \"keyring\"\nsite = %q\nservice = \"jira-cli\"\naccount = %q\n", i, site, account)
		keyring.Plant(t, tokens["TOKEN"], "service", "jira-cli", "account", account)
	}
	path := filepath.Join(w.home, ".config", "jira-cli", "config.toml")
	w.must(os.MkdirAll(filepath.Dir(path), 0o700))
	w.must(os.WriteFile(path, []byte(config.String()), 0o600))

	cmd := exec.Command(binary(t, plain), "auth", "status", "--output", "json")
	cmd.Env = w.environ()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var document struct {
		Data struct {
			Profiles []struct {
				Profile, Source string
				Valid           bool
				Remote          struct{ Myself, Permissions struct{ OK bool } }
			}
		}
	}
	w.must(json.Unmarshal(out, &document))
	for i, p := range document.Data.Profiles {
		if p.Profile != fmt.Sprintf("p%02d", i) || p.Source != "keyring" || !p.Valid || !p.Remote.Myself.OK || !p.Remote.Permissions.OK {
			t.Errorf("profile %d is %+v", i, p)
		}
	}
	if len(document.Data.Profiles) != many || len(w.fake.Requests()) != 2*many {
		t.Errorf("%d profiles and %d requests", len(document.Data.Profiles), len(w.fake.Requests()))
	}
	if leak := findSecret(string(out)); leak != "" {
		t.Errorf("the output holds %s", leak)
	}
}
