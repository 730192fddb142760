//go:build darwin || windows

package keychain

import (
	"errors"
	"runtime"

	"github.com/zalando/go-keyring"
)

func newEngine(opts Options) engine {
	return newNative(platforms[runtime.GOOS], goKeyring{}, opts.patience())
}

// goKeyring is go-keyring as a chain. Its MockInit is never used: the seam is
// ours.
type goKeyring struct{}

func (goKeyring) Get(service, account string) (string, error) {
	text, err := keyring.Get(service, account)
	return text, known(err)
}

func (goKeyring) Set(service, account, text string) error {
	return known(keyring.Set(service, account, text))
}

func (goKeyring) Delete(service, account string) error {
	return known(keyring.Delete(service, account))
}

// known puts our errors in the place of go-keyring's, which the translation
// must not import.
func known(err error) error {
	switch {
	case errors.Is(err, keyring.ErrNotFound):
		return errChainAbsent
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return errChainTooBig
	case errors.Is(err, keyring.ErrUnsupportedPlatform):
		return errChainUnsupported
	}
	return err
}
