package profile

import (
	"strings"

	"jira-cli/domain/fault"
)

// A slot is a place of the program's own: an item that it made, under a name of
// its form. A config can be written by others, and what it names is read, sent,
// overwritten and deleted; so nothing is acted on that has another form, or that
// was stored for another site than the one it says.

// CheckForm refuses a reference that names no slot of this program: a keyring's
// or a file's account is <host>/<name>, of a product <host>/<name>/<product>, of
// a part of a secret either with #<generation>.<n> behind it. An account that is
// left out has no form yet. The error is ConfigInvalid.
func (r Reference) CheckForm() error {
	if !r.namesSlot() || r.Account == "" {
		return nil
	}
	if _, ok := accountHost(r.Account); !ok {
		return fault.New(fault.ConfigInvalid, "the account is not of the form <host>/<profile>, so it is no credential of this program").
			WithHint("remove the table, then log in again; the item that it names is left alone")
	}
	return nil
}

// CheckOwn refuses a reference that does not say for which site its secret was
// stored, or that says one site and names another one's slot: what it names must
// be neither sent nor removed. The error is CredentialSiteMismatch.
func (r Reference) CheckOwn() error {
	if r.Site == "" {
		return fault.New(fault.CredentialSiteMismatch, "the reference does not record the site that the credential was stored for")
	}
	site, err := ParseOrigin(r.Site)
	if err != nil || site.Origin() != r.Site {
		return fault.New(fault.CredentialSiteMismatch, "the site that the reference records is not a site's address")
	}
	if host, names := r.host(); names && host != site.Host() {
		return fault.New(fault.CredentialSiteMismatch, "the reference names a credential of %s and records the site %s", host, r.Site)
	}
	return nil
}

// namesSlot reports whether Account is a slot's name and no account of a
// service.
func (r Reference) namesSlot() bool { return r.Backend == Keyring || r.Backend == File }

// host returns the host that the name of the slot begins with. An item of
// 1Password has one in its default title; one that a person chose says nothing.
func (r Reference) host() (host string, names bool) {
	switch {
	case r.namesSlot():
		host, _ = accountHost(r.Account)
		return host, true
	case r.Backend == OnePassword:
		if account, ok := strings.CutPrefix(r.Item, DefaultService+" "); ok {
			return accountHost(account)
		}
	}
	return "", false
}

// accountHost returns the host of an account, and whether the account has the
// form of a slot.
func accountHost(account string) (string, bool) {
	account, part, isPart := strings.Cut(account, "#")
	steps := strings.Split(account, "/")
	if isPart && !isPartSuffix(part) || len(steps) < 2 || len(steps) > 3 || !isSlotHost(steps[0]) {
		return "", false
	}
	for _, step := range steps[1:] {
		if !isName(step) {
			return "", false
		}
	}
	return steps[0], true
}

// isSlotHost reports whether text is a site's host as Site.Host writes it.
func isSlotHost(text string) bool {
	if strings.ContainsAny(text, "?@ ") {
		return false
	}
	for _, scheme := range []string{"https://", "http://"} {
		if site, err := ParseOrigin(scheme + text); err == nil && site.Host() == text {
			return true
		}
	}
	return false
}

// isPartSuffix reports whether text is <generation>.<n>.
func isPartSuffix(text string) bool {
	generation, n, both := strings.Cut(text, ".")
	return both && len(text) <= maxLabel && generation != "" && n != "" &&
		only(generation, letterOrDigit, "") && only(n, digit, "")
}

// KeyringService returns the service under which a reference's item is: the
// override, which is JIRA_KEYRING_SERVICE, else DefaultService. Another service
// is another application's; that error is ConfigInvalid.
func (r Reference) KeyringService(override string) (string, error) {
	switch {
	case override != "":
		return override, nil
	case r.Service == "" || r.Service == DefaultService:
		return DefaultService, nil
	}
	return "", fault.New(fault.ConfigInvalid, "the config names the keyring service %s, which is not this program's", fault.Shown(r.Service)).
		WithHint("set JIRA_KEYRING_SERVICE to that service if the credential was stored under it, or log in again with `jira auth login --force`")
}
