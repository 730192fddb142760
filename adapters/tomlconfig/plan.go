package tomlconfig

import (
	"slices"
	"strconv"

	"jira-cli/adapters/tomlconfig/edit"
	"jira-cli/domain/profile"
)

// renames returns the changes that make the set of names right but for new
// ones: profiles that are gone are removed, unless one has come that says the
// same of the account, which then is the old one under a new name.
func renames(old, want profile.Config) []edit.Change {
	var removals, renamings []edit.Change
	taken := map[profile.Name]bool{}
	for _, p := range old.Profiles {
		if _, stays := want.Find(p.Name); stays {
			continue
		}
		path := []string{"profiles", string(p.Name)}
		i := slices.IndexFunc(want.Profiles, func(q profile.Profile) bool {
			_, known := old.Find(q.Name)
			return !known && !taken[q.Name] && sameAccount(p, q)
		})
		if i < 0 {
			removals = append(removals, edit.Change{Op: edit.Remove, Path: path})
			continue
		}
		to := want.Profiles[i].Name
		taken[to] = true
		renamings = append(renamings, edit.Change{Op: edit.Rename, Path: path, Key: string(to)})
	}
	return append(removals, renamings...)
}

func sameAccount(p, q profile.Profile) bool {
	return p.Site == q.Site && p.Email == q.Email && p.AccountID == q.AccountID && p.OnePassword == q.OnePassword
}

// planner collects changes. It compares with what the file literally says and
// not with what that means, so that what may be left out stays out.
type planner struct {
	tree    map[string]any
	changes []edit.Change
}

// plan returns the changes that lead from the tree, which says old, to want.
// Names that are in old are in want.
func plan(tree map[string]any, old, want profile.Config) []edit.Change {
	p := &planner{tree: tree}
	p.value([]string{"default_profile"}, tree["default_profile"], want.Default)
	for _, key := range profile.SettingKeys() {
		p.setting(key, want.Settings)
	}
	for _, q := range want.Profiles {
		was, there := old.Find(q.Name)
		switch {
		case !there:
			p.newProfile(q)
		case !was.Equal(q):
			p.profile(was, q)
		}
	}
	return p.changes
}

func (p *planner) add(op edit.Op, path []string, value any) {
	p.changes = append(p.changes, edit.Change{Op: op, Path: path, Value: value})
}

// value changes a text key, or removes it for "".
func (p *planner) value(path []string, literal any, want string) {
	text, _ := literal.(string)
	switch {
	case text == want:
	case want == "":
		p.add(edit.Remove, path, nil)
	default:
		p.add(edit.Set, path, want)
	}
}

func (p *planner) setting(key string, settings profile.Settings) {
	want, _ := settings.Get(key)
	literal := p.tree[key]
	text, _ := literal.(string)
	if on, ok := literal.(bool); ok {
		text = strconv.FormatBool(on)
	}
	if had, err := (profile.Settings{}).With(key, text); err == nil {
		if value, _ := had.Get(key); value == want {
			return
		}
	}
	switch {
	case want == "":
		p.add(edit.Remove, []string{key}, nil)
	case key == "no_input" || key == "no_color":
		p.add(edit.Set, []string{key}, want == "true")
	default:
		p.add(edit.Set, []string{key}, want)
	}
}

func (p *planner) newProfile(q profile.Profile) {
	path := []string{"profiles", string(q.Name)}
	p.add(edit.Ensure, path, table(profileMembers(q)))
	if q.Credential != nil {
		p.add(edit.Ensure, join(path, "credential"), referenceTable(*q.Credential))
	}
	if q.OnePassword != (profile.OnePasswordPlace{}) {
		p.add(edit.Ensure, join(path, "onepassword"), table(placeMembers(q.OnePassword)))
	}
	p.newNetwork(join(path, "network"), q.Network)
	for _, ref := range q.Leftovers {
		p.add(edit.Append, join(path, "leftover"), referenceTable(ref))
	}
}

