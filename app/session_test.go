package app

import (
	"strings"
	"testing"

	"jira-cli/adapters/memory"
	"jira-cli/domain/fault"
	"jira-cli/domain/precedence"
	"jira-cli/domain/profile"
	"jira-cli/ports/task"
)

func configOf(names ...profile.Name) profile.Config {
	var c profile.Config
	for _, name := range names {
		c.Profiles = append(c.Profiles, profile.Profile{Name: name})
	}
	return c
}

// The flag, the variable, the config and "default" select a profile, in this
// order; what cannot be selected says where it came from and what there is.
func TestCurrent(t *testing.T) {
	flag := func(name string) precedence.Candidate { return precedence.Given("--profile", name, true) }
	env := func(name string) precedence.Candidate { return precedence.NotEmpty("JIRA_PROFILE", name) }
	named := configOf("default", "env", "file", "flag")
	named.Default = "file"
	broken := configOf("default")
	broken.Default = "Not A Name"
	for name, c := range map[string]struct {
		session Session
		want    profile.Name
		code    fault.Code
		says    string
	}{
		"the flag":                {Session{Config: named, Flag: flag("flag"), Env: env("env")}, "flag", "", ""},
		"the variable":            {Session{Config: named, Env: env("env")}, "env", "", ""},
		"the config":              {Session{Config: named}, "file", "", ""},
		"the default":             {Session{Config: configOf("default", "work")}, "default", "", ""},
		"no such flag":            {Session{Config: named, Flag: flag("flga")}, "", fault.ProfileNotFound, `there is no profile "flga"`},
		"nothing configured":      {Session{}, "", fault.ProfileNotFound, "no profiles are configured"},
		"nothing selected":        {Session{Config: configOf("home", "work")}, "", fault.ProfileNotFound, "no profile is selected"},
		"a broken default's name": {Session{Config: broken}, "", fault.ProfileNameInvalid, `config file: "Not A Name" is not a profile name`},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := c.session.Current()
			if p.Name != c.want || fault.CodeOf(err) != c.code || err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("%q, %v (%s)", p.Name, err, fault.CodeOf(err))
			}
		})
	}
}

// A refusal names the login of its own profile; a CAPTCHA keeps its own way out.
func TestAboutNamesTheProfile(t *testing.T) {
	f := about(fault.New(fault.JiraUnauthorized, "refused"), "work")
	if f.Details.Profile != "work" || !strings.Contains(f.HintFor(f.Details.Profile, ""), "--profile-name work --force") {
		t.Errorf("%+v", f)
	}
	if g := about(fault.New(fault.JiraServerError, "failed").WithHint("wait"), "work"); g.Hint != "wait" || g.Details.Profile != "work" {
		t.Errorf("%+v", g)
	}
}

// A panic in one of several functions is its own result's, and ends no other.
func TestGroupSurvivesAPanic(t *testing.T) {
	var g task.Group
	var failed *fault.Fault
	done := false
	g.Go(func() { panic("a defect") }, func(f *fault.Fault) { failed = f })
	g.Go(func() { done = true }, func(*fault.Fault) { t.Error("the other one failed too") })
	g.Wait()
	if !done || failed == nil || failed.Code != fault.InternalError || !strings.Contains(failed.Cause.Error(), "a defect") ||
		strings.Contains(failed.Message, "a defect") {
		t.Errorf("done is %v, failed is %+v", done, failed)
	}
}

func TestMayAsk(t *testing.T) {
	there := Asker{Terminal: memory.NewTerminal(true)}
	nobody := Asker{Terminal: memory.NewTerminal(false)}
	if !there.MayAsk(Session{}, false) || there.MayAsk(Session{NoInput: true}, false) || nobody.MayAsk(Session{}, true) {
		t.Error("who may be asked is wrong")
	}
}

// The values of config set are checked before the config is read.
func TestCheckValue(t *testing.T) {
	for _, c := range []struct {
		key, value string
		code       fault.Code
	}{
		{"output", "json", ""}, {"output", "xml", fault.ArgumentInvalid}, {"timeout", "2m", ""}, {"timeout", "0s", fault.ArgumentInvalid},
		{"timeout", "", fault.ArgumentInvalid}, {"no_input", "1", ""}, {"no_color", "yes", fault.ArgumentInvalid},
		{"default_profile", "work", ""}, {"default_profile", "Work", fault.ProfileNameInvalid},
		{"profiles.work.email", " a@b ", ""}, {"profiles.work.email", "a", fault.ArgumentInvalid},
		{"profiles.work.base_url", "example", ""}, {"profiles.work.base_url", "ftp://x", fault.ArgumentInvalid},
		{"profiles.Work.email", "a@b", fault.ProfileNameInvalid}, {"profiles.work.token", "x", fault.ArgumentInvalid}, {"nope", "x", fault.ArgumentInvalid},
	} {
		if err := CheckValue(c.key, c.value); fault.CodeOf(err) != c.code {
			t.Errorf("%s = %q: %v", c.key, c.value, err)
		}
	}
}
