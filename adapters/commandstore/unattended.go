package commandstore

import (
	"slices"
	"strings"
)

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

// unattended returns the environment without what leads to a person. A session
// without a terminal is not enough: gpg-agent starts its pinentry on GPG_TTY or
// DISPLAY, wherever the program itself runs.
func unattended(environ []string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return slices.Contains(askingVariables(), strings.ToUpper(name))
	})
}