func (p *planner) profile(was, want profile.Profile) {
	path := []string{"profiles", string(want.Name)}
	literal := subtable(p.tree["profiles"], string(want.Name))
	for _, m := range profileMembers(want) {
		switch _, there := literal[m.key]; {
		case m.key == "base_url" && was.Site == want.Site:
		case m.key == "auth_type" && !there && want.AuthType == profile.AuthToken:
		case m.key == "token_expiry" && was.TokenExpiry.Equal(want.TokenExpiry):
		default:
			p.value(join(path, m.key), literal[m.key], m.value)
		}
	}
	p.credential(join(path, "credential"), subtable(literal, "credential"), want)
	p.place(join(path, "onepassword"), subtable(literal, "onepassword"), want.OnePassword)
	p.network(join(path, "network"), subtable(literal, "network"), was.Network, want.Network)
	p.leftovers(join(path, "leftover"), was.Leftovers, want.Leftovers)
}

func (p *planner) credential(path []string, literal map[string]any, want profile.Profile) {
	switch {
	case want.Credential == nil && literal != nil:
		p.removeTable(path)
	case want.Credential == nil:
	case literal == nil:
		p.add(edit.Ensure, path, referenceTable(*want.Credential))
	default:
		p.reference(path, literal, want)
	}
}

// reference changes the members of a credential's table that differ. One that
// is left out and would be filled in as wanted stays out, but not where the
// backend changes: what is written for a new place says all of it.
func (p *planner) reference(path []string, literal map[string]any, want profile.Profile) {
	implied := profile.Reference{Backend: want.Credential.Backend}.Complete(want.Site, want.Name)
	defaults := referenceMembers(implied)
	moved := literal["backend"] != string(want.Credential.Backend)
	for i, m := range referenceMembers(*want.Credential) {
		_, there := literal[m.key]
		if !there && moved && m.value != "" {
			p.add(edit.Set, join(path, m.key), m.value)
			continue
		}
		if !there && m.key != "backend" && m.value == defaults[i].value {
			continue
		}
		p.value(join(path, m.key), literal[m.key], m.value)
	}
	argv, there := literal["argv"]
	switch {
	case len(want.Credential.Argv) == 0 && there:
		p.add(edit.Remove, join(path, "argv"), nil)
	case len(want.Credential.Argv) > 0 && !edit.SameTree(argv, anyOf(want.Credential.Argv)):
		p.add(edit.Set, join(path, "argv"), slices.Clone(want.Credential.Argv))
	}
}

func (p *planner) place(path []string, literal map[string]any, want profile.OnePasswordPlace) {
	switch {
	case want == profile.OnePasswordPlace{} && literal != nil:
		had := false
		for _, m := range placeMembers(want) {
			text, _ := literal[m.key].(string)
			had = had || text != ""
		}
		if had {
			p.removeTable(path)
		}
	case want == profile.OnePasswordPlace{}:
	case literal == nil:
		p.add(edit.Ensure, path, table(placeMembers(want)))
	default:
		for _, m := range placeMembers(want) {
			p.value(join(path, m.key), literal[m.key], m.value)
		}
	}
}

// leftovers removes and appends elements; where that does not give the order
// that is wanted, all are written anew.
func (p *planner) leftovers(path []string, was, want []profile.Reference) {
	if slices.EqualFunc(was, want, profile.Reference.Equal) {
		return
	}
	in := func(list []profile.Reference, r profile.Reference) bool {
		return slices.ContainsFunc(list, r.Equal)
	}
	kept := slices.DeleteFunc(slices.Clone(was), func(r profile.Reference) bool { return !in(want, r) })
	if len(kept) == 0 || len(kept) > len(want) || !slices.EqualFunc(kept, want[:len(kept)], profile.Reference.Equal) {
		if len(was) > 0 {
			p.removeTable(path)
		}
		was, kept = nil, nil
	}
	for i := len(was) - 1; i >= 0; i-- {
		if !in(want, was[i]) {
			p.add(edit.Remove, join(path, strconv.Itoa(i)), nil)
		}
	}
	for _, ref := range want[len(kept):] {
		p.add(edit.Append, path, referenceTable(ref))
	}
}

// removeTable removes a table of a profile, which may be all that said that the
// profile is there.
func (p *planner) removeTable(path []string) {
	p.add(edit.Remove, path, nil)
	p.add(edit.Ensure, path[:2], edit.Table{})
}
