//go:build unix

package filestore

import (
	"io/fs"
	"os"
	"syscall"
)

// tooLoose applies to files of the user's own: what root mounts into a container
// is not the user's to mend.
func tooLoose(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid() && info.Mode().Perm()&0o077 != 0
}

// trusted refuses a file that somebody else can have put there or changed. The
// user's own are trusted and root's, who can do everything; run as root, those of
// the owner of the home as well, whose file it is under sudo.
func (s *Store) trusted(info fs.FileInfo, what, path string) error {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	if owner := int(stat.Uid); owner != os.Geteuid() && owner != 0 && !s.ownsHome(stat.Uid) {
		return foreignFault(what, path, stat.Uid)
	}
	if mode := info.Mode().Perm(); mode&0o022 != 0 {
		return writableFault(what, path, mode)
	}
	return nil
}

func (s *Store) ownsHome(uid uint32) bool {
	if os.Geteuid() != 0 || s.opts.Home == "" {
		return false
	}
	info, err := os.Stat(s.opts.Home)
	if err != nil {
		return false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && stat.Uid == uid
}
