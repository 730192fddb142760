package command

import (
	"context"
	"errors"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"jira-cli/adapters/cli/output"
	"jira-cli/app"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// Action is what a leaf command does once its use case stands: it returns the
// Outcome, which may carry data beside an error.
type Action func(ctx context.Context, session app.Session) (Outcome, error)

// Do is the life of a command after parsing: settle the settings, build the
// graph of target (a pointer to a use case), read the config, act within the
// budget, stop the graph.
func (a *App) Do(cmd *cobra.Command, target any, act Action) error {
	return a.DoWith(cmd, target, ConfigNeeded, act)
}

// ConfigUse says what a command wants of the config.
type ConfigUse int

const (
	// ConfigNeeded is a config that can be read and is valid.
	ConfigNeeded ConfigUse = iota
	// ConfigUnread is for what must work also where the config cannot be read.
	ConfigUnread
	// ConfigMended is for what may mend a config that is invalid.
	ConfigMended
)

// DoWith is Do for a command that may do without the config.
func (a *App) DoWith(cmd *cobra.Command, target any, use ConfigUse, act Action) error {
	s := a.settings
	if err := s.parsed(a.host.Env); err != nil {
		return err
	}
	a.begin()
	s.DebugWriter = a.host.Stderr
	var config ports.Config
	stop, err := a.graph.Build(s, &config, target)
	if err != nil {
		return err
	}
	ctx, cancel := a.host.Budget(a.ctx, s.Timeout)
	defer func() { cancel() }()
	defer func() { _ = stop(context.WithoutCancel(ctx)) }()
	if use != ConfigUnread {
		c, err := config.Load(ctx)
		if err != nil && (use != ConfigMended || fault.CodeOf(err) != fault.ConfigInvalid) && !s.without(err) {
			return a.interrupted(ctx, err)
		}
		before := s.Timeout
		if err := s.withConfig(a.host.Env, c); err != nil {
			return err
		}
		if s.Timeout != before {
			cancel()
			ctx, cancel = a.host.Budget(a.ctx, s.Timeout)
		}
	}
	o, err := act(ctx, s.session)
	o.command = Dotted(cmd)
	o.Warnings = append(o.Warnings, Warnings(s.Notices.All())...)
	if err != nil {
		o.fault = withoutItself(cmd, a.About(fault.From(a.interrupted(ctx, err)), s.session))
		if !o.Stands {
			o.Data = nil
		}
	}
	a.outcome = &o
	return nil
}

// About fills in what a hint tells to type: the profile that the run is about,
// where the fault names none.
func (a *App) About(f *fault.Fault, session app.Session) *fault.Fault {
	name, err := session.Selected()
	if err != nil {
		return f
	}
	return Hinted(f, name)
}

// withoutItself drops the part of a hint that tells to type the command that has
// just said so.
func withoutItself(cmd *cobra.Command, f *fault.Fault) *fault.Fault {
	itself := "`" + cmd.CommandPath()
	parts := slices.DeleteFunc(strings.Split(output.Hint(f), "; "), func(part string) bool {
		return strings.Contains(part, itself+"`") || strings.Contains(part, itself+" --profile ")
	})
	return f.WithHint("%s", strings.Join(parts, "; "))
}

// Hinted fills in the profile that a record is about.
func Hinted(f *fault.Fault, name profile.Name) *fault.Fault {
	if name == profile.Ambient || f.Details.Profile != "" {
		return f
	}
	return f.WithHint("%s", f.HintFor(string(name), name.TokenVariable()))
}

// interrupted says what ended the run where an error is only the consequence of
// a signal or of the timeout.
func (a *App) interrupted(ctx context.Context, err error) error {
	if ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)) {
		return context.Cause(ctx)
	}
	return err
}

// Dotted is the deepest command recognised, "jira" at the root.
func Dotted(cmd *cobra.Command) string {
	if cmd == nil {
		return "jira"
	}
	path := strings.TrimPrefix(strings.ReplaceAll(cmd.CommandPath(), " ", "."), "jira.")
	return path
}

// Warnings returns the warnings of a use case as they are printed.
func Warnings(list []app.Warning) []output.Warning {
	out := make([]output.Warning, 0, len(list))
	for _, w := range list {
		out = append(out, output.Warning(w))
	}
	return out
}

// brokenPipe reports that the reader of stdout went away.
func brokenPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }

// reason is the system's word for a failed write, without the path.
func reason(err error) string {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return errno.Error()
	}
	return "the write failed"
}
