package tomlconfig

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"jira-cli/adapters/tomlconfig/edit"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
)

// problem is something wrong with the value at a path.
type problem struct {
	path  []string
	fault *fault.Fault
}

// problems collects what is wrong, so that the first place in the file can be
// named and not the first of a map's random order.
type problems []problem

func (p *problems) add(path []string, f *fault.Fault) {
	if len(path) > 1 && path[0] == "profiles" {
		f = f.WithProfile(path[1])
	}
	if command := repairCommand(path); command != "" {
		f = f.WithHint("%s; `%s` repairs it", f.Hint, command)
	}
	*p = append(*p, problem{slices.Clone(path), f})
}

// addError adds a domain's refusal of a value with its hint.
func (p *problems) addError(path []string, err error) {
	from := fault.From(err)
	key := strings.Join(path, ".") + ": "
	if len(path) == 1 && strings.HasPrefix(from.Message, path[0]+" ") {
		key = "" // the message begins with the key
	}
	f := fault.New(fault.ConfigInvalid, "%s%s", key, from.Message)
	if f.Details.Suggestions = from.Details.Suggestions; from.Hint != from.Entry().Hint || from.Code != fault.ArgumentInvalid {
		f.Hint = from.Hint // that code's own hint is about a command line
	}
	p.add(path, f)
}

// first returns the problem that comes first in the text, nil for none.
func (p problems) first(doc *edit.Document) error {
	var first *invalid
	for _, problem := range p {
		at := locate(doc, problem.path)
		if first == nil || at.Line < first.Line || at.Line == first.Line && at.Column < first.Column {
			first = &invalid{at, problem.fault}
		}
	}
	if first == nil {
		return nil
	}
	return first
}

// locate returns where the last step of a path is first spelled out.
func locate(doc *edit.Document, path []string) edit.Position {
	for ; len(path) > 0; path = path[:len(path)-1] {
		for _, item := range doc.Items() {
			if len(item.Path) >= len(path) && slices.Equal(item.Path[:len(path)], path) {
				return doc.StepPosition(item, len(path)-1)
			}
		}
	}
	return edit.Position{Line: 1, Column: 1}
}

// The keys that this program knows, by what they hold.
var (
	profileTexts   = []string{"base_url", "email", "username", "auth_type", "account_id", "deployment", "cloud_id", "token_kind", "token_expiry"}
	referenceTexts = []string{"backend", "site", "service", "account", "vault", "item", "field", "path", "variable"}
	placeTexts     = []string{"account", "vault", "item", "field"}
)

// shaper checks types, and copies what is known in exactly the right spelling:
// viper would take Base_URL for base_url.
type shaper struct{ found *problems }

// checkShape returns the part of a decoded file that this program knows.
func checkShape(tree map[string]any, found *problems) map[string]any {
	s := shaper{found}
	known := map[string]any{}
	s.texts(nil, tree, known, []string{"default_profile", "output", "timeout"})
	for _, key := range []string{"no_input", "no_color"} {
		switch value := tree[key].(type) {
		case nil:
		case bool, string:
			known[key] = value
		default:
			s.wrong([]string{key}, "true or false")
		}
	}
	if table, ok := s.table([]string{"profiles"}, tree["profiles"]); ok {
		known["profiles"] = s.profiles(table)
	}
	return known
}

func (s shaper) wrong(path []string, want string) {
	s.found.add(path, fault.New(fault.ConfigInvalid, "%s must be %s", strings.Join(path, "."), want))
}

func (s shaper) profiles(tree map[string]any) map[string]any {
	known := make(map[string]any, len(tree))
	variables := map[string]string{}
	for _, text := range slices.Sorted(maps.Keys(tree)) {
		path := []string{"profiles", text}
		name, err := profile.ParseName(text)
		if err != nil {
			s.found.addError([]string{"profiles", text}, err)
			continue
		}
		if other, taken := variables[name.TokenVariable()]; taken {
			s.found.add(path, fault.New(fault.ConfigInvalid, "profiles %q and %q would share the variable %s", other, text, name.TokenVariable()).
				WithHint("rename one of them in the file"))
		}
		variables[name.TokenVariable()] = text
		if table, ok := s.table(path, tree[text]); ok {
			known[text] = s.profile(path, table)
		}
	}
	return known
}

func (s shaper) profile(path []string, tree map[string]any) map[string]any {
	known := map[string]any{}
	s.texts(path, tree, known, profileTexts)
	if table, ok := s.table(join(path, "credential"), tree["credential"]); ok {
		known["credential"] = s.reference(join(path, "credential"), table)
	}
	if table, ok := s.table(join(path, "onepassword"), tree["onepassword"]); ok {
		place := map[string]any{}
		s.texts(join(path, "onepassword"), table, place, placeTexts)
		known["onepassword"] = place
	}
	if table, ok := s.table(join(path, "network"), tree["network"]); ok {
		known["network"] = s.network(join(path, "network"), table)
	}
	if value, there := tree["leftover"]; there {
		known["leftover"] = s.leftovers(join(path, "leftover"), value)
	}
	return known
}

func (s shaper) leftovers(path []string, value any) []any {
	array, ok := value.([]any)
	if !ok {
		s.wrong(path, "an array of tables")
	}
	var known []any
	for i, element := range array {
		at := join(path, strconv.Itoa(i))
		if table, ok := s.table(at, element); ok {
			known = append(known, s.reference(at, table))
		}
	}
	return known
}

func (s shaper) reference(path []string, tree map[string]any) map[string]any {
	known := map[string]any{}
	s.texts(path, tree, known, referenceTexts)
	s.list(path, tree, known, "argv")
	return known
}

// list copies an array of strings.
func (s shaper) list(path []string, tree, known map[string]any, key string) {
	value, there := tree[key]
	if !there {
		return
	}
	array, ok := value.([]any)
	for _, element := range array {
		if _, isText := element.(string); !isText {
			ok = false
		}
	}
	if !ok {
		s.wrong(join(path, key), "an array of strings")
	}
	known[key] = array
}

func (s shaper) texts(path []string, tree, known map[string]any, keys []string) {
	for _, key := range keys {
		switch value := tree[key].(type) {
		case nil:
		case string:
			known[key] = value
		default:
			s.wrong(join(path, key), "a string")
		}
	}
}

// table returns a table; an absent one is no problem and false.
func (s shaper) table(path []string, value any) (map[string]any, bool) {
	table, ok := value.(map[string]any)
	if !ok && value != nil {
		s.wrong(path, "a table")
	}
	return table, ok
}

// join returns a path one step longer, sharing nothing with it.
func join(path []string, step string) []string {
	return append(slices.Clone(path), step)
}
