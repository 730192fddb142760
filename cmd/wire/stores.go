package wire

import (
	"sync"

	"jira-cli/adapters/cli"
	"jira-cli/adapters/commandstore"
	"jira-cli/adapters/envstore"
	"jira-cli/adapters/filestore"
	"jira-cli/adapters/keychain"
	"jira-cli/adapters/onepassword"
	"jira-cli/adapters/process"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// keyringServiceVariable overrides the keyring service of every reference.
const keyringServiceVariable = "JIRA_KEYRING_SERVICE"

// serviceAccountVariable serves 1Password where no account is recorded.
const serviceAccountVariable = "OP_SERVICE_ACCOUNT_TOKEN"

// backends is the real ports.Stores. A store is made when a command first needs
// it: then the settings are complete, and a command that uses none pays for
// none.
type backends struct {
	process  Process
	settings *cli.Settings
	terminal ports.Terminal
	notifier ports.Notifier
	prompter ports.Prompter

	mu      sync.Mutex
	made    map[profile.Backend]ports.SecretStore
	closers []func()
}

// Store implements ports.Stores.
func (b *backends) Store(backend profile.Backend) (ports.SecretStore, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if store, ok := b.made[backend]; ok {
		return store, nil
	}
	store, err := b.make(backend)
	if err != nil {
		return nil, err
	}
	if b.made == nil {
		b.made = map[profile.Backend]ports.SecretStore{}
	}
	b.made[backend] = store
	return store, nil
}

func (b *backends) make(backend profile.Backend) (ports.SecretStore, error) {
	switch backend {
	case profile.Keyring:
		return b.keyring(), nil
	case profile.File:
		return b.file(), nil
	case profile.Env:
		return envstore.New(b.process.Env), nil
	case profile.Command:
		return b.command(), nil
	case profile.OnePassword:
		return b.onePassword()
	}
	return nil, fault.New(fault.BackendUnsupported, "this build has no backend %q", backend)
}

func (b *backends) keyring() ports.SecretStore {
	service, _ := b.process.Env.Lookup(keyringServiceVariable)
	bus, variable := keychain.BusAddress(b.process.Env)
	store := keychain.New(keychain.Options{
		ServiceOverride: service, BusAddress: bus, BusVariable: variable,
		Interactive: b.attended(), Notifier: b.notifier,
	})
	b.closers = append(b.closers, store.Close)
	return store
}

func (b *backends) file() ports.SecretStore {
	path, identity := filestore.DefaultPaths(b.process.GOOS, b.process.Env.Lookup, b.process.Home)
	return filestore.New(filestore.Options{
		Path: path, IdentityPath: identity, Home: b.process.Home,
		Passphrase: filestore.PassphraseFrom(b.process.Env), Prompter: b.prompter, Interactive: b.attended,
	})
}

func (b *backends) command() ports.SecretStore {
	return commandstore.New(commandstore.Options{
		Programs: process.New(process.Options{
			Environ: b.process.Environ, HideVariables: b.settings.HiddenVariables, Start: b.process.Start,
		}),
		Interactive: b.attended, Notifier: b.notifier,
	})
}

func (b *backends) onePassword() (ports.SecretStore, error) {
	store, err := onepassword.New(onepassword.Options{
		Notifier: b.notifier, Interactive: b.attended(), Version: b.process.Build.Version, Home: b.process.Home,
		ServiceAccountToken: func() (secret.Secret, bool) {
			text, _ := b.process.Env.Lookup(serviceAccountVariable)
			return secret.New(text), text != ""
		},
	})
	if err != nil || !onepassword.Built {
		return nil, err // and not a typed nil; that Built is a constant keeps the adapter out of builds without it
	}
	return store, nil
}

// attended reports whether a person can answer an unlock or an approval.
func (b *backends) attended() bool { return !b.settings.NoInput && b.terminal.Interactive(true) }

func (b *backends) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.closers {
		c()
	}
}

// built reports whether this build has a backend at all.
func built(b profile.Backend) bool { return b != profile.OnePassword || onepassword.Built }
