package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const token = "ATATT3xFfGF0-main=0123ABCD"

func TestServes(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "fake")
	script := filepath.Join(t.TempDir(), "script")
	if err := os.WriteFile(script, []byte("user hide john.doe@example.com email\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	stdin, feed := io.Pipe()
	read, write := io.Pipe()
	var stderr bytes.Buffer
	ended := make(chan error, 1)
	go func() {
		args := []string{"-dir", dir, "-token-file", "-", "-script", script, "-latency", "1ms", "-rtt", "1ms", "-watch-stdin", "-context-path", "/jira"}
		ended <- run(context.Background(), args, stdin, write, &stderr)
	}()
	if _, err := io.WriteString(feed, token+"\n"); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(read).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var where ready
	if err := json.Unmarshal(line, &where); err != nil || where.PID != os.Getpid() {
		t.Fatalf("%s: %v", line, err)
	}
	pem, err := os.ReadFile(where.CA)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}}
	for base, proto := range map[string]string{where.HTTP: "HTTP/1.1", where.HTTPS: "HTTP/2.0"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/rest/api/3/myself", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.SetBasicAuth("john.doe@example.com", token)
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode != 200 || resp.Proto != proto || !strings.Contains(string(body), `"emailAddress":null`) {
			t.Errorf("%s: %s %d %s", base, resp.Proto, resp.StatusCode, body)
		}
	}
	client.CloseIdleConnections()
	conn, err := net.Dial("unix", where.Control)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "reset\n"); err != nil {
		t.Fatal(err)
	}
	if got, err := bufio.NewReader(conn).ReadString('\n'); err != nil || got != "ok\n" {
		t.Errorf("the control answered %q, %v", got, err)
	}
	_ = feed.Close()
	if err := <-ended; err != nil || stderr.Len() > 0 {
		t.Errorf("it ended with %v, %s", err, &stderr)
	}
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, args := range [][]string{
		{},
		{"-dir", dir, "junk"},
		{"-dir", dir, "-nonsense"},
		{"-dir", dir, "-http", "0.0.0.0:0"},
		{"-dir", dir, "-https", ":0"},
		{"-dir", dir, "-token-env", "JIRA_NO_SUCH_VARIABLE"},
		{"-dir", dir, "-token-env", "A", "-token-file", "B"},
		{"-dir", dir, "-token-file", filepath.Join(dir, "absent")},
		{"-dir", dir, "-script", filepath.Join(dir, "absent")},
	} {
		if err := run(ctx, args, strings.NewReader(""), io.Discard, io.Discard); err == nil {
			t.Errorf("%q was taken", args)
		}
	}
	if err := run(ctx, []string{"-dir", dir}, strings.NewReader(""), io.Discard, io.Discard); err != nil {
		t.Errorf("a good start: %v", err)
	}
}

// TestServesACompany: Data Center behind a proxy and client certificates.
func TestServesACompany(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "fake")
	stdin, feed := io.Pipe()
	read, write := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		args := []string{"-dir", dir, "-token-file", "-", "-datacenter", "9.12.4", "-name", "jdoe", "-client-cert", "-proxy", "127.0.0.1:0", "-hosts", "jira.example.com", "-watch-stdin"}
		ended <- run(context.Background(), args, stdin, write, io.Discard)
	}()
	if _, err := io.WriteString(feed, token+"\n"); err != nil {
		t.Fatal(err)
	}
	var where ready
	if err := json.NewDecoder(read).Decode(&where); err != nil {
		t.Fatal(err)
	}
	pem, err := os.ReadFile(where.CA)
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tls.LoadX509KeyPair(where.ClientCert, where.ClientKey)
	if err != nil {
		t.Fatal(err)
	}
	proxy, err := url.Parse(where.Proxy)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	client := &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(proxy), TLSClientConfig: &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{pair}}}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://jira.example.com/rest/api/2/myself", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if resp.StatusCode != 200 || !strings.Contains(string(body), `"name":"jdoe"`) {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	client.CloseIdleConnections()
	_ = feed.Close()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
