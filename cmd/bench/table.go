package main

import (
	"fmt"
	"io"
	"runtime"
	"text/tabwriter"
	"time"
)

// printTable writes the table: medians, and the minima in brackets.
func printTable(w io.Writer, o options, s *stage, list []*comparison, facts []fact) {
	fmt.Fprintf(w, "%d runs each, shuffled; %s/%s, %d CPUs, %s; far: %v round trip. Milliseconds: median (minimum).\n\n",
		o.runs, runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), o.rtt)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "case\ttime\tfloor\ttime\tratio\ttarget\t")
	for _, c := range list {
		middle, least := median(c.what.took)
		floor, floorLeast := median(c.floor.took)
		result, target, verdict := c.judge(middle, floor), c.target(), c.verdict(middle, floor)
		result += fmt.Sprintf(" (%s)", c.judge(least, floorLeast))
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", c.name, millis(middle, least), c.floor.name, millis(floor, floorLeast), result, target, verdict)
	}
	for _, f := range facts {
		verdict := "met"
		if !f.met {
			verdict = "NOT met"
		}
		fmt.Fprintf(t, "%s\t%s\t\t\t\t%s\t%s\n", f.name, f.value, f.target, verdict)
	}
	_ = t.Flush()
	if s.noKeyring != "" {
		fmt.Fprintf(w, "\nThe keyring was not measured: %s.\n", s.noKeyring)
	}
}

// judge is a case beside its floor: a ratio, or what it costs on top.
func (c *comparison) judge(what, floor time.Duration) string {
	if c.difference() {
		return fmt.Sprintf("%+.1f ms", ms(what-floor))
	}
	return fmt.Sprintf("%.2f", ratio(what, floor))
}

func (c *comparison) difference() bool { return c.within > 0 || c.about == "over env" }

func (c *comparison) target() string {
	switch {
	case c.most > 0:
		return fmt.Sprintf("<= %.2f", c.most)
	case c.within > 0:
		return fmt.Sprintf("<= +%v", c.within)
	}
	return "-"
}

func (c *comparison) verdict(what, floor time.Duration) string {
	switch {
	case c.most > 0 && ratio(what, floor) > c.most:
		return fmt.Sprintf("NOT met, by %.2f", ratio(what, floor)-c.most)
	case c.within > 0 && what-floor > c.within:
		return fmt.Sprintf("NOT met, by %.1f ms", ms(what-floor-c.within))
	case c.most > 0 || c.within > 0:
		return "met"
	}
	return c.about
}

func millis(middle, least time.Duration) string {
	return fmt.Sprintf("%.1f (%.1f)", ms(middle), ms(least))
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }
