// Package migrate owns the order in which a credential changes its place: what
// may happen after what, what is undone when a step fails, and from where on
// nothing is undone any more. It is a pure state machine; whoever drives it
// carries the effects out and reports back what happened. Migration, login and
// rename are the same change with different plans.
//
// The order is: read the source, look at the destination, write it, read it
// back and compare, save the config, remove the source. Until the config is
// saved every failure rolls the destination back; after it the new reference
// counts, and a source that cannot be removed stays behind as a leftover that
// the saved config names.
package migrate

// Plan fixes what kind of change it is.
type Plan struct {
	Given    bool // the secret is in hand already, as in a login; nothing is read
	DryRun   bool // stop before the first write
	Replace  bool // a different secret at the destination may be replaced
	ReadOnly bool // the destination stores nothing; only the config changes
	Obsolete bool // an old secret is to be removed at the end
}

// Step is where a change stands: the effect that it waits for.
type Step int

// The steps in the order of a change without failures, then the ways out.
const (
	Ready Step = iota
	Reading
	Checking
	Writing
	ReadingBack
	Saving
	CheckingConfig
	Removing
	Clearing
	RollingBack
	Done
	Failed
)

// Reason says why a change failed.
type Reason int

// The reasons. StoreError stands for the error that the driver holds.
const (
	NoReason          Reason = iota
	SourceUnresolved         // the source holds no secret
	FieldAbsent              // the destination's item exists without the field
	DestinationTaken         // the destination holds a different secret
	ReadBackMissing          // nothing was there after the write
	ReadBackDifferent        // something else was there after the write
	StoreError               // a store or the config failed
	ConfigUnknown            // the config may or may not have been saved; nothing was undone
	Defect                   // an event that cannot happen here
)

// State is the whole state of a change; comparable. Dirty says that the
// destination may have been changed, Leftover that the old secret is still in
// its place although the new reference counts.
type State struct {
	Step     Step
	Plan     Plan
	Dirty    bool
	Reason   Reason
	Undone   bool // a roll-back was needed and worked
	NotUndid bool // a roll-back was needed and failed
	Leftover bool
	Kept     bool // the old secret is another profile's too and stays
}

// Event is what became of an effect.
type Event int

// The events.
const (
	Begin Event = iota
	SourceRead
	SourceAbsent
	DestinationAbsent
	DestinationEqual
	DestinationDifferent
	DestinationFieldAbsent
	Written
	SameBack
	NothingBack
	OtherBack
	Saved
	ConfigIsOld
	ConfigIsNew
	ConfigUnreadable
	Removed
	SharedKept
	Cleared
	RolledBack
	Failure // the effect failed with an error that the driver holds
)

// Effect is what the driver is to do next.
type Effect int

// The effects, each answered by one event.
const (
	ReadSource Effect = iota
	CheckDestination
	WriteDestination
	ReadBack
	SaveConfig
	CheckConfig
	RemoveSource
	ClearLeftover
	RollBack
)

// New returns the state in which a plan begins; its first event is Begin.
func New(plan Plan) State { return State{Plan: plan} }

// Over reports whether no effect is awaited any more.
func (s State) Over() bool { return s.Step == Done || s.Step == Failed }

// Next returns the state after an event and the effects to carry out. An event
// that cannot follow ends in Failed with Defect and asks for nothing: undoing
// on a wrong assumption could lose a secret.
func Next(s State, e Event) (State, []Effect) {
	switch s.Step {
	case Ready:
		return begin(s, e)
	case Reading:
		return reading(s, e)
	case Checking:
		return checking(s, e)
	case Writing:
		return writing(s, e)
	case ReadingBack:
		return readingBack(s, e)
	case Saving, CheckingConfig:
		return saving(s, e)
	case Removing, Clearing:
		return cleaning(s, e)
	case RollingBack:
		return rollingBack(s, e)
	}
	return defect(s)
}

func begin(s State, e Event) (State, []Effect) {
	switch {
	case e != Begin:
		return defect(s)
	case !s.Plan.Given:
		return to(s, Reading, ReadSource)
	}
	return afterSource(s)
}

