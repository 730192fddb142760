// Package portstest owns the conformance suites: one per port, passed by every
// real adapter, by its double and by the fault-injecting decorator around it.
// It holds no double itself, and it is linked into tests only.
//
// A harness carries the few things in which implementations may differ.
// Capabilities are asserted and not skipped: a store that only reads must
// refuse to write, with the right code.
package portstest
