package jirahttp_test

import (
	"testing"

	"jira-cli/adapters/faulty"
	"jira-cli/ports/portstest"
)

// The decorator of the package faulty obeys the ports where its plan has no
// faults. Tested here, because the real client over the fake is the only Jira
// that there is.

func TestDecoratedConforms(t *testing.T) {
	t.Parallel()
	portstest.TestJira(t, func(t *testing.T) portstest.JiraHarness {
		h := harness(t, mocked(t))
		h.Jira = faulty.NewJira(faulty.NewPlan(), h.Jira)
		return h
	})
}

func TestDecoratedConformsAnywhere(t *testing.T) {
	t.Parallel()
	portstest.TestAnySite(t, func(t *testing.T) portstest.AnySiteHarness {
		fake, options := newCenter(t, "")
		h := anySite(t, fake, options)
		h.Jira = faulty.NewJira(faulty.NewPlan(), h.Jira)
		return h
	})
}
