// Package memory owns an in-memory implementation of every port but ports.Jira, for
// which the fake of the servers stands in (adapters/fakejira). They obey
// the ports' obligations as the real adapters do, which the suites of
// ports/portstest prove, so that use cases and transcripts can be run against
// them by the ten thousand. They are linked into tests only, keep nothing, and
// inject no faults: that is what the package faulty does around them.
package memory
