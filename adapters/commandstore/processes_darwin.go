package commandstore

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// processes lists the system's processes by sysctl(3), KERN_PROC_ALL.
func processes() []process {
	infos, err := unix.SysctlKinfoProcSlice("kern.proc.all")
	if err != nil {
		return nil
	}
	all := make([]process, 0, len(infos))
	for _, info := range infos {
		start := info.Proc.P_starttime
		all = append(all, process{
			pid: int(info.Proc.P_pid), parent: int(info.Eproc.Ppid),
			started: fmt.Sprintf("%d.%06d", start.Sec, start.Usec),
		})
	}
	return all
}
