// Package command is the frame of every command: the root and its global flags,
// the life of a run from the command line to the one document that is written,
// checks of arguments, and completion. The groups beside it hold the commands and
// hand their outcomes to it; it knows none of them.
package command

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"jira-cli/adapters/cli/output"
	"jira-cli/app"
	"jira-cli/domain/fault"
	"jira-cli/domain/precedence"
	"jira-cli/ports"
)

// Host is what the process gives to the command line.
type Host struct {
	Stdout, Stderr io.Writer
	Colour         func(w io.Writer) bool // whether w is a terminal that shows colour
	Env            ports.Environment
	Clock          ports.Clock
	IDs            ports.IDs
	// Interruptible returns a context that a signal ends with Canceled, and a
	// function that gives the signals back. It is called when a command begins its
	// work: what prints a text and ends is not made to wait for it.
	Interruptible func(context.Context) (context.Context, func())
	// UnbrokenPipe lets a write to a pipe that nobody reads return EPIPE, where
	// Interruptible was not called.
	UnbrokenPipe func()
	// Budget bounds the machine's work, see ports.Budget.
	Budget Budget
	Build  BuildInfo
}

// BuildInfo says what this binary is.
type BuildInfo struct {
	Version, Commit, Date, Go string
	Backends                  []string
}

// Graph builds use cases. It is given pointers to what the command needs,
// constructs just that, and returns a function that stops it.
type Graph interface {
	Build(settings *Settings, targets ...any) (stop func(context.Context) error, err error)
}

// App is the command line.
type App struct {
	host     Host
	graph    Graph
	groups   []Group
	settings *Settings
	outcome  *Outcome
	text     bytes.Buffer // help and completion, which are text in either mode
	ctx      context.Context
	restore  func() // gives the signals back
	working  bool   // the signals were taken
	args     []string
}

// Group returns a command with the commands below it.
type Group func(*App) *cobra.Command

// New returns the command line of one run, with these groups of commands below
// its root.
func New(host Host, graph Graph, groups ...Group) *App {
	return &App{host: host, graph: graph, groups: groups, settings: &Settings{}}
}

// Outcome is what a command came to. Where Stands is set, Data is a report that
// survives an error and is shown beside it. Where Human is nil the INF line of
// Message and Data is shown.
type Outcome struct {
	Message  string
	Data     any
	Stands   bool
	Human    func(output.Style) string
	Warnings []output.Warning

	command string
	fault   *fault.Fault
}

// Choices are the settings of the run and where each came from.
func (a *App) Choices() []precedence.Setting { return a.settings.choices }

// Hide keeps a variable that holds a secret from every child process.
func (a *App) Hide(variable string) {
	a.settings.HiddenVariables = append(a.settings.HiddenVariables, variable)
}

// Run executes the command line and returns the exit status. Whatever happens,
// stdout gets one document in json mode.
func (a *App) Run(ctx context.Context, args []string) int {
	a.ctx, a.args, a.restore = ctx, args, func() {}
	defer func() { a.restore() }()
	a.settings.begin(args, a.host.Env)
	root := a.Root()
	a.execute(root)
	return a.finish(a.ctx)
}

// begin takes the signals for a command that is about to work.
func (a *App) begin() {
	if !a.working {
		a.working = true
		a.ctx, a.restore = a.host.Interruptible(a.ctx)
	}
}

// execute runs cobra. A panic becomes the outcome; the stack goes to --debug.
func (a *App) execute(root *cobra.Command) {
	defer func() {
		if v := recover(); v != nil {
			cause := fmt.Errorf("%v\n%s", v, debug.Stack())
			a.outcome = a.failed(meant(root, a.args), fault.Wrap(cause, fault.InternalError, "internal error: the command panicked"))
		}
	}()
	root.SetArgs(a.args)
	cmd, err := root.ExecuteContextC(a.ctx)
	if err != nil {
		a.outcome = a.failed(cmd, err)
	}
}

// meant is the deepest command that a command line names.
func meant(root *cobra.Command, args []string) *cobra.Command {
	if cmd, _, err := root.Find(args); err == nil {
		return cmd
	}
	return root
}

