package memory

import (
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// Stores is a fixed set of stores by backend.
type Stores struct {
	byBackend map[profile.Backend]ports.SecretStore
}

// NewStores returns the set; a backend that the map lacks is one that the build
// lacks.
func NewStores(byBackend map[profile.Backend]ports.SecretStore) *Stores {
	return &Stores{byBackend: byBackend}
}

// Store implements ports.Stores. The message for 1Password is documented.
func (s *Stores) Store(b profile.Backend) (ports.SecretStore, error) {
	if store, ok := s.byBackend[b]; ok {
		return store, nil
	}
	if b == profile.OnePassword {
		return nil, fault.New(fault.BackendUnsupported, "1password backend requires CGO")
	}
	return nil, fault.New(fault.BackendUnsupported, "this build has no backend %q", b)
}

// Environment is a process environment: variables by name.
type Environment map[string]string

// Lookup implements ports.Environment.
func (e Environment) Lookup(name string) (string, bool) {
	value, ok := e[name]
	return value, ok
}
