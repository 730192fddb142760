package access_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
)

var john = access.Identity{AccountID: "712020:00000000-0000-4000-8000-000000000000", DisplayName: "John Doe"}

func grants(held bool, but ...string) access.Grants {
	g := access.Grants{}
	for _, key := range access.ProbedKeys() {
		g[key] = held != slices.Contains(but, key)
	}
	return g
}

func TestProbedIsTheContract(t *testing.T) {
	want := []string{"ADD_COMMENTS", "BROWSE_PROJECTS", "CREATE_ISSUES", "DELETE_ISSUES", "EDIT_ISSUES", "LINK_ISSUES", "TRANSITION_ISSUES", "WORK_ON_ISSUES"}
	if got := access.ProbedKeys(); !slices.Equal(got, want) {
		t.Errorf("the keys are %q", got)
	}
	var labels []string
	for _, p := range access.Probed() {
		labels = append(labels, p.Label)
	}
	if got := strings.Join(labels, " "); got != "add_comment browse create delete edit link transition work_on" {
		t.Errorf("the labels are %s", got)
	}
	access.Probed()[0].Key = "changed"
	access.ProbedKeys()[0] = "changed"
	if access.Probed()[0].Key != "ADD_COMMENTS" || access.ProbedKeys()[0] != "ADD_COMMENTS" {
		t.Error("a caller can change what is probed")
	}
}

func TestJudge(t *testing.T) {
	unauthorized := fault.New(fault.JiraUnauthorized, "refused")
	forbidden := fault.New(fault.JiraForbidden, "forbidden")
	hidden := fault.New(fault.JiraNotFound, "hidden")
	limited := fault.New(fault.JiraRateLimited, "slow down")
	for name, c := range map[string]struct {
		id                 access.Identity
		idErr              error
		grants             access.Grants
		grantsErr          error
		myself, permission fault.Code
		want               access.Grants
	}{
		"good": {john, nil, grants(true), nil, "", "", grants(true)},
		// An anonymous caller gets 200 from /mypermissions, and where a site is
		// open even with grants: neither says anything about the credential.
		"a bad token, anonymous answer":                 {access.Identity{}, unauthorized, grants(false), nil, fault.JiraUnauthorized, fault.JiraUnauthorized, nil},
		"a bad token, anonymous answer with grants":     {access.Identity{}, unauthorized, grants(true), nil, fault.JiraUnauthorized, fault.JiraUnauthorized, nil},
		"a bad token, both refused":                     {access.Identity{}, unauthorized, nil, unauthorized, fault.JiraUnauthorized, fault.JiraUnauthorized, nil},
		"forbidden altogether":                          {access.Identity{}, forbidden, nil, forbidden, fault.JiraForbidden, fault.JiraForbidden, nil},
		"the identity's error is the one":               {access.Identity{}, unauthorized, nil, limited, fault.JiraUnauthorized, fault.JiraUnauthorized, nil},
		"an answer beside an error does not count":      {john, unauthorized, grants(true), nil, fault.JiraUnauthorized, fault.JiraUnauthorized, nil},
		"a 200 that names nobody":                       {access.Identity{DisplayName: "?"}, nil, grants(true), nil, fault.JiraBadResponse, fault.JiraBadResponse, nil},
		"good, but the project is hidden":               {john, nil, nil, hidden, "", fault.JiraNotFound, nil},
		"good, but permissions are forbidden":           {john, nil, nil, forbidden, "", fault.JiraForbidden, nil},
		"good, but grants beside an error do not count": {john, nil, grants(true), limited, "", fault.JiraRateLimited, nil},
		"partial":                         {john, nil, grants(true, "DELETE_ISSUES", "EDIT_ISSUES"), nil, "", "", grants(true, "DELETE_ISSUES", "EDIT_ISSUES")},
		"keys that Jira does not answer":  {john, nil, access.Grants{"BROWSE_PROJECTS": true}, nil, "", "", grants(false, "BROWSE_PROJECTS")},
		"keys that nobody asked for":      {john, nil, access.Grants{"ADMINISTER": true}, nil, "", "", grants(false)},
		"nothing granted, yet answered":   {john, nil, grants(false), nil, "", "", grants(false)},
		"an error that nobody translated": {access.Identity{}, errors.New("boom"), nil, nil, fault.InternalError, fault.InternalError, nil},
	} {
		v := access.Judge(c.id, c.idErr, c.grants, c.grantsErr)
		if got := code(v.MyselfErr); got != c.myself {
			t.Errorf("%s: /myself is %q, want %q", name, got, c.myself)
		}
		if got := code(v.PermissionsErr); got != c.permission {
			t.Errorf("%s: /mypermissions is %q, want %q", name, got, c.permission)
		}
		if !maps.Equal(v.Grants, c.want) || (v.Grants == nil) != (c.want == nil) {
			t.Errorf("%s: the grants are %v, want %v", name, v.Grants, c.want)
		}
		if (v.Identity == access.Identity{}) != (c.myself != "") {
			t.Errorf("%s: the identity is %+v", name, v.Identity)
		}
		first := c.myself
		if first == "" {
			first = c.permission
		}
		if got := code(v.Err()); got != first {
			t.Errorf("%s: Err is %q, want %q", name, got, first)
		}
	}
}

func code(f *fault.Fault) fault.Code {
	if f == nil {
		return ""
	}
	return f.Code
}

func TestMissing(t *testing.T) {
	all := access.Probed()
	if got := access.Judge(john, nil, grants(true), nil).Missing(all); got != nil {
		t.Errorf("with everything granted, missing are %v", got)
	}
	v := access.Judge(john, nil, grants(true, "EDIT_ISSUES", "ADD_COMMENTS"), nil)
	want := []access.Permission{{Key: "EDIT_ISSUES", Label: "edit"}, {Key: "ADD_COMMENTS", Label: "add_comment"}}
	if got := v.Missing([]access.Permission{want[0], all[1], want[1]}); !slices.Equal(got, want) {
		t.Errorf("missing are %v", got)
	}
	if got := v.Missing(nil); got != nil {
		t.Errorf("with nothing required, missing are %v", got)
	}
	refused := access.Judge(access.Identity{}, fault.New(fault.JiraUnauthorized, "refused"), grants(true), nil)
	if got := refused.Missing(all); len(got) != len(all) {
		t.Errorf("a refused credential misses only %v", got)
	}
}

func TestParsePermission(t *testing.T) {
	for _, p := range access.Probed() {
		for _, text := range []string{p.Key, p.Label} {
			if got, err := access.ParsePermission(text); err != nil || got != p {
				t.Errorf("ParsePermission(%q) = %v, %v", text, got, err)
			}
		}
	}
	for text, suggestion := range map[string]string{"brows": "browse", "BROWSE_PROJECT": "BROWSE_PROJECTS", "": "", "ADMINISTER": ""} {
		_, err := access.ParsePermission(text)
		f := fault.From(err)
		if fault.CodeOf(err) != fault.ArgumentInvalid || suggestion != "" && !slices.Contains(f.Details.Suggestions, suggestion) {
			t.Errorf("ParsePermission(%q): %v, suggestions %q", text, err, f.Details.Suggestions)
		}
	}
}
