package command

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"jira-cli/app"
	"jira-cli/domain/fault"
	"jira-cli/domain/precedence"
	"jira-cli/domain/profile"
)

// usageFault turns what cobra and pflag say about a command line into a fault
// of the table. Their texts are not used: they repeat what was typed, which may
// be a secret.
func (a *App) usageFault(cmd *cobra.Command, err error) *fault.Fault {
	var f *fault.Fault
	if errors.As(err, &f) {
		return f
	}
	var unknown *pflag.NotExistError
	var noValue *pflag.ValueRequiredError
	var badValue *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		return unknownFlag(cmd, unknown)
	case errors.As(err, &noValue):
		name := noValue.GetSpecifiedName()
		if noValue.GetFlag() != nil {
			name = noValue.GetFlag().Name
		}
		return fault.New(fault.ArgumentInvalid, "--%s needs a value", name).WithFlag(name)
	case errors.As(err, &badValue):
		return fault.New(fault.ArgumentInvalid, "--%s does not take this value", badValue.GetFlag().Name).WithFlag(badValue.GetFlag().Name)
	}
	return fault.Wrap(err, fault.ArgumentInvalid, "the command line is malformed")
}

func unknownFlag(cmd *cobra.Command, e *pflag.NotExistError) *fault.Fault {
	name := e.GetSpecifiedName()
	if strings.EqualFold(name, "token") || strings.EqualFold(name, "password") || strings.EqualFold(name, "api-token") {
		return fault.New(fault.FlagUnknown, "there is no --%s: a token on the command line can be read by every process", strings.ToLower(name)).
			WithFlag(strings.ToLower(name)).
			WithHint("pipe it in with --secret-stdin, name a variable that holds it with --credential-env, or set {variable}")
	}
	if e.GetSpecifiedShortnames() != "" {
		return fault.New(fault.FlagUnknown, "unknown shorthand flag -%s of %s", word(name), cmd.CommandPath())
	}
	var known []string
	add := func(f *pflag.Flag) {
		if !f.Hidden && !slices.Contains(known, f.Name) {
			known = append(known, f.Name)
		}
	}
	cmd.Flags().VisitAll(add)
	cmd.InheritedFlags().VisitAll(add)
	suggestions := fault.Suggest(name, known)
	for i, s := range suggestions {
		suggestions[i] = "--" + s
	}
	return fault.New(fault.FlagUnknown, "unknown flag --%s of %s", word(name), cmd.CommandPath()).
		WithFlag(word(name)).WithSuggestions(suggestions).
		WithHint("run `%s --help` for its flags", cmd.CommandPath())
}

var plainWord = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,20}$`) })

// word repeats what was typed only where it looks like a word and not like a
// secret; the oldest tokens have 24 letters and digits.
func word(typed string) string {
	if plainWord().MatchString(typed) || len(typed) == 1 {
		return typed
	}
	return "…"
}

// group is the action of a command that only holds others: alone it shows its
// help, with anything else it is a mistyped command.
func group(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	var known []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			known = append(known, c.Name())
		}
	}
	return fault.New(fault.CommandUnknown, "unknown command %q of %s", word(args[0]), cmd.CommandPath()).
		WithSuggestions(fault.Suggest(args[0], known)).
		WithHint("run `%s --help` for the list of commands", cmd.CommandPath())
}

// Exactly checks the number of a command's arguments and does not repeat them.
// names are the arguments; one in brackets may be left out. Where the first one
// is a profile, a --profile that names another is refused before anything that
// is missing is named.
func Exactly(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > len(names) {
			if len(names) == 0 {
				return fault.New(fault.ArgumentInvalid, "%s takes no arguments", cmd.CommandPath())
			}
			return fault.New(fault.ArgumentInvalid, "%s takes %s and no more", cmd.CommandPath(), strings.NewReplacer("[", "", "]", "").Replace(strings.Join(names, " ")))
		}
		if len(args) > 0 && isProfileArgument(names[0]) {
			if err := SameProfile(cmd, "the argument", args[0]); err != nil {
				return err
			}
		}
		var missing []fault.Missing
		for _, name := range names[len(args):] {
			if !strings.HasPrefix(name, "[") {
				missing = append(missing, fault.Missing{Field: strings.ToLower(name), Flag: name})
			}
		}
		if len(missing) == 0 {
			return nil
		}
		f := fault.New(fault.InputRequired, "%s needs %s", cmd.CommandPath(), strings.Join(names[len(args):], " ")).
			WithHint("run `%s --help` for what it takes", cmd.CommandPath())
		f.Details.Missing = missing
		return f
	}
}

// isProfileArgument reports whether an argument of this name is a profile.
func isProfileArgument(name string) bool {
	return slices.Contains([]string{"NAME", "[NAME]", "[PROFILE]", "OLD"}, name)
}

// SameProfile refuses a --profile beside another profile that is named in a
// different way, what: one of the two would be ignored, and nobody can tell
// which was meant.
func SameProfile(cmd *cobra.Command, what, name string) error {
	flag := Given(cmd, "profile")
	if !flag.Set || flag.Value == name {
		return nil
	}
	return fault.New(fault.FlagConflict, "--profile %s and %s %s name different profiles", fault.Shown(flag.Value), what, fault.Shown(name)).
		WithFlag("profile")
}

// OptionalName is the profile that a command may be given as an argument or
// with --profile, checked.
func OptionalName(cmd *cobra.Command, args []string) (app.Optional, error) {
	if len(args) == 0 && !Given(cmd, "profile").Set {
		return app.Optional{}, nil
	}
	name, err := NamedProfile(cmd, args)
	return app.Optional{Value: string(name), Set: true}, err
}

// NamedProfile is the profile that an argument or --profile names.
func NamedProfile(cmd *cobra.Command, args []string) (profile.Name, error) {
	if name := Argument(args, 0); name.Set {
		return profile.ParseName(name.Value)
	}
	flag := Given(cmd, "profile")
	name, err := profile.ParseName(flag.Value)
	if err != nil {
		return name, origin(err, precedence.Given("--profile", flag.Value, true))
	}
	return name, nil
}

// AfterDashes accepts arguments behind "--" alone: what stands elsewhere may be
// a token that somebody pasted.
func AfterDashes(cmd *cobra.Command, args []string) error {
	if at := cmd.ArgsLenAtDash(); at > 0 || at < 0 && len(args) > 0 {
		return Exactly()(cmd, args)
	}
	return nil
}

// Given returns a flag's value and whether it was given.
func Given(cmd *cobra.Command, name string) app.Optional {
	flag := cmd.Flags().Lookup(name)
	if flag == nil {
		return app.Optional{}
	}
	return app.Optional{Value: flag.Value.String(), Set: flag.Changed}
}

// Argument returns the i-th argument as an optional.
func Argument(args []string, i int) app.Optional {
	if i >= len(args) {
		return app.Optional{}
	}
	return app.Optional{Value: args[i], Set: true}
}

// Flagged reports whether a boolean flag is on.
func Flagged(cmd *cobra.Command, name string) bool {
	on, _ := cmd.Flags().GetBool(name)
	return on
}
