package app

import (
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
)

// The variables that make a profile without a config. BaseURLVariable alone
// opens this mode; the others are often exported for another tool.
const (
	BaseURLVariable  = "JIRA_BASE_URL"
	EmailVariable    = "JIRA_EMAIL"
	APITokenVariable = "JIRA_API_TOKEN"
	PATVariable      = "JIRA_PAT"
)

// Ambient is what the environment says of such a profile. The secrets stay where
// they are: here is only whether there is one.
type Ambient struct {
	BaseURL     string
	Email       string
	HasAPIToken bool
	HasPAT      bool
}

// profile returns the profile of the environment. Its credential is the
// variable and nothing else: what is stored is never sent to a site that a
// variable names. A missing half is InputRequired and named.
func (a Ambient) profile() (profile.Profile, error) {
	site, err := profile.ParseSite(a.BaseURL)
	if err != nil {
		f := *fault.From(err)
		f.Message = BaseURLVariable + ": " + f.Message
		return profile.Profile{}, f.WithProfile(string(profile.Ambient))
	}
	p := profile.Profile{Name: profile.Ambient, Site: site, Email: a.Email, AuthType: profile.AuthToken}
	variable := APITokenVariable
	switch {
	case a.HasPAT && !site.IsAtlassian():
		p.AuthType, p.Deployment, p.Email, variable = profile.AuthPAT, profile.DataCenter, "", PATVariable
	default:
		if err := a.missing(site); err != nil {
			return profile.Profile{}, err
		}
		if err := checkEmail(a.Email); err != nil {
			f := *fault.From(err)
			f.Message = EmailVariable + ": " + f.Message
			return profile.Profile{}, f.WithProfile(string(profile.Ambient))
		}
	}
	p.Credential = &profile.Reference{Backend: profile.Env, Site: site.Origin(), Variable: variable}
	return p, nil
}

// Notices are what is to be said about the environment's profile where it is
// selected: that JIRA_BASE_URL has the address of a page.
func (s Session) Notices() []Warning {
	if name, err := s.Selected(); err != nil || name != profile.Ambient {
		return nil
	}
	site, page, _ := profile.ParseAddress(s.Ambient.BaseURL)
	return shortened(site, page, profile.Ambient)
}

// missing names the halves of an API token that the environment lacks.
func (a Ambient) missing(site profile.Site) error {
	var m []fault.Missing
	if a.Email == "" {
		m = append(m, fault.Missing{Field: "email", Flag: EmailVariable})
	}
	if !a.HasAPIToken {
		m = append(m, fault.Missing{Field: "token", Flag: APITokenVariable})
	}
	err := inputRequired(m)
	if err == nil {
		return nil
	}
	hint := BaseURLVariable + " is set, so the profile comes from the environment: set what is missing, or name a profile with --profile"
	if !site.IsAtlassian() {
		hint = BaseURLVariable + " is set, so the profile comes from the environment: set what is missing (on Data Center " +
			PATVariable + " alone), or name a profile with --profile"
	}
	return fault.From(err).WithHint("%s", hint).WithProfile(string(profile.Ambient))
}

// notAmbient refuses to change what no config has.
func notAmbient(what string) error {
	return fault.New(fault.FlagConflict, "%s needs a profile of the config, and %s selects the environment's", what, BaseURLVariable).
		WithProfile(string(profile.Ambient)).WithHint("name a profile with --profile, or unset %s", BaseURLVariable)
}

// ambientWins warns that a change of the config's profiles shows in no command
// as long as JIRA_BASE_URL is set.
func (s Session) ambientWins(name profile.Name) []Warning {
	if s.Ambient.BaseURL == "" || s.Flag.Set || s.Env.Set {
		return nil
	}
	return []Warning{{ProfileShadowed, BaseURLVariable + " is set, so commands without --profile use the environment's profile and not this one", string(name)}}
}

// ambientOrigin is the variable that a setting of the environment's profile came
// from; the rest follows from which are set.
func ambientOrigin(setting string, p profile.Profile) string {
	switch setting {
	case "base_url":
		return BaseURLVariable
	case "email":
		return EmailVariable
	case "auth_type", "deployment":
		return p.Credential.Variable
	}
	return "environment"
}
