package faulty

// Enumerate runs a scenario without a fault, and then once for each of its
// calls in each of the modes. With depth 2 every faulty run is run again with a
// second fault at each of the calls that came after the first, which is how
// roll-backs are put to the test, and so on. It returns the number of runs with
// a fault.
//
// run builds everything anew, drives the plan through the use case, and checks
// what is left; it must make the same calls for the same faults. A run that
// goes on after a hang in a context of its own needs that context to end too:
// use a bubble of testing/synctest where a use case has real bounds.
func Enumerate(depth int, modes []Mode, run func(*Plan)) int {
	base := NewPlan()
	run(base)
	return deepen(depth, modes, base, run)
}

// deepen runs the scenario with each fault added that can follow those of done.
func deepen(depth int, modes []Mode, done *Plan, run func(*Plan)) int {
	if depth == 0 || done.Crashed() {
		return 0
	}
	first, runs := 0, 0
	for _, f := range done.faults {
		first = max(first, f.At+1)
	}
	for at := first; at < len(done.Calls()); at++ {
		for _, mode := range modes {
			plan := NewPlan(append(done.Faults(), Fault{At: at, Mode: mode})...)
			run(plan)
			runs += 1 + deepen(depth-1, modes, plan, run)
		}
	}
	return runs
}
