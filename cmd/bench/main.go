// Command bench measures the shipped binary as people meet it: whole processes,
// each beside a floor that ran in the same minutes. It owns the floors, the
// stage (a fake Jira on loopback, near and far, with certificates; a home; a
// private keyring) and the table. It judges nothing by its exit status: a
// machine under load must not fail a build.
//
//	bench [-runs N] [-only TEXT] [-rtt TIME] BINARY
//
// All cases run in one shuffled round-robin, so that what disturbs the machine
// disturbs all of them alike. Medians are compared; minima, which other load
// disturbs least, stand beside them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// options are the flags.
type options struct {
	binary string
	runs   int
	only   string
	rtt    time.Duration
}

func main() {
	if len(os.Args) > 2 && os.Args[1] == peakMode {
		os.Exit(reportPeak(os.Args[2:]))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "bench:", err)
		}
		stop()
		os.Exit(1)
	}
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.IntVar(&o.runs, "runs", 40, "how often each case runs")
	f.StringVar(&o.only, "only", "", "only the comparisons whose name contains this `text`")
	f.DurationVar(&o.rtt, "rtt", 40*time.Millisecond, "round-trip `time` of the far site")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() != 1 || o.runs < 1 {
		return o, errors.New("usage: bench [-runs N] [-only TEXT] [-rtt TIME] BINARY")
	}
	binary, err := filepath.Abs(f.Arg(0))
	o.binary = binary
	return o, err
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	fmt.Fprintln(stderr, "building the floors and setting the stage …")
	s, err := newStage(ctx, o)
	if err != nil {
		return err
	}
	defer s.close()
	all := comparisons(s)
	chosen := all[:0]
	for _, c := range all {
		if strings.Contains(c.name, o.only) {
			chosen = append(chosen, c)
		}
	}
	if err := measure(ctx, chosen, o.runs, stderr); err != nil {
		return err
	}
	facts, err := s.facts(ctx)
	if err != nil {
		return err
	}
	printTable(stdout, o, s, chosen, facts)
	return nil
}
