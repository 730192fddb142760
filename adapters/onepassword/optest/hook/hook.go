//go:build cgo

package hook

import (
	"fmt"
	"unsafe"

	_ "github.com/1password/onepassword-sdk-go" // what is reached into
)

//go:linkname loadCore github.com/1password/onepassword-sdk-go/internal.loadCore
func loadCore(path string) (unsafe.Pointer, error)

//go:linkname coreLib github.com/1password/onepassword-sdk-go/internal.coreLib
var coreLib unsafe.Pointer

// Load makes the SDK, for this whole process, use the library at path as if it
// had opened it for the account. Clients that exist keep theirs. It must not
// run while the SDK opens a client.
func Load(path, account string) error {
	core, err := loadCore(path)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	// The first member of the SDK's struct is the account's name.
	*(*string)(core) = account
	coreLib = core
	return nil
}

// Unload makes the SDK look for the desktop app again.
func Unload() { coreLib = nil }
