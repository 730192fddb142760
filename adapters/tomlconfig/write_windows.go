package tomlconfig

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// rename is tried for a second: while another process has the file open, for
// reading too, Windows refuses to replace it.
func rename(from, to string) error {
	const pause = 20 * time.Millisecond
	var err error
	for range time.Second / pause {
		err = os.Rename(from, to)
		if !errors.Is(err, windows.ERROR_SHARING_VIOLATION) && !errors.Is(err, windows.ERROR_ACCESS_DENIED) {
			return err
		}
		time.Sleep(pause)
	}
	return err
}

// syncDir does nothing: a directory cannot be flushed on Windows.
func syncDir(string) {}

// keepOwner does nothing: the new file inherits from its directory.
func keepOwner(*os.File, string) {}
