package tomlconfig

import (
	"time"

	"jira-cli/adapters/tomlconfig/edit"
	"jira-cli/domain/profile"
)

// member is a text key of one of the tables.
type member struct{ key, value string }

// profileMembers are a profile's text keys, in the order in which they are
// written.
func profileMembers(q profile.Profile) []member {
	expiry := ""
	if !q.TokenExpiry.IsZero() {
		expiry = q.TokenExpiry.UTC().Format(time.RFC3339)
	}
	return []member{
		{"base_url", q.Site.String()}, {"email", q.Email}, {"username", q.Username}, {"auth_type", q.AuthType}, {"account_id", q.AccountID},
		{"deployment", string(q.Deployment)}, {"cloud_id", q.CloudID}, {"token_kind", q.TokenKind}, {"token_expiry", expiry},
	}
}

// referenceMembers are a reference's text keys, in the order in which they are
// written.
func referenceMembers(r profile.Reference) []member {
	return []member{
		{"backend", string(r.Backend)}, {"site", r.Site}, {"service", r.Service}, {"account", r.Account},
		{"vault", r.Vault}, {"item", r.Item}, {"field", r.Field}, {"path", r.Path}, {"variable", r.Variable},
	}
}

func placeMembers(o profile.OnePasswordPlace) []member {
	return []member{{"account", o.Account}, {"vault", o.Vault}, {"item", o.Item}, {"field", o.Field}}
}

// table returns the members that have a value.
func table(members []member) edit.Table {
	t := edit.Table{}
	for _, m := range members {
		if m.value != "" {
			t = append(t, edit.Pair{Key: m.key, Value: m.value})
		}
	}
	return t
}

func referenceTable(r profile.Reference) edit.Table {
	t := table(referenceMembers(r))
	if len(r.Argv) > 0 {
		t = append(t, edit.Pair{Key: "argv", Value: r.Argv})
	}
	return t
}

// subtable returns the table under a key of a decoded table, nil for none.
func subtable(tree any, key string) map[string]any {
	parent, _ := tree.(map[string]any)
	sub, _ := parent[key].(map[string]any)
	return sub
}

func anyOf(texts []string) []any {
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = text
	}
	return list
}
