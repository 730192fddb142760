// Package wire is the composition root, the only package that imports fx. It
// knows which adapter serves which port in the real program, builds just the
// part of the graph that a command asks for, and lets tests put doubles in the
// place of adapters as one typed struct.
package wire

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"runtime"

	"go.uber.org/dig"
	"go.uber.org/fx"

	"jira-cli/adapters/cli"
	"jira-cli/app"
	"jira-cli/domain/fault"
	"jira-cli/ports"
)

// Doubles take the place of adapters; what is nil is real.
type Doubles struct {
	Config    ports.Config
	Stores    ports.Stores
	Jira      ports.Jira
	Lockouts  ports.Lockouts
	Transport http.RoundTripper // under the real Jira client
	Terminal  ports.Terminal
	Prompter  ports.Prompter
	Notifier  ports.Notifier
	Stdin     ports.SecretInput
	Clock     ports.Clock
}

// Process is what the graph needs to know of the process that it runs in.
type Process struct {
	GOOS    string
	Home    string
	Env     ports.Environment
	Environ func() []string
	Start   func(start func() error) error // starts a child with the limits of before; nil is plainly
	Build   cli.BuildInfo
}

// Graph builds the use cases of one run. It implements cli.Graph.
type Graph struct {
	process Process
	doubles Doubles
}

var _ cli.Graph = (*Graph)(nil)

// NewGraph returns a graph for a process. With the zero Doubles every port is
// served by its real adapter.
func NewGraph(process Process, doubles Doubles) *Graph {
	if process.GOOS == "" {
		process.GOOS = runtime.GOOS
	}
	return &Graph{process, doubles}
}

// Build constructs what the targets point to, and nothing else.
func (g *Graph) Build(settings *cli.Settings, targets ...any) (func(context.Context) error, error) {
	graph := fx.New(fx.NopLogger, g.module(settings, targets), fx.Populate(targets...))
	if err := graph.Err(); err != nil {
		return nil, rootCause(err)
	}
	if err := graph.Start(context.Background()); err != nil {
		return nil, rootCause(err)
	}
	return graph.Stop, nil
}

// Validate reports whether the graph of the targets is complete, without
// constructing it.
func (g *Graph) Validate(settings *cli.Settings, targets ...any) error {
	return fx.ValidateApp(fx.NopLogger, g.module(settings, targets), fx.Populate(targets...))
}

// rootCause is the fault in a chain of fx's errors, alone: fx's paragraph about
// constructors helps nobody who typed a command.
func rootCause(err error) error {
	var f *fault.Fault
	if errors.As(dig.RootCause(err), &f) {
		return f
	}
	return fault.Wrap(err, fault.InternalError, "internal error: the program could not be put together")
}

// module provides what the targets need. fx would construct no more of a larger
// one either, but it would describe each constructor, stack trace and all:
// twice the time for a command that needs half of them.
func (g *Graph) module(settings *cli.Settings, targets []any) fx.Option {
	return fx.Provide(needed(g.constructors(settings), targets)...)
}

func (g *Graph) constructors(settings *cli.Settings) []any {
	return []any{
		func() *cli.Settings { return settings },
		func() Process { return g.process },
		func() Doubles { return g.doubles },
		environment, clock, consoleOf, terminalOf, prompterOf, notifierOf, stdinOf,
		configOf, storesOf, jiraOf, lockoutsOf, defaultsOf, askerOf,
		app.NewResolver, app.NewAccounts,
		app.NewLogin, app.NewStatus, app.NewToken, app.NewRefresh, app.NewWhoami, app.NewSwitch,
		app.NewLogout, app.NewMigrate, app.NewBackends, app.NewProbe, app.NewExplain,
		app.NewInit, app.NewValues, app.NewList, app.NewRename, app.NewDelete,
	}
}

// needed are those of the constructors that make what the targets point to, or
// what another needed one takes. What nothing makes is left for fx to report.
func needed(constructors, targets []any) []any {
	makers := map[reflect.Type]any{}
	for _, c := range constructors {
		makers[reflect.TypeOf(c).Out(0)] = c
	}
	var list []any
	var visit func(reflect.Type)
	visit = func(made reflect.Type) {
		maker, found := makers[made]
		if !found {
			return
		}
		delete(makers, made)
		list = append(list, maker)
		kind := reflect.TypeOf(maker)
		for i := range kind.NumIn() {
			visit(kind.In(i))
		}
	}
	for _, target := range targets {
		visit(reflect.TypeOf(target).Elem())
	}
	return list
}
