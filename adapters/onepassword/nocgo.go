//go:build !cgo

package onepassword

import "jira-cli/domain/profile"

// Built reports whether this build has the backend.
const Built = false

// New refuses with BackendUnsupported, in the documented words: a build
// without CGO does not contain the SDK.
func New(Options) (*Store, error) {
	return nil, profile.NotBuilt(profile.OnePassword).
		WithHint("build jira from source with CGO, or choose keyring or file, or set {variable}")
}
