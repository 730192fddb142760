package app

import (
	"fmt"
	"runtime"
	"strings"
	"time"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/precedence"
	"jira-cli/domain/profile"
	"jira-cli/domain/proxy"
	"jira-cli/domain/secret"
	display "jira-cli/domain/text"
)

// configFile is the origin of what the config says, in words.
const configFile = "config file"

// settings are the global settings with their origins: those of the command
// line, the selection of the profile, and the variables that other libraries
// read for this program.
func (x *Explain) settings(in ExplainInput) []precedence.Setting {
	list := []precedence.Setting{{Name: "profile", Choice: in.Selection()}}
	for _, s := range in.Settings {
		if s.Name == "config" && !s.Set {
			s.Choice = precedence.Choose(precedence.NotEmpty("default", x.config.Path()))
		}
		s.Value = x.fromHome(s.Value)
		list = append(list, s)
	}
	certificates := []string{"SSL_CERT_FILE", "SSL_CERT_DIR"}
	if runtime.GOOS == "darwin" || runtime.GOOS == "windows" {
		certificates = []string{"", ""} // the system's own store serves there, and the variables are not read
	}
	for _, s := range []struct {
		name      string
		variables []string
	}{
		{"keyring_service", []string{"JIRA_KEYRING_SERVICE"}},
		{"proxy", proxy.Variables()},
		{"no_proxy", proxy.Exceptions()},
		{"ca_file", certificates[:1]},
		{"ca_directory", certificates[1:]},
	} {
		var candidates []precedence.Candidate
		for _, v := range s.variables {
			text := x.variable(v)
			if s.name == "proxy" {
				text = proxy.Shown(text)
			} else if strings.Contains(text, "@") { // nothing but a login has one
				text = "(not shown)"
			}
			candidates = append(candidates, precedence.NotEmpty(v, text))
		}
		if choice := precedence.Choose(candidates...); choice.Set {
			list = append(list, precedence.Setting{Name: s.name, Choice: choice})
		}
	}
	return list
}

// fromHome shortens a path below the home directory, whose name is often the
// user's.
func (x *Explain) fromHome(path string) string {
	home := x.variable("HOME")
	if rest, below := strings.CutPrefix(path, home+"/"); below && home != "" {
		return "~/" + rest
	}
	return path
}

func (x *Explain) variable(name string) string {
	text, _ := x.env.Lookup(name)
	return text
}

// ignored are the variables that are exported for other tools. Alone they select
// nothing here, or a job would send a token to a site that it was not meant for.
func (x *Explain) ignored() []Ignored {
	var list []Ignored
	for _, v := range []string{EmailVariable, APITokenVariable, PATVariable} {
		if x.variable(v) != "" && x.variable(BaseURLVariable) == "" {
			list = append(list, Ignored{v, "only counts together with JIRA_BASE_URL"})
		}
	}
	for _, v := range proxy.Unused() {
		if x.variable(v) != "" {
			list = append(list, Ignored{v, "is for sites without TLS, which are on this machine alone and reached without a proxy; HTTPS_PROXY and ALL_PROXY count"})
		}
	}
	if x.variable("JIRA_TOKEN") != "" {
		list = append(list, Ignored{"JIRA_TOKEN", "is of no profile: JIRA_TOKEN_<PROFILE> is read, or the variable that --credential-env names"})
	}
	return list
}

// sources are where a profile's own settings come from.
func (x *Explain) sources(st ProfileStatus) []precedence.Setting {
	p := st.Profile
	if p.Name == profile.Ambient {
		return x.ambientSources(st)
	}
	list := []precedence.Setting{}
	add := func(name, value string) {
		origin := configFile
		if p.Name == profile.Ambient {
			origin = ambientOrigin(name, p)
		}
		if value != "" {
			list = append(list, precedence.Setting{Name: name, Choice: precedence.Choose(precedence.NotEmpty(origin, value))})
		}
	}
	add("base_url", p.Site.String())
	add("email", maskEmails(p.Email))
	add("username", p.Username)
	add("auth_type", p.AuthType)
	add("deployment", string(p.Deployment))
	add("cloud_id", p.CloudID)
	add("account_id", p.AccountID)
	add("ca_file", x.fromHome(p.Network.CAFile))
	add("client_cert", x.fromHome(p.Network.ClientCert))
	add("proxy", proxy.Shown(p.Network.Proxy))
	stored := ""
	if p.Credential != nil {
		stored = string(p.Credential.Backend)
	}
	variable := p.Name.TokenVariable()
	fromEnv := ""
	if p.Name == profile.Ambient {
		variable, stored = p.Credential.Variable, ""
	}
	if x.variable(variable) != "" {
		fromEnv = "set"
	}
	choice := precedence.Choose(precedence.NotEmpty(variable, fromEnv), precedence.NotEmpty(configFile, stored))
	if choice.Set && st.Credential.Err == nil {
		choice.Value = st.Credential.Source + " " + st.Credential.Secret.Redacted()
	}
	return append(list, precedence.Setting{Name: "credential", Choice: choice})
}

