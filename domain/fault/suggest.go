package fault

import (
	"sort"
	"strconv"
)

// Suggest returns those of known within a small edit distance of typed, or of
// which typed is a prefix, best first, three at most.
func Suggest(typed string, known []string) []string {
	type candidate struct {
		name string
		far  int
	}
	limit := 1 + len(typed)/5
	var found []candidate
	for _, name := range known {
		far := distance(typed, name)
		if len(typed) >= 2 && len(name) > len(typed) && name[:len(typed)] == typed {
			far = 1
		}
		if far > 0 && far <= limit {
			found = append(found, candidate{name, far})
		}
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].far < found[j].far })
	var names []string
	for _, c := range found {
		if len(names) < 3 {
			names = append(names, c.name)
		}
	}
	return names
}

// distance is the optimal string alignment distance: an insertion, deletion,
// substitution or swap of neighbours costs one.
func distance(a, b string) int {
	before, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next := make([]int, len(b)+1)
		next[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}

// Shown quotes a text that somebody typed, for a message. What has more than 20
// bytes may be a token that was pasted in the wrong place, and is left out: the
// oldest tokens have 24.
func Shown(text string) string {
	if len(text) > 20 {
		return `"…"`
	}
	return strconv.Quote(text)
}
