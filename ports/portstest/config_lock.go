package portstest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

func configLocked(t *testing.T, h ConfigHarness) {
	tx, err := h.Config.Lock(t.Context())
	if err != nil {
		t.Fatalf("Lock: %v", err)
	}
	_, err = h.Impatient.Lock(t.Context())
	WantCode(t, err, fault.ConfigLocked)
	tx.Unlock()
	tx, err = h.Impatient.Lock(t.Context())
	if err != nil {
		t.Fatalf("Lock after Unlock: %v", err)
	}
	tx.Unlock()
}

func configLoadWhileLocked(t *testing.T, h ConfigHarness) {
	SaveConfig(t, h.Config, SampleConfig(t))
	tx, err := h.Config.Lock(t.Context())
	if err != nil {
		t.Fatalf("Lock: %v", err)
	}
	defer tx.Unlock()
	got, err := h.Other.Load(t.Context())
	if err != nil {
		t.Fatalf("Load while another holds the lock: %v", err)
	}
	diffConfig(t, "Load", SampleConfig(t), got)
}

func configUnlock(t *testing.T, h ConfigHarness) {
	first, err := h.Config.Lock(t.Context())
	if err != nil {
		t.Fatalf("Lock: %v", err)
	}
	first.Unlock()
	second, err := h.Other.Lock(t.Context())
	if err != nil {
		t.Fatalf("Lock: %v", err)
	}
	defer second.Unlock()
	first.Unlock()
	if err := first.Save(t.Context(), SampleConfig(t)); err == nil {
		t.Error("a save without the lock went through")
	}
	_, err = h.Impatient.Lock(t.Context())
	WantCode(t, err, fault.ConfigLocked)
}

// errCause is a cause that no adapter can know.
var errCause = errors.New("the reason of the test")

func wantCause(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, errCause) {
		t.Errorf("%s: error = %v, want the context's cause", what, err)
	}
}

func configContext(t *testing.T, h ConfigHarness) {
	SaveConfig(t, h.Config, SampleConfig(t))
	tx, err := h.Config.Lock(t.Context())
	if err != nil {
		t.Fatalf("Lock: %v", err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errCause)
	_, err = tx.Load(ctx)
	wantCause(t, "Load under the lock", err)
	wantCause(t, "Save", tx.Save(ctx, profile.Config{}))
	tx.Unlock()
	_, err = h.Config.Load(ctx)
	wantCause(t, "Load", err)
	_, err = h.Config.Lock(ctx)
	wantCause(t, "Lock", err)
	wantConfig(t, h.Other, SampleConfig(t))
}

func configContextWaiting(t *testing.T, h ConfigHarness) {
	tx, err := h.Config.Lock(t.Context())
	if err != nil {
		t.Fatalf("Lock: %v", err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	waited := make(chan error)
	go func() {
		_, err := h.Other.Lock(ctx)
		waited <- err
	}()
	cancel(errCause)
	wantCause(t, "Lock that waits", <-waited)
	tx.Unlock()
	wantConfig(t, h.Other, profile.Config{})
}

// configConcurrent: each of many adds a profile under the lock, and all are
// there in the end.
func configConcurrent(t *testing.T, h ConfigHarness) {
	const many = 16
	var group sync.WaitGroup
	for i := range many {
		config := []ports.Config{h.Config, h.Other}[i%2]
		group.Go(func() {
			if err := addProfile(t.Context(), config, fmt.Sprintf("p%d", i)); err != nil {
				t.Errorf("p%d: %v", i, err)
			}
		})
	}
	group.Wait()
	c, err := h.Config.Load(t.Context())
	if err != nil || len(c.Profiles) != many {
		t.Errorf("%d profiles of %d are there: %v", len(c.Profiles), many, err)
	}
}

func addProfile(ctx context.Context, config ports.Config, name string) error {
	tx, err := config.Lock(ctx)
	if err != nil {
		return err
	}
	defer tx.Unlock()
	c, err := tx.Load(ctx)
	if err != nil {
		return err
	}
	if c, err = c.With(profile.Profile{Name: profile.Name(name), Email: name + "@example.com"}); err != nil {
		return err
	}
	return tx.Save(ctx, c)
}
