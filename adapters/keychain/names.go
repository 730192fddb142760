package keychain

import (
	"strings"
	"unicode"

	"jira-cli/domain/fault"
	"jira-cli/ports"
)

// checkNames refuses a service or an account that a keyring could not keep
// apart from another.
func checkNames(r rules, service, account string) error {
	switch {
	case account == "":
		return fault.New(fault.ConfigInvalid, "the profile's keyring reference has no account")
	case strings.IndexFunc(service+account, unicode.IsControl) >= 0:
		return fault.New(fault.ArgumentInvalid, "the keyring's service or account contains a control character")
	case r.joinedNames && strings.Contains(service, ":"):
		return fault.New(fault.ArgumentInvalid, "the keyring service %q contains a colon, which Windows joins names with", service).
			WithHint("choose a service without a colon: JIRA_KEYRING_SERVICE, or service in the config")
	}
	return nil
}

// BusAddress returns where the session bus of an environment is, and which
// variable says so:
// DBUS_SESSION_BUS_ADDRESS, else the socket that systemd keeps in
// XDG_RUNTIME_DIR, else "". It never asks for a bus to be started, which is what
// "autolaunch:" means.
func BusAddress(env ports.Environment) (address, variable string) {
	address, _ = env.Lookup("DBUS_SESSION_BUS_ADDRESS")
	if address != "" && !strings.HasPrefix(address, "autolaunch:") {
		return address, "DBUS_SESSION_BUS_ADDRESS"
	}
	dir, _ := env.Lookup("XDG_RUNTIME_DIR")
	if dir == "" {
		return "", ""
	}
	return "unix:path=" + escape(dir+"/bus"), "XDG_RUNTIME_DIR"
}

// escape writes a path as the value of a D-Bus address:
// https://dbus.freedesktop.org/doc/dbus-specification.html#addresses
func escape(path string) string {
	const plain = "-_/.\\*ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	const hex = "0123456789abcdef"
	var b strings.Builder
	for _, c := range []byte(path) {
		if strings.IndexByte(plain, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.Write([]byte{'%', hex[c>>4], hex[c&15]})
	}
	return b.String()
}
