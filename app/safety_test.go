package app_test

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"jira-cli/adapters/faulty"
	"jira-cli/adapters/memory"
	"jira-cli/app"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// scenario is one command in one situation.
type scenario struct {
	name    string
	kind    kind
	build   func(*world)
	command func(context.Context, *process) ([]app.Warning, error)
	renamed [2]profile.Name // the two names of a profile that changes its name
	code    fault.Code      // of the refusal, without a fault; "" where it works
	done    []fault.Code    // what a repetition may say that finds the work done
	many    bool            // profiles succeed and fail apart from each other

	jira ports.Jira // of all its worlds: no command changes it
}

// fresh builds the situation.
func (s scenario) fresh() *world {
	w := newWorld(s.jira)
	s.build(w)
	w.config = memory.NewConfig(w.said)
	return w
}

// run is one run of the program over a world. A call that hangs makes the
// person or the clock end the run, for the given reason.
func (s scenario) run(w *world, plan *faulty.Plan, why fault.Code) outcome {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	var o outcome
	plan.OnHang = func() {
		if o.cause == nil {
			o.cause = fault.New(why, "the run was ended")
		}
		cancel(o.cause)
	}
	began := time.Now()
	o.warnings, o.err = s.command(ctx, w.start(plan))
	o.took = time.Since(began)
	return o
}

// tally counts what was enumerated, over all tests of the package.
var tally struct{ scenarios, sequences, lost atomic.Int64 }

// TestMain shows the number of enumerated sequences, which `make test` filters
// out of the verbose output.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // many short-lived worlds
	status := m.Run()
	if n := tally.sequences.Load(); n > 0 {
		fmt.Printf("fault sequences: %d in %d situations, lost: %d\n", n, tally.scenarios.Load(), tally.lost.Load())
	}
	os.Exit(status)
}

// mild are the second faults of a pair: what comes before an effect is what
// comes after the one before, so that half of the modes say all.
var mild = []faulty.Mode{faulty.FailBefore, faulty.FailAfter, faulty.HangAfter, faulty.CrashAfter}

// enumerate puts a scenario through every fault, every pair of faults, and
// every fault in the repetition after a crash.
func (s scenario) enumerate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s.jira = newJira()
		before := s.fresh().state()
		world := s.fresh()
		o := s.run(world, faulty.NewPlan(), fault.Timeout)
		if fault.CodeOf(o.err) != s.code {
			t.Fatalf("without a fault it ends with %v", o.err)
		}
		e := &enumeration{T: t, scenario: s, before: before, goal: world.state()}
		if s.kind == refuses {
			e.goal = before.cleared(e.goal)
		}
		e.judge("undisturbed", faulty.NewPlan(), s.check(before, e.goal, world.state(), faulty.NewPlan(), o), world)
		for _, why := range []fault.Code{fault.Timeout, fault.Canceled} {
			e.count += faulty.Enumerate(1, faulty.Modes(), func(plan *faulty.Plan) { e.once(plan, why) })
		}
		if !raced {
			e.deeper()
		}
		tally.scenarios.Add(1)
		tally.sequences.Add(int64(e.count))
		t.Logf("%d fault sequences", e.count)
	})
}

// deeper enumerates pairs of faults in one run, and the faults of a repetition.
// All this is one goroutine's work, so that the race detector, under which it
// would take minutes, does not see it.
func (e *enumeration) deeper() {
	e.count += faulty.Enumerate(2, mild, func(plan *faulty.Plan) {
		if len(plan.Faults()) != 1 {
			e.once(plan, fault.Timeout)
		} else {
			e.run(e.fresh(), plan, fault.Timeout)
		}
	})
	undisturbed := faulty.NewPlan()
	e.run(e.fresh(), undisturbed, fault.Timeout)
	for at, call := range undisturbed.Calls() {
		if changesSomething(call.Name) {
			e.twice(faulty.Fault{At: at, Mode: faulty.CrashAfter})
		}
	}
}

// enumeration is a scenario under way.
type enumeration struct {
	*testing.T
	scenario
	before, goal state
	count        int
	shown        int
}

// once is a run with faults, and its repetition without.
func (e *enumeration) once(plan *faulty.Plan, why fault.Code) {
	w := e.fresh()
	o := e.run(w, plan, why)
	now := w.state()
	if e.judge(fmt.Sprintf("%v", o.err), plan, e.check(e.before, e.goal, now, plan, o), w) {
		e.repeat(w, plan)
	}
}

// changesSomething reports whether a call has an effect. After any other a crash
// leaves what a crash after the effect before it leaves.
func changesSomething(call string) bool {
	_, method, _ := strings.Cut(call, ".")
	return slices.Contains([]string{"Put", "Delete", "Undo", "Save"}, method)
}

// twice is a run that crashed, and its repetition with every fault.
func (e *enumeration) twice(crash faulty.Fault) {
	e.count += faulty.Enumerate(1, mild, func(plan *faulty.Plan) {
		w, first := e.fresh(), faulty.NewPlan(crash)
		e.run(w, first, fault.Timeout)
		between := w.state()
		o := e.run(w, plan, fault.Timeout)
		now := w.state()
		wrong := e.profiles(e.before, e.goal, now)
		if wrong == "" {
			wrong = e.copies(between, e.goal, now)
		}
		if e.judge(fmt.Sprintf("after %v: %v", first.Calls(), o.err), plan, wrong, w) {
			e.repeat(w, plan)
		}
	})
}

// repeat is the same command by a new process, to which nothing happens.
func (e *enumeration) repeat(w *world, plan *faulty.Plan) {
	o := e.run(w, faulty.NewPlan(), fault.Timeout)
	e.judge(fmt.Sprintf("repeated: %v", o.err), plan, e.finished(e.goal, w.state(), o), w)
}

// judge reports what is wrong, and whether nothing is.
func (e *enumeration) judge(when string, plan *faulty.Plan, wrong string, w *world) bool {
	if wrong == "" {
		return true
	}
	tally.lost.Add(1)
	if e.shown++; e.shown <= 2 {
		var calls []string
		for _, c := range plan.Calls() {
			calls = append(calls, c.String())
		}
		e.Errorf("%s\n  %s\n  calls: %s\n  from\n%v\n  now\n%v\n  goal\n%v", wrong, when, strings.Join(calls, ", "), e.before, w.state(), e.goal)
	}
	return false
}

// cleared is the goal of a command that refuses: what was, without the
// leftovers that it cleared on its way.
func (s state) cleared(after state) state {
	out := s.settled(s)
	out.config = after.config
	out.world = after.world
	return out
}

func run(t *testing.T, all []scenario) {
	for _, s := range all {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			s.enumerate(t)
		})
	}
}
