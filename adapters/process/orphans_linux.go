package process

import (
	"os"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

// orphans are the processes that programs leave behind while they run. This
// process adopts them (prctl(2), PR_SET_CHILD_SUBREAPER) and so can tell who
// went into another session from who is a stranger.
//
// An orphan does not say which program it comes from. It is taken for a
// program's only where no other one could have left it on purpose: it was not
// there before, and each program that overlapped is being ended as well.
type orphans struct {
	mu      sync.Mutex
	leaders map[int]bool   // the programs that were started, and whether none has begun to end them
	spared  map[int]string // what is not to be ended, by number, with its start
	set     bool           // whether it is this that made the process a subreaper
}

// adopt calls start, which starts a program and returns its number. Until
// leave, its orphans come to this process.
func (o *orphans) adopt(start func() (int, error)) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.leaders) == 0 {
		o.leaders, o.spared = map[int]bool{}, map[int]string{}
		o.spare(below(os.Getpid(), list()))
		o.become()
	}
	pid, err := start()
	if err == nil {
		o.leaders[pid] = true
	}
	o.resign()
	return err
}

// become makes this process the one that orphans come to.
func (o *orphans) become() {
	was, err := subreaper()
	o.set = err == nil && was == 0 && unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == nil
}

// resign undoes become where no program runs.
func (o *orphans) resign() {
	if len(o.leaders) == 0 && o.set {
		_ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
		o.set = false
	}
}

// spare keeps processes from ever being taken for orphans.
func (o *orphans) spare(all []entry) {
	for _, e := range all {
		o.spared[e.pid] = e.started
	}
}

// end notes that a program is being ended.
func (o *orphans) end(leader int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if _, started := o.leaders[leader]; started {
		o.leaders[leader] = false
	}
}

// of returns those that the programs which are being ended have left behind, as
// far as that is certain.
func (o *orphans) of(now []entry) []entry {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, runs := range o.leaders {
		if runs {
			return nil
		}
	}
	return o.adopted(now)
}

// adopted returns this process's children that nobody started on purpose.
func (o *orphans) adopted(now []entry) []entry {
	if len(o.leaders) == 0 {
		return nil
	}
	var found []entry
	for _, e := range now {
		if _, leader := o.leaders[e.pid]; e.parent == os.Getpid() && !leader && o.spared[e.pid] != e.started {
			found = append(found, e)
		}
	}
	return found
}

// leave lets a program go. What may be its own, and lives on, is spared when
// another one is ended later.
func (o *orphans) leave(leader int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.leaders[leader] && len(o.leaders) > 1 {
		o.spare(o.adopted(list()))
	}
	delete(o.leaders, leader)
	o.resign()
}

// bury reaps an orphan that has ended.
func (o *orphans) bury(e entry) {
	if e.parent == os.Getpid() {
		_, _ = unix.Wait4(e.pid, nil, unix.WNOHANG, nil)
	}
}

// subreaper reports whether this process is one already.
func subreaper() (int32, error) {
	var is int32
	err := unix.Prctl(unix.PR_GET_CHILD_SUBREAPER, uintptr(unsafe.Pointer(&is)), 0, 0, 0)
	return is, err
}
