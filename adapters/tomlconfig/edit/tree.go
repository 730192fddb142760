package edit

import (
	"math"
	"reflect"
	"slices"
	"strconv"
)

// Change is one edit, for Apply and ApplyTree: the two say in different ways
// what the same change does, so that one can check the other.
type Change struct {
	Op    Op
	Path  []string
	Key   string // of Rename
	Value any    // of Set: a string, bool or []string; of Append and Ensure: a Table
}

// Op is a kind of change.
type Op int

const (
	// Set gives the key at Path the Value, adding the tables it needs.
	Set Op = iota
	// Remove takes away what is at Path: a key, a table with all it holds, or
	// an element of an array.
	Remove
	// Rename calls what is at Path by Key, where it stands.
	Rename
	// Append adds the table Value to the array of tables at Path.
	Append
	// Ensure makes the table at Path exist: a missing one is added with Value,
	// an existing one is left as it is.
	Ensure
)

// ApplyTree carries the change out on a decoded document, in place.
func (c Change) ApplyTree(tree map[string]any) {
	parent, last := tree, c.Path[len(c.Path)-1]
	for _, key := range c.Path[:len(c.Path)-1] {
		if array, ok := parent[key].([]any); ok && c.Op == Remove {
			i, _ := strconv.Atoi(last)
			parent[key] = slices.Delete(slices.Clone(array), i, i+1)
			return
		}
		next, ok := parent[key].(map[string]any)
		if !ok {
			next = map[string]any{}
			parent[key] = next
		}
		parent = next
	}
	switch c.Op {
	case Set:
		parent[last] = plain(c.Value)
	case Remove:
		delete(parent, last)
	case Rename:
		if last != c.Key {
			parent[c.Key] = parent[last]
			delete(parent, last)
		}
	case Append:
		array, _ := parent[last].([]any)
		parent[last] = append(slices.Clone(array), plain(c.Value))
	case Ensure:
		if _, ok := parent[last]; !ok {
			parent[last] = plain(c.Value)
		}
	}
}

// plain returns a value as go-toml decodes it.
func plain(value any) any {
	switch v := value.(type) {
	case []string:
		array := make([]any, len(v))
		for i, s := range v {
			array[i] = s
		}
		return array
	case Table:
		table := make(map[string]any, len(v))
		for _, p := range v {
			table[p.Key] = plain(p.Value)
		}
		return table
	}
	return value
}

// SameTree reports whether two decoded documents are equal. Unlike
// reflect.DeepEqual it takes nan for itself.
func SameTree(a, b any) bool {
	switch x := a.(type) {
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for key, value := range x {
			other, there := y[key]
			if !there || !SameTree(value, other) {
				return false
			}
		}
		return true
	case []any:
		y, ok := b.([]any)
		return ok && slices.EqualFunc(x, y, SameTree)
	case float64:
		y, ok := b.(float64)
		return ok && (x == y || math.IsNaN(x) && math.IsNaN(y))
	}
	return reflect.DeepEqual(a, b)
}
