//go:build unix && !linux

package process

// orphans are nobody: on these systems they go to the first process, and cannot
// be told from strangers.
type orphans struct{}

func (*orphans) adopt(start func() (int, error)) error {
	_, err := start()
	return err
}

func (*orphans) end(int) {}

func (*orphans) of([]entry) []entry { return nil }

func (*orphans) leave(int) {}

func (*orphans) bury(entry) {}
