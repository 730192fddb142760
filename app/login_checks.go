package app

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
)

// Check refuses flags that are wrong whatever the config says: first those that
// exclude each other, then each by itself.
func (in LoginInput) Check() error {
	if in.SecretStdin && in.CredentialEnv.Set {
		return fault.New(fault.FlagConflict, "--secret-stdin and --credential-env are mutually exclusive").WithHint("pick one")
	}
	if in.Backend.Set {
		if backend, err := profile.ParseBackend(in.Backend.Value); err == nil {
			if err := in.fits(backend); err != nil {
				return err
			}
		}
	}
	checks := []struct {
		flag  string
		value Optional
		check func(string) error
	}{
		{"profile-name", in.ProfileName, checkName}, {"base-url", in.BaseURL, checkSite}, {"email", in.Email, checkEmail},
		{"auth-type", in.AuthType, checkAuthType}, {"username", in.Username, checkUsername},
		{"backend", in.Backend, checkBackend}, {"credential-env", in.CredentialEnv, checkVariable},
		{"vault", in.Vault, checkFilled("the vault")}, {"item", in.Item, checkFilled("the item")},
	}
	for _, c := range checks {
		if c.value.Set {
			if err := c.check(c.value.Value); err != nil {
				return fault.From(err).WithFlag(c.flag)
			}
		}
	}
	return checkNetwork(in.Network)
}

// fits refuses flags that belong to another backend.
func (in LoginInput) fits(b profile.Backend) error {
	if err := onlyFor(b, in.OnePasswordAccount, in.Vault, in.Item); err != nil {
		return err
	}
	return foreignSource(in, b)
}

// onlyFor refuses the flags of 1Password beside another backend.
func onlyFor(b profile.Backend, account, vault, item Optional) error {
	if b == profile.OnePassword {
		return nil
	}
	for _, f := range []struct {
		flag string
		set  bool
	}{{"onepassword-account", account.Set}, {"vault", vault.Set}, {"item", item.Set}} {
		if f.set {
			return fault.New(fault.FlagConflict, "--%s belongs to --backend 1password, not %s", f.flag, b).WithFlag(f.flag)
		}
	}
	return nil
}

func checkName(text string) error    { _, err := profile.ParseName(text); return err }
func checkSite(text string) error    { _, err := profile.ParseSite(text); return err }
func checkBackend(text string) error { _, err := profile.ParseBackend(text); return err }

func checkFilled(what string) func(string) error {
	return func(text string) error {
		if strings.TrimSpace(text) == "" {
			return fault.New(fault.ArgumentInvalid, "%s is empty", what)
		}
		return nil
	}
}

func checkAuthType(text string) error { _, err := profile.ParseAuthType(text); return err }

// checkUsername refuses what cannot be the user name of basic authentication.
func checkUsername(text string) error {
	if text == "" || strings.TrimSpace(text) != text || strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || r == ':' }) {
		return fault.New(fault.ArgumentInvalid, "this is not a user name").WithHint("give the name with which you log in to Jira in a browser")
	}
	return nil
}

// checkEmail refuses what cannot be the user name of basic authentication and
// leaves the rest to Jira.
func checkEmail(text string) error {
	text = strings.TrimSpace(text)
	const hint = "give the Atlassian account's email, such as john.doe@example.com"
	if text == "" {
		return fault.New(fault.ArgumentInvalid, "the email is empty").WithHint(hint)
	}
	at := strings.IndexByte(text, '@')
	odd := strings.IndexFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) || r == ':' })
	if at < 1 || at == len(text)-1 || odd >= 0 || len(text) > 254 {
		shown := fault.Shown(text)
		if at >= 0 {
			shown = strconv.Quote(text) // no token has an @
		}
		return fault.New(fault.ArgumentInvalid, "%s is not an email address", shown).WithHint(hint)
	}
	return nil
}

// variablePattern is compiled where it is used: package variables cost every
// start of the program.
var variablePattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`) })

func checkVariable(text string) error {
	if !variablePattern().MatchString(text) {
		return fault.New(fault.ArgumentInvalid, "--credential-env takes the name of an environment variable").
			WithHint("pass the variable's name, such as JIRA_TOKEN, and never the token itself")
	}
	return nil
}
