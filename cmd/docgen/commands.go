package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// command is one page of the reference.
type command struct {
	path     string // "jira auth login"
	usage    string // "jira auth login [-- PROGRAM ARGUMENTS] [flags]"
	short    string
	long     string
	example  string
	own      []option
	global   []option
	children []*cobra.Command
	parent   string
}

// option is one flag.
type option struct {
	name, shorthand, kind, usage string
}

// collect lists the commands that a user can see, parents first.
func collect(cmd *cobra.Command) []command {
	c := command{path: cmd.CommandPath(), short: cmd.Short, long: cmd.Long, example: cmd.Example}
	c.usage = strings.TrimSuffix(cmd.UseLine(), " [flags]")
	if cmd.HasParent() {
		c.parent = cmd.Parent().CommandPath()
	}
	cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) { c.own = append(c.own, describe(f)) })
	cmd.Root().PersistentFlags().VisitAll(func(f *pflag.Flag) { c.global = append(c.global, describe(f)) })
	c.own = slices.DeleteFunc(c.own, func(o option) bool { return o.name == "help" })
	for _, child := range cmd.Commands() {
		if child.IsAvailableCommand() {
			c.children = append(c.children, child)
		}
	}
	if len(c.children) > 0 {
		c.usage += " COMMAND"
	}
	all := []command{c}
	for _, child := range c.children {
		all = append(all, collect(child)...)
	}
	return all
}

// describe takes the name of a flag's value from its usage, where it stands in
// backquotes as in the help.
func describe(f *pflag.Flag) option {
	kind, usage := pflag.UnquoteUsage(f)
	if f.Value.Type() == "bool" {
		kind = ""
	}
	return option{f.Name, f.Shorthand, kind, usage}
}

// form is how a flag is typed.
func (o option) form() string {
	text := "--" + o.name
	if o.shorthand != "" {
		text = "-" + o.shorthand + ", " + text
	}
	if o.kind != "" {
		text += " " + o.kind
	}
	return text
}

// file is the page's name: jira-auth-login.
func (c command) file() string { return fileOf(c.path) }

func fileOf(path string) string { return strings.ReplaceAll(path, " ", "-") }

// commandIndex is the list of all commands.
func commandIndex(all []command) string {
	var out strings.Builder
	out.WriteString("# Commands\n\n" + generated + "\n\n| command | what it does |\n|---|---|\n")
	for _, c := range all {
		fmt.Fprintf(&out, "| [`%s`](%s.md) | %s |\n", c.path, c.file(), cell(c.short))
	}
	out.WriteString("\nThe same pages are man pages in [docs/man](../man): `man -l docs/man/jira.1`.\n")
	return out.String()
}

const generated = "<!-- Written by cmd/docgen from the command tree; `make golden` refreshes it. -->"

// markdown is the page of a command.
func (c command) markdown() string {
	var out strings.Builder
	fmt.Fprintf(&out, "# %s\n\n%s\n\n%s.\n\n```sh\n%s\n```\n", c.path, generated, c.short, c.usage)
	if c.long != "" {
		for _, b := range blocks(c.long) {
			if b.code {
				fmt.Fprintf(&out, "\n```sh\n%s\n```\n", b.text)
			} else {
				fmt.Fprintf(&out, "\n%s\n", b.text)
			}
		}
	}
	if len(c.children) > 0 {
		out.WriteString("\n## Commands\n\n| command | what it does |\n|---|---|\n")
		for _, child := range c.children {
			fmt.Fprintf(&out, "| [`%s`](%s.md) | %s |\n", child.CommandPath(), fileOf(child.CommandPath()), cell(child.Short))
		}
	}
	if c.example != "" {
		fmt.Fprintf(&out, "\n## Examples\n\n```sh\n%s\n```\n", unindent(c.example))
	}
	table := func(title string, options []option) {
		if len(options) == 0 {
			return
		}
		fmt.Fprintf(&out, "\n## %s\n\n| flag | meaning |\n|---|---|\n", title)
		for _, o := range options {
			fmt.Fprintf(&out, "| `%s` | %s |\n", o.form(), cell(o.usage))
		}
	}
	table("Flags", c.own)
	table("Global flags", c.global)
	if c.parent != "" {
		fmt.Fprintf(&out, "\nPart of [`%s`](%s.md).\n", c.parent, fileOf(c.parent))
	}
	return out.String()
}

// part is a paragraph of a command's description, or lines to type.
type part struct {
	text string
	code bool
}

// blocks takes a description apart: indented lines are lines to type.
func blocks(long string) []part {
	var parts []part
	for _, line := range strings.Split(long, "\n") {
		code := strings.HasPrefix(line, "  ")
		switch last := len(parts) - 1; {
		case line == "":
			parts = append(parts, part{})
		case last >= 0 && parts[last].code == code && parts[last].text != "":
			parts[last].text += "\n" + strings.TrimPrefix(line, "  ")
		default:
			parts = append(parts, part{strings.TrimPrefix(line, "  "), code})
		}
	}
	return slices.DeleteFunc(parts, func(p part) bool { return p.text == "" })
}

func unindent(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(line, "  ")
	}
	return strings.Join(lines, "\n")
}
