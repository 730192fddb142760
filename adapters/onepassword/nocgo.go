//go:build !cgo

package onepassword

import "jira-cli/domain/fault"

// Built reports whether this build has the backend.
const Built = false

// New refuses with BackendUnsupported, in the documented words: a build
// without CGO does not contain the SDK.
func New(Options) (*Store, error) {
	return nil, fault.New(fault.BackendUnsupported, "1password backend requires CGO").
		WithHint("build jira from source with CGO, or choose keyring or file, or set {variable}")
}
