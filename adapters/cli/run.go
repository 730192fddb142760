package cli

import (
	"context"
	"errors"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"jira-cli/adapters/cli/render"
	"jira-cli/app"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// action is what a leaf command does once its use case stands: it returns the
// outcome, which may carry data beside an error.
type action func(ctx context.Context, session app.Session) (outcome, error)

// run is the life of a command after parsing: settle the settings, build the
// graph of target (a pointer to a use case), read the config, act within the
// budget, stop the graph.
func (a *App) run(cmd *cobra.Command, target any, act action) error {
	return a.runWith(cmd, target, configNeeded, act)
}

// configUse says what a command wants of the config.
type configUse int

const (
	configNeeded configUse = iota
	configUnread           // it must work also where the config cannot be read
	configMended           // it may be what mends a config that is invalid
)

// runWith is run for a command that may do without the config.
func (a *App) runWith(cmd *cobra.Command, target any, use configUse, act action) error {
	s := a.settings
	if err := s.parsed(a.host.Env); err != nil {
		return err
	}
	s.DebugWriter = a.host.Stderr
	var config ports.Config
	stop, err := a.graph.Build(s, &config, target)
	if err != nil {
		return err
	}
	ctx, cancel := a.host.Budget(a.ctx, s.Timeout)
	defer func() { cancel() }()
	defer func() { _ = stop(context.WithoutCancel(ctx)) }()
	if use != configUnread {
		c, err := config.Load(ctx)
		if err != nil && (use != configMended || fault.CodeOf(err) != fault.ConfigInvalid) {
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
	o.command = dotted(cmd)
	o.warnings = append(o.warnings, warnings(s.Notices.All())...)
	if err != nil {
		o.fault = a.about(fault.From(a.interrupted(ctx, err)), s.session)
		if !o.stands {
			o.data = nil
		}
	}
	a.outcome = &o
	return nil
}

// about fills in what a hint tells to type: the profile that the run is about,
// where the fault names none.
func (a *App) about(f *fault.Fault, session app.Session) *fault.Fault {
	name, err := session.Selected()
	if err != nil {
		return f
	}
	return hinted(f, name)
}

// hinted fills in the profile that a record is about.
func hinted(f *fault.Fault, name profile.Name) *fault.Fault {
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

// dotted is the deepest command recognised, "jira" at the root.
func dotted(cmd *cobra.Command) string {
	if cmd == nil {
		return "jira"
	}
	path := strings.TrimPrefix(strings.ReplaceAll(cmd.CommandPath(), " ", "."), "jira.")
	return path
}

func warnings(list []app.Warning) []render.Warning {
	out := make([]render.Warning, 0, len(list))
	for _, w := range list {
		out = append(out, render.Warning(w))
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
