package profile

import (
	"strconv"
	"time"

	"jira-cli/domain/fault"
)

// Settings are the global settings of the config file, as text; "" is unset.
type Settings struct {
	Output, Timeout, NoInput, NoColor string
}

// SettingKeys lists the names of the settings in the config file.
func SettingKeys() []string { return []string{"output", "timeout", "no_input", "no_color"} }

func (s *Settings) member(key string) *string {
	switch key {
	case "output":
		return &s.Output
	case "timeout":
		return &s.Timeout
	case "no_input":
		return &s.NoInput
	case "no_color":
		return &s.NoColor
	}
	return nil
}

// Get returns the value of a setting, and whether there is one of this name.
func (s Settings) Get(key string) (value string, known bool) {
	if m := s.member(key); m != nil {
		return *m, true
	}
	return "", false
}

// With returns a copy in which a setting has the value, or is unset by "". The
// error is ArgumentInvalid: a name that is none, with suggestions, or a value
// that the setting does not take.
func (s Settings) With(key, value string) (Settings, error) {
	m := s.member(key)
	if m == nil {
		return s, fault.New(fault.ArgumentInvalid, "there is no setting %q", key).
			WithSuggestions(fault.Suggest(key, SettingKeys()))
	}
	checked, err := checkSetting(key, value)
	if err != nil {
		return s, err
	}
	*m = checked
	return s, nil
}

// complete spells the settings as With does; one that With refuses stays.
func (s Settings) complete() Settings {
	for _, key := range SettingKeys() {
		value, _ := s.Get(key)
		if spelled, err := s.With(key, value); err == nil {
			s = spelled
		}
	}
	return s
}

func checkSetting(key, value string) (string, error) {
	if value == "" {
		return "", nil
	}
	switch key {
	case "output":
		if value != "human" && value != "json" {
			return "", fault.New(fault.ArgumentInvalid, "output is human or json, not %s", fault.Shown(value)).
				WithSuggestions(fault.Suggest(value, []string{"human", "json"}))
		}
	case "timeout":
		if d, err := time.ParseDuration(value); err != nil || d <= 0 {
			return "", fault.New(fault.ArgumentInvalid, "timeout is a positive duration, not %s", fault.Shown(value)).
				WithHint("use a duration such as 30s or 2m")
		}
	default:
		on, err := strconv.ParseBool(value)
		if err != nil {
			return "", fault.New(fault.ArgumentInvalid, "%s is true or false, not %s", key, fault.Shown(value))
		}
		return strconv.FormatBool(on), nil
	}
	return value, nil
}
