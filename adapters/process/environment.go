package process

import (
	"slices"
	"strings"
)

// tokenPrefix begins the variables that hold the tokens of profiles.
const tokenPrefix = "JIRA_TOKEN_"

// ownSecrets are the variables that hold secrets of this program's, beside those
// of the prefix.
func ownSecrets() []string { return []string{"JIRA_FILE_PASSPHRASE", "JIRA_API_TOKEN", "JIRA_PAT"} }

// askingVariables are the variables by which a program, or an agent that it
// talks to, finds a terminal or a desktop to ask a person on.
// DBUS_SESSION_BUS_ADDRESS is not one of them: a credential command such as
// secret-tool reads its store over that bus.
func askingVariables() []string {
	return []string{
		"GPG_TTY", "PINENTRY_USER_DATA", "DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "XAUTHORITY",
		"SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "SUDO_ASKPASS", "GIT_ASKPASS", "SSH_TTY",
	}
}

// visible returns the environment without the variables that carry secrets of
// this program's. Names are compared without case, as Windows does. The result
// is never nil: to exec that would mean the whole environment.
func visible(environ, hide []string) []string {
	hidden := func(name string) bool {
		name = strings.ToUpper(name)
		return strings.HasPrefix(name, tokenPrefix) || slices.Contains(ownSecrets(), name) ||
			slices.ContainsFunc(hide, func(h string) bool { return strings.EqualFold(h, name) })
	}
	env := make([]string, 0, len(environ))
	for _, entry := range environ {
		if name, _, ok := strings.Cut(entry, "="); !ok || !hidden(name) {
			env = append(env, entry)
		}
	}
	return env
}

// unattended returns the environment without what leads to a person. A session
// without a terminal is not enough: gpg-agent starts its pinentry on GPG_TTY or
// DISPLAY, wherever the program itself runs.
func unattended(environ []string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return slices.Contains(askingVariables(), strings.ToUpper(name))
	})
}

// variable returns the last value of a variable, the one that programs see.
func variable(env []string, name string) string {
	for _, entry := range slices.Backward(env) {
		if n, value, ok := strings.Cut(entry, "="); ok && n == name {
			return value
		}
	}
	return ""
}
