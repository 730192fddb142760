package tomlconfig

import (
	"errors"

	"jira-cli/adapters/internal/atomicfile"
	"jira-cli/adapters/internal/fileerror"
	"jira-cli/domain/fault"
)

func readFailed(path string, err error) error {
	return fault.Wrap(err, fault.ConfigReadFailed, "the config file %s could not be read: %s", path, fileerror.Reason(err, path))
}

func writeFailed(path string, err error) error {
	return fault.Wrap(err, fault.ConfigWriteFailed, "the config file %s could not be written: %s", path, fileerror.Reason(err, path)).
		WithHint("%s", hintFor(err))
}

// hintFor names the way out of a failed write.
func hintFor(err error) string {
	if hint := fileerror.Hint(err, "use another file with --config or JIRA_CONFIG"); hint != "" {
		return hint
	}
	if errors.Is(err, atomicfile.ErrNotRegular) {
		return "name a regular file with --config or JIRA_CONFIG"
	}
	return fault.Lookup(fault.ConfigWriteFailed).Hint
}
