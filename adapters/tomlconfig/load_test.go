package tomlconfig_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jira-cli/adapters/tomlconfig"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports/portstest"
)

// fileWith returns a store on a new file with the text.
func fileWith(t testing.TB, text string) (*tomlconfig.Store, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return tomlconfig.New(tomlconfig.Options{Path: path}), path
}

func TestLoadInvalid(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, at, says string }{
		"no TOML":            {"x = \"\n", "line 1, column 6", ""},
		"open header":        {"\n[profiles.work\nx = 1\n", "line 2, column 15", ""},
		"after CRLF":         {"a = 1\r\nb = \r\n", "line 2, column 5", ""},
		"after a BOM":        {"\xef\xbb\xbfa = 1\nb = \n", "line 2, column 5", ""},
		"a key twice":        {"[profiles.work]\nemail = \"a\"\nemail = \"b\"\n", "line 3, column 1", "email"},
		"a table twice":      {"[profiles.a]\n[profiles.b]\n[profiles.a]\n", "line 3", ""},
		"UTF-16":             {"\xff\xfea\x00", "line 1, column 1", ""},
		"NUL":                {"a = 1\n\x00", "line 2, column 1", ""},
		"profiles is text":   {"profiles = \"x\"\n", "line 1, column 1", "profiles must be a table"},
		"profiles is array":  {"x = 1\n[[profiles]]\na = 1\n", "line 2, column 3", "profiles must be a table"},
		"profile is text":    {"[profiles]\n\n  work = \"x\"\n", "line 3, column 3", "profiles.work must be a table"},
		"name":               {"[profiles.ok]\n[profiles.Work]\n", "line 2, column 11", "\"Work\" is not a profile name"},
		"empty name":         {"[profiles.\"\"]\n", "line 1, column 11", "\"\" is not a profile name"},
		"dotted name":        {"[profiles]\n\"a.b\" = {}\n", "line 2, column 1", "\"a.b\" is not a profile name"},
		"name in dots":       {"profiles.\"a b\".email = \"x\"\n", "line 1, column 10", "is not a profile name"},
		"name inline":        {"profiles = { ok = {}, BAD = {} }\n", "line 1, column 23", "is not a profile name"},
		"the first of two":   {"[profiles.X]\n[profiles.B]\n", "line 1, column 11", "\"X\""},
		"one variable":       {"[profiles.my_team]\n[profiles.my-team]\n", "", "would share the variable JIRA_TOKEN_MY_TEAM"},
		"default is number":  {"default_profile = 1\n", "line 1, column 1", "default_profile must be a string"},
		"output":             {"output = \"yaml\"\n", "line 1, column 1", "output is human or json"},
		"output is bool":     {"output = true\n", "line 1, column 1", "output must be a string"},
		"timeout is number":  {"# c\ntimeout = 30\n", "line 2, column 1", "timeout must be a string"},
		"timeout":            {"timeout = \"soon\"\n", "line 1, column 1", "timeout is a positive duration"},
		"no_input":           {"no_input = \"yes\"\n", "line 1, column 1", "no_input is true or false"},
		"no_color is 1":      {"no_color = 1\n", "line 1, column 1", "no_color must be true or false"},
		"base_url":           {"[profiles.a]\nemail = \"x\"\nbase_url = \"ftp://example.com\"\n", "line 3, column 1", "profiles.a.base_url: the site's URL must begin with https://"},
		"base_url is array":  {"[profiles.a]\nbase_url = [\"x\"]\n", "line 2, column 1", "profiles.a.base_url must be a string"},
		"email is a table":   {"[profiles.a.email]\nx = 1\n", "line 1, column 13", "profiles.a.email must be a string"},
		"account_id":         {"[profiles.a]\naccount_id = 712020\n", "line 2, column 1", "profiles.a.account_id must be a string"},
		"deployment":         {"[profiles.a]\ndeployment = \"server\"\n", "line 2, column 1", "there is no deployment \"server\""},
		"token_kind":         {"[profiles.a]\ntoken_kind = \"x\"\n", "line 2, column 1", "there is no token kind \"x\""},
		"cloud_id":           {"[profiles.a]\ncloud_id = \"../x\"\n", "line 2, column 1", "profiles.a.cloud_id is not a cloud id"},
		"token_expiry":       {"[profiles.a]\ntoken_expiry = \"soon\"\n", "line 2, column 1", "profiles.a.token_expiry must be a time such as"},
		"relative ca_file":   {"[profiles.a.network]\nca_file = \"corp.pem\"\n", "line 2, column 1", "\"corp.pem\" is not an absolute path"},
		"half a pair":        {"[profiles.a]\n[profiles.a.network]\nclient_cert = \"/x\"\n", "line 2, column 13", "needs both client_cert and client_key"},
		"proxy":              {"[profiles.a.network]\nproxy = \"proxy.example.com:8080\"\n", "line 2, column 1", "the proxy is not a URL"},
		"proxy's password":   {"[profiles.a.network]\nproxy = \"http://u:S3CRET@proxy.example.com\"\n", "line 2, column 1", "the proxy's URL holds a user name or a password"},
		"insecure is text":   {"[profiles.a.network]\ninsecure_skip_verify = \"true\"\n", "line 2, column 1", "insecure_skip_verify must be true or false"},
		"header's value":     {"[profiles.a.network.headers]\nX-A = \"S3CRET\"\n", "line 2, column 1", "profiles.a.network.headers must say where its value comes from"},
		"header's source":    {"[profiles.a.network.headers]\nX-A = { env = \"A\", command = [\"b\"] }\n", "line 2, column 1", "the header X-A needs one source of its value"},
		"header's name":      {"[profiles.a.network.headers]\n\"X A\" = { env = \"A\" }\n", "line 2, column 1", "this is not the name of a header"},
		"our own header":     {"[profiles.a.network.headers]\nauthorization = { env = \"A\" }\n", "line 2, column 1", "the header authorization is set by jira itself"},
		"a header twice":     {"[profiles.a.network.headers]\nX-A = { env = \"A\" }\nx-a = { env = \"B\" }\n", "line 3, column 1", "X-A and x-a are one header"},
		"auth_type":          {"[profiles.a]\nauth_type = \"password\"\n", "line 2, column 1", "there is no auth type \"password\""},
		"credential":         {"[profiles.a]\ncredential = \"keyring\"\n", "line 2, column 1", "profiles.a.credential must be a table"},
		"credential array":   {"[[profiles.a.credential]]\nbackend = \"file\"\n", "line 1, column 14", "profiles.a.credential must be a table"},
		"no backend":         {"[profiles.a.credential]\nservice = \"x\"\n", "line 1, column 13", "the table has no backend"},
		"backend":            {"[profiles.a.credential]\nservice = \"x\"\n  backend = \"keyrng\"\n", "line 3, column 3", "there is no backend \"keyrng\""},
		"service":            {"[profiles.a.credential]\nbackend = \"file\"\nservice = 1\n", "line 3, column 1", "profiles.a.credential.service must be a string"},
		"argv is text":       {"[profiles.a.credential]\nbackend = \"command\"\nargv = \"op read\"\n", "line 3, column 1", "argv must be an array of strings"},
		"argv of numbers":    {"[profiles.a.credential]\nbackend = \"command\"\nargv = [\"a\", 1]\n", "line 3, column 1", "argv must be an array of strings"},
		"place":              {"[profiles.a.onepassword]\nvault = 1\n", "line 2, column 1", "profiles.a.onepassword.vault must be a string"},
		"place is text":      {"profiles.a.onepassword = \"x\"\n", "line 1, column 12", "profiles.a.onepassword must be a table"},
		"leftover is table":  {"[profiles.a.leftover]\nbackend = \"file\"\n", "line 1, column 13", "profiles.a.leftover must be an array of tables"},
		"leftover of text":   {"[profiles.a]\nleftover = [\"x\"]\n", "line 2, column 13", "must be a table"},
		"second leftover":    {"[[profiles.a.leftover]]\nbackend = \"env\"\nsite = \"https://example.atlassian.net\"\n[[profiles.a.leftover]]\nbackend = \"x\"\n", "line 5, column 1", "there is no backend \"x\""},
		"another's item":     {"[profiles.a.credential]\nbackend = \"keyring\"\nservice = \"gh:github.com\"\naccount = \"john\"\n", "line 4, column 1", "not of the form <host>/<profile>"},
		"another's file":     {"[profiles.a.credential]\nbackend = \"file\"\naccount = \"a/b/c/d\"\n", "line 3, column 1", "not of the form <host>/<profile>"},
		"leftover's form":    {"[[profiles.a.leftover]]\nbackend = \"keyring\"\naccount = \"john\"\n", "line 3, column 1", "not of the form <host>/<profile>"},
		"leftover's site":    {"[profiles.a]\nbase_url = \"example\"\n[[profiles.a.leftover]]\nbackend = \"keyring\"\n", "line 3", "does not record the site"},
		"leftover elsewhere": {"[[profiles.a.leftover]]\nbackend = \"keyring\"\nsite = \"https://example.atlassian.net\"\naccount = \"github.com/john\"\n", "line 1", "names a credential of github.com"},
		"leftover's item":    {"[[profiles.a.leftover]]\nbackend = \"1password\"\nsite = \"https://example.atlassian.net\"\nitem = \"jira-cli other.example.com/a\"\n", "line 1", "names a credential of other.example.com"},
		"parts of a key":     {strings.Repeat("a.", 400_000) + "a = 1\n", "line 1", "nested too deeply"},
		"parts of a header":  {"[" + strings.Repeat("a.", 400_000) + "a]\n", "line 1", "nested too deeply"},
		"many tables":        {strings.Repeat("[a.b.c.d.e]\n", 80_000), "line 10001", "too many keys"},
		"many keys":          {strings.Repeat("a=1\n", 200_000), "line 10001", "too many keys"},
		"too deep":           {"x = " + strings.Repeat("[", 20000) + "\n", "line 1", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store, path := fileWith(t, c.text)
			_, err := store.Load(t.Context())
			portstest.WantCode(t, err, fault.ConfigInvalid)
			if err == nil {
				return
			}
			text := err.Error()
			if !strings.HasPrefix(text, path+", line ") || !strings.Contains(text, c.at) || !strings.Contains(text, c.says) ||
				strings.ContainsAny(text, "\n\r") || fault.From(err).Hint == "" {
				t.Errorf("error %q, want %q and %q", text, c.at, c.says)
			}
			tx, err := store.Lock(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer tx.Unlock()
			portstest.WantCode(t, tx.Save(t.Context(), profile.Config{}), fault.ConfigInvalid)
			if after, err := os.ReadFile(path); err != nil || string(after) != c.text {
				t.Errorf("a broken file was changed to %q, %v", after, err)
			}
		})
	}
}

