package app

import (
	"context"
	"strconv"
	"strings"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// Values reads and writes single keys of the config.
type Values struct{ config ports.Config }

// NewValues returns the use case.
func NewValues(config ports.Config) *Values { return &Values{config} }

// ValueOutput is a key and its value, "" where it is not set.
type ValueOutput struct {
	Key      string
	Value    string
	Warnings []Warning
}

// Keys lists the keys that get and set know; <name> stands for a profile.
func Keys() []string {
	return []string{"default_profile", "output", "timeout", "no_input", "no_color", "profiles.<name>.base_url", "profiles.<name>.email"}
}

// Path returns the path of the config file.
// The error is why there is none.
func (v *Values) Path(ctx context.Context) (string, error) {
	path := v.config.Path()
	if path != "" {
		return path, nil
	}
	_, err := v.config.Load(ctx)
	return "", err
}

// Get returns the value that the config records for a key.
func (v *Values) Get(in Session, key string) (ValueOutput, error) {
	if name, member, ok := profileKey(key); ok {
		p, err := v.profile(in.Config, name)
		if err != nil {
			return ValueOutput{}, err
		}
		if member == "email" {
			return ValueOutput{Key: key, Value: p.Email}, nil
		}
		return ValueOutput{Key: key, Value: p.Site.String()}, nil
	}
	field, _, err := setting(&in.Config, key)
	if err != nil {
		return ValueOutput{}, err
	}
	return ValueOutput{Key: key, Value: *field}, nil
}

// Set records a value for a key, in its normal form. It works also where the
// key's old value is what makes the config invalid.
func (v *Values) Set(ctx context.Context, key, value string) (ValueOutput, error) {
	out := ValueOutput{Key: key, Value: value}
	if err := checkKey(key, &out.Value); err != nil {
		return out, err
	}
	err := editOr(ctx, v.config, func(tx ports.ConfigTx, broken error) error {
		if r, can := tx.(ports.ConfigRepairer); can && r.Repair(ctx, key, out.Value) == nil {
			return nil
		}
		return broken
	}, func(now profile.Config) (profile.Config, error) {
		name, member, ok := profileKey(key)
		if !ok {
			field, _, _ := setting(&now, key)
			*field = out.Value
			if key == "default_profile" {
				_, err := now.Get(profile.Name(out.Value))
				return now, err
			}
			return now, nil
		}
		p, err := v.profile(now, name)
		if err != nil {
			return now, err
		}
		p, out.Warnings = withMember(p, member, out.Value)
		if member == "base_url" {
			site, page, _ := profile.ParseAddress(value)
			out.Warnings = append(out.Warnings, shortened(site, page, p.Name)...)
		}
		return now.With(p)
	})
	return out, err
}

func withMember(p profile.Profile, member, value string) (profile.Profile, []Warning) {
	site, email := p.Site, p.Email
	if member == "email" {
		email = value
	} else {
		site, _ = profile.ParseSite(value)
	}
	p = p.Moved(site, email, p.Username)
	if c := p.Credential; c != nil && c.Site != "" && c.Site != p.Site.Origin() {
		return p, []Warning{siteMoved(p)}
	}
	return p, nil
}

// checkKey refuses a key or a value before the config is read, and brings the
// value into its normal form.
func checkKey(key string, value *string) error {
	if name, member, ok := profileKey(key); ok {
		if _, err := profile.ParseName(name); err != nil {
			return err
		}
		if member == "email" {
			*value = strings.TrimSpace(*value)
			return checkEmail(*value)
		}
		site, err := profile.ParseSite(*value)
		*value = site.String()
		return err
	}
	var scratch profile.Config
	_, check, err := setting(&scratch, key)
	if err != nil {
		return err
	}
	return check(*value)
}

// CheckKey refuses a key that does not exist, before the config is read.
func CheckKey(key string) error {
	if name, _, ok := profileKey(key); ok {
		return checkName(name)
	}
	_, _, err := setting(&profile.Config{}, key)
	return err
}

// CheckValue refuses a value that a key does not take, before the config is
// read.
func CheckValue(key, value string) error { return checkKey(key, &value) }

// profileKey takes profiles.<name>.<member> apart.
func profileKey(key string) (name, member string, ok bool) {
	parts := strings.Split(key, ".")
	if len(parts) != 3 || parts[0] != "profiles" || parts[2] != "base_url" && parts[2] != "email" {
		return "", "", false
	}
	return parts[1], parts[2], true
}

// KeyProfile returns the profile that a key names, "" for a key of no profile.
func KeyProfile(key string) string {
	name, _, _ := profileKey(key)
	return name
}

func (v *Values) profile(c profile.Config, name string) (profile.Profile, error) {
	parsed, err := profile.ParseName(name)
	if err != nil {
		return profile.Profile{}, err
	}
	return c.Get(parsed)
}

// setting returns where a config keeps a global key, and what may stand there.
func setting(c *profile.Config, key string) (*string, func(string) error, error) {
	switch key {
	case "default_profile":
		return &c.Default, checkName, nil
	case "output":
		return &c.Settings.Output, CheckOutput, nil
	case "timeout":
		return &c.Settings.Timeout, CheckTimeout, nil
	case "no_input":
		return &c.Settings.NoInput, CheckBool, nil
	case "no_color":
		return &c.Settings.NoColor, CheckBool, nil
	}
	if err := recordedKey(key); err != nil {
		return nil, nil, err
	}
	shown, name := fault.Shown(key), string(profile.DefaultName)
	if parts := strings.Split(key, "."); len(parts) > 1 && parts[0] == "profiles" && checkName(parts[1]) == nil {
		name = parts[1]
	}
	if strings.HasPrefix(key, "profiles.") {
		shown = strconv.Quote(key)
	}
	return nil, nil, fault.New(fault.ArgumentInvalid, "there is no key %s", shown).
		WithSuggestions(fault.Suggest(key, Keys())).
		WithHint("the keys are %s", strings.ReplaceAll(strings.Join(Keys(), ", "), "<name>", name))
}

// recordedKey says of a key that a config file has, but that no value can be set
// for, which commands show and change it; nil for a key that does not exist.
func recordedKey(key string) error {
	parts := strings.Split(key, ".")
	if len(parts) < 2 || parts[0] != "profiles" || checkName(parts[1]) != nil {
		return nil
	}
	change := "jira auth login --profile-name " + parts[1] + " --force"
	switch member := append(parts, "")[2]; member {
	case "":
		return fault.New(fault.ArgumentInvalid, "%s is a whole profile and not one value", key).
			WithHint("`jira config profile show %s` shows it", parts[1])
	case "account_id":
		change = "jira auth whoami --save --profile " + parts[1]
	case "auth_type", "username", "deployment", "cloud_id", "token_kind", "token_expiry", "credential", "onepassword", "network", "leftover":
	default:
		return nil
	}
	return fault.New(fault.ArgumentInvalid, "%s is kept by other commands and has no `config get` or `config set`", key).
		WithHint("`jira config profile show %s` shows it, `%s` changes it", parts[1], change)
}

// CheckOutput accepts the output modes.
func CheckOutput(text string) error {
	if text == "human" || text == "json" {
		return nil
	}
	return fault.New(fault.ArgumentInvalid, "%s is not an output mode", fault.Shown(text)).
		WithSuggestions(fault.Suggest(text, []string{"human", "json"})).WithHint("the output modes are human and json")
}

// CheckTimeout accepts a positive duration such as 30s.
func CheckTimeout(text string) error {
	if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return nil
	}
	return fault.New(fault.ArgumentInvalid, "%s is not a time limit", fault.Shown(text)).WithHint("give a positive duration such as 30s or 2m")
}

// maxRetries keeps a command that nobody watches from going on for ever.
const maxRetries = 10

// CheckRetries accepts a number from 0 to 10.
func CheckRetries(text string) error {
	if n, err := strconv.Atoi(text); err == nil && n >= 0 && n <= maxRetries && text == strconv.Itoa(n) {
		return nil
	}
	return fault.New(fault.ArgumentInvalid, "%q is not a number of retries", text).WithHint("give a number from 0 to %d", maxRetries)
}

// CheckBool accepts true and false as strconv reads them.
func CheckBool(text string) error {
	if _, err := strconv.ParseBool(text); err == nil {
		return nil
	}
	return fault.New(fault.ArgumentInvalid, "%s is neither true nor false", fault.Shown(text)).WithHint("use true or false")
}
