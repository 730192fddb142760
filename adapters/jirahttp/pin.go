package jirahttp

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"sync"
	"sync/atomic"

	"jira-cli/domain/fault"
)

// errOtherCertificate is a host whose certificate is not checked and that shows
// another one than before.
var errOtherCertificate = errors.New("another certificate than at the first connection of this run")

// pin is the one certificate of an origin for which a profile turned the
// verification off. Who would read along must be there at the first handshake of
// the run and stay: sessions and reconnections share it.
type pin struct {
	leaf atomic.Pointer[x509.Certificate]
}

// take pins a certificate unless there is one; it reports whether leaf is it.
func (p *pin) take(leaf *x509.Certificate) bool {
	p.leaf.CompareAndSwap(nil, leaf)
	return p.leaf.Load().Equal(leaf)
}

// check is a tls.Config.VerifyConnection, which is asked when all else is proven.
// A certificate that is verified is pinned as well, or the next could be any. And
// one that the pinned certificate signed, as an authority may, is another one.
func (p *pin) check(state tls.ConnectionState) error {
	if len(state.PeerCertificates) == 0 || !p.take(state.PeerCertificates[0]) {
		return errOtherCertificate
	}
	return nil
}

// pins are those of a client, by origin. The zero value is ready.
type pins struct {
	mu  sync.Mutex
	all map[string]*pin
}

func (p *pins) of(origin string) *pin {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.all == nil {
		p.all = map[string]*pin{}
	}
	if p.all[origin] == nil {
		p.all[origin] = &pin{}
	}
	return p.all[origin]
}

func otherCertificate(host string, cause error) *fault.Fault {
	return fault.Wrap(cause, fault.TLSFailed, "%s shows another certificate than at the first connection of this run", host).
		WithHint("insecure_skip_verify takes one certificate a run: if the site has several, name the authority that signs them with --ca-file")
}
