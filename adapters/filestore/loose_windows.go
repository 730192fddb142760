package filestore

import "io/fs"

// tooLoose is never so: %LocalAppData% is private by its access list, and mode
// bits mean nothing here.
func tooLoose(fs.FileInfo) bool { return false }

// trusted is always so, for the same reason.
func (s *Store) trusted(fs.FileInfo, string, string) error { return nil }
