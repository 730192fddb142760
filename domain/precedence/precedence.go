// Package precedence owns one rule: of an ordered list of sources the first
// that is set wins, and what it shadows is remembered. It knows nothing of
// where values come from.
package precedence

// Candidate is what one source says. Origin is its name for people, such as
// "--output", "JIRA_OUTPUT", "config file" or "default".
type Candidate struct {
	Origin string
	Value  string
	Set    bool
}

// Choice is the winning candidate and the set ones that it shadows, in order.
// The zero Choice means that no source was set.
type Choice struct {
	Candidate
	Shadowed []Candidate
}

// Setting is a choice with the name of what was chosen.
type Setting struct {
	Name string
	Choice
}

// Choose returns the first set candidate.
func Choose(candidates ...Candidate) Choice {
	var choice Choice
	for _, c := range candidates {
		switch {
		case !c.Set:
		case !choice.Set:
			choice.Candidate = c
		default:
			choice.Shadowed = append(choice.Shadowed, c)
		}
	}
	return choice
}

// NotEmpty is a candidate that counts as set when it has a value, as
// environment variables do.
func NotEmpty(origin, value string) Candidate {
	return Candidate{Origin: origin, Value: value, Set: value != ""}
}

// Given is a candidate that is set although it may be empty, as a flag is.
func Given(origin, value string, set bool) Candidate {
	return Candidate{Origin: origin, Value: value, Set: set}
}
