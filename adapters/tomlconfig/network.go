package tomlconfig

import (
	"maps"
	"slices"
	"strings"

	"jira-cli/adapters/tomlconfig/edit"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
)

// fileNetwork is [profiles.X.network]. The headers are a list, because viper
// would fold their names.
type fileNetwork struct {
	CAFile     string       `mapstructure:"ca_file"`
	ClientCert string       `mapstructure:"client_cert"`
	ClientKey  string       `mapstructure:"client_key"`
	Proxy      string       `mapstructure:"proxy"`
	Insecure   bool         `mapstructure:"insecure_skip_verify"`
	Headers    []fileHeader `mapstructure:"headers"`
}

type fileHeader struct {
	Name    string   `mapstructure:"name"`
	Env     string   `mapstructure:"env"`
	Command []string `mapstructure:"command"`
}

const insecureKey = "insecure_skip_verify"

var networkTexts = []string{"ca_file", "client_cert", "client_key", "proxy"}

// network copies what is known of [profiles.X.network].
func (s shaper) network(path []string, tree map[string]any) map[string]any {
	known := map[string]any{}
	s.texts(path, tree, known, networkTexts)
	switch on := tree[insecureKey].(type) {
	case nil:
	case bool:
		known[insecureKey] = on
	default:
		s.wrong(join(path, insecureKey), "true or false")
	}
	if table, ok := s.table(join(path, "headers"), tree["headers"]); ok {
		known["headers"] = s.headers(join(path, "headers"), table)
	}
	return known
}

func (s shaper) headers(path []string, tree map[string]any) []any {
	var known []any
	for _, name := range slices.Sorted(maps.Keys(tree)) {
		at := join(path, name)
		table, ok := tree[name].(map[string]any)
		if !ok {
			// The value may be a secret: nothing of it is repeated.
			s.found.add(at, fault.New(fault.ConfigInvalid, "%s must say where its value comes from, and not be the value", strings.Join(path, ".")).
				WithHint(`no secret is kept in the file: write { env = "VARIABLE" } or { command = ["program", "argument"] }`))
			continue
		}
		header := map[string]any{"name": name}
		s.texts(at, table, header, []string{"env"})
		s.list(at, table, header, "command")
		known = append(known, header)
	}
	return known
}

// network turns the decoded table into the domain's terms and checks the values.
func (f fileNetwork) network(path []string, found *problems) profile.Network {
	n := profile.Network{CAFile: f.CAFile, ClientCert: f.ClientCert, ClientKey: f.ClientKey, Proxy: f.Proxy, Insecure: f.Insecure}
	for _, m := range networkMembers(n) {
		check := profile.CheckFile
		if m.key == "proxy" {
			check = profile.CheckProxy
		}
		if m.value == "" {
			continue
		}
		if err := check(m.value); err != nil {
			found.addError(join(path, m.key), err)
		}
	}
	if err := n.CheckPair(); err != nil {
		found.addError(path, err)
	}
	names := map[string]string{}
	for _, h := range f.Headers {
		at := join(join(path, "headers"), h.Name)
		source := profile.HeaderSource{Variable: h.Env, Argv: h.Command}
		if err := profile.CheckHeader(h.Name, source); err != nil {
			found.addError(at, err)
		}
		folded := strings.ToLower(h.Name)
		if other, taken := names[folded]; taken {
			found.add(at, fault.New(fault.ConfigInvalid, "%s: %s and %s are one header", strings.Join(path, "."), other, h.Name).WithHint("remove one of them"))
		}
		names[folded] = h.Name
		if n.Headers == nil {
			n.Headers = make(map[string]profile.HeaderSource, len(f.Headers))
		}
		n.Headers[h.Name] = source
	}
	return n
}

func networkMembers(n profile.Network) []member {
	return []member{{"ca_file", n.CAFile}, {"client_cert", n.ClientCert}, {"client_key", n.ClientKey}, {"proxy", n.Proxy}}
}

func headerTable(h profile.HeaderSource) edit.Table {
	if h.Variable != "" {
		return edit.Table{{Key: "env", Value: h.Variable}}
	}
	return edit.Table{{Key: "command", Value: slices.Clone(h.Argv)}}
}

// newNetwork writes a network where there is no table yet.
func (p *planner) newNetwork(path []string, n profile.Network) {
	if n.IsZero() {
		return
	}
	members := table(networkMembers(n))
	if n.Insecure {
		members = append(members, edit.Pair{Key: insecureKey, Value: true})
	}
	if len(members) > 0 {
		p.add(edit.Ensure, path, members)
	}
	headers := edit.Table{}
	for _, name := range slices.Sorted(maps.Keys(n.Headers)) {
		headers = append(headers, edit.Pair{Key: name, Value: headerTable(n.Headers[name])})
	}
	if len(headers) > 0 {
		p.add(edit.Ensure, join(path, "headers"), headers)
	}
}

// network changes the members of the table that differ. One that says nothing
// any more goes, with the keys that others wrote in it kept.
func (p *planner) network(path []string, literal map[string]any, was, want profile.Network) {
	switch {
	case was.Equal(want):
		return
	case literal == nil:
		p.newNetwork(path, want)
		return
	case want.IsZero() && onlyKnown(literal):
		p.removeTable(path)
		return
	}
	for _, m := range networkMembers(want) {
		p.value(join(path, m.key), literal[m.key], m.value)
	}
	if was.Insecure != want.Insecure {
		if want.Insecure {
			p.add(edit.Set, join(path, insecureKey), true)
		} else {
			p.add(edit.Remove, join(path, insecureKey), nil)
		}
	}
	p.headers(join(path, "headers"), subtable(literal, "headers"), was.Headers, want.Headers)
}

// headers changes the sources that differ; one that does is written anew.
func (p *planner) headers(path []string, literal map[string]any, was, want map[string]profile.HeaderSource) {
	var gone []string
	fresh := edit.Table{}
	for _, name := range slices.Sorted(maps.Keys(was)) {
		if source, stays := want[name]; !stays || !was[name].Equal(source) {
			gone = append(gone, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if old, there := was[name]; !there || !old.Equal(want[name]) {
			fresh = append(fresh, edit.Pair{Key: name, Value: headerTable(want[name])})
		}
	}
	whole := literal == nil || len(gone) == len(literal)
	if whole {
		if literal != nil && (len(gone) > 0 || len(fresh) > 0) {
			p.add(edit.Remove, path, nil)
		}
		if len(fresh) > 0 {
			p.add(edit.Ensure, path, fresh)
		}
		return
	}
	for _, name := range gone {
		p.add(edit.Remove, join(path, name), nil)
	}
	for _, pair := range fresh {
		p.add(edit.Set, join(path, pair.Key), pair.Value)
	}
}

// onlyKnown reports whether a table holds nothing that this program does not
// know.
func onlyKnown(literal map[string]any) bool {
	for key := range literal {
		if key != insecureKey && key != "headers" && !slices.Contains(networkTexts, key) {
			return false
		}
	}
	return true
}
