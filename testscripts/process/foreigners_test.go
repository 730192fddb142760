//go:build linux

package process_test

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
)

// status asks a site for an answer with a stored credential.
const status = "auth status"

// foreigners are the inputs from outside. A port that a foreign input comes
// through, and an adapter that reads one, has a row here.
var foreigners = []foreign{
	{name: "config", ports: "Config ConfigRepairer", adapter: "tomlconfig", args: "config profile list",
		prepare: func(s *stranger, form shape) { s.file(s.config(), form) }},
	{name: "site", ports: "Jira JiraSession", adapter: "jirahttp", args: status,
		prepare: func(s *stranger, form shape) {
			s.profile(siteIn(s, form), "backend = \"env\"\nvariable = \"MY_TOKEN\"", "")
		}},
	{name: "headers of a site", ports: "Jira JiraSession", adapter: "jirahttp", args: status,
		prepare: func(s *stranger, form shape) {
			s.profile(listen(s, func(c net.Conn) { speak(c, form, "HTTP/1.1 200 OK\r\nX-Much: ", "x") }), "backend = \"env\"\nvariable = \"MY_TOKEN\"", "")
		}},
	{name: "certificates", ports: "Jira JiraSession", adapter: "jirahttp", args: status,
		prepare: func(s *stranger, form shape) {
			path := filepath.Join(s.work, "ca.pem")
			s.file(path, form)
			s.profile("https://127.0.0.1:9", "backend = \"env\"\nvariable = \"MY_TOKEN\"", "ca_file = \""+path+"\"")
		}},
	{name: "deep config", ports: "Config", adapter: "tomlconfig", args: "config profile list", shapes: []shape{huge},
		prepare: func(s *stranger, _ shape) {
			s.profile(s.env["SITE"], "backend = \"env\"\nvariable = \"MY_TOKEN\"", "")
			s.must(os.WriteFile(s.config(), []byte(strings.Repeat("[a.b.c.d.e]\n", 1<<20/12)), 0o600))
		}},
	{name: "memory of refusals", ports: "Lockouts", adapter: "lockoutfile", args: status,
		prepare: func(s *stranger, form shape) {
			s.file(filepath.Join(s.home, ".local/state/jira-cli/lockouts.json"), form)
			s.profile(s.env["SITE"], "backend = \"env\"\nvariable = \"MY_TOKEN\"", "")
		}},
	{name: "program", ports: "SecretStore BulkReader Undoer Stores", adapter: "commandstore", args: status,
		prepare: func(s *stranger, form shape) {
			s.profile(s.env["SITE"], "backend = \"command\"\nargv = [\"sh\", \"-c\", \""+programs[form]+"\"]", "")
		}},
	{name: "what a program complains", ports: "SecretStore Programs Process", adapter: "process", args: status,
		prepare: func(s *stranger, form shape) {
			s.profile(s.env["SITE"], "backend = \"command\"\nargv = [\"sh\", \"-c\", \"("+programs[form]+") >&2; exit 1\"]", "")
		}},
	{name: "encrypted file", ports: "SecretStore", adapter: "filestore", args: status,
		prepare: func(s *stranger, form shape) {
			s.stored()
			s.file(filepath.Join(s.home, ".local/share/jira-cli/credentials.age"), form)
		}},
	{name: "identity", ports: "SecretStore", adapter: "filestore", args: status,
		prepare: func(s *stranger, form shape) {
			s.stored()
			s.file(filepath.Join(s.home, ".local/share/jira-cli/identity.txt"), form)
		}},
	{name: "bus", ports: "SecretStore", adapter: "keychain", args: status,
		prepare: func(s *stranger, form shape) {
			s.env["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=" + busIn(s, form)
			host := strings.TrimPrefix(s.env["SITE"], "http://")
			s.profile(s.env["SITE"], "backend = \"keyring\"\nservice = \"jira-cli\"\naccount = \""+host+"/default\"", "")
		}},
	{name: "stdin", ports: "SecretInput", adapter: "terminal", args: loginArgs + " --secret-stdin", waits: true,
		prepare: func(s *stranger, form shape) {
			if s.stdin = stream(form); form != silent {
				return
			}
			read, write, err := os.Pipe()
			s.must(err)
			s.t.Cleanup(func() { _ = read.Close(); _ = write.Close() })
			s.stdin = read
		}},
	{name: "person", ports: "Prompter Terminal", adapter: "terminal", args: loginArgs, waits: true, terminal: true,
		prepare: func(s *stranger, form shape) {
			switch form {
			case endless: // and sooner or later somebody presses Ctrl-C
				s.typed = io.MultiReader(io.LimitReader(zeros{}, 1<<20), strings.NewReader("\x03"), zeros{})
			case huge:
				s.typed = io.MultiReader(io.LimitReader(zeros{}, 1<<20), strings.NewReader("\n"))
			}
		}},
}

// domestic are the ports through which nothing foreign of any size comes, and why.
var domestic = map[string]string{
	"ConfigTx":    "it is Config's, which has read the file",
	"Environment": "the system bounds what a process is started with",
	"Clock":       "it is the system's",
	"IDs":         "they are the program's own",
	"Budget":      "it is the program's own",
	"Notifier":    "it only writes",
}

// domesticAdapters are the adapters that read nothing foreign of any size, and why.
var domesticAdapters = map[string]string{
	"cli":         "its input is the command line, which the system bounds",
	"envstore":    "its input is the environment, which the system bounds",
	"system":      "it asks the system",
	"onepassword": "the vendor's library reads what the app says; each call is bounded, as the transcripts with a stalled app hold",
}

const loginArgs = "auth login --backend file --profile-name default --base-url $SITE --email john.doe@example.com"

// programs print nothing, without end, or much.
var programs = map[shape]string{silent: "sleep 600", endless: "yes", huge: fmt.Sprintf("head -c %d /dev/zero", muchInput)}

func (s *stranger) config() string { return filepath.Join(s.home, ".config/jira-cli/config.toml") }

// profile writes a config with one profile.
func (s *stranger) profile(site, credential, network string) {
	s.t.Helper()
	s.env["MY_TOKEN"] = tokens["TOKEN"]
	text := fmt.Sprintf("default_profile = \"default\"\n\n[profiles.default]\nbase_url = %q\nemail = \"john.doe@example.com\"\nauth_type = \"token\"\n\n"+
		"[profiles.default.credential]\nsite = %q\n%s\n", site, site, credential)
	if network != "" {
		text += "\n[profiles.default.network]\n" + network + "\n"
	}
	s.must(os.MkdirAll(filepath.Dir(s.config()), 0o700))
	s.must(os.WriteFile(s.config(), []byte(text), 0o600))
}

// stored logs in with the encrypted file.
func (s *stranger) stored() {
	s.t.Helper()
	h := &household{t: s.t, home: s.home, site: s.env["SITE"], env: s.environ()}
	h.must(tokens["TOKEN"], h.login("default", "file")...)
}

// listen serves every connection with f, and returns the address as a site.
func listen(s *stranger, f func(net.Conn)) string {
	s.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	s.must(err)
	serve(s, listener, f)
	return "http://" + listener.Addr().String()
}

func serve(s *stranger, listener net.Listener, f func(net.Conn)) {
	s.t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				f(conn)
			}()
		}
	}()
}

// speak says first, and then more of the same in that shape. A silent
// conversation is over when the other side has gone.
func speak(c net.Conn, form shape, first, more string) {
	if form == silent {
		_, _ = io.Copy(io.Discard, c)
		return
	}
	_, _ = c.Write([]byte(first))
	piece := []byte(strings.Repeat(more, 64<<10/len(more)))
	for sent := 0; form == endless || sent < muchInput; sent += len(piece) {
		if _, err := c.Write(piece); err != nil {
			return
		}
	}
}

func siteIn(s *stranger, form shape) string {
	return listen(s, func(c net.Conn) {
		speak(c, form, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"displayName\":\"", "x")
	})
}

// busIn returns the socket of a bus that says that much before it has said who
// it is.
func busIn(s *stranger, form shape) string {
	path := filepath.Join(s.t.TempDir(), "bus")
	listener, err := net.Listen("unix", path)
	s.must(err)
	serve(s, listener, func(c net.Conn) { speak(c, form, "REJECTED ", "x") })
	return path
}
