package memory_test

import (
	"testing"
	"time"

	"jira-cli/adapters/memory"
	"jira-cli/domain/profile"
	"jira-cli/ports/portstest"
)

func TestConfigConforms(t *testing.T) {
	portstest.TestConfig(t, func(*testing.T) portstest.ConfigHarness {
		c := memory.NewConfig(profile.Config{})
		return portstest.ConfigHarness{
			Config:    c,
			Other:     c.View(time.Minute),
			Impatient: c.View(50 * time.Millisecond),
			Break:     c.Break,
		}
	})
}

func TestConfigHelpers(t *testing.T) {
	c := memory.NewConfig(portstest.SampleConfig(t))
	c.Break()
	if !c.State().Equal(portstest.SampleConfig(t)) {
		t.Errorf("State() = %+v", c.State())
	}
	c.Repair()
	portstest.SaveConfig(t, c, portstest.SampleConfig(t))
	if c.Saves() != 0 || c.Locked() {
		t.Errorf("%d saves after one that changes nothing, locked: %v", c.Saves(), c.Locked())
	}
	portstest.SaveConfig(t, c, profile.Config{})
	if c.Saves() != 1 {
		t.Errorf("%d saves after one", c.Saves())
	}
}