func reading(s State, e Event) (State, []Effect) {
	switch e {
	case SourceRead:
		return afterSource(s)
	case SourceAbsent:
		return fail(s, SourceUnresolved)
	case Failure:
		return fail(s, StoreError)
	}
	return defect(s)
}

func afterSource(s State) (State, []Effect) {
	if s.Plan.ReadOnly {
		return toSave(s)
	}
	return to(s, Checking, CheckDestination)
}

func checking(s State, e Event) (State, []Effect) {
	switch e {
	case DestinationEqual:
		return toSave(s)
	case DestinationAbsent:
		return toWrite(s)
	case DestinationDifferent:
		if s.Plan.Replace {
			return toWrite(s)
		}
		return fail(s, DestinationTaken)
	case DestinationFieldAbsent:
		if s.Plan.Replace {
			return toWrite(s)
		}
		return fail(s, FieldAbsent)
	case Failure:
		return fail(s, StoreError)
	}
	return defect(s)
}

func toWrite(s State) (State, []Effect) {
	if s.Plan.DryRun {
		return to(s, Done)
	}
	s.Dirty = true
	return to(s, Writing, WriteDestination)
}

func writing(s State, e Event) (State, []Effect) {
	switch e {
	case Written:
		return to(s, ReadingBack, ReadBack)
	case Failure:
		return rollBack(s, StoreError)
	}
	return defect(s)
}

func readingBack(s State, e Event) (State, []Effect) {
	switch e {
	case SameBack:
		return toSave(s)
	case NothingBack:
		return rollBack(s, ReadBackMissing)
	case OtherBack:
		return rollBack(s, ReadBackDifferent)
	case Failure:
		return rollBack(s, StoreError)
	}
	return defect(s)
}

func toSave(s State) (State, []Effect) {
	if s.Plan.DryRun {
		return to(s, Done)
	}
	return to(s, Saving, SaveConfig)
}

// saving: a save that reports an error may have happened all the same, and a
// destination that the config already names must not be rolled back.
func saving(s State, e Event) (State, []Effect) {
	switch {
	case s.Step == Saving && e == Failure:
		return to(s, CheckingConfig, CheckConfig)
	case s.Step == Saving && e == Saved, s.Step == CheckingConfig && e == ConfigIsNew:
		if s.Plan.Obsolete {
			return to(s, Removing, RemoveSource)
		}
		return to(s, Done)
	case s.Step == CheckingConfig && e == ConfigIsOld:
		return rollBack(s, StoreError)
	case s.Step == CheckingConfig && (e == ConfigUnreadable || e == Failure):
		return fail(s, ConfigUnknown)
	}
	return defect(s)
}

func cleaning(s State, e Event) (State, []Effect) {
	switch {
	case s.Step == Removing && e == Removed:
		return to(s, Clearing, ClearLeftover)
	case s.Step == Removing && e == SharedKept:
		s.Kept = true
		return to(s, Clearing, ClearLeftover)
	case e == Failure:
		s.Leftover = true
		return to(s, Done)
	case s.Step == Clearing && e == Cleared:
		return to(s, Done)
	}
	return defect(s)
}

func rollBack(s State, r Reason) (State, []Effect) {
	if !s.Dirty {
		return fail(s, r)
	}
	s.Reason = r
	return to(s, RollingBack, RollBack)
}

func rollingBack(s State, e Event) (State, []Effect) {
	switch e {
	case RolledBack:
		s.Undone, s.Dirty = true, false
	case Failure:
		s.NotUndid = true
	default:
		return defect(s)
	}
	return to(s, Failed)
}

func to(s State, step Step, effects ...Effect) (State, []Effect) {
	s.Step = step
	return s, effects
}

func fail(s State, r Reason) (State, []Effect) {
	s.Reason = r
	return to(s, Failed)
}

func defect(s State) (State, []Effect) {
	if s.Over() {
		return s, nil
	}
	return fail(s, Defect)
}
