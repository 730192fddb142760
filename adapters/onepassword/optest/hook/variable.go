// Package hook makes the real 1Password SDK load another library than the
// desktop app's, without root: the SDK looks in fixed places only. It reaches
// into the SDK's internals and is linked into tests and into binaries built
// with the tag optest, never into what is shipped.
package hook

import "os"

// LibraryVariable names the environment variable from which a binary built
// with the tag optest takes the path of the library.
const LibraryVariable = "JIRA_OPTEST_LIBRARY"

// Library returns the path in the environment, "" for none.
func Library() string { return os.Getenv(LibraryVariable) }
