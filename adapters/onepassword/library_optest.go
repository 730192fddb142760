//go:build optest && cgo

package onepassword

import "jira-cli/adapters/onepassword/optest/hook"

// libraryPaths, in the binary of the process tests only, is the stand-in that
// the hook made the SDK load.
func libraryPaths(string) []string { return []string{hook.Library()} }
