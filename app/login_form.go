package app

import (
	"context"
	"slices"

	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// TokenPage is where Atlassian accounts make API tokens.
const TokenPage = "https://id.atlassian.com/manage-profile/security/api-tokens"

// patPage is where the users of a Server or Data Center make tokens, below its
// base URL.
const patPage = "/secure/ViewProfile.jspa"

// secretQuestion asks for the credential of a profile.
func secretQuestion(p profile.Profile) ports.Question {
	switch p.AuthType {
	case profile.AuthPAT:
		return ports.Question{Label: "Personal access token",
			Note: []string{"Make a token under Personal Access Tokens at " + p.Site.String() + patPage}}
	case profile.AuthBasic, profile.AuthSession:
		return ports.Question{Label: "Password"}
	}
	return ports.Question{Label: "API token", Note: []string{"Make a token at " + TokenPage}}
}

// ask completes a draft with the person's answers: a bare login asks for
// everything, with what is on disk as the default; one with any field flag asks
// only for what is missing.
func (l *Login) ask(ctx context.Context, in LoginInput, d draft) (draft, error) {
	bare := in.bare()
	if bare {
		name, err := l.asker.Line(ctx, ports.Question{Label: "Profile name", Default: d.name, Check: checkName})
		if err != nil {
			return d, err
		}
		d = fill(in, name)
	}
	err := l.askLine(ctx, ports.Question{Label: "Jira site", Check: checkSite,
		Note: []string{"The site's name, such as example for example.atlassian.net, or its URL"}}, &d.site, bare)
	if err != nil {
		return d, err
	}
	if err := l.askAccount(ctx, in, &d, bare); err != nil {
		return d, err
	}
	if bare {
		names, first, notes := l.slots.offered(ctx, d.backend)
		if d.backend, err = l.asker.Choose(ctx, ports.Question{Label: "Secret backend", Default: first, Note: notes}, names); err != nil {
			return d, err
		}
	}
	if d.backend == string(profile.OnePassword) {
		if err := l.askOnePassword(ctx, in, &d, bare); err != nil {
			return d, err
		}
	}
	if !bare {
		return d, nil
	}
	return d, l.asker.Show(ctx, "", d.summary())
}

// bare reports whether no flag gives a field, so that a person is asked for all.
func (in LoginInput) bare() bool {
	return !slices.ContainsFunc([]Optional{in.ProfileName, in.BaseURL, in.Email, in.AuthType, in.Username, in.Backend, in.OnePasswordAccount, in.Vault, in.Item},
		func(o Optional) bool { return o.Set })
}

// summary is the form in one line, before the secret is asked for.
func (d draft) summary() string {
	who := d.email
	switch {
	case d.password():
		who = d.username
	case d.method() == profile.AuthPAT:
		who = "you"
	}
	return "Profile " + d.name + ": " + who + " on " + siteText(d.site) + ", " + credentialNoun(d.method()) + " in " + d.backend
}

// askAccount asks how one authenticates, where the site leaves a choice, and as
// whom.
func (l *Login) askAccount(ctx context.Context, in LoginInput, d *draft, bare bool) error {
	if !in.AuthType.Set && (bare || !in.Email.Set) {
		if err := l.askMethod(ctx, in, d, bare); err != nil {
			return err
		}
	}
	switch {
	case d.password():
		return l.askLine(ctx, ports.Question{Label: "User name", Check: checkUsername}, &d.username, bare)
	case d.method() == profile.AuthPAT:
		return nil
	}
	return l.askLine(ctx, ports.Question{Label: "Atlassian account email", Check: checkEmail}, &d.email, bare)
}

// askMethod asks the site what it runs, and on Server and Data Center the person
// for the auth type. Cloud has one.
func (l *Login) askMethod(ctx context.Context, in LoginInput, d *draft, bare bool) error {
	old, _ := in.Config.Find(profile.Name(d.name))
	p, err := d.profile(in, old)
	if err != nil || p.Site.IsAtlassian() {
		if err == nil {
			d.authType = ""
		}
		return err
	}
	if p.Deployment == "" && !in.SkipVerify {
		account, err := l.accounts.Of(ctx, p, secret.Secret{})
		if err != nil {
			return err
		}
		server, _, err := l.server(ctx, *d, account) // a person is about to choose the method, and sees what is asked
		if err != nil {
			return err
		}
		d.server, d.serverSite, p.Deployment = &server, p.Site, server.Deployment
	}
	if p.Deployment != profile.DataCenter || !bare && d.authType != "" {
		return nil
	}
	types := []string{profile.AuthPAT, profile.AuthBasic, profile.AuthSession}
	if d.server != nil && profile.TooOldForPAT(d.server.Version) {
		types = types[1:]
	}
	first := types[0]
	if slices.Contains(types, d.authType) {
		first = d.authType
	}
	d.authType, err = l.asker.Choose(ctx, ports.Question{Label: "Authentication", Default: first,
		Note: []string{"pat is a personal access token; basic sends the password each time, session exchanges it for a cookie"}}, types)
	return err
}

func siteText(text string) string {
	site, err := profile.ParseSite(text)
	if err != nil {
		return text
	}
	return site.String()
}

// askLine asks for a field that is missing, or for any in a bare login.
func (l *Login) askLine(ctx context.Context, q ports.Question, value *string, always bool) error {
	if *value != "" && !always {
		return nil
	}
	q.Default = *value
	answer, err := l.asker.Line(ctx, q)
	if err == nil {
		*value = answer
	}
	return err
}

func (l *Login) askOnePassword(ctx context.Context, in LoginInput, d *draft, bare bool) error {
	if bare || !in.OnePasswordAccount.Set && d.account == "" && d.vault == "" {
		account, err := l.asker.Line(ctx, ports.Question{Label: "1Password account", Default: d.account, Check: checkTitle,
			Note: []string{"As the desktop app shows it; leave it blank to use OP_SERVICE_ACCOUNT_TOKEN"}})
		if err != nil {
			return err
		}
		d.account = account
	}
	if err := l.askLine(ctx, ports.Question{Label: "1Password vault", Check: checkFilled("the vault")}, &d.vault, bare); err != nil {
		return err
	}
	if d.item == "" {
		if site, err := profile.ParseSite(d.site); err == nil {
			d.item = profile.OnePasswordItem(site, profile.Name(d.name))
		}
	}
	if bare {
		return l.askLine(ctx, ports.Question{Label: "1Password item", Check: checkFilled("the item")}, &d.item, true)
	}
	return nil
}