func (a *App) failed(cmd *cobra.Command, err error) *Outcome {
	return &Outcome{command: Dotted(cmd), fault: a.usageFault(cmd, err)}
}

// finish writes the outcome and returns its exit status.
func (a *App) finish(ctx context.Context) int {
	if !a.working {
		a.host.UnbrokenPipe()
	}
	if a.outcome == nil {
		return a.deliver(a.text.Bytes(), 0)
	}
	a.settleMode(ctx)
	a.outcome.sameConfig(a.settings.flags.config)
	status := 0
	if a.outcome.fault != nil {
		status = a.outcome.fault.Entry().Exit()
	}
	stdout, stderr := a.render(status)
	if f := a.outcome.fault; f != nil && f.Code == fault.InternalError && f.Cause != nil && a.settings.Debug {
		fmt.Fprintf(a.host.Stderr, "DBG 🐞 %v\n", f.Cause)
	}
	status = a.deliver(stdout, status)
	_, _ = a.host.Stderr.Write(stderr)
	return status
}

// deliver writes stdout at once. A reader that went away is told nothing; any
// other failure is said on stderr.
func (a *App) deliver(text []byte, status int) int {
	if len(text) == 0 {
		return status
	}
	if _, err := a.host.Stdout.Write(text); err != nil {
		f := fault.Wrap(err, fault.OutputWriteFailed, "stdout could not be written: %s", reason(err))
		if !brokenPipe(err) && a.settings.Output != modeJSON {
			_, _ = io.WriteString(a.host.Stderr, output.Error(a.style(a.host.Stderr), f))
		}
		return f.Entry().Exit()
	}
	return status
}

func (a *App) render(status int) (stdout, stderr []byte) {
	if a.settings.Output == modeJSON {
		return a.renderJSON(status), nil
	}
	o := a.outcome
	var out, log bytes.Buffer
	style := a.style(a.host.Stdout)
	switch {
	case o.fault != nil && o.Data == nil:
	case o.Human != nil:
		out.WriteString(o.Human(style))
	default:
		out.WriteString(output.Info(style, o.Message, o.Data) + "\n")
	}
	style = a.style(a.host.Stderr)
	for _, w := range o.Warnings {
		log.WriteString(output.Warn(style, w) + "\n")
	}
	if o.fault != nil {
		log.WriteString(output.Error(style, o.fault))
	}
	return out.Bytes(), log.Bytes()
}

func (a *App) renderJSON(status int) []byte {
	o := a.outcome
	envelope := output.Envelope{
		OK: o.fault == nil,
		Meta: output.Meta{Command: o.command, ExitCode: status,
			Timestamp: a.host.Clock.Now().UTC().Format("2006-01-02T15:04:05Z"), RequestID: a.host.IDs.RequestID()},
		Data: o.Data, Errors: []output.Record{}, Warnings: o.Warnings,
	}
	if envelope.Warnings == nil {
		envelope.Warnings = []output.Warning{}
	}
	if o.fault != nil {
		envelope.Errors = append(envelope.Errors, output.NewRecord(o.fault))
	}
	text, err := output.JSON(envelope)
	if err != nil {
		panic(err) // the records are plain structs: a defect that a test finds
	}
	return text
}

// sameConfig makes what hints and warnings tell to type work for the config file
// that --config named for this run.
func (o *Outcome) sameConfig(config app.Optional) {
	if !plainPath(config.Value) {
		return
	}
	here := func(text string) string {
		return strings.ReplaceAll(text, "`jira ", "`jira --config "+config.Value+" ")
	}
	if o.fault != nil {
		o.fault = o.fault.WithHint("%s", here(o.fault.Hint))
	}
	for i := range o.Warnings {
		o.Warnings[i].Message = here(o.Warnings[i].Message)
	}
}

// plainPath reports whether a path can be typed as it stands.
func plainPath(path string) bool {
	return path != "" && !strings.ContainsFunc(path, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("/._-:\\~+", r))
	})
}

func (a *App) style(w io.Writer) output.Style {
	return output.Style{Colour: !a.settings.NoColor && a.host.Colour(w)}
}
