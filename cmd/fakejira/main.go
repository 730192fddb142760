// Command fakejira serves the fake Jira on loopback, plain and over TLS, for
// demonstrations, benchmarks and people who want to try jira without a site. It
// owns the sockets' and the certificate's places; what it answers is
// adapters/fakejira's. It listens on loopback addresses and nowhere else, and
// stores nothing but what its flags name.
//
//	fakejira -dir DIR [-token-file FILE | -token-env NAME] [-user EMAIL] …
//
// With -datacenter every host runs Server or Data Center, and the token is a
// personal access token. The gateway for scoped tokens is at /ex/jira/CLOUDID of
// every host. With -proxy a tunnel for any host leads to the HTTPS socket, so
// that https://example.atlassian.net can be tried with -hosts of that name.
//
// When it is ready it prints one line of JSON: http, https, ca (the file for
// SSL_CERT_FILE), control (the Unix socket), pid, and where they were asked for
// proxy, client_cert and client_key. Commands (fakejira.Server's
// Control) are taken from -script at the start, and later line by line over the
// Unix socket or as the body of POST /_fake/control. It ends with SIGTERM or
// SIGINT, and with -watch-stdin when stdin ends.
package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"jira-cli/adapters/fakejira"
)

// options are the flags.
type options struct {
	dir, user              string
	tokenFile, tokenEnv    string
	script, contextPath    string
	plain, secure          string
	latency, rtt           time.Duration
	http1, watchStdin      bool
	certExpired, certAlien bool
	center, name, hosts    string
	clientCert             bool
	proxy                  string
}

// ready is the line that says where everything is.
type ready struct {
	HTTP    string `json:"http"`
	HTTPS   string `json:"https"`
	CA      string `json:"ca"`
	Control string `json:"control"`
	PID     int    `json:"pid"`

	Proxy      string `json:"proxy,omitempty"`
	ClientCert string `json:"client_cert,omitempty"`
	ClientKey  string `json:"client_key,omitempty"`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "fakejira:", err)
		}
		os.Exit(1)
	}
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("fakejira", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.dir, "dir", "", "`directory` for ca.pem and control.sock (required; created)")
	f.StringVar(&o.user, "user", fakejira.SampleEmail, "`email` of the first user")
	f.StringVar(&o.tokenFile, "token-file", "", "`file` with the first user's token, - for the first line of stdin")
	f.StringVar(&o.tokenEnv, "token-env", "", "`name` of the variable with the first user's token")
	f.StringVar(&o.script, "script", "", "`file` with control commands to begin with")
	f.StringVar(&o.contextPath, "context-path", "", "`path` under which the site begins, such as /jira")
	f.StringVar(&o.plain, "http", "127.0.0.1:0", "loopback `address` for plain HTTP")
	f.StringVar(&o.secure, "https", "127.0.0.1:0", "loopback `address` for HTTPS")
	f.DurationVar(&o.latency, "latency", 0, "`time` before each answer")
	f.DurationVar(&o.rtt, "rtt", 0, "round-trip `time` of the network that is played")
	f.BoolVar(&o.http1, "http1", false, "no HTTP/2 over TLS")
	f.BoolVar(&o.watchStdin, "watch-stdin", false, "end when stdin ends")
	f.BoolVar(&o.certExpired, "cert-expired", false, "use a certificate that has expired")
	f.BoolVar(&o.certAlien, "cert-wrong-host", false, "use a certificate for another host")
	f.StringVar(&o.center, "datacenter", "", "`version` of Server or Data Center that every host runs, such as 9.12.4")
	f.StringVar(&o.name, "name", "", "`name` by which the first user logs in there")
	f.StringVar(&o.hosts, "hosts", "", "more `names` on the certificate, with commas between")
	f.BoolVar(&o.clientCert, "client-cert", false, "demand the client certificate that is put into -dir")
	f.StringVar(&o.proxy, "proxy", "", "loopback `address` for a proxy whose tunnels all lead here, 127.0.0.1:0 for any port")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() > 0 {
		return o, errors.New("there are no arguments, only flags")
	}
	if o.dir == "" {
		return o, errors.New("-dir is needed")
	}
	return o, nil
}

// run serves until ctx ends.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	input := bufio.NewReader(stdin)
	fake, err := prepare(o, input)
	if err != nil {
		return err
	}
	defer fake.Close()
	where, closeAll, err := serve(ctx, o, fake)
	if err != nil {
		return err
	}
	defer closeAll()
	if err := json.NewEncoder(stdout).Encode(where); err != nil {
		return err
	}
	if o.watchStdin {
		go func() {
			_, _ = io.Copy(io.Discard, input)
			cancel()
		}()
	}
	<-ctx.Done()
	return nil
}

