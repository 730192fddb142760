//go:build real

package real_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"jira-cli/adapters/keychain/keyringtest"
)

const (
	secrets   = "org.freedesktop.secrets"
	service   = dbus.ObjectPath("/org/freedesktop/secrets")
	serviceIn = "org.freedesktop.Secret.Service"
)

// TestKeyrings goes through the life of a credential without a terminal, with
// each provider of the Secret Service, open.
func TestKeyrings(t *testing.T) {
	for name, start := range map[string]func(testing.TB) *keyringtest.Bus{
		"gnome-keyring": func(t testing.TB) *keyringtest.Bus { return keyringtest.Start(t).Bus },
		"KeePassXC":     startKeePassXC,
		"KWallet":       startKWallet,
	} {
		t.Run(name, func(t *testing.T) {
			site, bus := sampleSite(t), start(t)
			account := strings.TrimPrefix(site, "http://") + "/default"
			keyring := &keyringtest.Keyring{Bus: bus}
			succeeds := func(input string, words ...string) string {
				t.Helper()
				r := jira(t, bus.Env(), input, words...)
				if r.status != 0 {
					t.Fatalf("jira %q: status %d\n%s%s", words, r.status, r.stdout, r.stderr)
				}
				return r.stdout
			}
			stored := func(want string) {
				t.Helper()
				if got := keyring.Lookup(t, "service", "jira-cli", "account", account); got != want {
					t.Errorf("secret-tool prints %q, want %q", got, want)
				}
			}
			contains(t, succeeds("", "auth", "backends"), "keyring    yes, recommended")
			login := []string{"auth", "login", "--secret-stdin", "--no-input", "--base-url", site, "--email", "john.doe@example.com"}
			contains(t, succeeds(token, login...), "verified=true")
			stored(token)
			succeeds(token, append(login, "--force")...)
			stored(token)
			contains(t, succeeds("", "auth", "status"), "✓ keyring", "✓ all 8")
			contains(t, succeeds("", "auth", "token"), "source=keyring valid=true")
			contains(t, succeeds("", "auth", "migrate", "--backend", "file"), "migrated=true")
			stored("")
			contains(t, succeeds("", "auth", "migrate", "--backend", "keyring"), "migrated=true")
			stored(token)
			contains(t, succeeds("", "auth", "logout", "default"), "removed=true")
			stored("")
		})
	}
}

// TestLockedKeyrings has each provider that can ask say that it is locked, and
// none put up a dialogue. A person who is there later finds the secret.
func TestLockedKeyrings(t *testing.T) {
	asking := func(t testing.TB) *keyringtest.Bus {
		return startKeePassXCWith(t, strings.Replace(keepassSettings, "ConfirmAccessItem=false", "ConfirmAccessItem=true", 1))
	}
	for name, start := range map[string]func(testing.TB) *keyringtest.Bus{
		"KeePassXC": startKeePassXC, "KWallet": startKWallet, "KeePassXC that confirms access": asking,
	} {
		t.Run(name, func(t *testing.T) {
			site, bus := sampleSite(t), start(t)
			login := []string{"auth", "login", "--secret-stdin", "--no-input", "--base-url", site, "--email", "john.doe@example.com"}
			if r := jira(t, bus.Env(), token, login...); r.status != 0 {
				t.Fatalf("%+v", r)
			}
			open := strings.Contains(name, "confirms") // only what another process stored is locked
			if !open {
				lock(t, bus)
			}
			windows := len(dialogues(t, bus))
			for _, words := range [][]string{{"auth", "token"}, append(login, "--force"), {"auth", "logout", "default"}} {
				r := jira(t, bus.Env(), token, words...)
				if r.status != 8 || !strings.Contains(r.stderr, "code=keyring_locked") {
					t.Errorf("jira %q: %+v", words, r)
				}
			}
			if !open {
				contains(t, jira(t, bus.Env(), "", "auth", "backends").stdout, "keyring_locked")
			}
			if now := dialogues(t, bus); len(now) != windows {
				t.Errorf("a dialogue came up: %q", now)
			}
		})
	}
}

// database is what KeePassXC makes a database of that exposes its one group.
const database = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<KeePassFile>
	<Meta>
		<DatabaseName>tests</DatabaseName>
		<RecycleBinEnabled>False</RecycleBinEnabled>
		<CustomData><Item><Key>FDO_SECRETS_EXPOSED_GROUP</Key><Value>{00112233-4455-6677-8899-aabbccddeeff}</Value></Item></CustomData>
	</Meta>
	<Root><Group><UUID>ABEiM0RVZneImaq7zN3u/w==</UUID><Name>Root</Name></Group></Root>
