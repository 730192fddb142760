//go:build !linux

package atomicfile

// renameNew gives a file a name that nothing has: fs.ErrExist otherwise.
func renameNew(from, to string) error { return linkNew(from, to) }
