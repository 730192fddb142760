package app_test

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"jira-cli/adapters/faulty"
	"jira-cli/app"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// kind says which invariants hold for a command.
type kind int

const (
	establishes kind = iota // login, migrate, rename: a secret is brought to its place
	removes                 // logout, delete: a secret goes, and then its reference
	refuses                 // the command must not do anything
)

// outcome is how one run of the program ended.
type outcome struct {
	err      error
	warnings []app.Warning
	cause    error // what ended the context, nil where nothing did
	took     time.Duration
}

// bounds of a run in the clock of its bubble: nothing but clean-ups takes time
// there, and each has fifteen seconds. A hang in each of them is the worst.
const (
	oneHang   = 16 * time.Second
	someHangs = 61 * time.Second
)

// check holds a state that a run left against where the command began and where
// it leads. It returns what is wrong, "" for nothing.
func (s scenario) check(before, goal, now state, plan *faulty.Plan, o outcome) string {
	struck := plan.Struck()
	switch {
	case now.world.config.Locked():
		return "the lock is still held"
	case o.took > someHangs || struck == 1 && o.took > oneHang:
		return fmt.Sprintf("it took %v", o.took)
	}
	for _, wrong := range []string{s.profiles(before, goal, now), s.copies(before, goal, now)} {
		if wrong != "" {
			return wrong
		}
	}
	if plan.Crashed() {
		return ""
	}
	if o.err == nil {
		return s.success(goal, now, o)
	}
	return s.failure(before, goal, now, struck, o)
}

// profiles demands of each profile that the config says of it what it said or
// what it is to say, and that its reference reads the whole secret.
func (s scenario) profiles(before, goal, now state) string {
	for _, names := range s.identities(before, goal) {
		was, existed := before.config.Find(names[0])
		will, stays := goal.config.Find(names[1])
		is, isOld := now.config.Find(names[0])
		if names[0] != names[1] {
			if renamed, isNew := now.config.Find(names[1]); isNew {
				if isOld {
					return "both names exist"
				}
				is = renamed
			}
		}
		is.Leftovers, was.Leftovers, will.Leftovers = nil, nil, nil
		if !is.Equal(was) && !is.Equal(will) {
			return fmt.Sprintf("profile %s is neither the old nor the new one", names[0])
		}
		had, has, want := before.resolve(was), now.resolve(is), goal.resolve(will)
		switch {
		case s.kind == removes && is.Equal(will) && !is.Equal(was) && had != "" && now.holds(had) && !goal.holds(had):
			return "the reference went before its secret"
		case s.kind == removes && has != had && has != "", s.kind != removes && has != had && has != want:
			return fmt.Sprintf("profile %s reads %q", names[0], has)
		case s.kind != removes && existed && stays && had != "" && has == "":
			return fmt.Sprintf("profile %s lost its secret", names[0])
		case !is.Equal(was) && s.kind != removes && has != want && (had != has || was.Credential == nil):
			return fmt.Sprintf("profile %s is the new one and reads %q", names[0], has)
		}
	}
	return ""
}

// holds reports whether any store that can be written has the text.
func (s state) holds(text string) bool {
	for _, b := range writers {
		for _, value := range s.secrets[b] {
			if value == text {
				return true
			}
		}
	}
	return false
}

// identities pairs the names of profiles before and after the command.
func (s scenario) identities(before, goal state) [][2]profile.Name {
	var pairs [][2]profile.Name
	seen := map[profile.Name]bool{}
	for _, p := range slices.Concat(before.config.Profiles, goal.config.Profiles) {
		pair := [2]profile.Name{p.Name, p.Name}
		if p.Name == s.renamed[0] || p.Name == s.renamed[1] {
			pair = s.renamed
		}
		if !seen[pair[0]] {
			pairs = append(pairs, pair)
		}
		seen[pair[0]] = true
	}
	return pairs
}

// copies demands that every secret in every store is named by a reference or by
// a leftover, is where a repetition would overwrite it, or was there unnamed
// from the beginning.
func (s scenario) copies(before, goal, now state) string {
	for _, b := range writers {
		named := now.named(b)
		planned := goal.named(b)
		for slot, text := range now.secrets[b] {
			was, existed := before.secrets[b][slot]
			_, earlier := before.named(b)[slot]
			switch {
			case named[slot]:
			case planned[slot] || b == profile.OnePassword && slices.Contains(goal.values()[b], text) && len(now.secrets[b]) <= len(goal.secrets[b]):
			case existed && was == text && !earlier:
			default:
				return fmt.Sprintf("%s holds %q in %q, which nothing names", b, text, slot)
			}
		}
	}
	return ""
}

