//go:build !optest || !cgo

package onepassword

import (
	"path/filepath"
	"runtime"
)

// libraryPaths are the places where the SDK looks for the app's library
// (internal/shared_lib_core.go of SDK 0.4.1).
func libraryPaths(home string) []string {
	switch runtime.GOOS {
	case "darwin":
		const inside = "Applications/1Password.app/Contents/Frameworks/libop_sdk_ipc_client.dylib"
		return []string{"/" + inside, filepath.Join(home, inside)}
	case "windows":
		return []string{
			filepath.Join(home, `AppData\Local\1Password\op_sdk_ipc_client.dll`),
			filepath.Join(home, `AppData\Local\1Password\app\8\op_sdk_ipc_client.dll`),
			`C:\Program Files\1Password\app\8\op_sdk_ipc_client.dll`,
			`C:\Program Files (x86)\1Password\app\8\op_sdk_ipc_client.dll`,
		}
	}
	return []string{
		"/usr/bin/1password/libop_sdk_ipc_client.so",
		"/opt/1Password/libop_sdk_ipc_client.so",
		"/snap/bin/1password/libop_sdk_ipc_client.so",
	}
}
