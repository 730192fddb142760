package wire

import (
	"context"
	"io"
	"log"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"golang.org/x/term"

	"jira-cli/adapters/cli"
	"jira-cli/adapters/system"
	"jira-cli/domain/profile"
)

// The release build sets these with -ldflags -X. Without them the module data of
// the binary says what is known.
var version, commit, date string

// Main runs the program and returns its exit status.
func Main(args []string) int {
	// net/http reports what a server should not have sent, and quotes it; with
	// GODEBUG=http2debug it reports every header. Nothing here uses that logger.
	log.SetOutput(io.Discard)
	dumps, _ := system.ForbidCoreDumps() // without it the program works all the same
	env := system.NewEnvironment()
	home, _ := os.UserHomeDir()
	process := Process{Env: env, Home: home, Environ: os.Environ, Start: dumps.Start, Build: buildInfo()}
	host := cli.Host{
		Stdout: os.Stdout, Stderr: os.Stderr, Colour: isTerminal,
		Env: env, Clock: system.NewClock(), IDs: system.NewIDs(),
		Interruptible: interruptible, UnbrokenPipe: system.UnbrokenPipe, Budget: Budget, Build: process.Build,
	}
	return cli.New(host, NewGraph(process, Doubles{})).Run(context.Background(), args)
}

// interruptible keeps the signals until the process ends, which is next: a signal
// after the outcome is ignored, and giving four signals back, one thread switch
// each, would be for nothing.
func interruptible(ctx context.Context) (context.Context, func()) {
	ctx, _ = system.Interruptible(ctx)
	return ctx, func() {}
}

// Budget is cli.Budget over the system's clock.
func Budget(ctx context.Context, d time.Duration) (context.Context, func()) {
	ctx, _, stop := system.NewBudget(ctx, d)
	return ctx, stop
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

func buildInfo() cli.BuildInfo {
	b := cli.BuildInfo{Version: version, Commit: commit, Date: date, Go: runtime.Version(), Backends: Backends()}
	if info, ok := debug.ReadBuildInfo(); ok && b.Version == "" {
		b = fromModule(b, info)
	}
	if b.Version == "" {
		b.Version = "devel"
	}
	return b
}

// fromModule adds what the module data says: the version of `go install
// MODULE@VERSION`, or the commit of a checkout and whether it was changed.
func fromModule(b cli.BuildInfo, info *debug.BuildInfo) cli.BuildInfo {
	if info.Main.Version != "(devel)" {
		b.Version = strings.TrimPrefix(info.Main.Version, "v")
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.time":
			b.Date = s.Value
		}
	}
	return b
}

// Backends lists the backends that this build has.
func Backends() []string {
	names := []string{}
	for _, b := range profile.Backends() {
		if built(b) {
			names = append(names, string(b))
		}
	}
	return names
}
