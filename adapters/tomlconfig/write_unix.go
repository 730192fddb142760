//go:build !windows

package tomlconfig

import (
	"os"
	"syscall"
)

func rename(from, to string) error { return os.Rename(from, to) }

// syncDir makes the rename durable. The new file is in place by now, so that a
// failure is not one of the write; some file systems refuse the call.
func syncDir(dir string) {
	if file, err := os.Open(dir); err == nil {
		_ = file.Sync()
		_ = file.Close()
	}
}

// keepOwner gives file the owner of the existing file like, if need be and if
// it may.
func keepOwner(file *os.File, like string) {
	info, err := os.Stat(like)
	if err != nil {
		return
	}
	if old, ok := info.Sys().(*syscall.Stat_t); ok && int(old.Uid) != os.Geteuid() {
		_ = file.Chown(int(old.Uid), int(old.Gid))
	}
}
