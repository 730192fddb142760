//go:build race

package app_test

// raced says that the race detector is watching.
const raced = true
