package app

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
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
	err := checkEach([]checked{
		{"profile-name", in.ProfileName, checkName}, {"base-url", in.BaseURL, checkSite}, {"email", in.Email, checkEmail},
		{"auth-type", in.AuthType, checkAuthType}, {"username", in.Username, checkUsername},
		{"backend", in.Backend, checkBackend}, {"credential-env", in.CredentialEnv, checkVariable},
		{"onepassword-account", in.OnePasswordAccount, checkTitle},
		{"vault", in.Vault, checkFilled("the vault")}, {"item", in.Item, checkFilled("the item")},
	})
	if err != nil {
		return err
	}
	return checkNetwork(in.Network)
}

// checked is a flag's value and what may stand there.
type checked struct {
	flag  string
	value Optional
	check func(string) error
}

// checkEach checks the flags that were given, in their order. The error names
// the flag.
func checkEach(flags []checked) error {
	for _, f := range flags {
		if f.value.Set {
			if err := f.check(f.value.Value); err != nil {
				return fault.From(err).WithFlag(f.flag)
			}
		}
	}
	return nil
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
			return fault.New(fault.ArgumentInvalid, "%s is empty", what).WithHint("give its title or its id")
		}
		return checkTitle(text)
	}
}

// checkTitle refuses a token where any other text may stand.
func checkTitle(text string) error {
	if secret.Marked(strings.TrimSpace(text)) {
		return fault.NotASecret(fault.ArgumentInvalid, "a name in 1Password", "Work")
	}
	return nil
}

func checkAuthType(text string) error { _, err := profile.ParseAuthType(text); return err }

// checkUsername refuses what cannot be the user name of basic authentication.
func checkUsername(text string) error {
	if secret.Looks(text) {
		return fault.NotASecret(fault.ArgumentInvalid, "a user name", "jdoe")
	}
	if text == "" || strings.TrimSpace(text) != text || strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || r == ':' }) {
		return fault.New(fault.ArgumentInvalid, "this is not a user name").WithHint("give the name with which you log in to Jira in a browser")
	}
	return nil
}

// checkEmail refuses what cannot be the user name of basic authentication and
// leaves the rest to Jira.
func checkEmail(text string) error {
	text = strings.TrimSpace(text)
	const example = "john.doe@example.com"
	if text == "" {
		return fault.New(fault.ArgumentInvalid, "the email is empty").WithHint("give the Atlassian account's email, such as " + example)
	}
	if slices.ContainsFunc(strings.FieldsFunc(text, betweenParts), secret.Looks) || secret.Looks(text) {
		return fault.NotASecret(fault.ArgumentInvalid, "an email address", example)
	}
	if isEmail(text) {
		return nil
	}
	shown := fault.Shown(text)
	if strings.Contains(text, "@") && !strings.Contains(text, ":") {
		shown = strconv.Quote(text) // no token has an @, and what follows a colon may be a password
	}
	return fault.New(fault.ArgumentInvalid, "%s is not an email address", shown).
		WithHint("give the Atlassian account's email, such as " + example)
}

// isEmail reports whether text is one address and nothing else: no list, no
// display name.
func isEmail(text string) bool {
	local, host, found := strings.Cut(text, "@")
	dots := func(part string) bool { return strings.Trim(part, ".") != part || strings.Contains(part, "..") }
	return found && local != "" && host != "" && len(text) <= 254 && !strings.Contains(host, "@") &&
		!strings.ContainsFunc(text, betweenParts) && !dots(local) && !dots(host)
}

// betweenParts reports what stands in no email, but between several or between
// one and a secret.
func betweenParts(r rune) bool {
	return unicode.IsControl(r) || unicode.IsSpace(r) || strings.ContainsRune(`,;:<>()[]"\`, r)
}

// variablePattern is compiled where it is used: package variables cost every
// start of the program.
var variablePattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`) })

func checkVariable(text string) error {
	if secret.Looks(text) || !variablePattern().MatchString(text) {
		return fault.New(fault.ArgumentInvalid, "--credential-env takes the name of an environment variable").
			WithHint("pass the variable's name, such as JIRA_TOKEN, and never the token itself")
	}
	return nil
}