// named returns the slots of a backend that some reference or leftover names.
func (s state) named(b profile.Backend) map[ports.Slot]bool {
	names := map[ports.Slot]bool{}
	for _, p := range s.config.Profiles {
		refs := slices.Clone(p.Leftovers)
		if p.Credential != nil {
			refs = append(refs, *p.Credential)
		}
		for _, ref := range refs {
			if ref.Backend == b {
				names[s.slot(ref)] = true
			}
		}
	}
	return names
}

// success: the work is done, but for leftovers that the config names and a
// warning tells of.
func (s scenario) success(goal, now state, o outcome) string {
	if !bare(now.config).Equal(bare(goal.config)) {
		return "it reports success and the config is not the intended one"
	}
	left := 0
	for _, p := range now.config.Profiles {
		left += len(p.Leftovers)
	}
	told := slices.ContainsFunc(o.warnings, func(w app.Warning) bool { return w.Type == app.LeftoverKept })
	intended := 0
	for _, p := range goal.config.Profiles {
		intended += len(p.Leftovers)
	}
	if left > intended && !told {
		return "it reports success and does not tell of what is left over"
	}
	return ""
}

// failure: an orderly failure leaves everything as it was, or says that it
// could not. Leftovers of earlier commands may have been cleared.
func (s scenario) failure(before, goal, now state, struck int, o outcome) string {
	if o.cause != nil && struck == 1 && !errors.Is(o.err, o.cause) && fault.CodeOf(o.err) != fault.CodeOf(o.cause) && fault.CodeOf(o.err) != fault.Timeout && fault.CodeOf(o.err) != s.code {
		return "the error is not what ended the run"
	}
	text := o.err.Error()
	told := strings.Contains(text, "could not be restored") || strings.Contains(text, "whether the config was saved is unknown")
	switch {
	case told && struck < 2:
		return "a single fault could not be undone"
	case told, s.many:
		return ""
	}
	was, is := before.settled(before), now.settled(before)
	if s.kind == removes {
		gone := goal.settled(before)
		if is.config.Equal(was.config) && (reflect.DeepEqual(is.values(), was.values()) || reflect.DeepEqual(is.values(), gone.values())) {
			return ""
		}
		return "it failed, and what is left is neither the old state nor one without the secret"
	}
	switch {
	case !is.config.Equal(was.config):
		return "it failed and changed the config"
	case !reflect.DeepEqual(is.secrets, was.secrets):
		return "it failed and changed a store"
	case is.items != was.items:
		return "it failed and left an item behind"
	}
	return ""
}

// settled leaves out the leftovers that there were at the beginning.
func (s state) settled(before state) state {
	out := s
	out.config = bare(s.config)
	out.secrets = map[profile.Backend]map[ports.Slot]string{}
	for b, slots := range s.secrets {
		out.secrets[b] = maps.Clone(slots)
	}
	live := map[profile.Backend]map[ports.Slot]bool{}
	for _, b := range writers {
		live[b] = state{config: bare(before.config), world: before.world}.named(b)
	}
	for _, p := range before.config.Profiles {
		for _, ref := range p.Leftovers {
			if slot := before.slot(ref); !live[ref.Backend][slot] {
				delete(out.secrets[ref.Backend], slot)
			}
		}
	}
	return out
}

// finished holds a state after a repetition without faults against the one
// after a run that nothing disturbed.
func (s scenario) finished(goal, now state, o outcome) string {
	switch {
	case o.err != nil && fault.CodeOf(o.err) != s.code && !slices.Contains(s.done, fault.CodeOf(o.err)):
		return fmt.Sprintf("the repetition failed: %v", o.err)
	case !now.config.Equal(goal.config):
		return "the repetition did not lead to the intended config"
	case !reflect.DeepEqual(now.values(), goal.values()):
		return "the repetition did not lead to the intended secrets"
	case now.items != goal.items:
		return "the repetition left an item behind"
	}
	return ""
}