// prepare makes the fake with its first user.
func prepare(o options, stdin *bufio.Reader) (*fakejira.Server, error) {
	user := fakejira.User{Email: o.user, Name: o.name}
	token, err := readToken(o, stdin)
	if err != nil {
		return nil, err
	}
	centers := map[string]fakejira.DataCenter{}
	if o.center != "" {
		centers[""] = fakejira.DataCenter{Version: o.center}
	}
	switch {
	case token != "" && o.center != "":
		user.PATs = []string{token}
	case token != "":
		user.Tokens = []string{token}
	}
	fake := fakejira.New(fakejira.Options{Users: []fakejira.User{user}, ContextPath: o.contextPath, DataCenters: centers})
	if o.latency > 0 {
		if err := fake.Control([]string{"latency", o.latency.String()}); err != nil {
			return nil, err
		}
	}
	if o.script == "" {
		return fake, nil
	}
	script, err := os.Open(o.script)
	if err != nil {
		return nil, err
	}
	defer script.Close()
	return fake, fake.Script(script)
}

func readToken(o options, stdin *bufio.Reader) (string, error) {
	switch {
	case o.tokenEnv != "" && o.tokenFile != "":
		return "", errors.New("-token-env and -token-file exclude each other")
	case o.tokenEnv != "":
		token, ok := os.LookupEnv(o.tokenEnv)
		if !ok {
			return "", fmt.Errorf("the variable %s is not set", o.tokenEnv)
		}
		return token, nil
	case o.tokenFile == "-":
		line, err := stdin.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
		return strings.TrimRight(line, "\r\n"), nil
	case o.tokenFile != "":
		text, err := os.ReadFile(o.tokenFile)
		return strings.TrimRight(string(text), "\r\n"), err
	}
	return "", nil
}

// certify makes the server's certificate, and puts into the directory what a
// client needs for it.
func certify(o options, ca *fakejira.CA, where *ready) (*tls.Config, error) {
	leaf := fakejira.Leaf{Expired: o.certExpired}
	if o.hosts != "" {
		leaf.Hosts = append([]string{"localhost", "127.0.0.1", "::1"}, strings.Split(o.hosts, ",")...)
	}
	if o.certAlien {
		leaf.Hosts = []string{"proxy.example"}
	}
	config, err := ca.Config(leaf)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.dir, 0o700); err != nil {
		return nil, err
	}
	if err := os.WriteFile(where.CA, ca.PEM(), 0o644); err != nil {
		return nil, err
	}
	if !o.clientCert {
		return config, nil
	}
	cert, key, err := ca.Client("john.doe")
	if err != nil {
		return nil, err
	}
	where.ClientCert, where.ClientKey = filepath.Join(o.dir, "client.pem"), filepath.Join(o.dir, "client-key.pem")
	return ca.Demanding(config), errors.Join(os.WriteFile(where.ClientCert, cert, 0o644), os.WriteFile(where.ClientKey, key, 0o600))
}

// tunnel opens the proxy, where one is asked for.
func tunnel(o options, secure string, where *ready) (func(), error) {
	if o.proxy == "" {
		return func() {}, nil
	}
	p, err := fakejira.ListenProxy(fakejira.ProxyOptions{Address: o.proxy, Target: strings.TrimPrefix(secure, "https://")})
	if err != nil {
		return nil, err
	}
	where.Proxy = p.URL
	return p.Close, nil
}

// serve opens both sockets and the control.
func serve(ctx context.Context, o options, fake *fakejira.Server) (ready, func(), error) {
	where := ready{CA: filepath.Join(o.dir, "ca.pem"), Control: filepath.Join(o.dir, "control.sock"), PID: os.Getpid()}
	ca, err := fakejira.NewCA()
	if err != nil {
		return where, nil, err
	}
	config, err := certify(o, ca, &where)
	if err != nil {
		return where, nil, err
	}
	_ = os.Remove(where.Control) // of a run that was killed
	control, err := net.Listen("unix", where.Control)
	if err != nil {
		return where, nil, err
	}
	plain, err := fake.Listen(fakejira.Socket{Address: o.plain, RTT: o.rtt, Control: true})
	if err != nil {
		return where, nil, errors.Join(err, control.Close())
	}
	secure, err := fake.Listen(fakejira.Socket{Address: o.secure, TLS: config, HTTP1: o.http1, RTT: o.rtt, Control: true})
	if err != nil {
		plain.Close()
		return where, nil, errors.Join(err, control.Close())
	}
	closeProxy, err := tunnel(o, secure.URL, &where)
	if err != nil {
		plain.Close()
		secure.Close()
		return where, nil, errors.Join(err, control.Close())
	}
	go func() { _ = fake.ServeControl(ctx, control) }()
	where.HTTP, where.HTTPS = plain.URL+o.contextPath, secure.URL+o.contextPath
	return where, func() {
		closeProxy()
		_ = control.Close()
		plain.Close()
		secure.Close()
	}, nil
}
