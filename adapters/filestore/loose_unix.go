//go:build unix

package filestore

import (
	"io/fs"
	"os"
	"syscall"
)

// tooLoose applies to files of the user's own: what others own, such as a
// secret that a container mounts, is not the user's to mend.
func tooLoose(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid() && info.Mode().Perm()&0o077 != 0
}
