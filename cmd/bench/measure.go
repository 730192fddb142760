package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"
)

// measure runs every sample of the comparisons, shuffled anew in each round.
// The first round warms the caches and is not counted.
func measure(ctx context.Context, list []*comparison, runs int, progress io.Writer) error {
	var samples []*sample
	for _, c := range list {
		for _, s := range []*sample{c.what, c.floor} {
			if !slices.Contains(samples, s) {
				samples = append(samples, s)
			}
		}
	}
	for round := range runs + 1 {
		rand.Shuffle(len(samples), func(i, j int) { samples[i], samples[j] = samples[j], samples[i] })
		for _, s := range samples {
			took, err := once(ctx, s)
			if err != nil {
				return err
			}
			if round > 0 {
				s.took = append(s.took, took)
			}
		}
		fmt.Fprintf(progress, "\rround %d of %d ", round, runs)
	}
	fmt.Fprintln(progress)
	return nil
}

// once runs a sample. One that fails measures nothing.
func once(ctx context.Context, s *sample) (time.Duration, error) {
	cmd := exec.CommandContext(ctx, s.argv[0], s.argv[1:]...)
	var out bytes.Buffer
	cmd.Env, cmd.Stdout, cmd.Stderr = s.env, &out, &out
	began := time.Now()
	err := cmd.Run()
	took := time.Since(began)
	if err != nil {
		return 0, fmt.Errorf("%s: %w\n%s", s.name, err, out.Bytes())
	}
	return took, nil
}

// median returns the middle and the least of what was taken.
func median(took []time.Duration) (middle, least time.Duration) {
	sorted := slices.Sorted(slices.Values(took))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2, sorted[0]
}

// peakMode is the first argument of a bench that runs one process and prints
// its largest resident set. Linux lets a child begin with its parent's, so the
// parent must be a small one.
const peakMode = "peak-of"

func reportPeak(argv []string) int {
	cmd := exec.Command(argv[0], argv[1:]...)
	if err := cmd.Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Fprintln(os.Stdout, peakOf(cmd.ProcessState))
	return 0
}

// fact is something that needs no repetition.
type fact struct {
	name, value, target string
	met                 bool
}

// facts are the sizes, and how often the program speaks to whom.
func (s *stage) facts(ctx context.Context) ([]fact, error) {
	info, err := os.Stat(s.binary)
	if err != nil {
		return nil, err
	}
	list := []fact{{"release binary", mebibytes(info.Size()), "<= 12 MiB", info.Size() <= 12<<20}}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self, peakMode, s.binary, "auth", "status")
	cmd.Env = s.with(manyNear, tokens(many)...)
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("the memory of fifty profiles: %w", err)
	}
	if peak, _ := strconv.ParseInt(strings.TrimSpace(string(out)), 10, 64); peak > 0 {
		list = append(list, fact{"peak memory, 50 profiles", mebibytes(peak), "<= 25 MiB", peak <= 25<<20})
	}
	connections, requests := s.near.Connections(), len(s.fake.Requests())
	if _, err := once(ctx, &sample{name: "auth status", argv: []string{s.binary, "auth", "status"}, env: s.with(oneNear, tokens(1)...)}); err != nil {
		return nil, err
	}
	connections, requests = s.near.Connections()-connections, len(s.fake.Requests())-requests
	return append(list, fact{"auth status speaks to Jira", fmt.Sprintf("%d conn, %d req", connections, requests), "1 conn, 2 req", connections == 1 && requests == 2}), nil
}

func mebibytes(n int64) string { return fmt.Sprintf("%.2f MiB", float64(n)/(1<<20)) }
