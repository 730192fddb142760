package command

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
)

// Has reports whether this build has a backend. Where nobody says what it was
// built with (the generator of the reference) it has all.
func (a *App) Has(b profile.Backend) bool {
	return a.host.Build.Backends == nil || slices.Contains(a.host.Build.Backends, string(b))
}

// Storing lists the backends of this build that store, as a sentence does.
func (a *App) Storing() string {
	var names []string
	for _, b := range profile.Backends() {
		if b.Stores() && a.Has(b) {
			names = append(names, string(b))
		}
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// Backend reads the value of a flag that names a backend. One that this build
// lacks is refused at once, before anything is asked or read.
func (a *App) Backend(flag, name string) (profile.Backend, error) {
	b, err := profile.ParseBackend(name)
	switch {
	case err != nil:
		return "", fault.From(err).WithFlag(flag)
	case !a.Has(b):
		return "", profile.NotBuilt(b).WithFlag(flag).
			WithHint("choose %s, or build jira from source with CGO", a.Storing())
	}
	return b, nil
}

// Example leaves out the lines of an example that need a backend which this build
// lacks.
func (a *App) Example(lines ...string) string {
	return strings.Join(slices.DeleteFunc(lines, func(line string) bool {
		return slices.ContainsFunc(profile.Backends(), func(b profile.Backend) bool {
			return !a.Has(b) && strings.Contains(line, "--backend "+string(b))
		})
	}), "\n")
}

// PlaceFlags adds the flags that say where in 1Password a credential goes; a build
// without it does not show them.
func (a *App) PlaceFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.String("onepassword-account", "", "the 1Password desktop app's `ACCOUNT`; empty for OP_SERVICE_ACCOUNT_TOKEN")
	f.String("vault", "", "the 1Password `VAULT`")
	f.String("item", "", "the 1Password `ITEM`")
	if !a.Has(profile.OnePassword) {
		for _, name := range []string{"onepassword-account", "vault", "item"} {
			f.Lookup(name).Hidden = true
		}
	}
}
