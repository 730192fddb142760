package app

import (
	"context"
	"slices"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
	"jira-cli/ports/task"
)

// BackendsInput is what the command line asks about; Backend is "" for the one
// that the run would use.
type BackendsInput struct {
	Session
	Backend profile.Backend
}

// BackendState is what can be said of a backend on this machine. Err is nil where
// it works.
type BackendState struct {
	Backend  profile.Backend
	Built    bool // whether this build has it
	Stores   bool // false for one that only reads
	Err      *fault.Fault
	Profiles []profile.Name // whose credential it keeps
}

// BackendsOutput is every backend, and the one that a login without --backend
// does best with; "" where none stores.
type BackendsOutput struct {
	Backends    []BackendState
	Recommended profile.Backend
}

// Backends says which credential backends work on this machine. It asks
// nobody and changes nothing.
type Backends struct{ slots slots }

// NewBackends returns the use case.
func NewBackends(stores ports.Stores) *Backends { return &Backends{slots{stores}} }

// Run looks at every backend. The error is that of the backend that was asked
// about, else of the one that the selected profile records; where neither is,
// that of the keyring, if nothing here can store a credential. The output
// stands beside it.
func (b *Backends) Run(ctx context.Context, in BackendsInput) (BackendsOutput, error) {
	selected, err := in.Selected()
	if err != nil {
		return BackendsOutput{}, err
	}
	states := b.slots.survey(ctx, profile.Backends())
	if ctx.Err() != nil {
		return BackendsOutput{}, context.Cause(ctx)
	}
	for i := range states {
		for _, p := range in.Config.Profiles {
			if p.Credential != nil && p.Credential.Backend == states[i].Backend {
				states[i].Profiles = append(states[i].Profiles, p.Name)
			}
		}
	}
	out := BackendsOutput{Backends: states, Recommended: recommended(states)}
	asked := in.Backend
	if p, found := in.Config.Find(selected); found && asked == "" && p.Credential != nil {
		asked = p.Credential.Backend
	}
	if asked == "" && out.Recommended == "" {
		asked = profile.Keyring
	}
	for _, s := range states {
		if s.Backend == asked && s.Err != nil {
			return out, s.Err
		}
	}
	return out, nil
}

// recommended is the first backend that stores, works and needs no account of
// anybody's: 1Password is a choice, never a default.
func recommended(states []BackendState) profile.Backend {
	for _, s := range states {
		if s.Err == nil && s.Stores && s.Backend != profile.OnePassword {
			return s.Backend
		}
	}
	return ""
}

// survey probes backends, all at once: a keyring that does not answer takes
// seconds.
func (s slots) survey(ctx context.Context, backends []profile.Backend) []BackendState {
	states := make([]BackendState, len(backends))
	var all task.Group
	for i, b := range backends {
		states[i] = BackendState{Backend: b, Stores: b.Stores()}
		store, err := s.stores.Store(b)
		if err != nil {
			states[i].Err = fault.From(err)
			states[i].Built = states[i].Err.Code != fault.BackendUnsupported
			continue
		}
		states[i].Built, states[i].Stores = true, !store.Traits().ReadOnly
		all.Go(func() { states[i].Err = fault.From(store.Probe(ctx)) }, func(f *fault.Fault) { states[i].Err = f })
	}
	all.Wait()
	return states
}

// offered are the backends that a form can store in on this machine, the one to
// take first, and why the others of this build are not among them. A locked one
// is among them: who fills in a form can unlock it. Where none works all are
// offered, so that the choice ends in the store's own words.
func (s slots) offered(ctx context.Context, wanted string) (names []string, first string, notes []string) {
	var built []string
	for _, state := range s.survey(ctx, []profile.Backend{profile.Keyring, profile.OnePassword, profile.File}) {
		switch {
		case !state.Built:
			continue
		case state.Err == nil, unlockable(state.Err.Code):
			names = append(names, string(state.Backend))
		default:
			notes = append(notes, "Not offered: "+string(state.Backend)+" ("+state.Err.Message+")")
		}
		built = append(built, string(state.Backend))
	}
	if len(names) == 0 {
		names, notes = built, nil
	}
	if !slices.Contains(names, string(profile.Keyring)) {
		slices.SortStableFunc(names, func(a, b string) int { return rank(a) - rank(b) })
	}
	if !slices.Contains(names, wanted) && len(names) > 0 {
		wanted = names[0]
	}
	return names, wanted, notes
}

func unlockable(code fault.Code) bool {
	return code == fault.KeyringLocked || code == fault.OnePasswordLocked
}

// rank puts the encrypted file first, for where there is no keyring.
func rank(backend string) int {
	if backend == string(profile.File) {
		return 0
	}
	return 1
}
