package process

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// zombie is SZOMB of <sys/proc.h>.
const zombie = 5

// list returns the system's processes by sysctl(3), KERN_PROC_ALL.
func list() []entry {
	infos, err := unix.SysctlKinfoProcSlice("kern.proc.all")
	if err != nil {
		return nil
	}
	all := make([]entry, 0, len(infos))
	for _, info := range infos {
		start := info.Proc.P_starttime
		all = append(all, entry{
			pid: int(info.Proc.P_pid), parent: int(info.Eproc.Ppid),
			started: fmt.Sprintf("%d.%06d", start.Sec, start.Usec),
			dead:    info.Proc.P_stat == zombie,
		})
	}
	return all
}
