//go:build linux && race

package process_test

// stride is how many effects lie between two kills. The detector of races sees
// nothing of the killed process, so that few will do where it is on.
const stride = 5
