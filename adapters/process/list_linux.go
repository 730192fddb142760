package process

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// list returns the system's processes from /proc/<pid>/stat, see proc(5):
// "pid (name) state ppid …", where the name may contain anything and the
// start time is the 22nd field.
func list() []entry {
	paths, _ := filepath.Glob("/proc/[0-9]*/stat")
	all := make([]entry, 0, len(paths))
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			continue // it ended meanwhile
		}
		text := string(data)
		fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if err != nil || len(fields) < 20 {
			continue
		}
		parent, err := strconv.Atoi(fields[1])
		if err != nil {
			continue
		}
		all = append(all, entry{pid: pid, parent: parent, started: fields[19], dead: fields[0] == "Z" || fields[0] == "X"})
	}
	return all
}
