//go:build unix && !linux && !darwin

package commandstore

// processes lists nothing: on these systems a program at a terminal is ended
// without what it started.
func processes() []process { return nil }