// ambientSources are those of the profile that the environment makes.
func (x *Explain) ambientSources(st ProfileStatus) []precedence.Setting {
	list := []precedence.Setting{}
	add := func(name, origin, value string) {
		if value != "" {
			list = append(list, precedence.Setting{Name: name, Choice: precedence.Choose(precedence.NotEmpty(origin, value))})
		}
	}
	add("base_url", BaseURLVariable, st.Profile.Site.String())
	add("email", EmailVariable, maskEmails(st.Profile.Email))
	add("auth_type", "the variables", st.Profile.AuthType)
	if c := st.Profile.Credential; c != nil && st.Credential.Err == nil {
		add("credential", c.Variable, st.Credential.Source+" "+st.Credential.Secret.Redacted())
	}
	return list
}

// rowOf is what is said of a cause about a profile. What the environment makes
// is mended there.
func rowOf(cause access.Cause, p profile.Profile) access.CauseRow {
	row := cause.Row(access.About{Profile: string(p.Name), Site: p.Site.String(), AuthType: p.AuthType})
	if p.Name != profile.Ambient {
		return row
	}
	switch {
	case strings.Contains(row.Next, "base_url"):
		row.Next = "export " + BaseURLVariable + "=https://SITE.atlassian.net"
	case strings.Contains(row.Next, ".email "):
		row.Next = "export " + EmailVariable + "=ADDRESS"
	case strings.Contains(row.Next, " login ") && p.AuthType == profile.AuthPAT:
		row.Next = "export " + PATVariable + "=TOKEN"
	case strings.Contains(row.Next, " login "):
		row.Next = "export " + APITokenVariable + "=TOKEN"
	}
	row.Next = strings.ReplaceAll(strings.ReplaceAll(row.Next, " --profile "+string(p.Name), ""), " "+string(p.Name), "")
	return row
}

// lines are the evidence in words.
func (f *finding) lines() []string {
	var list []string
	add := func(format string, args ...any) { list = append(list, maskEmails(fmt.Sprintf(format, args...))) }
	e := f.evidence
	if e.CredentialErr != nil {
		add("credential: %s", inWords(e.CredentialErr))
		return list
	}
	if cloudToken := e.AuthType == "" || e.AuthType == profile.AuthToken; cloudToken {
		add("the token looks like: %s", formInWords(e.Form))
	}
	if e.Verdict == nil {
		return list
	}
	f.probeLines(add)
	switch {
	case e.Server != nil:
		add("the site runs: %s %s", e.Server.Deployment, e.Server.Version)
	case f.serverErr != nil:
		add("the site does not say what it runs: %s", inWords(f.serverErr))
	}
	f.clockLines(add)
	switch {
	case e.Gateway.Tried && e.Gateway.Err == nil:
		add("gateway for scoped tokens: accepts the credential")
	case e.Gateway.Tried:
		add("gateway for scoped tokens: %s", inWords(e.Gateway.Err))
	}
	if e.Verdict.MyselfErr == nil {
		return list
	}
	if e.Expired {
		add("the token's recorded end: %s", f.Profile.TokenExpiry.UTC().Format(time.DateOnly))
	}
	if e.EmailProven {
		add("the email worked before: %s", f.proof)
	}
	if e.WorksAs {
		add("profile %s works on this site with the same token and another email", f.worksAs)
	}
	return list
}

func (f *finding) probeLines(add func(string, ...any)) {
	v := f.evidence.Verdict
	if v.MyselfErr != nil {
		add("identity: %s", inWords(v.MyselfErr))
		return
	}
	add("identity: account %s", v.Identity.AccountID)
	if v.PermissionsErr != nil {
		add("permissions: %s", inWords(v.PermissionsErr))
		return
	}
	add("permissions: %s", Counts(v.Grants))
}

func (f *finding) clockLines(add func(string, ...any)) {
	skew, whose := f.evidence.Skew, "the site's"
	if !f.evidence.SkewKnown {
		if !f.evidence.ElsewhereKnown {
			return
		}
		skew, whose = f.evidence.Elsewhere, "another profile's site's"
	}
	way := "ahead of"
	if skew < 0 {
		way = "behind"
	}
	if skew.Abs() < 2*time.Second {
		add("clock: as %s", whose)
		return
	}
	add("clock: %s %s %s", skew.Abs().Round(time.Second), way, whose)
}

// inWords is a fault on one line, with what a support team asks for.
func inWords(f *fault.Fault) string {
	parts := []string{string(f.Code)}
	if f.Details.UpstreamRequestID != "" {
		parts = append(parts, "trace_id="+f.Details.UpstreamRequestID)
	}
	text := f.Message + " (" + strings.Join(parts, ", ") + ")"
	for _, m := range f.Details.UpstreamMessages {
		who := "Jira says"
		if f.Details.UpstreamForeign {
			who = "the answer, which is not Jira's, says"
		}
		text += "; " + who + ": " + display.Line(m)
	}
	return text
}

func formInWords(form secret.Form) string {
	switch form {
	case secret.FormAtlassian:
		return "a whole Atlassian token"
	case secret.FormCut:
		return "an Atlassian token without its end, which is \"=\" and eight digits"
	}
	return "no Atlassian API token; is it a password, or of another product?"
}

// maskEmails leaves of every email in a text the first letter and the domain,
// which is often what is wrong.
func maskEmails(text string) string {
	words := strings.Split(text, " ")
	for i, word := range words {
		at := strings.IndexByte(word, '@')
		if at < 1 || at == len(word)-1 || strings.Contains(word, "://") {
			continue
		}
		first := []rune(word)[0]
		words[i] = string(first) + "***" + word[at:]
	}
	return strings.Join(words, " ")
}
