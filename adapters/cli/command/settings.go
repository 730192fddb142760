package command

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"jira-cli/app"
	"jira-cli/domain/fault"
	"jira-cli/domain/precedence"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

const (
	modeHuman = "human"
	modeJSON  = "json"

	defaultTimeout = 30 * time.Second
)

// Settings are the global settings of a run. They are settled in two steps, the
// flags and the environment before the config is read and the config after it;
// so whoever is given them keeps the pointer and reads late.
type Settings struct {
	Config  string // the config file where --config or JIRA_CONFIG names one
	Output  string
	NoInput bool
	NoColor bool
	Debug   bool
	Timeout time.Duration
	Retries int // how often a question to Jira is asked again where that may help
	// DebugWriter takes the debug trace.
	DebugWriter io.Writer
	// Notices are warnings of what serves the use case.
	Notices app.Notices
	// HiddenVariables hold secrets that no child process is to see: the one that
	// --credential-env names, and those that profiles record with the env backend.
	HiddenVariables []string

	flags   globalFlags
	session app.Session
	settled bool // the config had its say
	choices []precedence.Setting
}

// Budget makes the context that --timeout bounds.
type Budget func(ctx context.Context, d time.Duration) (context.Context, func())

// globalFlags are the values of the persistent flags and whether each was given.
type globalFlags struct {
	profile, config, output, timeout app.Optional
	retries                          app.Optional
	noInput, noColor, debug          app.Optional
	version                          bool
}

// begin settles what must be known even if the command line cannot be parsed:
// the output mode. Flags that come after a broken one count too.
func (s *Settings) begin(args []string, env ports.Environment) {
	if value, found := scanOutput(args); found {
		s.Output = value
	} else if value, _ := env.Lookup("JIRA_OUTPUT"); value != "" {
		s.Output = value
	}
	if s.Output != modeJSON && s.Output != modeHuman {
		s.Output = ""
	}
	if text, _ := env.Lookup("JIRA_DEBUG"); text != "" {
		s.Debug, _ = strconv.ParseBool(text)
	}
	noColor, _ := env.Lookup("NO_COLOR")
	term, _ := env.Lookup("TERM")
	s.NoColor = noColor != "" || term == "dumb"
}

// scanOutput finds the last --output or -o of a command line.
func scanOutput(args []string) (value string, found bool) {
	for i, arg := range args {
		if arg == "--" {
			break
		}
		switch {
		case strings.HasPrefix(arg, "--output="):
			value, found = strings.TrimPrefix(arg, "--output="), true
		case (arg == "--output" || arg == "-o") && i+1 < len(args):
			value, found = args[i+1], true
		case strings.HasPrefix(arg, "-o") && len(arg) > 2:
			value, found = strings.TrimPrefix(arg[2:], "="), true
		}
	}
	return value, found
}

// parsed takes the flags and the environment, which need no config.
func (s *Settings) parsed(env ports.Environment) error {
	get := func(name string) string { v, _ := env.Lookup(name); return v }
	f := s.flags
	s.session.Flag = precedence.Given("--profile", f.profile.Value, f.profile.Set)
	s.session.Env = precedence.NotEmpty("JIRA_PROFILE", get("JIRA_PROFILE"))
	for _, c := range []precedence.Candidate{s.session.Flag, s.session.Env} {
		if c.Set {
			if _, err := profile.ParseName(c.Value); err != nil {
				return origin(err, c)
			}
		}
	}
	s.session.Ambient = app.Ambient{
		BaseURL: get(app.BaseURLVariable), Email: get(app.EmailVariable),
		HasAPIToken: get(app.APITokenVariable) != "", HasPAT: get(app.PATVariable) != "",
	}
	config := precedence.Choose(precedence.Given("--config", f.config.Value, f.config.Set), precedence.NotEmpty("JIRA_CONFIG", get("JIRA_CONFIG")))
	if config.Set && config.Value == "" {
		return fault.New(fault.ArgumentInvalid, "--config is empty").WithFlag("config").WithHint("give the path of the config file")
	}
	s.Config = config.Value
	s.chose("config", config)
	debug := precedence.Choose(precedence.Given("--debug", f.debug.Value, f.debug.Set), precedence.NotEmpty("JIRA_DEBUG", get("JIRA_DEBUG")), precedence.NotEmpty("default", "false"))
	if err := s.flagOrEnv(debug, app.CheckBool); err != nil {
		return err
	}
	s.Debug, _ = strconv.ParseBool(debug.Value)
	s.chose("debug", debug)
	retries := precedence.Choose(precedence.Given("--retries", f.retries.Value, f.retries.Set),
		precedence.NotEmpty("JIRA_RETRIES", get("JIRA_RETRIES")), precedence.NotEmpty("default", "0"))
	if err := s.flagOrEnv(retries, app.CheckRetries); err != nil {
		return err
	}
	s.Retries, _ = strconv.Atoi(retries.Value)
	s.chose("retries", retries)
	return s.layer(env, profile.Settings{})
}

