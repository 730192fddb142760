package commandstore

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"jira-cli/domain/fault"
)

// ownSecrets are the variables that hold secrets of this program's, beside those
// of the prefix.
func ownSecrets() []string { return []string{"JIRA_FILE_PASSPHRASE", "JIRA_API_TOKEN", "JIRA_PAT"} }

const (
	tokenPrefix = "JIRA_TOKEN_"

	// maxShown bounds the text of a program's that a message quotes, in
	// characters.
	maxShown = 300

	// minEcho is the length from which a piece of stdout is looked for in
	// stderr. Shorter ones would blot out ordinary words.
	minEcho = 4
)

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

// find returns the path of the program. A relative path would mean another
// program in every directory, and is refused, in PATH too.
func find(name string, env []string) (string, error) {
	if filepath.IsAbs(name) {
		return name, nil
	}
	if strings.ContainsRune(name, '/') || strings.ContainsRune(name, filepath.Separator) {
		return "", fault.New(fault.ConfigInvalid, "the credential command %s is a relative path", shown(name)).
			WithHint("write the program's absolute path, or its name alone")
	}
	path, ok := lookPath(name, env)
	if !ok {
		return "", fault.New(fault.CommandFailed, "the credential command %s was not found in PATH", shown(name)).
			WithHint("install it, or write its absolute path into the profile's credential")
	}
	return path, nil
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

// token looks like an Atlassian API token; stderr may hold one that stdout does
// not.
var token = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`AT[A-Z]{3}[A-Za-z0-9_=-]{12,}`) })

// remark returns what a failing program said, fit for a message: one line,
// bounded, and nothing in it of what it printed as the secret.
func remark(stderr, stdout string) string {
	stderr = plain(stderr) // a sequence inside the secret would hide it, and go later
	for _, piece := range strings.FieldsFunc(stdout, func(r rune) bool { return r == '\n' || r == '\r' || r == 0 }) {
		if piece = strings.TrimSpace(piece); len(piece) >= minEcho {
			stderr = strings.ReplaceAll(stderr, piece, "****")
		}
	}
	return shown(token().ReplaceAllString(stderr, "****"))
}

// escape matches terminal control sequences: CSI, OSC, and two-character ones.
var escape = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("\x1b(\\[[0-?]*[ -/]*[@-~]|\\][^\x07\x1b]*(\x07|\x1b\\\\)?|[ -~])")
})

// shown returns text on one line, without control and format characters, and
// bounded. The end of it is kept, for that is where programs say why.
func shown(text string) string {
	runes := []rune(strings.Join(strings.Fields(plain(text)), " "))
	if len(runes) > maxShown {
		return "…" + string(runes[len(runes)-maxShown:])
	}
	return string(runes)
}

// plain returns text without control sequences, control and format characters;
// each blank becomes a space.
func plain(text string) string {
	text = escape().ReplaceAllString(strings.ToValidUTF8(text, "\ufffd"), "")
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		default:
			return r
		}
	}, text)
}
