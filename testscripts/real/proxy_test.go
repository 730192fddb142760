//go:build real

package real_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"jira-cli/adapters/fakejira"
)

// TestTinyproxy: a login that it wants, one that it does not accept, and its
// rule for ports. Loopback has no proxy by the variables, so the host is a name;
// the proxy refuses before it looks that up.
func TestTinyproxy(t *testing.T) {
	t.Parallel()
	start := func(more string) string {
		address := freeAddress(t)
		serve(t, address, "tinyproxy", "-d", "-c", write(t, "tinyproxy.conf",
			fmt.Sprintf("Port %s\nListen 127.0.0.1\nAllow 127.0.0.1\nTimeout 10\n%s\n", portOf(t, address), more)))
		return address
	}
	login := start("BasicAuth john correct-horse")
	ask(t, "https://jira.example.com", []string{"HTTPS_PROXY=http://" + login}).
		expect(t, "network_unreachable", "proxy_login", "wants a login", "USER:PASSWORD")
	ask(t, "https://jira.example.com", []string{"HTTPS_PROXY=http://john:battery-staple@" + login}).
		expect(t, "network_unreachable", "proxy_login_refused", "does not accept the user name and the password", "correct the user name")
	rule := start("ConnectPort 563")
	ask(t, "https://jira.example.com", []string{"HTTPS_PROXY=http://" + rule}).
		expect(t, "network_unreachable", "proxy_denied", "(HTTP 403)", "NO_PROXY")
}

// TestSquid: its rule, before it looks the name up.
func TestSquid(t *testing.T) {
	t.Parallel()
	start := func(rules string) string {
		address, dir := freeAddress(t), t.TempDir()
		serve(t, address, "squid", "-N", "-f", write(t, "squid.conf", fmt.Sprintf(
			"http_port %s\n%s\ncache deny all\naccess_log none\ncache_log /dev/null\npid_filename none\ncoredump_dir %s\nshutdown_lifetime 0 seconds\n",
			address, rules, dir)))
		return address
	}
	denied := start("http_access deny all")
	ask(t, "https://jira.example.com", []string{"HTTPS_PROXY=http://" + denied}).
		expect(t, "network_unreachable", "proxy_denied", "(HTTP 403)", "NO_PROXY")
}

// TestNginxClientCertificate: nginx asks for one within TLS and says in HTTP
// that it got none.
func TestNginxClientCertificate(t *testing.T) {
	t.Parallel()
	ca := newCA(t)
	cert, key := pems(t, leafOf(t, ca, fakejira.Leaf{}))
	authority := write(t, "ca.pem", string(ca.PEM()))
	address := freeAddress(t)
	serve(t, address, "nginx", "-c", write(t, "nginx.conf", nginxConf(t.TempDir(), fmt.Sprintf(
		"listen %s ssl; ssl_certificate %s; ssl_certificate_key %s; ssl_client_certificate %s; ssl_verify_client on; location / { return 204; }",
		address, cert, key, authority))))
	ask(t, "https://"+address, nil, "--ca-file", authority).
		expect(t, "tls_failed", "tls_client_certificate", "wants a client certificate", "--client-cert")
}

// nginxConf is a configuration of one server in the foreground, which writes
// below dir alone.
func nginxConf(dir, server string) string {
	paths := ""
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		paths += fmt.Sprintf("%s_temp_path %s;\n", kind, filepath.Join(dir, kind))
	}
	return fmt.Sprintf("daemon off; master_process off; error_log stderr; pid %s;\nevents {}\nhttp { access_log off;\n%sserver { %s }\n}\n",
		filepath.Join(dir, "nginx.pid"), paths, server)
}
