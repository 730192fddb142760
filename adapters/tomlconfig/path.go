package tomlconfig

import (
	"strings"

	"jira-cli/domain/fault"
)

// DefaultPath returns the path of the config file where no flag names one:
// $JIRA_CONFIG, else $XDG_CONFIG_HOME/jira-cli/config.toml, else
// ~/.config/jira-cli/config.toml, on macOS too; on Windows
// %AppData%\jira-cli\config.toml. A variable that is empty counts as unset, and
// so does a relative XDG_CONFIG_HOME, as its specification has it. home may be
// "" where there is none; the error is ConfigReadFailed where it is needed.
func DefaultPath(goos string, lookup func(name string) (string, bool), home string) (string, error) {
	if path, _ := lookup("JIRA_CONFIG"); path != "" {
		return path, nil
	}
	if goos == "windows" {
		base, _ := lookup("AppData")
		if base == "" && home != "" {
			base = strings.TrimRight(home, `\/`) + `\AppData\Roaming`
		}
		if base == "" {
			return "", noHome("%AppData%")
		}
		return strings.TrimRight(base, `\/`) + `\jira-cli\config.toml`, nil
	}
	if base, _ := lookup("XDG_CONFIG_HOME"); strings.HasPrefix(base, "/") {
		return strings.TrimRight(base, "/") + "/jira-cli/config.toml", nil
	}
	if home == "" {
		return "", noHome("$HOME")
	}
	if !strings.HasPrefix(home, "/") { // it would mean another file in every directory
		return "", fault.New(fault.ConfigReadFailed, "HOME is not an absolute path, so there is no config file to look for").
			WithHint("set HOME to the whole path of the home directory, or name the file with --config or JIRA_CONFIG")
	}
	return strings.TrimRight(home, "/") + "/.config/jira-cli/config.toml", nil
}

func noHome(variable string) error {
	return fault.New(fault.ConfigReadFailed, "there is no home directory to look for the config file in").
		WithHint("set %s, or name the file with --config or JIRA_CONFIG", variable)
}