// without reports whether the run needs no config, so that one that could not be
// read is a warning: the profile comes from the environment, and nobody named
// the file.
func (s *Settings) without(err error) bool {
	name, _ := s.session.Selected()
	if fault.CodeOf(err) != fault.ConfigReadFailed || name != profile.Ambient || s.Config != "" {
		return false
	}
	f := fault.From(err)
	s.Notices.Add(app.Warning{Type: string(f.Code), Message: f.Message + "; the profile of the environment needs none"})
	return true
}

// withConfig takes what the config says of the settings that it may have.
func (s *Settings) withConfig(env ports.Environment, c profile.Config) error {
	s.session.Config = c
	s.settled = true
	for _, p := range c.Profiles {
		if ref := p.Credential; ref != nil && ref.Backend == profile.Env {
			s.HiddenVariables = append(s.HiddenVariables, ref.Variable)
		}
	}
	for _, notice := range s.session.Notices() {
		s.Notices.Add(notice)
	}
	return s.layer(env, c.Settings)
}

// layer chooses every layered setting: flag, environment, config, default.
func (s *Settings) layer(env ports.Environment, file profile.Settings) error {
	get := func(name string) string { v, _ := env.Lookup(name); return v }
	noColorEnv := ""
	if get("NO_COLOR") != "" || get("TERM") == "dumb" {
		noColorEnv = "true"
	}
	f := s.flags
	for _, setting := range []struct {
		name, flag, env, fileValue, fallback string
		given                                app.Optional
		envValue                             string
		check                                func(string) error
		take                                 func(string)
	}{
		{"output", "--output", "JIRA_OUTPUT", file.Output, modeHuman, f.output, get("JIRA_OUTPUT"), app.CheckOutput, func(v string) { s.Output = v }},
		{"timeout", "--timeout", "JIRA_TIMEOUT", file.Timeout, defaultTimeout.String(), f.timeout, get("JIRA_TIMEOUT"), app.CheckTimeout,
			func(v string) { s.Timeout, _ = time.ParseDuration(v) }},
		{"no_input", "--no-input", "JIRA_NO_INPUT", file.NoInput, "false", f.noInput, get("JIRA_NO_INPUT"), app.CheckBool,
			func(v string) { s.NoInput, _ = strconv.ParseBool(v); s.session.NoInput = s.NoInput }},
		{"no_color", "--no-color", "NO_COLOR", file.NoColor, "false", f.noColor, noColorEnv, app.CheckBool,
			func(v string) { s.NoColor, _ = strconv.ParseBool(v) }},
	} {
		choice := precedence.Choose(precedence.Given(setting.flag, setting.given.Value, setting.given.Set),
			precedence.NotEmpty(setting.env, setting.envValue),
			precedence.NotEmpty("config file", setting.fileValue),
			precedence.NotEmpty("default", setting.fallback))
		if err := s.flagOrEnv(choice, setting.check); err != nil {
			return err
		}
		s.chose(setting.name, choice)
		setting.take(choice.Value)
	}
	return nil
}

// chose keeps a choice for those who ask where a setting came from; the last one
// of a name counts.
func (s *Settings) chose(name string, choice precedence.Choice) {
	s.choices = slices.DeleteFunc(s.choices, func(c precedence.Setting) bool { return c.Name == name })
	s.choices = append(s.choices, precedence.Setting{Name: name, Choice: choice})
}

func (s *Settings) flagOrEnv(c precedence.Choice, check func(string) error) error {
	if !c.Set {
		return nil
	}
	if err := check(c.Value); err != nil {
		return origin(err, c.Candidate)
	}
	return nil
}

// origin says in a fault where a bad value came from.
func origin(err error, c precedence.Candidate) error {
	f := *fault.From(err)
	f.Message = c.Origin + ": " + f.Message
	if name, isFlag := strings.CutPrefix(c.Origin, "--"); isFlag {
		return f.WithFlag(name)
	}
	return &f
}

// modePatience bounds the look into the config for the output mode alone.
const modePatience = time.Second

// settleMode decides how the outcome is shown. A command that failed before the
// config was read still honours the output mode that the config sets.
func (a *App) settleMode(ctx context.Context) {
	s := a.settings
	_, given := scanOutput(a.args)
	env, _ := a.host.Env.Lookup("JIRA_OUTPUT")
	if s.settled || given || env != "" || s.Output == modeJSON {
		if s.Output == "" {
			s.Output = modeHuman
		}
		return
	}
	s.Output = modeHuman
	defer func() { _ = recover() }() // what fails here has failed before, and is the outcome already
	var config ports.Config
	stop, err := a.graph.Build(s, &config)
	if err != nil {
		return
	}
	defer func() { _ = stop(ctx) }()
	// What was waited for once, such as a pipe that nobody writes, is not waited
	// for again.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), modePatience)
	defer cancel()
	if c, err := config.Load(ctx); err == nil && c.Settings.Output == modeJSON {
		s.Output = modeJSON
	}
}
