package jirahttp

import (
	"crypto/x509"
	"runtime"
	"slices"
	"sync"

	"jira-cli/ports/task"
)

// bundles returns the files in which Linux distributions keep all certificates in
// one, in the order of crypto/x509 (root_linux.go).
func bundles() []string {
	return []string{
		"/etc/ssl/certs/ca-certificates.crt",
		"/etc/pki/tls/certs/ca-bundle.crt",
		"/etc/ssl/ca-bundle.pem",
		"/etc/pki/tls/cacert.pem",
		"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
		"/etc/ssl/cert.pem",
	}
}

// directories are those that crypto/x509 reads by itself (root_linux.go).
func directories() []string { return []string{"/etc/ssl/certs", "/etc/pki/tls/certs"} }

// roots are the authorities that are trusted, read once per client and shared
// by its sessions: they hold nothing of a profile's.
//
// On Linux crypto/x509 reads the bundle and then each file of the certificate
// directories, which on Debian holds every certificate again, one by one: half
// of what a small program spends on a request. Here the bundle alone is read,
// and network falls back on the whole set before it refuses a certificate.
type roots struct {
	lookup func(string) (string, bool)

	once  sync.Once
	pool  *x509.CertPool
	ready chan struct{}
}

// load returns the pool of the bundle and a channel that is closed once the
// pool is filled; it must not be read before. A nil pool stands for the
// system's own set, as in tls.Config.RootCAs.
func (r *roots) load() (*x509.CertPool, <-chan struct{}) {
	r.once.Do(func() {
		r.ready = make(chan struct{})
		pem := r.bundle()
		if pem == nil {
			task.Go(r.warm, nil)
			return
		}
		r.pool = x509.NewCertPool()
		task.Go(func() { r.fill(pem) }, nil)
	})
	return r.pool, r.ready
}

// fill parses the bundle. Were it to panic, the pool would be short of some
// roots, for which network asks the system.
func (r *roots) fill(pem []byte) {
	defer close(r.ready)
	r.pool.AppendCertsFromPEM(pem)
}

// warm has the system's set read now, where reading it takes time.
func (r *roots) warm() {
	defer close(r.ready)
	if runtime.GOOS == "linux" {
		_, _ = x509.SystemCertPool() // its error comes again with the handshake
	}
}

// bundle returns the bundle's bytes, nil where the system's set must do from the
// first: elsewhere than on Linux, where no file can be read, or where
// SSL_CERT_DIR names a directory of the user's own, who will have put the site's
// authority there. What is accepted is the same in every case: crypto/x509 too
// reads the file (SSL_CERT_FILE, or the first of bundles) and then the directory.
func (r *roots) bundle() []byte {
	if runtime.GOOS != "linux" {
		return nil
	}
	if dir, _ := r.lookup("SSL_CERT_DIR"); dir != "" && !slices.Contains(directories(), dir) {
		return nil
	}
	files := bundles()
	if file, _ := r.lookup("SSL_CERT_FILE"); file != "" {
		files = []string{file}
	}
	for _, file := range files {
		if pem, err := fileText(file); err == nil {
			return pem
		}
	}
	return nil
}

// extended returns a pool with the roots of base, once ready is closed, and the
// authorities beside them; a nil base stands for the system's own set. The pool
// must not be read before the channel that comes with it is closed.
func extended(base *x509.CertPool, ready <-chan struct{}, authorities []*x509.Certificate) (*x509.CertPool, <-chan struct{}) {
	pool, filled := x509.NewCertPool(), make(chan struct{})
	task.Go(func() { // after a panic the pool is short of some roots, and refuses more
		defer close(filled)
		if ready != nil {
			<-ready
		}
		if base == nil {
			// Without a system's set the authorities alone are trusted.
			if base, _ = x509.SystemCertPool(); base == nil {
				base = x509.NewCertPool()
			}
		}
		all := base.Clone()
		for _, authority := range authorities {
			all.AddCert(authority)
		}
		*pool = *all
	}, nil)
	return pool, filled
}