</KeePassFile>
`

const keepassSettings = `[General]
ConfigVersion=2
UpdateCheckMessageShown=true
[GUI]
CheckForUpdates=false
[FdoSecrets]
Enabled=true
ConfirmAccessItem=false
ConfirmDeleteItem=false
ShowNotification=false
`

// startKeePassXC starts KeePassXC with an open database on a bus and a screen of
// its own.
func startKeePassXC(t testing.TB) *keyringtest.Bus { return startKeePassXCWith(t, keepassSettings) }

func startKeePassXCWith(t testing.TB, text string) *keyringtest.Bus {
	t.Helper()
	bus := keyringtest.StartBus(t)
	home := homeOf(bus)
	settings, xml, kdbx := filepath.Join(home, "keepassxc.ini"), filepath.Join(home, "tests.xml"), filepath.Join(home, "tests.kdbx")
	writeText(t, settings, text)
	writeText(t, xml, database)
	output(t, "pw\npw\n", "env", append(bus.Env(), need(t, "keepassxc-cli"), "import", "-p", "-t", "100", xml, kdbx)...)
	env := append(onScreen(t, bus), "TMPDIR="+home) // where it keeps the lock by which there is one of it
	daemon(t, env, "pw\n", "keepassxc", "--pw-stdin", "--config", settings, kdbx)
	conn, path := bus.Connect(t), collection(t, bus)
	await(t, "the open database", func() bool { return !saysLocked(conn, path) })
	return bus
}

const walletSettings = `[Wallet]
Enabled=true
First Use=false
Default Wallet=kdewallet
[org.freedesktop.secrets]
apiEnabled=true
`

// startKWallet starts KWallet with a wallet that was opened as PAM opens one. The
// first daemon makes the wallet; what it made is shown by the second.
func startKWallet(t testing.TB) *keyringtest.Bus {
	t.Helper()
	bus := keyringtest.StartBus(t)
	writeText(t, filepath.Join(homeOf(bus), "config", "kwalletrc"), walletSettings)
	env := onScreen(t, bus)
	conn := bus.Connect(t)
	open := func() {
		t.Helper()
		key := []byte(strings.Repeat("k", 56))
		await(t, "kwalletd5 on the bus", func() bool { return owned(conn, "org.kde.kwalletd5") && owned(conn, secrets) })
		if err := conn.Object("org.kde.kwalletd5", "/modules/kwalletd5").Call("org.kde.KWallet.pamOpen", 0, "kdewallet", key, int32(0)).Err; err != nil {
			t.Fatal(err)
		}
	}
	first := daemon(t, env, "", "kwalletd5")
	open()
	_ = first.Process.Kill()
	await(t, "the end of the first kwalletd5", func() bool { return !owned(conn, secrets) })
	daemon(t, env, "", "kwalletd5")
	open()
	collection(t, bus)
	return bus
}

// onScreen is the bus's environment with a screen of its own.
func onScreen(t testing.TB, bus *keyringtest.Bus) []string {
	t.Helper()
	number := filepath.Join(homeOf(bus), "display")
	file, err := os.Create(number)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	cmd := exec.Command(need(t, "Xvfb"), "-displayfd", "3", "-screen", "0", "1024x768x24", "-nolisten", "tcp")
	cmd.Env, cmd.ExtraFiles = bus.Env(), []*os.File{file}
	begin(t, cmd)
	var text []byte
	await(t, "a screen", func() bool { text, _ = os.ReadFile(number); return len(text) > 0 && text[len(text)-1] == '\n' })
	return append(bus.Env(), "DISPLAY=:"+strings.TrimSpace(string(text)), "QT_QPA_PLATFORM=xcb")
}

// daemon starts a program that ends with the test.
func daemon(t testing.TB, env []string, input, program string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(need(t, program), args...)
	cmd.Env, cmd.Stdin = env, strings.NewReader(input)
	begin(t, cmd)
	return cmd
}

func begin(t testing.TB, cmd *exec.Cmd) {
	t.Helper()
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // a panic runs no clean-up
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
}

// await waits until something is so; that it never is is fatal.
func await(t testing.TB, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(guard); !so(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not after %v", what, guard)
		}
	}
}

func owned(conn *dbus.Conn, name string) bool {
	var yes bool
	err := conn.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, name).Store(&yes)
	return err == nil && yes
}

// collection waits for the default collection and returns it.
func collection(t testing.TB, bus *keyringtest.Bus) (path dbus.ObjectPath) {
	t.Helper()
	object := bus.Connect(t).Object(secrets, service)
	await(t, "a default collection", func() bool {
		return object.Call(serviceIn+".ReadAlias", 0, "default").Store(&path) == nil && path != "/"
	})
	return path
}

// lock locks the default collection, and waits until it says so.
func lock(t testing.TB, bus *keyringtest.Bus) {
	t.Helper()
	conn, path := bus.Connect(t), collection(t, bus)
	var done []dbus.ObjectPath
	var prompt dbus.ObjectPath
	if err := conn.Object(secrets, service).Call(serviceIn+".Lock", 0, []dbus.ObjectPath{path}).Store(&done, &prompt); err != nil {
		t.Fatal(err)
	}
	if prompt != "/" {
		if err := conn.Object(secrets, prompt).Call("org.freedesktop.Secret.Prompt.Prompt", 0, "").Err; err != nil {
			t.Fatal(err)
		}
	}
	await(t, "the lock", func() bool { return saysLocked(conn, path) })
}

func saysLocked(conn *dbus.Conn, path dbus.ObjectPath) bool {
	v, err := conn.Object(secrets, path).GetProperty("org.freedesktop.Secret.Collection.Locked")
	return err != nil || v.Value() == true
}

// dialogues are the titles of the windows on the bus's screen.
func dialogues(t testing.TB, bus *keyringtest.Bus) (titles []string) {
	t.Helper()
	number, err := os.ReadFile(filepath.Join(homeOf(bus), "display"))
	if err != nil {
		t.Fatal(err)
	}
	tree := output(t, "", "xwininfo", "-display", ":"+strings.TrimSpace(string(number)), "-root", "-tree")
	for line := range strings.Lines(tree) {
		if _, title, ok := strings.Cut(line, `"`); ok && strings.Contains(line, `: ("`) {
			title, _, _ = strings.Cut(title, `"`)
			titles = append(titles, strconv.Quote(title))
		}
	}
	return titles
}

func homeOf(bus *keyringtest.Bus) string {
	for _, variable := range bus.Env() {
		if home, ok := strings.CutPrefix(variable, "HOME="); ok {
			return home
		}
	}
	return ""
}

func writeText(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
