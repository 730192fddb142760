package app

import (
	"context"
	"slices"

	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// TokenPage is where Atlassian accounts make API tokens.
const TokenPage = "https://id.atlassian.com/manage-profile/security/api-tokens"

var tokenQuestion = ports.Question{
	Label: "API token",
	Note:  []string{"Make a token at " + TokenPage},
}

// ask completes a draft with the person's answers: a bare login asks for
// everything, with what is on disk as the default; one with any field flag asks
// only for what is missing.
func (l *Login) ask(ctx context.Context, in LoginInput, d draft) (draft, error) {
	bare := !slices.ContainsFunc([]Optional{in.ProfileName, in.BaseURL, in.Email, in.Backend, in.OnePasswordAccount, in.Vault, in.Item},
		func(o Optional) bool { return o.Set })
	if bare {
		name, err := l.asker.Line(ctx, ports.Question{Label: "Profile name", Default: d.name, Check: checkName})
		if err != nil {
			return d, err
		}
		d = fill(in, name)
	}
	for _, f := range []struct {
		q     ports.Question
		value *string
	}{
		{ports.Question{Label: "Jira site", Note: []string{"The site's name, such as example for example.atlassian.net, or its URL"}, Check: checkSite}, &d.site},
		{ports.Question{Label: "Atlassian account email", Check: checkEmail}, &d.email},
	} {
		if err := l.askLine(ctx, f.q, f.value, bare); err != nil {
			return d, err
		}
	}
	if bare {
		names, first, notes := l.slots.offered(ctx, d.backend)
		var err error
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
	return d, l.asker.Show(ctx, "", "Profile "+d.name+": "+d.email+" on "+siteText(d.site)+", token in "+d.backend)
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
		account, err := l.asker.Line(ctx, ports.Question{Label: "1Password account", Default: d.account,
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
