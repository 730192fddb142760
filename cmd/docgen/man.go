package main

import (
	"fmt"
	"strings"

	"jira-cli/domain/fault"
)

// man is the page of a command in roff, for man(1). It carries no date, so that
// the same tree gives the same bytes.
func (c command) man(all []command) string {
	var out strings.Builder
	fmt.Fprintf(&out, ".\\\" Written by cmd/docgen from the command tree.\n.TH \"%s\" \"1\" \"\" \"jira\\-cli\" \"jira manual\"\n",
		roff(strings.ToUpper(c.file())))
	section := func(name string) { fmt.Fprintf(&out, ".SH %s\n", name) }
	section("NAME")
	fmt.Fprintf(&out, "%s \\- %s\n", roff(c.file()), roff(c.short))
	section("SYNOPSIS")
	fmt.Fprintf(&out, ".B %s\n", roff(c.usage))
	section("DESCRIPTION")
	if c.long == "" {
		out.WriteString(roff(c.short) + ".\n")
	}
	for i, b := range blocks(c.long) {
		if i > 0 {
			out.WriteString(".PP\n")
		}
		if b.code {
			out.WriteString(typed(b.text))
		} else {
			out.WriteString(roff(b.text) + "\n")
		}
	}
	if len(c.children) > 0 {
		section("COMMANDS")
		for _, child := range c.children {
			entry(&out, child.CommandPath(), child.Short)
		}
	}
	if len(c.own) > 0 {
		section("OPTIONS")
	}
	for _, o := range c.own {
		entry(&out, o.form(), o.usage)
	}
	section("GLOBAL OPTIONS")
	for _, o := range c.global {
		entry(&out, o.form(), o.usage)
	}
	if c.parent == "" {
		surroundings(&out, section)
	}
	section("EXIT STATUS")
	entry(&out, "0", "the command did what it was asked to do")
	for _, t := range types(fault.Table()) {
		entry(&out, fmt.Sprint(t.Exit()), string(t.Type)+": "+strings.ReplaceAll(families[t.Type], "`", ""))
	}
	if c.example != "" {
		section("EXAMPLES")
		out.WriteString(typed(unindent(c.example)))
	}
	section("SEE ALSO")
	out.WriteString(c.related(all))
	return out.String()
}

// surroundings is what the root's page says of the environment and of files.
func surroundings(out *strings.Builder, section func(string)) {
	section("ENVIRONMENT")
	for _, v := range [][2]string{
		{"JIRA_TOKEN_<PROFILE>", "the token of a profile for this invocation; the name in upper case, - as _"},
		{"JIRA_PROFILE, JIRA_CONFIG, JIRA_OUTPUT, JIRA_TIMEOUT, JIRA_NO_INPUT, JIRA_DEBUG", "as the flags of these names"},
		{"JIRA_FILE_PASSPHRASE", "the passphrase of the encrypted file"},
		{"JIRA_KEYRING_SERVICE", "another service name in the OS keyring, for tests"},
		{"OP_SERVICE_ACCOUNT_TOKEN", "the 1Password service account, where a profile records no 1Password account"},
		{"NO_COLOR, TERM=dumb", "no colour"},
		{"HTTPS_PROXY, ALL_PROXY, NO_PROXY", "the proxy, the first that is set, and what is reached without it"},
		{"SSL_CERT_FILE, SSL_CERT_DIR", "where trusted certificates are, on Linux"},
		{"XDG_CONFIG_HOME, XDG_DATA_HOME", "where the config file and the encrypted file are"},
	} {
		entry(out, v[0], v[1])
	}
	section("FILES")
	entry(out, "~/.config/jira-cli/config.toml", "the config file; it holds references, never a secret")
	entry(out, "~/.local/share/jira-cli/credentials.age", "the encrypted file of the file backend")
	entry(out, "~/.local/share/jira-cli/identity.txt", "the key of the encrypted file, where it has no passphrase")
}

// related are the pages of the parent and the children. Not the siblings: a new
// command would change every page of its group.
func (c command) related(all []command) string {
	var names []string
	for _, other := range all {
		if other.path == c.parent || other.parent == c.path {
			names = append(names, ".BR "+roff(other.file())+" (1)")
		}
	}
	return strings.Join(names, ",\n") + "\n"
}

func entry(out *strings.Builder, term, text string) {
	fmt.Fprintf(out, ".TP\n.B %s\n%s\n", roff(term), roff(text))
}

// typed are lines that are shown as they are.
func typed(text string) string { return ".PP\n.EX\n" + roff(text) + "\n.EE\n" }

// roff escapes what roff would read as its own.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, `"`, `\(dq`, "`", `\(ga`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
