// Package app owns the use cases, one file each: what a command does, in which
// order, and what is undone when it fails. A use case is a plain struct over
// ports with one method, Run(ctx, Input) (Output, error). The package knows
// nothing of flags, of JSON and of any technology.
//
// Two rules hold throughout. What cannot be undone comes last. And a clean-up,
// once begun, runs under a bound of its own, which neither --timeout nor a
// second signal cuts.
package app

import (
	"context"
	"strings"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/domain/precedence"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// cleanupBound is what a roll-back or a clean-up may take.
const cleanupBound = 15 * time.Second

// Session is what every use case is told about the run: the config as it was
// read at the start, which profile was asked for, and whether anybody may be
// asked.
type Session struct {
	Config  profile.Config
	Flag    precedence.Candidate // --profile
	Env     precedence.Candidate // JIRA_PROFILE
	Ambient Ambient              // JIRA_BASE_URL and what belongs to it
	NoInput bool
}

// fromConfig is the origin of what the config file says.
const fromConfig = "config file"

// Selected returns the name of the profile that the run is about: --profile,
// JIRA_PROFILE, the environment's where JIRA_BASE_URL is set, default_profile,
// "default". It need not exist.
func (s Session) Selected() (profile.Name, error) {
	choice := s.Selection()
	if choice.Origin == BaseURLVariable {
		return profile.Ambient, nil
	}
	return checkedName(choice)
}

// Selection is where the selected name came from, and what it shadows.
func (s Session) Selection() precedence.Choice {
	return precedence.Choose(s.Flag, s.Env,
		precedence.Given(BaseURLVariable, string(profile.Ambient), s.Ambient.BaseURL != ""),
		precedence.NotEmpty(fromConfig, s.Config.Default),
		precedence.NotEmpty("default", string(profile.DefaultName)))
}

// Recorded is Selected among the profiles that a config can have, for what
// changes the config.
func (s Session) Recorded() (profile.Name, error) {
	s.Ambient = Ambient{}
	return checkedName(s.Selection())
}

func checkedName(choice precedence.Choice) (profile.Name, error) {
	name, err := profile.ParseName(choice.Value)
	if err != nil {
		return "", fault.Wrap(err, fault.ProfileNameInvalid, "%s: %v", choice.Origin, err)
	}
	return name, nil
}

// Current returns the selected profile, or ProfileNotFound.
func (s Session) Current() (profile.Profile, error) {
	name, err := s.Selected()
	if err != nil {
		return profile.Profile{}, err
	}
	if name == profile.Ambient {
		return s.Ambient.profile()
	}
	p, found := s.Config.Find(name)
	if named := s.Flag.Set || s.Env.Set || s.Config.Default != ""; !found && !named && len(s.Config.Profiles) > 0 {
		return p, fault.New(fault.ProfileNotFound, "no profile is selected: the config names no default").
			WithHint("choose one with --profile or `jira auth switch %s`; the profiles are %s", s.Config.Names()[0], strings.Join(s.Config.Names(), ", "))
	}
	if !found && s.Selection().Origin == fromConfig && len(s.Config.Profiles) > 0 {
		return p, fault.New(fault.ProfileNotFound, "%s: default_profile names the profile %q, which does not exist", s.Config.DefaultAt, name).
			WithProfile(string(name)).WithSuggestions(fault.Suggest(string(name), s.Config.Names())).
			WithHint("run `jira auth switch %s`; the profiles are %s", s.Config.Names()[0], strings.Join(s.Config.Names(), ", "))
	}
	return s.Config.Get(name)
}

// shadowing warns that a new default is not used while JIRA_PROFILE names
// another profile, or JIRA_BASE_URL makes one.
func (s Session) shadowing(name profile.Name) []Warning {
	if !s.Env.Set || s.Env.Value == string(name) {
		return s.ambientWins(name)
	}
	return []Warning{{ProfileShadowed, "JIRA_PROFILE is set to " + s.Env.Value + " and wins over the default while it is set", string(name)}}
}

// Warning is something that a user should know about a command that worked.
type Warning struct {
	Type    string
	Message string
	Profile string
}

// The types of warnings. A failure that is only a warning has its fault's code
// for a type.
const (
	CredentialShadowed = "credential_shadowed"
	CredentialNotice   = "credential_notice"
	CredentialKept     = "credential_kept"
	LeftoverKept       = "leftover_kept"
	ProfileShadowed    = "profile_shadowed"
	NoDefaultProfile   = "no_default_profile"
	DefaultChanged     = "default_changed"
	CredentialExpiring = "credential_expiring"
	NetworkInsecure    = "network_insecure"
	SiteShortened      = "site_shortened"
	RateLimitNear      = "rate_limit_near"
)

// shortened warns that the address of a page was given for a site, and says
// which site that is.
func shortened(site profile.Site, page bool, name profile.Name) []Warning {
	if !page {
		return nil
	}
	return []Warning{{SiteShortened, "the address given is a page of the site; using " + site.String(), string(name)}}
}

// cleanup returns the context for a roll-back or a clean-up: it ignores that
// ctx ended and has its own bound.
func cleanup(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(context.WithoutCancel(ctx), cleanupBound,
		fault.New(fault.Timeout, "the clean-up did not finish within %s", cleanupBound))
}

// Asker decides whether a person can be asked.
type Asker struct {
	ports.Terminal
	ports.Prompter
}

// MayAsk reports whether the session allows questions. stdinIsSecret says that
// stdin carries a secret, so that only stderr must be a terminal.
func (a Asker) MayAsk(s Session, stdinIsSecret bool) bool {
	return !s.NoInput && a.Interactive(stdinIsSecret)
}