func TestLoadTolerates(t *testing.T) {
	t.Parallel()
	plain := "default_profile = \"work\"\n[profiles.work]\nbase_url = \"example\"\nemail = \"john.doe@example.com\"\n"
	for name, text := range map[string]string{
		"as it is":        plain,
		"CRLF":            strings.ReplaceAll(plain, "\n", "\r\n"),
		"BOM":             "\xef\xbb\xbf" + plain,
		"no last newline": strings.TrimSuffix(plain, "\n"),
		"dotted":          "default_profile='work'\nprofiles.work.base_url='https://example.atlassian.net/'\nprofiles.work.email='john.doe@example.com'",
		"inline":          "default_profile = \"work\"\nprofiles = { work = { base_url = \"EXAMPLE.atlassian.net\", email = \"john.doe@example.com\" } }",
		"unknown keys": plain + "auth_type = \"token\"\nnetwork = { UNKNOWN = \"x\", ca_file = \"\" }\nnan = nan\nwhen = 1979-05-27\n[profiles.work.future]\nx = [1]\n" +
			"[plugins]\nBase_URL = 1\n",
		// viper would fold these into keys that it knows
		"other case": plain + "Base_URL = \"https://evil.example\"\nEMAIL = 3\nCredential = 1\n[Profiles.WORK]\nbase_url = 1\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store, _ := fileWith(t, text)
			got, err := store.Load(t.Context())
			want := profile.Config{Default: "work", Profiles: []profile.Profile{{
				Name: "work", Site: portstest.Site(t, "example"), Email: "john.doe@example.com", AuthType: "token",
			}}}
			if err != nil || !got.Equal(want) {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
	for _, text := range []string{"", "\n", "\xef\xbb\xbf", "# nothing", "\r\n\r\n", "[profiles]\n", "default_profile = \"\""} {
		store, _ := fileWith(t, text)
		if got, err := store.Load(t.Context()); err != nil || !got.Equal(profile.Config{}) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

func TestLoadSettings(t *testing.T) {
	t.Parallel()
	want := profile.Settings{Output: "json", Timeout: "1m", NoInput: "true", NoColor: "false"}
	for _, text := range []string{
		"output = \"json\"\ntimeout = \"1m\"\nno_input = true\nno_color = false\n",
		"output = 'json'\ntimeout = '1m'\nno_input = '1'\nno_color = 'FALSE'\n",
	} {
		store, _ := fileWith(t, text)
		if got, err := store.Load(t.Context()); err != nil || got.Settings != want {
			t.Errorf("%q: %+v, %v", text, got.Settings, err)
		}
	}
}

// TestLoadOlderSpelling: auth_type = "1password" is token with that backend.
func TestLoadOlderSpelling(t *testing.T) {
	t.Parallel()
	head := "[profiles.a]\nbase_url = \"example\"\nauth_type = \"1password\"\n"
	for text, want := range map[string]profile.Reference{
		head: {Backend: profile.OnePassword, Item: "jira-cli example.atlassian.net/a"},
		head + "[profiles.a.onepassword]\naccount = \"acc\"\nvault = \"Work\"\nitem = \"it\"\nfield = \"f\"\n": {Backend: profile.OnePassword, Account: "acc", Vault: "Work", Item: "it", Field: "f"},
		head + "[profiles.a.credential]\nvault = \"Work\"\nitem = \"it\"\n":                                    {Backend: profile.OnePassword, Vault: "Work", Item: "it"},
		head + "[profiles.a.credential]\nbackend = \"keyring\"\n[profiles.a.onepassword]\nvault = \"Work\"\n":  {Backend: profile.Keyring, Service: "jira-cli", Account: "example.atlassian.net/a"},
	} {
		store, path := fileWith(t, text)
		got, err := store.Load(t.Context())
		if err != nil || got.Profiles[0].AuthType != profile.AuthToken || !got.Profiles[0].Credential.Equal(want) {
			t.Errorf("%q: %+v, %v", text, got.Profiles, err)
			continue
		}
		// It is never written: a change of the profile spells it anew.
		got.Profiles[0].Email = "john.doe@example.com"
		portstest.SaveConfig(t, store, got)
		after, err := os.ReadFile(path)
		if err != nil || strings.Contains(string(after), "auth_type = \"1password\"") || !strings.Contains(string(after), "backend = ") {
			t.Errorf("after a save: %s, %v", after, err)
		}
		got.Profiles[0].Credential = nil
		portstest.SaveConfig(t, store, got)
		if again, err := store.Load(t.Context()); err != nil || again.Profiles[0].Credential != nil {
			t.Errorf("after logout: %+v, %v", again, err)
		}
	}
}

func TestLoadUnreadable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, filepath.Join(file, "config.toml")} {
		_, err := tomlconfig.New(tomlconfig.Options{Path: path}).Load(t.Context())
		portstest.WantCode(t, err, fault.ConfigReadFailed)
		if err != nil && !strings.Contains(err.Error(), path) {
			t.Errorf("the error %q does not name %s", err, path)
		}
	}
	large, _ := fileWith(t, strings.Repeat("#\n", 1<<19)+"#")
	_, err := large.Load(t.Context())
	portstest.WantCode(t, err, fault.ConfigInvalid)
	most, _ := fileWith(t, strings.Repeat("#\n", 1<<19))
	if _, err := most.Load(t.Context()); err != nil {
		t.Errorf("a file of the largest size: %v", err)
	}
}

func TestDefaultPath(t *testing.T) {
	t.Parallel()
	type env map[string]string
	for _, c := range []struct {
		goos string
		env  env
		home string
		want string
	}{
		{"linux", env{"JIRA_CONFIG": "rel/x.toml", "XDG_CONFIG_HOME": "/xdg"}, "/home/john", "rel/x.toml"},
		{"linux", env{"JIRA_CONFIG": "", "XDG_CONFIG_HOME": "/xdg"}, "/home/john", "/xdg/jira-cli/config.toml"},
		{"linux", env{"XDG_CONFIG_HOME": "/xdg/"}, "", "/xdg/jira-cli/config.toml"},
		{"linux", env{"XDG_CONFIG_HOME": "relative"}, "/home/john", "/home/john/.config/jira-cli/config.toml"},
		{"linux", env{"XDG_CONFIG_HOME": ""}, "/home/john/", "/home/john/.config/jira-cli/config.toml"},
		{"linux", env{}, "/", "/.config/jira-cli/config.toml"},
		{"darwin", env{}, "/Users/john", "/Users/john/.config/jira-cli/config.toml"},
		{"darwin", env{"XDG_CONFIG_HOME": "/xdg"}, "/Users/john", "/xdg/jira-cli/config.toml"},
		{"windows", env{"AppData": `C:\Users\john\AppData\Roaming`}, `C:\Users\john`, `C:\Users\john\AppData\Roaming\jira-cli\config.toml`},
		{"windows", env{"XDG_CONFIG_HOME": `C:\xdg`}, `C:\Users\john`, `C:\Users\john\AppData\Roaming\jira-cli\config.toml`},
		{"windows", env{"JIRA_CONFIG": `D:\x.toml`}, "", `D:\x.toml`},
		{"linux", env{}, "", ""},
		{"windows", env{}, "", ""},
	} {
		lookup := func(name string) (string, bool) {
			value, ok := c.env[name]
			return value, ok
		}
		got, err := tomlconfig.DefaultPath(c.goos, lookup, c.home)
		if got != c.want {
			t.Errorf("%s %v %q: %q, want %q", c.goos, c.env, c.home, got, c.want)
		}
		if c.want == "" {
			portstest.WantCode(t, err, fault.ConfigReadFailed)
		} else if err != nil {
			t.Errorf("%s %v %q: %v", c.goos, c.env, c.home, err)
		}
	}
}

func TestLoadDevice(t *testing.T) {
	t.Parallel()
	store := tomlconfig.New(tomlconfig.Options{Path: os.DevNull})
	if got, err := store.Load(t.Context()); err != nil || !got.Equal(profile.Config{}) {
		t.Errorf("the null device: %+v, %v", got, err)
	}
	_, err := store.Lock(t.Context())
	portstest.WantCode(t, err, fault.ConfigWriteFailed)
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Fatalf("the null device is %v, %v", info.Mode(), err)
	}
}

func TestProfilesAreSorted(t *testing.T) {
	t.Parallel()
	store, _ := fileWith(t, "[profiles.c]\n[profiles.a]\n[profiles.b]\n")
	got, err := store.Load(t.Context())
	if err != nil || !slices.Equal(got.Names(), []string{"a", "b", "c"}) {
		t.Errorf("%q, %v", got.Names(), err)
	}
}
