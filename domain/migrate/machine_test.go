package migrate_test

import (
	"testing"

	"jira-cli/domain/migrate"
)

func plans() []migrate.Plan {
	var all []migrate.Plan
	for bits := range 1 << 5 {
		on := func(i int) bool { return bits>>i&1 == 1 }
		all = append(all, migrate.Plan{Given: on(0), DryRun: on(1), Replace: on(2), ReadOnly: on(3), Obsolete: on(4)})
	}
	return all
}

// answers are the events that can follow an effect.
var answers = map[migrate.Effect][]migrate.Event{
	migrate.ReadSource:       {migrate.SourceRead, migrate.SourceAbsent, migrate.Failure},
	migrate.CheckDestination: {migrate.DestinationAbsent, migrate.DestinationEqual, migrate.DestinationDifferent, migrate.DestinationFieldAbsent, migrate.Failure},
	migrate.WriteDestination: {migrate.Written, migrate.Failure},
	migrate.ReadBack:         {migrate.SameBack, migrate.NothingBack, migrate.OtherBack, migrate.Failure},
	migrate.SaveConfig:       {migrate.Saved, migrate.Failure},
	migrate.CheckConfig:      {migrate.ConfigIsOld, migrate.ConfigIsNew, migrate.ConfigUnreadable, migrate.Failure},
	migrate.RemoveSource:     {migrate.Removed, migrate.SharedKept, migrate.Failure},
	migrate.ClearLeftover:    {migrate.Cleared, migrate.Failure},
	migrate.RollBack:         {migrate.RolledBack, migrate.Failure},
}

// path is one run of the machine, with what a driver would have done.
type path struct {
	state   migrate.State
	effects []migrate.Effect
	events  []migrate.Event
	saved   bool
}

// walk visits every sequence of events that a driver can produce.
func walk(t *testing.T, p path, pending []migrate.Effect, visit func(path)) {
	if len(pending) == 0 {
		if !p.state.Over() {
			t.Fatalf("%+v waits for nothing", p)
		}
		visit(p)
		return
	}
	if len(pending) != 1 || len(p.effects) > 12 {
		t.Fatalf("%+v asks for %v", p, pending)
	}
	for _, e := range answers[pending[0]] {
		q := p
		q.effects = append(append([]migrate.Effect(nil), p.effects...), pending[0])
		q.events = append(append([]migrate.Event(nil), p.events...), e)
		q.saved = p.saved || e == migrate.Saved || e == migrate.ConfigIsNew
		var next []migrate.Effect
		q.state, next = migrate.Next(p.state, e)
		walk(t, q, next, visit)
	}
}

func has[T comparable](list []T, x T) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}

func TestEveryRunKeepsTheRules(t *testing.T) {
	runs := 0
	for _, plan := range plans() {
		s, effects := migrate.Next(migrate.New(plan), migrate.Begin)
		walk(t, path{state: s}, effects, func(p path) {
			runs++
			check(t, plan, p)
		})
	}
	t.Logf("%d runs of the machine", runs)
	if runs < 400 {
		t.Errorf("only %d runs were walked", runs)
	}
}

func check(t *testing.T, plan migrate.Plan, p path) {
	t.Helper()
	wrote, rolled := has(p.effects, migrate.WriteDestination), has(p.effects, migrate.RollBack)
	rule := func(ok bool, text string) {
		if !ok {
			t.Errorf("%s: plan %+v, effects %v, events %v, end %+v", text, plan, p.effects, p.events, p.state)
		}
	}
	rule(p.state.Reason != migrate.Defect, "a possible run ends as a defect")
	rule(!plan.DryRun || !wrote && !has(p.effects, migrate.SaveConfig), "a dry run writes")
	rule(!plan.Given || !has(p.effects, migrate.ReadSource), "a given secret is read")
	rule(!plan.ReadOnly || !wrote, "a read-only destination is written")
	rule(!wrote || has(p.events, migrate.Failure) || has(p.effects, migrate.ReadBack), "a write is not read back")
	rule(!has(p.effects, migrate.RemoveSource) || p.saved && plan.Obsolete, "the source is removed before the config is saved")
	rule(!rolled || !p.saved, "a saved config is rolled back")
	rule(!rolled || wrote, "an untouched destination is rolled back")
	rule((p.state.Step == migrate.Done) == (p.saved || plan.DryRun && p.state.Reason == migrate.NoReason), "done does not mean saved")
	rule(p.state.Step != migrate.Failed || p.state.Reason != migrate.NoReason, "a failure without a reason")
	rule(p.state.Step != migrate.Failed || !wrote || rolled || p.state.Reason == migrate.ConfigUnknown, "a failed change leaves its write")
	rule(!has(p.events, migrate.DestinationDifferent) || plan.Replace || !wrote, "another secret is overwritten")
}

func TestEveryStateRefusesEveryForeignEvent(t *testing.T) {
	waits := map[migrate.Step]migrate.Effect{
		migrate.Reading: migrate.ReadSource, migrate.Checking: migrate.CheckDestination, migrate.Writing: migrate.WriteDestination,
		migrate.ReadingBack: migrate.ReadBack, migrate.Saving: migrate.SaveConfig, migrate.CheckingConfig: migrate.CheckConfig,
		migrate.Removing: migrate.RemoveSource, migrate.Clearing: migrate.ClearLeftover, migrate.RollingBack: migrate.RollBack,
	}
	for step := migrate.Ready; step <= migrate.Failed; step++ {
		for event := migrate.Begin; event <= migrate.Failure; event++ {
			s := migrate.State{Step: step, Dirty: true}
			next, effects := migrate.Next(s, event)
			effect, waiting := waits[step]
			switch {
			case step == migrate.Ready && event == migrate.Begin, waiting && has(answers[effect], event):
				if next.Reason == migrate.Defect {
					t.Errorf("step %d refuses event %d", step, event)
				}
			case s.Over():
				if next != s || effects != nil {
					t.Errorf("step %d moves on event %d", step, event)
				}
			case next.Step != migrate.Failed || next.Reason != migrate.Defect || effects != nil:
				t.Errorf("step %d takes event %d: %+v %v", step, event, next, effects)
			}
		}
	}
}
